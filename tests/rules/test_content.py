"""Content: nothing that runs, and Markdown that survives rendering."""

from __future__ import annotations

import time
from typing import Any

import pytest

from conftest import ENGLISH, FAULT, PLANNED
from gaoshi.core.finding import Severity
from gaoshi.rules import judge

ACTIVE = [
    "<script>alert(1)</script>",
    "< ScRiPt src=x>",
    "</script>",
    "<script\nsrc=x>",
    "<iframe src=https://example.com>",
    "<object data=x>",
    "<embed src=x>",
    "<form action=x>",
    "<meta http-equiv=refresh>",
    "<base href=x>",
    "<link rel=stylesheet>",
    "<style>p{}</style>",
    "<svg onload=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<img src=x\nonerror = alert(1)>",
    "<img/onerror=alert(1)>",
    "<p title='a'onclick=alert(1)>",
    "[x](javascript:alert(1))",
    "[x]( JavaScript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,AAAA)",
    "![x](data:image/png;base64,AAAA)",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=javascript:alert(1)>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "你好{: onclick='alert(1)' }",
]
HARMLESS = [
    "请看说明：data: 见附表",
    "Java 与 javascript 培训班报名",
    "温度 < 5℃ 且 > 0℃，a<b",
    "[站](https://example.com/?data=1)",
    "on = 开，off = 关",
    "3 <5，请在 5 点前 <联系我们",
    "{一} onsite=现场",
    "AT&T，您 & 我",
    "<https://example.com/form>",
    "<a@example.com>",
]


@pytest.mark.parametrize("active", ACTIVE)
def test_what_runs_is_never_public(bench: Any, active: str) -> None:
    """Script and whatever runs withholds, in the body of any language, urgent or not."""
    for base in (PLANNED, FAULT):
        [found] = bench.only("C101", base=base, body=f"你好\n\n{active}\n")
        assert found.blocks
        assert found.position.line > 10
    translated = {"notice.en.md": f"{ENGLISH}\n{active}\n"}
    [found] = bench.only("C101", {"languages": "[zh, en]"}, files=translated)
    assert found.position.path.endswith("notice.en.md")


@pytest.mark.parametrize("harmless", HARMLESS)
def test_ordinary_text_is_not_called_active(bench: Any, harmless: str) -> None:
    """Ordinary words that look a little like code are passed over."""
    assert bench.keys(body=f"{harmless}\n") == set()


@pytest.mark.parametrize("field", ["title", "scope", "cause", "issuer", "salutation"])
def test_no_field_carries_a_script(bench: Any, field: str) -> None:
    """A script in any text field withholds, at the field's place."""
    [found] = bench.only("C101", {field: "'x <img src=x onerror=alert(1)>'"}, base=FAULT)
    assert (found.key, found.values["field"], found.blocks) == ("C101.field", field, True)
    assert found.position.line > 1


def test_a_script_hidden_in_an_escape_is_found(bench: Any) -> None:
    """A script written with escapes of YAML is found in the value that they make."""
    assert bench.only("C101", {"scope": r'"\x3cscript\x3ealert(1)"'})


def test_a_group_of_a_translation_is_searched(bench: Any) -> None:
    """Fields inside a group, in a translation, are searched as well."""
    files = {"notice.en.md": "---\ntitle: x\nactivity:\n  theme: <script>\n---\nx\n"}
    [found] = bench.only("C101", {"languages": "[zh, en]"}, files=files)
    assert found.values["field"] == "activity.theme"


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("<b>你好</b>", {"C102"}),
        ("你好<br>", {"C102"}),
        ("你好</p>", {"C102"}),
        ("你好 <!-- 备注 -->", {"C102"}),
        ("`<b>`", set()),
        ("<https://example.com/>", set()),
        ("1 < 2", set()),
        ("# 一级", {"C103"}),
        ("## 二级", set()),
        ("#标签", {"C103"}),
        ("标题\n===", {"C103"}),
        ("## 二级\n\n# 一级", {"C103"}),
        ("```\n# 注释\n```", set()),
        ("编号 #3", set()),
        (PLANNED["title"], {"C104"}),
        (f"## {PLANNED['title']}", {"C104"}),
        (f"# {PLANNED['title']}", {"C103", "C104"}),
        (f"{PLANNED['title']}：", set()),
    ],
)
def test_a_body_is_plain_markdown_below_its_title(bench: Any, body: str, keys: set[str]) -> None:
    """HTML, first-level headings and a repeated title are pointed out; none of it withholds."""
    findings = bench.findings(body=f"{body}\n\n好的。\n")
    assert {finding.key for finding in findings} == keys
    assert not any(finding.severity is Severity.ERROR for finding in findings)


@pytest.mark.parametrize("base", [PLANNED, FAULT])
@pytest.mark.parametrize("heavy", ["[" * 3000, "![" * 3000, "<![CDATA[" * 500, "[a\n" * 1500, "<a \n\n" * 1500])
def test_a_body_that_would_never_finish_is_withheld(bench: Any, heavy: str, base: dict[str, Any]) -> None:
    """A body too heavy to be rendered is withheld, in any language, urgent or not, at its heaviest paragraph."""
    [found] = bench.only("C105", base=base, body=f"你好\n\n{heavy}\n")
    assert found.blocks
    files = {"notice.en.md": f"{ENGLISH}\n{heavy}\n"}
    [found] = bench.only("C105", {"languages": "[zh, en]"}, base=base, files=files)
    assert found.position.path.endswith("notice.en.md")


def test_a_heavy_paragraph_is_found_at_its_place(bench: Any) -> None:
    """The finding stands at the first line of the paragraph that is too heavy."""
    [found] = bench.only("C105", body="一\n\n二\n\n" + "[" * 3000 + "\n\n三\n")
    assert found.position.line == bench.case(body="x").notice.texts["zh"].body_line + 5


@pytest.mark.parametrize(
    "body",
    [
        "请您**务必**配合，见[说明](https://example.com/)。\n" * 60,
        "\n\n".join(["请您**务必**配合，见[说明](https://example.com/)。" * 5] * 80),
        "| 户号 | 金额 |\n|---|---|\n" + "| 3号楼1单元101室 | 123.45元 |\n" * 400,
        "\n".join(f"{index}. 第{index}项，请各位业主留意" for index in range(400)),
    ],
)
def test_long_ordinary_texts_are_light_enough(bench: Any, body: str) -> None:
    """Long texts, tables and lists of the kind that people write are not called too heavy."""
    assert bench.only("C105", body=body) == []


@pytest.mark.parametrize(
    "body",
    [
        *("=" + " " * 65_000, "](" + " " * 65_000, "]:" + " " * 65_000, "<" + " " * 65_000, "</" + " " * 65_000),
        *("[x]:" + " " * 65_000 + "<", "=j" + " " * 65_000, "<a onabc" + " " * 65_000, "x" + " " * 65_000 + "x"),
        *("=" * 65_000 + "x", "#" * 65_000, "x\n" + "=" * 65_000 + "x", "<`" + "`" * 65_000, "]: <" + "`" * 65_000),
        "[" * 20_000 + "](a)" * 10_000,
    ],
)
def test_no_body_slows_a_search_down(bench: Any, body: str) -> None:
    """A body as large as may be, made of what patterns stumble over, is judged at once."""
    case = bench.case(body=f"{body}x")
    began = time.process_time()
    judge(case)
    assert time.process_time() - began < 1
