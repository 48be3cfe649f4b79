"""Windows and states: half-open, to the second, the same for every notice."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaoshi.core.instants import parse_instant
from gaoshi.core.notice import Notice, Outcome
from gaoshi.core.schedule import (
    State,
    Window,
    boundaries,
    in_urgent_lane,
    is_overdue,
    outcome_at,
    stated_end,
    window,
)
from gaoshi.core.standard import Kind, build_standard
from gaoshi.sources.settings import own_standard

ZONE = ZoneInfo("Asia/Shanghai")
STANDARD = build_standard(own_standard())
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    """An instant of November 2026, or one in full."""
    return parse_instant(text if len(text) > 11 else f"2026-11-{text}", ZONE)


def notice(kind: str = "notice", outcome: tuple[str, str] | None = None, **dates: str) -> tuple[Notice, Kind]:
    """A notice of a kind with these instants ("24 10:00"), and its kind as it holds for it."""
    made = Notice(
        id="2026-11/a",
        content_id="x",
        path="notices/2026-11/a/notice.md",
        kind=kind,
        dates={name: at(text) for name, text in dates.items()},
        outcome=Outcome(outcome[0], at(outcome[1])) if outcome else None,
    )
    found = STANDARD.kind_for(kind, unplanned=made.unplanned, values={})
    assert found is not None
    return made, found


@pytest.mark.parametrize(
    ("moment", "state"),
    [("20 08:59:59", "upcoming"), ("20 09:00:00", "live"), ("25 17:59:59", "live"), ("25 18:00:00", "expired")],
)
def test_a_window_is_half_open(moment: str, state: str) -> None:
    """Live from the first second up to, not including, the last."""
    assert Window(at("20 09:00"), at("25 18:00")).state(at(moment)) == state


def test_an_open_window_has_no_edge() -> None:
    """Without a start it is live at once, without an end for ever; an empty one is over before it begins."""
    assert Window(None, at("25 18:00")).state(at("1970-01-02 00:00")) is State.LIVE
    assert Window(at("20 09:00"), None).state(at("2999-01-01 00:00")) is State.LIVE
    assert Window(at("20 09:00"), at("20 09:00")).state(at("20 09:00")) is State.EXPIRED


@pytest.mark.parametrize(
    ("kind", "dates", "end"),
    [
        ("notice", {"valid_until": "25 18:00"}, "25 18:00"),
        ("notice", {"valid_from": "20 09:00"}, None),
        ("utility-outage", {"occurred_at": "24 05:35"}, "27 05:35"),
        ("utility-outage", {"occurred_at": "24 05:35", "reported_at": "24 05:42"}, "27 05:42"),
        ("utility-outage", {"occurred_at": "24 05:35", "valid_until": "24 20:00"}, "24 20:00"),
        ("utility-outage", {"starts_at": "24 05:35", "valid_from": "23 09:00"}, None),
        ("emergency", {"valid_from": "24 09:00"}, "27 09:00"),
        ("emergency", {}, None),
    ],
)
def test_the_end_is_stated_or_the_kinds_own(kind: str, dates: dict[str, str], end: str | None) -> None:
    """An unplanned outage of unknown end is valid for 72 hours from its report; most kinds have no end."""
    made, found = notice(kind, **dates)
    assert stated_end(made, found) == (at(end) if end else None)
    assert stated_end(made, None) == made.instant("valid_until")


OUTAGE = {"valid_from": "24 06:00", "occurred_at": "24 05:35"}


@pytest.mark.parametrize(
    ("what", "since", "dates", "ends"),
    [
        ("resolved", "24 08:40", {**OUTAGE, "ends_at": "24 09:00"}, "25 08:40"),
        ("resolved", "24 08:40", {**OUTAGE, "ends_at": "25 08:40"}, "25 08:40"),
        ("resolved", "24 08:40", {**OUTAGE, "ends_at": "25 08:41"}, "25 08:41"),
        ("resolved", "24 08:40", {**OUTAGE, "ends_at": "26 09:00"}, "26 09:00"),
        ("resolved", "24 08:40", OUTAGE, "25 08:40"),
        (
            "cancelled",
            "24 09:00",
            {"valid_until": "29 18:00", "starts_at": "28 09:30", "ends_at": "28 11:30"},
            "28 11:30",
        ),
        ("postponed", "24 09:00", {"valid_until": "29 18:00", "starts_at": "28 09:30"}, "28 09:30"),
        ("cancelled", "24 09:00", {"valid_until": "29 18:00"}, "25 09:00"),
        ("withdrawn", "24 09:00", {"valid_until": "29 18:00", "ends_at": "28 11:30"}, "24 09:00"),
    ],
)
def test_an_outcome_leads_for_a_day_or_until_the_former_end(
    what: str, since: str, dates: dict[str, str], ends: str
) -> None:
    """24 hours or the matter's former end, whichever is later; what is withdrawn ends at once; before it, nothing."""
    made, kind = notice("utility-outage" if "occurred_at" in dates else "notice", (what, since), **dates)
    before, after = (window(made, kind, STANDARD, at(since) + delta) for delta in (-SECOND, timedelta(0)))
    assert before.end == stated_end(made, kind)
    assert after.end == at(ends)
    assert outcome_at(made, at(since) - SECOND) is None
    assert outcome_at(made, at(since)) == made.outcome


