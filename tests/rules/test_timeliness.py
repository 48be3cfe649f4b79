"""P-4: how soon, or how far ahead; the last good instant and the first late one, in several zones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from rule_corpus import ASSEMBLY, OUTCOME, OUTSIDE, WEATHER

from conftest import ACTIVITY, FAULT, PLANNED
from gaoshi.core.finding import Severity
from gaoshi.core.lateness import late_from, lateness
from gaoshi.rules import timeliness

OPEN = {"valid_from": None}
LATE_CODES = {"T101", "T102", "T103", "T104", "T105", "T106"}


def late_keys(bench: Any, *args: Any, **kwargs: Any) -> set[str]:
    """Keys of what is said about lateness."""
    return {key for key in bench.keys(*args, **kwargs) if key.partition(".")[0] in LATE_CODES}


def fault(**front: Any) -> dict[str, Any]:
    """Arguments of an unplanned outage."""
    return {"base": FAULT, "front": {"ends_at": None, **front}}


@pytest.mark.parametrize(
    ("front", "last_good", "first_late"),
    [
        ({"reported_at": "2026-11-20 09:45"}, "2026-11-20 10:15:00", "2026-11-20 10:15:01"),
        ({"reported_at": None}, "2026-11-20 10:10:00", "2026-11-20 10:10:01"),
        (
            {"occurred_at": "2026-11-30 23:40", "reported_at": "2026-11-30 23:50"},
            "2026-12-01 00:20:00",
            "2026-12-01 00:20:01",
        ),
        (
            {"occurred_at": "2026-12-31 23:30:59", "reported_at": "2026-12-31 23:45:59"},
            "2027-01-01 00:15:59",
            "2027-01-01 00:16:00",
        ),
        ({"reported_at": "2026-11-20T01:45:00Z"}, "2026-11-20 10:15:00", "2026-11-20 10:15:01"),
    ],
)
def test_urgent_news_has_thirty_minutes_to_the_second(
    bench: Any, front: dict[str, Any], last_good: str, first_late: str
) -> None:
    """An urgent event is in time 30 minutes after its report, else after the event, and late a second later."""
    assert late_keys(bench, **fault(**front), at=last_good) == set()
    assert late_keys(bench, **fault(**front), at=first_late) == {"T101.late"}


def test_the_limit_crosses_the_change_of_summer_time_in_real_minutes(bench: Any) -> None:
    """Thirty minutes are thirty minutes, also in the night when clocks go back."""
    york = bench.in_zone("America/New_York")
    front = {"occurred_at": "2026-11-01T01:40-04:00", "reported_at": None}
    assert late_keys(york, **fault(**front), at="2026-11-01T01:10-05:00") == set()
    assert late_keys(york, **fault(**front), at="2026-11-01T01:10:01-05:00") == {"T101.late"}


def test_an_event_has_four_hours_to_the_second(bench: Any) -> None:
    """An event that is not urgent is in time 4 hours after it, and late a second later."""
    for front in (WEATHER, {**OPEN, "starts_at": None, "ends_at": None, "occurred_at": "2026-11-20 09:00"}):
        assert late_keys(bench, {**front, **OPEN}, at="2026-11-20 13:00:00") == set()
        assert late_keys(bench, {**front, **OPEN}, at="2026-11-20 13:00:01") == {"T102.late"}


def test_a_red_warning_runs_from_its_issue(bench: Any) -> None:
    """A weather warning that its level makes urgent has 30 minutes from when the station issued it."""
    for level in ("orange", "red"):
        front = {**WEATHER, **OPEN, "weather": {**WEATHER["weather"], "level": level}}
        assert late_keys(bench, front, at="2026-11-20 09:30:00") == set()
        assert late_keys(bench, front, at="2026-11-20 09:30:01") == {"T101.late"}


@pytest.mark.parametrize(
    ("zone", "starts_at", "last_good", "first_late"),
    [
        ("Asia/Shanghai", "2026-11-25 09:00", "2026-11-23 23:59:59", "2026-11-24 00:00:00"),
        ("Asia/Shanghai", "2026-11-25 00:00", "2026-11-23 23:59:59", "2026-11-24 00:00:00"),
        ("Asia/Shanghai", "2026-12-01 09:00", "2026-11-29 23:59:59", "2026-11-30 00:00:00"),
        ("Asia/Shanghai", "2026-12-02 09:00", "2026-11-30 23:59:59", "2026-12-01 00:00:00"),
        ("Asia/Shanghai", "2027-01-01 09:00", "2026-12-30 23:59:59", "2026-12-31 00:00:00"),
        ("Asia/Shanghai", "2028-03-01 09:00", "2028-02-28 23:59:59", "2028-02-29 00:00:00"),
        ("Asia/Shanghai", "2026-11-24T17:00Z", "2026-11-23 23:59:59", "2026-11-24 00:00:00"),
        ("UTC", "2026-11-24T17:00Z", "2026-11-22 23:59:59", "2026-11-23 00:00:00"),
        ("UTC", "2026-11-25 09:00", "2026-11-24T07:59:59+08:00", "2026-11-24T08:00:00+08:00"),
        ("America/New_York", "2026-11-03 09:00", "2026-11-01T23:59:59-05:00", "2026-11-02T00:00:00-05:00"),
        ("America/New_York", "2026-11-02 09:00", "2026-10-31T23:59:59-04:00", "2026-11-01T00:00:00-04:00"),
        ("America/New_York", "2027-03-16 09:00", "2027-03-14T23:59:59-04:00", "2027-03-15T00:00:00-04:00"),
    ],
)
def test_general_information_is_two_calendar_days_ahead(
    bench: Any, zone: str, starts_at: str, last_good: str, first_late: str
) -> None:
    """General information may appear on the second day before its matter in the board's zone, and no later."""
    front = {**OPEN, "starts_at": starts_at, "ends_at": None, "valid_until": "2028-12-01 00:00"}
    there = bench.in_zone(zone)
    assert late_keys(there, front, at=last_good) == set()
    assert late_keys(there, front, at=first_late) == {"T103.late"}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-15 23:59:59", {"T201"}),
        ("2026-11-16 00:00:00", set()),
        ("2026-11-23 23:59:59", set()),
        ("2026-11-24 00:00:00", {"T104.late"}),
    ],
)
def test_activities_are_one_to_two_weeks_ahead(bench: Any, at: str, expected: set[str]) -> None:
    """An activity may appear from 14 to 7 days before; earlier is a hint, later an error."""
    findings = bench.findings(OPEN, base=ACTIVITY, at=at)
    assert {finding.key for finding in findings} == expected
    assert {finding.blocks for finding in findings} <= {at.startswith("2026-11-24")}


