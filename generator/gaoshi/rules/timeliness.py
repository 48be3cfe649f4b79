"""Timeliness (P-4): how soon, or how far ahead, a notice must be public.

The decision itself is `core/lateness.py`. Once a notice is public, being late is a record and no
longer a finding.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaoshi.core.finding import Severity
from gaoshi.core.instants import local_day
from gaoshi.core.lateness import NEAR, Lateness, first_good_day, late_reason, measured_from, public_by
from gaoshi.core.lateness import lateness as _lateness
from gaoshi.core.log import believed
from gaoshi.rules.registry import Case, Report, rule
from gaoshi.rules.validity import over_since
from gaoshi.rules.words import listed, moment, this_minute, today_or_moment

_MEASURED = ("reported_at", "occurred_at", "weather.issued_at", "starts_at")
_OWN_RULE = frozenset({"urgent", "event", "general", "activity", "assembly"})


def lateness(case: Case) -> Lateness | None:
    """How the case's notice is late, or None (P-4)."""
    return _lateness(case.notice, case.kind, case.board.standard, case.board.zone, case.told_at or case.public_at)


def _late(case: Case, *names: str) -> Iterator[Report]:
    """What there is to say about a notice that is late by one of the classes `names`."""
    if case.is_public or case.kind is None:
        return
    late = lateness(case)
    if late is None or late.name not in names or over_since(case) is not None:
        return
    limits = case.board.standard.timeliness[late.name]
    values = {"limit": moment(case, late.limit), "public_at": moment(case, case.public_at)}
    if limits.within is None:
        yield _late_ahead(case, late, values, limits.days_before or 0)
    elif late.name != case.kind.timeliness:
        received = case.notice.instant("register.received")
        values["since"] = moment(case, received) if received else ""
        position = case.notice.where("register.received")
        yield Report(position, "outside", values, Severity.HINT if late.reason else Severity.WARNING)
    else:
        since = measured_from(case.notice, case.kind, case.board.standard)
        values["since"] = moment(case, since) if since else ""
        position = case.notice.where("reported_at" if case.notice.has("reported_at") else "occurred_at")
        if late.reason:
            yield Report(position, "reason", {**values, "reason": late.reason}, Severity.HINT)
        else:
            yield Report(position, "late", values, Severity.WARNING)


def _late_ahead(case: Case, late: Lateness, values: dict[str, str], days: int) -> Report:
    notice = case.notice
    position = notice.where("valid_from" if notice.has("valid_from") else "starts_at")
    starts_at = notice.instant("starts_at")
    values |= {
        "days": str(days),
        "matter": moment(case, starts_at) if starts_at else "",
        "last_day": local_day(late.limit, case.board.zone).isoformat(),
        "day": local_day(case.public_at, case.board.zone).isoformat(),
        "reasons": listed(case.board.standard.late_reasons),
    }
    if late.reason is None:
        return Report(position, "late", values)
    variant = "reason" if late.reason == late_reason(notice) else "outside"
    return Report(position, variant, {**values, "reason": late.reason}, Severity.HINT)


@rule("T101", clause="P-4.1", severity=Severity.WARNING)
def urgent_news_is_prompt(case: Case) -> Iterator[Report]:
    """Urgent events are public within 30 minutes (P-4.1), from the report, else from the event."""
    return _late(case, "urgent")


@rule("T102", clause="P-4.2", severity=Severity.WARNING)
def events_are_prompt(case: Case) -> Iterator[Report]:
    """Other events are public within 4 hours (P-4.2), as are outside matters that we were told too late."""
    return _late(case, "event")


@rule("T103", clause="P-4.3")
def general_information_is_ahead(case: Case) -> Iterator[Report]:
    """General information is public 2 calendar days ahead (P-4.3), unless a reason for less is given."""
    return _late(case, "general")


@rule("T104", clause="P-4.4")
def activities_are_ahead(case: Case) -> Iterator[Report]:
    """Activities are public at least 7 days ahead (P-4.4), unless a reason for less is given."""
    return _late(case, "activity")


