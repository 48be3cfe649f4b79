"""Outcomes and corrections are told in time and say what owners need."""

from __future__ import annotations

from typing import Any

import pytest
from rule_corpus import OUTCOME

from conftest import ACTIVITY, FAULT, PLANNED
from gaoshi.core.finding import Severity

RESOLVED = {"is": "resolved", "at": "2026-11-20 09:50"}


def changed(**parts: Any) -> dict[str, Any]:
    """A notice, already public, whose matter was postponed; `parts` of the outcome differ."""
    return {"valid_from": "2026-11-19 09:00", "outcome": {**OUTCOME, "at": "2026-11-20 09:00", **parts}}


def test_a_whole_outcome_is_no_finding(bench: Any) -> None:
    """A postponed matter with its note and new date is passed over."""
    assert bench.keys(changed()) == set()
    assert bench.keys({"outcome": RESOLVED}, base=FAULT) == set()


def test_an_outcome_has_happened(bench: Any) -> None:
    """An outcome may be now; a second ahead it is a warning."""
    assert bench.keys(changed(at="2026-11-20 10:00:00")) == set()
    [found] = bench.findings(changed(at="2026-11-20 10:00:01"))
    assert (found.key, found.severity) == ("O101", Severity.WARNING)


def test_an_outcome_follows_its_event(bench: Any) -> None:
    """Nothing is restored before it broke."""
    assert not bench.only("O102", {"outcome": {**RESOLVED, "at": "2026-11-20 09:40:00"}}, base=FAULT)
    assert bench.only("O102", {"outcome": {**RESOLVED, "at": "2026-11-20 09:39:59"}}, base=FAULT)


def test_an_outcome_before_its_notice_is_a_hint(bench: Any) -> None:
    """An outcome older than the notice's appearance is pointed out."""
    for arguments in ({}, {"public_at": "2026-11-20 09:00:01"}):
        front = changed() if arguments else {**changed(), "valid_from": "2026-11-20 09:00:01"}
        [found] = bench.findings(front, **arguments)
        assert (found.key, found.severity) == ("O102.public", Severity.HINT)


@pytest.mark.parametrize(
    ("base", "front", "fits"),
    [
        (FAULT, {}, True),
        (FAULT, {"occurred_at": None, "reported_at": None, "starts_at": "2026-11-19 09:00"}, True),
        (PLANNED, {"occurred_at": "2026-11-20 09:00", "starts_at": None, "ends_at": None}, True),
        (PLANNED, {}, False),
        (ACTIVITY, {}, False),
    ],
)
def test_only_trouble_is_resolved(bench: Any, base: dict[str, Any], front: dict[str, Any], fits: bool) -> None:
    """An outage or an event is resolved; a planned matter is postponed or cancelled."""
    found = bench.only("O103", {**front, "outcome": RESOLVED}, base=base)
    assert (not found) is fits


@pytest.mark.parametrize("new_date", ["2026-12-01 09:00", "另行通知", "later"])
def test_postponed_says_until_when(bench: Any, new_date: str) -> None:
    """A postponed matter has a new date, or says that it will be told."""
    assert bench.keys(changed(new_date=new_date)) == set()
    [found] = bench.findings(changed(new_date=None))
    assert (found.key, found.blocks) == ("O104", True)


def test_an_unreadable_new_date_is_said_once(bench: Any) -> None:
    """A new date that cannot be read is not called missing too."""
    assert bench.keys(changed(new_date="下周六")) == {"R301.form"}


def test_the_new_date_lies_after_the_decision(bench: Any) -> None:
    """A new date is later than the outcome, by a second at least."""
    assert bench.keys(changed(new_date="2026-11-20 09:00:01")) == set()
    assert bench.keys(changed(new_date="2026-11-20 09:00:00")) == {"O106"}


@pytest.mark.parametrize("what", ["postponed", "cancelled", "withdrawn"])
def test_what_is_off_is_explained(bench: Any, what: str) -> None:
    """A change without a note is a warning: it is told, not withheld."""
    new_date = OUTCOME["new_date"] if what == "postponed" else None
    assert not bench.only("O105", changed(**{"is": what, "new_date": new_date}))
    found = bench.only("O105", changed(**{"is": what, "new_date": new_date, "note": None}))
    assert [finding.severity for finding in found] == [Severity.WARNING]


def test_only_the_postponed_has_a_new_date(bench: Any) -> None:
    """A new date of what is cancelled is pointed out."""
    assert bench.keys(changed(**{"is": "cancelled"})) == {"O108"}


def test_a_correction_has_been_made(bench: Any) -> None:
    """A correction may be now; a second ahead it is a warning."""
    assert bench.keys({"correction": {"at": "2026-11-20 10:00:00", "note": "x"}}) == set()
    assert bench.keys({"correction": {"at": "2026-11-20 10:00:01", "note": "x"}}) == {"O107"}