def test_assemblies_are_fifteen_days_ahead(bench: Any) -> None:
    """An owners' assembly may appear on the fifteenth day before it, and no later."""
    assert late_keys(bench, {**ASSEMBLY, **OPEN}, at="2026-11-16 23:59:59") == set()
    assert late_keys(bench, {**ASSEMBLY, **OPEN}, at="2026-11-17 00:00:00") == {"T105.late"}


def test_without_a_date_there_is_no_lead_time(bench: Any) -> None:
    """A notice whose matter has no date of its own is never late."""
    assert bench.keys({"starts_at": None, "ends_at": None}, at="2026-11-26 17:59") == set()


def test_an_upcoming_notice_is_judged_by_its_start(bench: Any) -> None:
    """What is to appear later is late if its start is, however early it was written."""
    assert bench.keys({"valid_from": "2026-11-23 23:59"}) == set()
    assert bench.keys({"valid_from": "2026-11-24 00:00"}) == {"T103.late"}


@pytest.mark.parametrize("reason", ["outside-cause", "weather", "safety", "authority-order"])
def test_a_reason_turns_a_late_error_into_a_record(bench: Any, reason: str) -> None:
    """A late planned notice is withheld without a reason, and with one only recorded."""
    late = {"valid_from": "2026-11-24 09:00"}
    [error] = bench.only("T103", late)
    [hint] = bench.only("T103", {**late, "late_reason": {"is": reason}})
    assert (error.severity, error.blocks) == (Severity.ERROR, True)
    assert (hint.severity, hint.blocks, hint.values["reason"]) == (Severity.HINT, False, reason)


def test_the_reason_other_needs_a_note(bench: Any) -> None:
    """`other` alone is no reason; with a note it is."""
    late = {"valid_from": "2026-11-24 09:00"}
    assert bench.keys({**late, "late_reason": {"is": "other"}}) == {"T103.late", "T204"}
    assert bench.keys({**late, "late_reason": {"is": "other", "note": "打印机坏了"}}) == {"T103.reason"}