@rule("T105", clause="P-1.1")
def assemblies_are_ahead(case: Case) -> Iterator[Report]:
    """Owners' assemblies are public at least 15 days ahead (P-1.1), unless a reason for less is given."""
    return _late(case, "assembly")


@rule("T106", clause="P-4")
def estates_own_limits_are_kept(case: Case) -> Iterator[Report]:
    """Limits that the estate's own settings add are kept like those of P-4."""
    return _late(case, *(name for name in case.board.standard.timeliness if name not in _OWN_RULE))


@rule("T107", clause="P-4", severity=Severity.HINT)
def limits_still_ahead_are_told(case: Case) -> Iterator[Report]:
    """While a limit of P-4 is running and owners have not been told, it says until when they must be.

    Only in its last 24 hours, which is all of a reaction limit: what is far off is no news.
    """
    notice, board = case.notice, case.board
    if case.is_public or believed(notice, case.told) or over_since(case) is not None:
        return
    limit, late = public_by(notice, case.kind, board.standard, board.zone, case.at), lateness(case)
    if limit is not None and limit - case.at <= NEAR and (late is None or late.may_be_worse):
        field = next((name for name in _MEASURED if notice.has(name)), "starts_at")
        values = {"limit": today_or_moment(case, limit), "left": str(int((limit - case.at).total_seconds()))}
        yield Report(notice.where(field), "", values)


@rule("T108", clause="P-4", severity=Severity.WARNING)
def nobody_is_told_before_it_happens(case: Case) -> Iterator[Report]:
    """What the log says of owners being told lies after the event itself (P-4): nothing else counts."""
    occurred = case.notice.instant("occurred_at")
    if occurred is not None and case.told and case.told[0] < occurred:
        values = {"told": moment(case, case.told[0]), "occurred": moment(case, occurred)}
        yield Report(case.notice.where("occurred_at"), "", values)


@rule("T201", clause="P-4.4", severity=Severity.HINT)
def activities_are_not_too_early(case: Case) -> Iterator[Report]:
    """Activities are public at most 14 days ahead (P-4.4): earlier, they are forgotten by the day."""
    limits = case.board.standard.timeliness.get(case.kind.timeliness) if case.kind else None
    if case.is_public or limits is None or case.notice.outcome is not None:
        return
    first = first_good_day(case.notice, limits, case.board.zone)
    day = local_day(case.public_at, case.board.zone)
    if first is not None and day < first:
        position = case.notice.where("valid_from" if case.notice.has("valid_from") else "starts_at")
        values = {"first_day": first.isoformat(), "day": day.isoformat(), "days": str(limits.not_earlier_than)}
        yield Report(position, "", values)


@rule("T202", clause="P-4.2")
def what_happened_lies_behind(case: Case) -> Iterator[Report]:
    """What happened, was reported, issued or received lies in the past (P-4.1, P-4.2)."""
    if case.is_public:
        return
    for name in ("occurred_at", "reported_at", "weather.issued_at", "register.received"):
        instant = case.notice.instant(name)
        if instant is not None and instant > case.at:
            values = {"field": name, "value": moment(case, instant), "at": this_minute(case)}
            yield Report(case.notice.where(name), "occurred" if name == "occurred_at" else "told", values)


@rule("T203", clause="P-4.1", severity=Severity.WARNING)
def report_follows_event(case: Case) -> Iterator[Report]:
    """Nothing is reported before it happened (P-4.1)."""
    occurred, reported = case.notice.instant("occurred_at"), case.notice.instant("reported_at")
    if occurred is not None and reported is not None and reported < occurred:
        values = {"occurred": moment(case, occurred), "reported": moment(case, reported)}
        yield Report(case.notice.where("reported_at"), "", values)


@rule("T204", clause="P-4", severity=Severity.WARNING)
def other_reason_has_a_note(case: Case) -> Iterator[Report]:
    """The reason `other` for being late says in a note what it was (P-4); without one it does not count."""
    if case.notice.values.get("late_reason.is") == "other" and late_reason(case.notice) is None:
        yield Report(case.notice.where("late_reason.is"))
