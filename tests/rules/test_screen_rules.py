"""Screens: a notice that is meant for them reaches one, and a screen's round is short."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from conftest import make_board
from gaoshi.core.board import Screen


def board(*places: str | None) -> Any:
    """A board with screens at these places; None stands for one that shows everything."""
    screens = {f"screen-{number}": Screen(f"screen-{number}", {}, place) for number, place in enumerate(places)}
    return replace(make_board(), screens=screens)


@pytest.mark.parametrize(
    ("screens", "front", "found"),
    [
        (("tower-1",), {"places": "[tower-1]"}, set()),
        (("tower-1",), {"places": "[tower-2]"}, {"K101.nowhere"}),
        (("tower-1",), {"places": "[tower-2, tower-1]"}, set()),
        (("tower-1", "tower-2"), {"places": "[tower-2]"}, set()),
        (("tower-1", None), {"places": "[garage]"}, set()),
        (("tower-1",), {"places": None}, set()),
        (("tower-1",), {"places": "[tower-2]", "channels": "[board]"}, set()),
        (("tower-1",), {"places": "[tower-2]", "channels": "[board, kiosk]"}, {"K101.nowhere"}),
        ((), {"places": "[tower-2]"}, set()),
        ((), {"places": "[tower-2]", "channels": "[board, kiosk]"}, {"K101.none"}),
        (("tower-1",), {"places": "[tower-9]"}, set()),
    ],
)
def test_a_notice_for_screens_reaches_one(
    bench: Any, screens: tuple[str | None, ...], front: Any, found: set[str]
) -> None:
    """One whose places have no screen gets a warning; without any screens only one that names them as a channel."""
    findings = bench.only("K101", front, board=board(*screens))
    assert {finding.key for finding in findings} == found
    assert not any(finding.blocks for finding in findings)


def test_the_warning_stands_where_it_is_mended(bench: Any) -> None:
    """It points to the channels where the notice names them, else to the places, and names these."""
    for field, front in (("places", {}), ("channels", {"channels": "[board, kiosk]"})):
        case = bench.case({"places": "[garage, tower-2]", **front}, board=board("tower-1"))
        [found] = bench.only("K101", {"places": "[garage, tower-2]", **front}, board=board("tower-1"))
        assert found.position == case.notice.where(field)
        assert found.values["places"] == "garage, tower-2"


@pytest.fixture
def estate(estate: Any) -> Any:
    """An estate whose screens show notices whole."""
    settings = (estate.root / "mkdocs.yml").read_text(encoding="utf-8")
    estate.write("mkdocs.yml", settings.replace(", pages: 1}", "}"))
    return estate


def check(estate: Any, *arguments: str) -> list[dict[str, Any]]:
    """What `check` says of rounds."""
    run = estate.run("check", "--format", "json", "--lang", "en", "--at", "2026-11-24 10:00", *arguments)
    return [found for found in run.data["findings"] if found["code"] == "K102"]


def lines_of(count: int) -> str:
    """A text that is read in so many times ten seconds, each on a page of its own."""
    return "\n\n".join("字" * 100 + "。" for _ in range(count)) + "\n"


def test_a_long_round_is_hinted_at_its_screen(estate: Any) -> None:
    """Each screen whose round is longer than three minutes gets a hint at its line of the settings, with its length."""
    estate.notice("2026-11/long", places="[tower-1]", body=lines_of(10))
    found = check(estate)
    lines = (estate.root / "mkdocs.yml").read_text(encoding="utf-8").split("\n")
    assert [lines[one["line"] - 1].split(":")[0].strip() for one in found] == ["lobby-1", "gate"]
    assert {(one["path"], one["severity"], one["blocks"], one["notice"]) for one in found} == {
        ("mkdocs.yml", "hint", False, None)
    }
    assert found[0]["message"] == "A round of screen lobby-1 now takes about 6 minutes, more than 3 minutes"


def test_a_short_round_is_not(estate: Any) -> None:
    """Up to three minutes nothing is said; nor when only some notices are checked, for then nobody asks about screens."""
    estate.notice("2026-11/short", places="[tower-1]", body=lines_of(2))
    assert check(estate) == []
    estate.notice("2026-11/long", places="[tower-1]", body=lines_of(10))
    assert check(estate, "2026-11/short") == []


@pytest.mark.parametrize(("setting", "severities"), [("off", []), ("warning", ["warning", "warning"])])
def test_an_estate_decides_how_much_that_matters(estate: Any, setting: str, severities: list[str]) -> None:
    """The rule can be turned off, or made a warning, like any other; a stricter standard speaks sooner."""
    estate.notice("2026-11/long", places="[tower-1]", body=lines_of(10))
    estate.edit("mkdocs.yml", "languages: [zh, en]", f"languages: [zh, en]\n      rules: {{K102: {setting}}}")
    assert [one["severity"] for one in check(estate)] == severities


def test_a_tighter_standard_speaks_sooner(estate: Any) -> None:
    """An estate that wants rounds of one minute is told of longer ones."""
    estate.notice("2026-11/short", places="[tower-1]", body=lines_of(2))
    estate.edit("mkdocs.yml", "languages: [zh, en]", "languages: [zh, en]\n      standard: {screens: {round: 1m}}")
    assert [one["message"].split(", ")[1] for one in check(estate)] == ["more than 1 minute"] * 2
    assert estate.edition(rev=None).board.standard.screens.round == timedelta(minutes=1)