def test_an_unknown_reason_does_not_count(bench: Any) -> None:
    """A reason that the standard does not name leaves the notice late."""
    assert "T103.late" in bench.keys({"valid_from": "2026-11-24 09:00", "late_reason": {"is": "forgotten"}})


def test_late_news_is_never_held_back(bench: Any) -> None:
    """An event that is told too late is told: a warning, never an error."""
    for case in (fault(), fault(late_reason={"is": "safety"}), {"front": {**WEATHER, **OPEN}}):
        for at in ("2026-11-20 13:01", "2026-11-22 09:00"):
            found = [finding for finding in bench.findings(**case, at=at) if finding.code in LATE_CODES]
            assert found
            assert not any(finding.blocks for finding in found)


@pytest.mark.parametrize(
    ("received", "at", "expected"),
    [
        ("2026-11-20 09:00", "2026-11-20 13:00:00", "T103.outside"),
        ("2026-11-20 09:00", "2026-11-20 13:00:01", "T102.outside"),
        ("2026-11-19 23:59", "2026-11-20 10:00:00", "T103.late"),  # told in time to keep the lead time
        ("2026-11-20 00:00", "2026-11-20 04:00:00", "T103.outside"),
        ("2026-11-20 10:01", "2026-11-20 10:00:00", "T103.late"),  # not received yet
    ],
)
def test_an_outside_matter_told_too_late_has_four_hours(bench: Any, received: str, at: str, expected: str) -> None:
    """What outsiders tell us too late for its lead time is judged as an event, from its receipt."""
    matter = {"starts_at": "2026-11-21 09:00", "ends_at": None, "valid_from": None}
    front = {**OUTSIDE, **matter, "register": {**OUTSIDE["register"], "received": received}}
    assert late_keys(bench, front, at=at) == {expected}


def test_a_late_outside_matter_is_recorded_with_its_cause(bench: Any) -> None:
    """Within the four hours the record says `outside-cause`, by itself."""
    case = bench.case(OUTSIDE)
    found = timeliness.lateness(case)
    assert found is not None
    assert (found.name, found.reason) == ("general", "outside-cause")
    assert found.limit == bench.instant("2026-11-19 23:59:59")
    [hint] = bench.only("T103", OUTSIDE)
    assert hint.severity is Severity.HINT


@pytest.mark.parametrize("what", ["postponed", "cancelled", "withdrawn"])
def test_news_that_a_matter_is_off_has_no_lead_time(bench: Any, what: str) -> None:
    """A notice that first appears to say that its matter is off is not late; one that was late before is."""
    outcome = {**OUTCOME, "is": what, "at": "2026-11-24 13:00"}
    off = {**OPEN, "outcome": outcome}
    assert late_keys(bench, off, at="2026-11-24 13:00") == set()
    case = bench.case(off, at="2026-11-24 14:00", public_at="2026-11-24 12:59")
    assert timeliness.lateness(case) is not None


@pytest.mark.parametrize(
    "case",
    [
        fault(),
        {"front": {"valid_from": "2026-11-24 09:00"}},
        {"front": OUTSIDE},
        {"front": {**WEATHER, **OPEN}},
        {"base": ACTIVITY},
        {"front": {"occurred_at": "2030-01-01 00:00"}},
    ],
)
def test_once_public_lateness_is_a_record_and_no_finding(bench: Any, case: dict[str, Any]) -> None:
    """A notice that is public is never withheld for being late, or for when its event was."""
    for public_at in ("2026-11-20 13:01", "2026-11-25 08:00", "2026-11-29 08:00"):
        findings = bench.findings(**case, at="2026-11-29 10:00", public_at=public_at)
        assert not {finding.key for finding in findings if finding.code.startswith("T")} - {"T203", "T204"}


