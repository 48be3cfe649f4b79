"""`gaoshi check`: every mistake with its place, its clause and its fix, for people and for machines."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

A, B = "2026-11/a", "2026-11/b"
MISTAKEN = """---
type: safty
title: 关于“冒充”人员的提示
department: security
approver: yun-lichum
languages: [zh, en]
valid_from: 2026-11-20 9点
valid_until: 2026-02-30 18:00
places: [tower-1, 塔楼9]
colour: 红
---
请留意。<b>不要</b>开门。

![]( nowhere.png)
"""
KEYS = {"path", "line", "column", "code", "severity", "blocks", "message", "clause", "fix"}


@pytest.fixture
def mistaken(estate: Any) -> Any:
    """An estate with a notice full of mistakes and a good one."""
    estate.write(f"notices/{A}/notice.md", MISTAKEN)
    estate.notice(B)
    return estate


@pytest.mark.parametrize("language", ["zh", "en"])
def test_many_mistakes_are_told_in_one_run(mistaken: Any, language: str, golden: Callable[[str, str], None]) -> None:
    """All mistakes of a notice at once: place, line with a mark under it, message, reason, fix, and a tally."""
    run = mistaken.run("check", "--at", mistaken.at, "--lang", language)
    assert (run.status, run.err) == (1, "")
    golden(f"check.{language}.txt", run.out)


def test_the_mark_stands_under_the_mistake(mistaken: Any) -> None:
    """The caret is in the column of the mistake, also behind Chinese characters, which are two columns wide."""
    mistaken.write(
        f"notices/{A}/notice.md", MISTAKEN.replace("places: [tower-1, 塔楼9]", 'places: [塔楼一号, "塔楼二号"]')
    )
    lines = mistaken.run("check", A, "--at", mistaken.at, "--lang", "zh").out.splitlines()
    marks = [(lines[number - 1], line) for number, line in enumerate(lines) if line.strip(" |") == "^"]
    under = [_under(text, mark) for text, mark in marks if "塔楼二号" in text]
    assert '"塔楼二号"]' in under


def _under(text: str, mark: str) -> str:
    """What of `text` begins above the caret of `mark`."""
    width, column = 0, mark.index("^")
    for number, char in enumerate(text):
        if width == column:
            return text[number:]
        width += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return ""


def test_the_json_form_is_as_documented(mistaken: Any) -> None:
    """`{"format": 1, "findings": [...]}`, each with the nine documented keys of the documented types."""
    data = mistaken.run("check", "--at", mistaken.at, "--format", "json").data
    assert data["format"] == 1
    for finding in data["findings"]:
        assert finding.keys() >= KEYS
        assert finding["severity"] in {"error", "warning", "hint"}
        assert isinstance(finding["blocks"], bool)
        assert finding["line"] >= 1
        assert finding["column"] >= 1
        assert all(
            isinstance(finding[key], str) and finding[key] for key in ("path", "code", "message", "clause", "fix")
        )
    places = [(f["path"], f["line"], f["column"]) for f in data["findings"]]
    assert places == sorted(places)
    assert {"F101", "A101", "R301", "R203", "F107"} <= {finding["code"] for finding in data["findings"]}


def test_a_clean_board_has_no_findings(estate: Any) -> None:
    """Nothing wrong: an empty list, a tally of nought, exit status 0."""
    estate.notice(B)
    assert estate.run("check", "--at", estate.at, "--format", "json").data == {"format": 1, "findings": []}
    run = estate.run("check", "--at", estate.at, "--lang", "zh")
    assert (run.status, run.out) == (0, "共检查 1 份告示：0 个错误，0 个警告，0 个提示。\n")
    assert estate.run("check", "--at", estate.at, "--format", "github").out == ""


ATTACKS = [
    "x\n::set-output name=a::b",
    "x\r\n::add-mask::yun",
    "x%0A::warning::y",
    "x\u2028::error::y",
    "::error::x",
    "x, file=y,line=1::z",
]


@pytest.mark.parametrize("form", ["github", "text"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_words_of_a_notice_cannot_command_the_pipeline(estate: Any, attack: str, form: str) -> None:
    """No title, value or file name begins a line of its own, and so none is taken for a workflow command."""
    quoted = json.dumps(attack)
    estate.notice(A, type=quoted, title=quoted, approver=quoted, places=f"[{quoted}]", contact=quoted)
    estate.write(f"notices/{A}/{attack.replace('/', '')}.exe", "x")
    estate.write(f"notices/{attack.replace('/', '')}", "x")
    findings = len(estate.run("check", "--at", estate.at, "--format", "json").data["findings"])
    for command in (("check", "--format", form), ("status",)):
        run = estate.run(*command, "--at", estate.at)
        lines = re.split("\r\n|\r|\n", (run.out + run.err).strip("\n"))  # as the pipeline splits its log
        if command == ("check", "--format", "github"):
            assert len(lines) == findings
            for line in lines:
                head, _, body = line.removeprefix("::").partition("::")
                assert re.fullmatch(r"(error|warning|notice) file=[^,:]+,line=\d+,col=\d+,title=[^,:]+", head)
                assert body
            continue
        assert not [line for line in lines if line.strip().startswith(("::", "##["))], lines
    estate.commit()
    built = estate.build()
    assert not [line for line in built.err.splitlines() if line.strip().startswith("::")]


def test_terminals_are_not_commanded_either(estate: Any) -> None:
    """Escape sequences in values, texts and file names do not reach the terminal."""
    estate.notice(A, type='"\\a\\x9b31mred"', title='"\\e]0;x\\a\\x9b2J"')
    estate.write(f"notices/{A}/\x07\x9b2J.png", b"\x89PNG\r\n\x1a\n")
    for verb in ("check", "status"):
        run = estate.run(verb, "--at", estate.at)
        assert A in run.out
        assert not {"\x1b", "\x07", "\x9b"} & set(run.out + run.err)


@pytest.mark.parametrize(
    "spelling",
    [
        A,
        f"notices/{A}",
        f"notices/{A}/",
        f"./notices/{A}/notice.md",
        f"/somewhere/notices/{A}/notice.md",
        "notices\\2026-11\\a",
    ],
)
def test_a_notice_is_named_by_its_id_or_any_path(mistaken: Any, spelling: str) -> None:
    """`2026-11/a`, its folder, or a file in it: all name the same notice and judge only it."""
    run = mistaken.run("check", spelling, "--at", mistaken.at, "--format", "json")
    assert {finding["notice"] for finding in run.data["findings"]} == {A}
    assert mistaken.run("check", B, "--at", mistaken.at).status == 0


@pytest.mark.parametrize("spelling", ["2026-11/none", "a", "../a", "notices", "2026-11", "--", "2026-11/a/../b/x/y"])
def test_a_notice_that_is_not_there_is_wrong_usage(mistaken: Any, spelling: str) -> None:
    """An id that names nothing is told as such, with exit status 2 (and is not passed over)."""
    run = mistaken.run(
        "check", "--at", mistaken.at, "--lang", "en", *([spelling] if spelling != "--" else ["2026-11/--"])
    )
    if spelling == "2026-11/a/../b/x/y":
        assert run.status == 1
        return
    assert run.status == 2
    assert "There is no notice" in run.err


def test_since_takes_what_changed_on_this_branch(estate: Any) -> None:
    """Notices changed since the branches parted, committed or not; not what changed on the other branch."""
    for name in "abcd":
        estate.notice(f"2026-11/{name}")
    estate.commit()
    estate.git("checkout", "-q", "-b", "side")
    estate.notice("2026-11/b", title="改过", approver="nobody")
    estate.commit()
    estate.notice("2026-11/c", title="正在改", approver="nobody")
    estate.git("rm", "-q", "-r", "notices/2026-11/d")
    estate.git("checkout", "-q", "main")
    estate.notice("2026-11/a", approver="nobody")
    estate.git("add", "notices/2026-11/a")
    estate.git("commit", "-q", "-m", "x", "notices/2026-11/a")
    estate.git("checkout", "-q", "side")
    run = estate.run("check", "--since", "main", "--at", estate.at, "--format", "json")
    assert {finding["notice"] for finding in run.data["findings"]} == {"2026-11/b", "2026-11/c"}
    assert run.status == 1
    assert estate.run("check", "--since", "nowhere").status == 3


def test_nothing_changed_is_nothing_to_check(mistaken: Any) -> None:
    """With no change since a revision nothing is judged, however bad the rest is."""
    mistaken.commit()
    run = mistaken.run("check", "--since", "HEAD", "--at", mistaken.at, "--lang", "en")
    assert (run.status, run.out) == (0, "Notices checked: 0. Errors: 0, warnings: 0, hints: 0.\n")
