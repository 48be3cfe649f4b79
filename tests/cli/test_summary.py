"""`gaoshi summary`: changed notices as owners will read them, and no word of theirs can do anything."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

A = "2026-11/a"
ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=https://evil.example/x.png>",
    "![x](https://evil.example/x.png)",
    "[click](https://evil.example)",
    "</td></tr></table><h1>Approved</h1>",
    "a | b | c",
    "`code` **bold** _it_",
    "# 标题",
    "x\n\n# 已批准\n",
    "--><!--",
]


def literal(markdown: str) -> str:
    """Markdown with what is escaped taken out: what is left may mean something."""
    return re.sub(r"\\[\\`*_\[\]<>|#]", "", markdown)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("field", ["title", "scope", "salutation", "issuer", "outcome"])
def test_a_field_is_shown_literally(estate: Any, field: str, attack: str) -> None:
    """Markdown and HTML in a title or any other field is text in the summary, on its own line."""
    fields: dict[str, Any] = {field: json.dumps(attack, ensure_ascii=False)}
    if field == "outcome":
        fields = {
            "outcome": {"is": "cancelled", "at": "2026-11-24 09:00", "note": json.dumps(attack, ensure_ascii=False)}
        }
    estate.notice(A, fields, body="正文。\n")
    run = estate.run("summary", A, "--at", estate.at, "--lang", "en")
    page = literal(run.out)
    assert "<" not in page.replace("<p>正文。</p>", "")
    assert "](" not in page
    heads = [line for line in page.splitlines() if line.startswith("#")]
    assert len(heads) == 3, heads
    cells = {line.count("|") for line in page.splitlines() if line.startswith("| ")}
    assert cells == {3}


def test_the_text_is_shown_sanitised_and_fetches_nothing(estate: Any) -> None:
    """The body is the finished HTML, its pictures told by their words, nothing fetched from anywhere."""
    body = '![水管 <img src="https://evil.example/a.png"> "x"](x.png "t > u")\n\n<img src="https://evil.example/b.png">\n\n**要点**\n'
    estate.notice(A, body=body, files={"x.png": b"\x89PNG\r\n\x1a\n"})
    out = estate.run("summary", A, "--at", estate.at).out
    text = out.partition("### ")[0]
    assert "<img" not in text
    assert "🖼 水管" in text
    assert "<strong>要点</strong>" in text


def test_names_of_stray_files_are_shown_literally(estate: Any) -> None:
    """A stray file cannot write into the summary with its name."""
    estate.notice(A)
    estate.write("notices/`<img src=x>\n# 已批准", "x")
    page = literal(estate.run("summary", A, "--at", estate.at).out)
    assert "<img" not in page
    assert "\n# 已批准" not in page


def test_the_summary_says_what_changed_and_what_is_gone(estate: Any) -> None:
    """Every language of changed notices, their findings, what the approver vouches for, and what was taken down."""
    estate.notice(A)
    estate.notice("2026-11/gone")
    estate.commit()
    estate.git("rm", "-q", "-r", "notices/2026-11/gone")
    estate.notice(A, texts={"en": "---\ntitle: Impostors\n---\nBeware.\n"}, languages="[zh, en]", approver="nobody")
    run = estate.run("summary", "--since", "HEAD", "--at", estate.at)
    assert run.status == 1
    for words in ("关于防范冒充物业人员的温馨提示", "Impostors", "Beware.", "A101", "- `2026-11/gone`", "P-7.1"):
        assert words in run.out.replace("\\", ""), words


def test_nothing_changed_is_said(estate: Any) -> None:
    """A change that touches no notice has a summary that says so."""
    estate.notice(A)
    estate.commit()
    run = estate.run("summary", "--since", "HEAD", "--at", estate.at, "--lang", "en")
    assert (run.status, "This change touches no notice." in run.out) == (0, True)