def test_lateness_is_judged_at_the_first_appearance(bench: Any) -> None:
    """The record looks at when the notice first appeared, not at when it is looked at."""
    good = bench.case(PLANNED, at="2026-11-25 08:00", public_at="2026-11-23 23:59")
    late = bench.case(PLANNED, at="2026-11-25 08:00", public_at="2026-11-24 00:00")
    assert timeliness.lateness(good) is None
    found = timeliness.lateness(late)
    assert found is not None
    assert found.limit == bench.instant("2026-11-23 23:59:59")


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC", "America/New_York", "Pacific/Apia"])
def test_the_limit_is_the_last_instant_in_time(bench: Any, zone: str) -> None:
    """At the limit that a lateness names the notice is in time, a second later it is late."""
    there = bench.in_zone(zone)
    standard = there.board.standard
    for arguments in (fault(), {"front": PLANNED}, {"base": ACTIVITY}, {"front": {**WEATHER, **OPEN}}):
        case = there.case(**arguments)
        found = lateness(case.notice, case.kind, standard, there.board.zone, there.instant("2026-12-20 10:00"))
        assert found is not None
        for late, instant in ((False, found.limit), (True, found.limit + timedelta(seconds=1))):
            again = lateness(case.notice, case.kind, standard, there.board.zone, instant)
            assert (again is not None) is late


def test_late_from_names_every_instant_at_which_lateness_changes(bench: Any) -> None:
    """Between two instants that `late_from` names, a notice is late in one way or not at all."""
    standard, zone = bench.board.standard, bench.board.zone
    for arguments in (
        fault(),
        {"front": PLANNED},
        {"base": ACTIVITY},
        {"front": OUTSIDE},
        {"front": {**WEATHER, **OPEN}},
    ):
        case = bench.case(**arguments)
        instants = late_from(case.notice, case.kind, standard, zone)
        assert instants
        instant = bench.instant("2026-11-18 00:00:01")
        before = lateness(case.notice, case.kind, standard, zone, instant)
        changes = 0
        while instant < bench.instant("2026-11-26 00:00"):
            following = instant + timedelta(minutes=15)
            after = lateness(case.notice, case.kind, standard, zone, following)
            if after != before:
                changes += 1
                # An outside matter also changes when it is received, which is one of the notice's own instants.
                assert any(instant < named <= following for named in {*instants, *case.notice.dates.values()})
            instant, before = following, after
        assert changes


def test_a_late_outside_matter_is_a_warning(bench: Any) -> None:
    """More than four hours after we were told, an outside matter is late, and told nevertheless."""
    [warning] = bench.only("T102", OUTSIDE, at="2026-11-20 13:01")
    [hint] = bench.only("T102", {**OUTSIDE, "late_reason": {"is": "safety"}}, at="2026-11-20 13:01")
    assert (warning.severity, hint.severity) == (Severity.WARNING, Severity.HINT)


def test_nothing_is_too_early_once_it_is_public_or_off(bench: Any) -> None:
    """An activity that is public, or off, is not called too early."""
    early = {"starts_at": "2026-12-05 14:00", "ends_at": "2026-12-05 16:00"}
    assert bench.only("T201", early, base=ACTIVITY)
    assert not bench.only("T201", early, base=ACTIVITY, public_at="2026-11-20 09:00")
    assert not bench.only("T201", {**early, "outcome": OUTCOME}, base=ACTIVITY)


def test_what_is_over_is_not_called_late_too(bench: Any) -> None:
    """A notice that ends before it would appear is said to be over, not late."""
    assert bench.keys(at="2026-11-26 18:00") == {"V106"}


@pytest.mark.parametrize("name", ["occurred_at", "reported_at", "weather.issued_at", "register.received"])
def test_what_happened_is_not_in_the_future(bench: Any, name: str) -> None:
    """An event, its report, a warning or a receipt may be now, and not a second later."""
    bases = {
        "occurred_at": {"occurred_at": "2026-11-20 10:00"},
        "reported_at": {"reported_at": "2026-11-20 10:00"},
        "weather.issued_at": {"weather": {"issued_at": "2026-11-20 10:00"}},
        "register.received": {"register": {"received": "2026-11-20 10:00"}},
    }
    assert not bench.only("T202", bases[name], at="2026-11-20 10:00:00")
    [found] = bench.only("T202", bases[name], at="2026-11-20 09:59:59")
    assert found.values["at"] == "2026-11-20 09:59"  # as a clock says it
    assert found.values["field"] == name
    assert found.severity is Severity.ERROR


def test_nothing_is_reported_before_it_happened(bench: Any) -> None:
    """A report may be at the same instant as its event, not before."""
    assert not bench.only("T203", {"reported_at": "2026-11-20 09:40"}, base=FAULT)
    assert bench.only("T203", {"reported_at": "2026-11-20 09:39:59"}, base=FAULT)
