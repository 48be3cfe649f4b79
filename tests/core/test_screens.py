"""The decisions of a screen, held to the cases that the screen's own scripts are held to."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gaoshi.core.screens import (
    TOGETHER,
    Item,
    Role,
    ScreenStandard,
    Showable,
    Slide,
    packed,
    round_of,
    seconds,
    sentences,
    visible,
)

CASES: dict[str, Any] = json.loads((Path(__file__).parents[1] / "cases" / "screens.json").read_text("utf-8"))
LENGTHS = {"takes_over_for", "least", "most", "round", "marked_after", "standing_after", "ahead"}
STANDARD = ScreenStandard(
    **{name: timedelta(seconds=value) if name in LENGTHS else value for name, value in CASES["standard"].items()}
)


def table(name: str) -> pytest.MarkDecorator:
    """The cases of one decision, each under the sentence that it says."""
    return pytest.mark.parametrize("case", [pytest.param(case, id=case["says"]) for case in CASES[name]])


def showable(data: dict[str, Any]) -> Showable:
    """A notice of kiosk.json as the decisions see it."""
    return Showable(
        id=data["id"],
        screens=frozenset(data["screens"]),
        begins=data["valid_from"] and datetime.fromisoformat(data["valid_from"]),
        leaves=data["leaves"] and datetime.fromisoformat(data["leaves"]),
        tone=data["tone"],
        urgent=data["urgent"],
        takes_over_until=data["takes_over_until"] and datetime.fromisoformat(data["takes_over_until"]),
        standing=data["standing"],
        over=data["outcome"] is not None,
    )


@table("visible")
def test_visible(case: dict[str, Any]) -> None:
    """What a screen shows at an instant is what the case says, in its order and roles."""
    found = visible(
        map(showable, case["notices"]),
        case["screen"],
        datetime.fromisoformat(case["now"]),
        verified=case["verified"],
        silence=timedelta(seconds=case["silence"]),
        standard=STANDARD,
    )
    assert [{"id": notice, "role": role} for notice, role in found] == case["expect"]


@table("round")
def test_round(case: dict[str, Any]) -> None:
    """A round has the slides that the case says, in that order."""
    items = [Item(item["id"], Role(item["role"]), item["slides"]) for item in case["items"]]
    expected = [Slide(tuple(slide["ids"]), slide["page"]) for slide in case["expect"]]
    assert round_of(items, case.get("most", TOGETHER)) == expected


@table("seconds")
def test_seconds(case: dict[str, Any]) -> None:
    """A text stays on the screen as long as the case says."""
    assert seconds(case["text"], STANDARD) == pytest.approx(case["expect"], abs=1e-9)


@table("sentences")
def test_sentences(case: dict[str, Any]) -> None:
    """A text has the sentences that the case says."""
    assert sentences(case["text"]) == case["expect"]


@table("packed")
def test_packed(case: dict[str, Any]) -> None:
    """Sentences stand on the pages that the case says."""
    assert packed(case["sentences"], STANDARD) == case["expect"]
