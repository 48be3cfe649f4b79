"""B: what a skeleton left blank is filled in."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import ENGLISH, FAULT

TRANSLATED: dict[str, Any] = {"languages": "[zh, en]"}


@pytest.mark.parametrize(
    ("front", "named"),
    [
        ({"scope": "高区"}, set()),
        ({"scope": "a_b __c__ ___"}, set()),
        ({"scope": "＿＿"}, {"scope"}),
        ({"scope": "高区（＿＿层）"}, {"scope"}),
        ({"scope": "高区＿"}, {"scope"}),
        ({"title": "关于＿＿的通知"}, {"title"}),
        ({"late_reason": {"is": "other", "note": "＿＿"}}, {"late_reason.note"}),
        ({"places": "[＿＿]"}, set()),  # no place: a rule of its own says so
        ({"starts_at": "＿＿"}, {"starts_at"}),
    ],
)
def test_fields_have_no_blank(bench: Any, front: dict[str, Any], named: set[str]) -> None:
    """A field of words with a full-width low line in it is named, and nothing else is."""
    assert {finding.values["field"] for finding in bench.only("B101", front)} == named


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("请您配合。\n", []),
        ("请**您**配合 __一下__。\n", []),
        ("请在＿＿前来。\n", [(1, 3)]),
        ("请在＿＿前、＿＿后来。\n\n第二段＿\n", [(1, 3), (3, 4)]),
        ("| 项目 |\n|---|\n| ＿＿ |\n", [(3, 3)]),
    ],
)
def test_text_has_no_blank(bench: Any, body: str, places: list[tuple[int, int]]) -> None:
    """Each line of the text that has a blank is reported once, at the blank."""
    found = [finding.position for finding in bench.only("B101", body=body)]
    fence = bench.case(body=body).notice.texts["zh"].body_line
    assert [(position.line - fence, position.column) for position in found] == places


def test_translations_have_no_blank(bench: Any) -> None:
    """A blank in a translation is found in the translation's own file."""
    text = "---\ntitle: ＿＿\n---\n＿＿\n"
    found = bench.only("B101", TRANSLATED, files={"notice.en.md": text})
    assert [(finding.key, finding.position.line) for finding in found] == [("B101.required", 2), ("B101.body", 4)]
    assert {finding.position.path.rpartition("/")[2] for finding in found} == {"notice.en.md"}
    assert not bench.only("B101", TRANSLATED, files={"notice.en.md": ENGLISH})


def test_blanks_withhold_but_not_urgent_news(bench: Any) -> None:
    """A blank withholds a notice; an urgent one goes out, and its approver sees the warning."""
    assert [finding.blocks for finding in bench.only("B101", {"scope": "＿＿"})] == [True]
    assert [finding.blocks for finding in bench.only("B101", {"scope": "＿＿"}, base=FAULT)] == [False]


def test_a_line_that_must_be_there_is_not_to_be_deleted(bench: Any) -> None:
    """Of a required field the mend is to fill it in; only another's line may go."""
    assert [finding.variant for finding in bench.only("B101", {"title": "＿＿"})] == ["required"]
    assert [finding.variant for finding in bench.only("B101", {"scope": "＿＿"})] == ["field"]


@pytest.mark.parametrize(
    ("front", "body", "codes"),
    [
        ({"starts_at": "＿＿"}, "请留意。\n", ["B101"]),
        ({"places": "[＿＿]"}, "请留意。\n", ["F106"]),
        ({"places": "[tower-1, ＿＿]"}, "请留意。\n", ["F107"]),
        ({"title": "＿＿"}, "＿＿\n", ["B101", "B101"]),
    ],
)
def test_a_blank_is_told_once(bench: Any, front: dict[str, Any], body: str, codes: list[str]) -> None:
    """No second finding for the same blank: not as an unreadable time, an unknown place, a title said twice."""
    told = {"B101", "R301", "F106", "F107", "C104"}
    assert [finding.code for finding in bench.findings(front, body=body) if finding.code in told] == codes
