"""A limit that is running is told with how long is left: from when, until when, to the second."""

from __future__ import annotations

from typing import Any

import pytest
from rule_corpus import OUTSIDE, WEATHER

from conftest import ACTIVITY, FAULT
from gaoshi.core.finding import Severity
from gaoshi.core.instants import iso
from gaoshi.core.lateness import lateness, public_by
from gaoshi.outputs.wording import message
from gaoshi.sources.templates import load_catalogue, own_templates

OPEN = {"valid_from": None}
URGENT: dict[str, Any] = {"base": FAULT}
EVENT: dict[str, Any] = {"front": {**WEATHER, **OPEN}}
GENERAL: dict[str, Any] = {"front": OPEN}
CATALOGUES = {
    language: load_catalogue(own_templates(), language, sections=("rules", "words")) for language in ("zh", "en")
}


@pytest.mark.parametrize(
    ("case", "at", "limit", "zh", "en"),
    [
        (URGENT, "2026-11-20 09:45:00", "10:15", "30 分钟", "30 minutes"),
        (URGENT, "2026-11-20 10:04:00", "10:15", "11 分钟", "11 minutes"),
        (URGENT, "2026-11-20 10:04:01", "10:15", "10 分钟", "10 minutes"),
        (URGENT, "2026-11-20 10:14:00", "10:15", "1 分钟", "1 minute"),
        (URGENT, "2026-11-20 10:14:01", "10:15", "不到 1 分钟", "less than a minute"),
        (URGENT, "2026-11-20 10:15:00", "10:15", "不到 1 分钟", "less than a minute"),
        (EVENT, "2026-11-20 10:00:00", "13:00", "3 小时", "3 hours"),
        (EVENT, "2026-11-20 10:48:00", "13:00", "2 小时 12 分钟", "2 h 12 min"),
        (EVENT, "2026-11-20 12:00:00", "13:00", "1 小时", "1 hour"),
        (GENERAL, "2026-11-23 00:00:00", "23:59:59", "23 小时 59 分钟", "23 h 59 min"),
        (GENERAL, "2026-11-22 23:59:59", "2026-11-23 23:59:59", "24 小时", "24 hours"),
    ],
)
def test_the_words_of_a_countdown(bench: Any, case: dict[str, Any], at: str, limit: str, zh: str, en: str) -> None:
    """It says the limit, with its day when that is another one, and what is left, rounded down to the minute."""
    [hint] = bench.only("T107", **case, at=at)
    assert (hint.severity, hint.blocks) == (Severity.HINT, False)
    assert message(hint, CATALOGUES["zh"]) == f"须在 {limit} 前公开，还剩 {zh}"
    assert message(hint, CATALOGUES["en"]) == f"Must be public by {limit}, {en} left"


@pytest.mark.parametrize(
    ("case", "first", "last"),
    [
        (URGENT, "2026-11-20 09:45:00", "2026-11-20 10:15:00"),
        (EVENT, "2026-11-20 09:00:00", "2026-11-20 13:00:00"),
        (GENERAL, "2026-11-22 23:59:59", "2026-11-23 23:59:59"),
        ({"base": ACTIVITY, "front": OPEN}, "2026-11-22 23:59:59", "2026-11-23 23:59:59"),
    ],
)
def test_when_a_countdown_runs(bench: Any, case: dict[str, Any], first: str, last: str) -> None:
    """A reaction limit counts down from its event on, a lead time in its last 24 hours; each to its last good second."""
    for instant, seconds, there in ((first, -1, False), (first, 0, True), (last, 0, True), (last, 1, False)):
        at = bench.instant(instant).timestamp() + seconds
        moment = iso(bench.instant("1970-01-01T00:00Z").fromtimestamp(at, bench.board.zone), bench.board.zone)
        assert bool(bench.only("T107", **case, at=moment)) is there, (instant, seconds)


@pytest.mark.parametrize(
    ("at", "there"),
    [("2026-11-20 09:00:00", True), ("2026-11-20 13:00:00", True), ("2026-11-20 13:00:01", False)],
)
def test_an_outside_matter_counts_down_its_four_hours(bench: Any, at: str, there: bool) -> None:
    """What outsiders told us too late for its lead time must be public within four hours of when we got it."""
    found = bench.only("T107", {**OUTSIDE, **OPEN}, at=at)
    assert [finding.values["limit"] for finding in found] == ["13:00"] * there


@pytest.mark.parametrize(
    "case",
    [
        {"base": FAULT, "public_at": "2026-11-20 09:50"},
        {"base": FAULT, "front": {"valid_until": "2026-11-20 10:00"}},
        {"base": FAULT, "front": {"valid_from": "2026-11-20 11:00"}},
        {"base": FAULT, "front": {"occurred_at": "2026-11-20 10:05", "reported_at": None}},
        {"front": {"type": "safety"}},
        {"front": {"type": "telegram"}},
        {"front": {**OPEN, "starts_at": None, "ends_at": None}},
    ],
)
def test_nothing_counts_down(bench: Any, case: dict[str, Any]) -> None:
    """What is public, over, late by its own start, still to happen, or without a limit, has no countdown."""
    assert not bench.only("T107", **case)


@pytest.mark.parametrize("case", [URGENT, EVENT, GENERAL, {"base": ACTIVITY, "front": OPEN}])
def test_the_limit_that_is_told_is_the_limit_that_is_judged(bench: Any, case: dict[str, Any]) -> None:
    """What a countdown names is the very instant after which the notice is late."""
    one = bench.case(**case)
    parts = (one.notice, one.kind, one.board.standard, one.board.zone)
    limit = public_by(*parts, one.at)
    late = lateness(*parts, bench.instant("2026-11-25 08:00"))
    assert limit is not None
    assert late is not None
    assert late.limit == limit
