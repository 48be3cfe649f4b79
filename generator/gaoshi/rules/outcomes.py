"""Outcomes and corrections: how a matter ended or changed, told so that owners can act on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from gaoshi.core.finding import Severity
from gaoshi.core.lateness import outcome_told_by
from gaoshi.core.schedule import State, window
from gaoshi.rules.registry import Case, Report, rule
from gaoshi.rules.words import moment, this_minute

_NEED_NOTE = frozenset({"postponed", "cancelled", "withdrawn"})


def _values(case: Case, name: str, instant: datetime, other: datetime) -> dict[str, str]:
    told = this_minute(case) if other == case.at else moment(case, other)
    return {"field": name, "value": moment(case, instant), "other": told}


@rule("O101", clause="P-2.4", severity=Severity.WARNING, about="outcome")
def outcome_has_happened(case: Case) -> Iterator[Report]:
    """An outcome is told when it has happened (P-2.4): one that lies ahead is not shown yet."""
    outcome = case.notice.outcome
    if outcome is not None and outcome.at > case.at:
        yield Report(case.notice.where("outcome.at"), "", _values(case, "outcome.at", outcome.at, case.at))


@rule("O102", clause="P-2.4", severity=Severity.WARNING, about="outcome")
def outcome_follows_its_matter(case: Case) -> Iterator[Report]:
    """An outcome follows the event that it ends and the notice that it changes (P-2.4)."""
    notice, outcome = case.notice, case.notice.outcome
    if outcome is None:
        return
    occurred = notice.instant("occurred_at")
    public = case.public_at if case.is_public else notice.instant("valid_from")
    if occurred is not None and outcome.at < occurred:
        yield Report(notice.where("outcome.at"), "occurred", _values(case, "outcome.at", outcome.at, occurred))
    elif public is not None and outcome.at < public:
        values = _values(case, "outcome.at", outcome.at, public)
        yield Report(notice.where("outcome.at"), "public", values, Severity.HINT)


@rule("O103", clause="P-2.4", severity=Severity.WARNING, about="outcome")
def only_trouble_is_resolved(case: Case) -> Iterator[Report]:
    """`resolved` is said of an interruption or an event (P-2.4): nothing else is ever restored."""
    notice, kind = case.notice, case.kind
    if notice.outcome is None or notice.outcome.what != "resolved" or kind is None:
        return
    if not (kind.restores or notice.unplanned or kind.timeliness == "urgent"):
        yield Report(notice.where("outcome.is"), "", {"kind": kind.slug})


@rule("O104", clause="P-0", about="outcome")
def postponed_to_a_day(case: Case) -> Iterator[Report]:
    """What is postponed says to which day, or that the day will be told (P-0)."""
    outcome = case.notice.outcome
    if outcome is None or outcome.what != "postponed" or outcome.new_date is not None or outcome.later:
        return
    if not any(problem.values.get("field") == "outcome.new_date" for problem in case.notice.problems):
        yield Report(case.notice.where("outcome.is"))


@rule("O105", clause="P-0", severity=Severity.WARNING, about="outcome")
def outcomes_are_explained(case: Case) -> Iterator[Report]:
    """What is off says in a note what owners should know (P-0): why, what to do, what stays as it is."""
    notice, outcome = case.notice, case.notice.outcome
    if outcome is not None and outcome.what in _NEED_NOTE and not notice.has("outcome.note"):
        yield Report(notice.where("outcome.is"), "", {"outcome": outcome.what})


@rule("O106", clause="P-2.4", about="outcome")
def new_date_lies_ahead(case: Case) -> Iterator[Report]:
    """The new date is after the decision to postpone (P-2.4)."""
    outcome = case.notice.outcome
    if outcome is not None and outcome.new_date is not None and outcome.new_date <= outcome.at:
        values = _values(case, "outcome.new_date", outcome.new_date, outcome.at)
        yield Report(case.notice.where("outcome.new_date"), "", values)


@rule("O107", clause="P-2.4", severity=Severity.WARNING)
def correction_has_happened(case: Case) -> Iterator[Report]:
    """A correction bears the time at which it was made (P-2.4), not one that lies ahead."""
    corrected = case.notice.instant("correction.at")
    if corrected is not None and corrected > case.at:
        yield Report(case.notice.where("correction.at"), "", _values(case, "correction.at", corrected, case.at))


@rule("O108", clause="P-2.4", severity=Severity.HINT, about="outcome")
def only_the_postponed_has_a_new_date(case: Case) -> Iterator[Report]:
    """A new date belongs to what is postponed (P-2.4)."""
    notice, outcome = case.notice, case.notice.outcome
    if outcome is not None and outcome.what != "postponed" and notice.has("outcome.new_date"):
        yield Report(notice.where("outcome.new_date"), "", {"outcome": outcome.what})


@rule("O109", clause="P-4.2", severity=Severity.WARNING, about="outcome")
def outcomes_are_prompt(case: Case) -> Iterator[Report]:
    """Owners are told within 4 hours how a public matter ended or changed (P-4.2); told, or over, it is a record."""
    notice, outcome, standard = case.notice, case.notice.outcome, case.board.standard
    limit = outcome_told_by(notice, standard)
    if outcome is None or limit is None or not case.is_public or case.at <= limit:
        return
    if window(notice, case.kind, standard, case.at).state(case.at) is State.EXPIRED:
        return
    if case.renewed_at is not None and case.renewed_at < outcome.at:
        values = {"outcome_at": moment(case, outcome.at), "limit": moment(case, limit), "at": this_minute(case)}
        yield Report(notice.where("outcome.at"), "", values)