@pytest.mark.parametrize(
    ("moment", "overdue"), [("24 08:59:59", False), ("24 09:00:00", True), ("24 09:29:59", True), ("24 09:30", False)]
)
def test_a_restoration_is_overdue_until_somebody_says_it_came(moment: str, *, overdue: bool) -> None:
    """From the expected restoration's second on, up to the outcome's."""
    made, kind = notice("utility-outage", ("resolved", "24 09:30"), **OUTAGE, ends_at="24 09:00")
    assert is_overdue(made, kind, at(moment)) is overdue


def test_only_what_is_restored_can_be_overdue() -> None:
    """An activity that ends is over, not overdue; neither is a notice of an unknown kind."""
    made, kind = notice("notice", starts_at="24 08:00", ends_at="24 09:00")
    assert not is_overdue(made, kind, at("25 09:00"))
    assert not is_overdue(made, None, at("25 09:00"))


@pytest.mark.parametrize(
    ("public", "urgent"),
    [("24 05:34:59", False), ("24 05:35:00", True), ("25 05:34:59", True), ("25 05:35:00", False)],
)
def test_the_urgent_lane_is_open_for_a_day_after_the_event(public: str, *, urgent: bool) -> None:
    """Not before it happened, and less than 24 hours after, to the second."""
    made, kind = notice("utility-outage", **OUTAGE)
    assert in_urgent_lane(made, kind, STANDARD, at(public)) is urgent


def test_what_was_planned_is_never_urgent() -> None:
    """A planned outage, an ordinary event and an unknown kind have no urgent lane."""
    planned, kind = notice("utility-outage", starts_at="24 05:35")
    event, other = notice("notice", occurred_at="24 05:35")
    assert not in_urgent_lane(planned, kind, STANDARD, at("24 05:40"))
    assert not in_urgent_lane(event, other, STANDARD, at("24 05:40"))
    assert not in_urgent_lane(event, None, STANDARD, at("24 05:40"))


MOMENTS = st.integers(0, 24 * 14 * 4).map(lambda quarter: at("15 00:00") + quarter * timedelta(minutes=15))


@st.composite
def notices(draw: st.DrawFn) -> tuple[Notice, Kind]:
    """A notice with some instants and perhaps an outcome, and its kind."""
    kind = draw(st.sampled_from(["notice", "utility-outage", "emergency", "works", "safety"]))
    names = ("valid_from", "valid_until", "starts_at", "ends_at", "occurred_at", "reported_at")
    dates = {name: draw(MOMENTS) for name in names if draw(st.booleans())}
    what = draw(st.sampled_from([None, "resolved", "postponed", "cancelled", "withdrawn"]))
    made = Notice(
        id="2026-11/a",
        content_id="x",
        path="p",
        kind=kind,
        dates=dates,
        outcome=Outcome(what, draw(MOMENTS)) if what else None,
    )
    found = STANDARD.kind_for(kind, unplanned=made.unplanned, values={})
    assert found is not None
    return made, found


def states(made: Notice, kind: Kind, moments: list[datetime]) -> list[Any]:
    """The state of a notice at each of some instants."""
    return [window(made, kind, STANDARD, moment).state(moment) for moment in moments]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(notices())
def test_what_is_live_never_becomes_upcoming_again(pair: tuple[Notice, Kind]) -> None:
    """As time goes on a notice never goes back to where it was not public yet, unless it was over in between."""
    made, kind = pair
    moments = sorted(boundaries(made, kind, STANDARD) | {at("01 00:00"), at("2027-06-01 00:00")})
    seen = states(made, kind, sorted({*moments, *(m - SECOND for m in moments), *(m + SECOND for m in moments)}))
    for earlier, later in pairwise(seen):
        assert (earlier, later) != (State.LIVE, State.UPCOMING)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(notices(), st.lists(MOMENTS, max_size=30))
def test_between_boundaries_nothing_changes(pair: tuple[Notice, Kind], more: list[datetime]) -> None:
    """Every instant at which state, outcome, lane or overdue could change is among the boundaries."""
    made, kind = pair
    edges = sorted(boundaries(made, kind, STANDARD))

    def looks(moment: datetime) -> tuple[Any, ...]:
        return (
            window(made, kind, STANDARD, moment),
            window(made, kind, STANDARD, moment).state(moment),
            outcome_at(made, moment),
            is_overdue(made, kind, moment),
            in_urgent_lane(made, kind, STANDARD, moment),
        )

    for moment in more:
        last = max((edge for edge in edges if edge <= moment), default=at("01 00:00"))
        assert looks(moment) == looks(last)
