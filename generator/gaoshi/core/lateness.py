"""Whether a notice is late by P-4: the one decision that rules, edition and manifest share.

Reaction limits are exact; lead times are calendar days in the board's time zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from gaoshi.core.instants import local_day, start_of_day
from gaoshi.core.notice import Notice
from gaoshi.core.standard import Kind, Standard, Timeliness

OUTSIDE_CAUSE = "outside-cause"
"""The reason that an outside matter has by itself when it reached us too late."""

EVENT = "event"
"""The class by which an outside matter is judged that reached us too late for its lead time."""

_NO_LEAD_TIME = frozenset({"postponed", "cancelled", "withdrawn"})


NEAR = timedelta(hours=24)
"""So long before a limit it is worth a word."""

OUTCOME = "outcome"
"""What stands for a class where the news of an outcome is late."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """How a notice is late: by which class of P-4, after which last good instant, for what reason.

    `limit` is the last instant that would have been in time; for lead times the last second of the
    last good day. `reason` is None when none was given, or none that counts.
    """

    name: str
    limit: datetime
    reason: str | None

    @property
    def may_be_worse(self) -> bool:
        """Whether another limit is still running: an outside matter that came too late has four hours of its own."""
        return self.reason == OUTSIDE_CAUSE


def lateness(
    notice: Notice, kind: Kind | None, standard: Standard, zone: tzinfo, public_at: datetime
) -> Lateness | None:
    """How `notice` is late when it appears at `public_at`; None when it is not (P-4).

    A notice without an instant to measure from, or without a date of its matter, is never late.
    """
    limits = standard.timeliness.get(kind.timeliness) if kind is not None else None
    if kind is None or limits is None:
        return None
    if limits.within is not None:
        since = measured_from(notice, kind, standard)
        if since is None or public_at <= since + limits.within:
            return None
        return Lateness(limits.name, since + limits.within, late_reason(notice))
    return _lead_time(notice, limits, standard, zone, public_at)


def public_by(notice: Notice, kind: Kind | None, standard: Standard, zone: tzinfo, at: datetime) -> datetime | None:
    """The last instant in time that a notice still has at `at` (P-4); None when none is running, or it is over.

    Reaction limits run from their event on, lead times always. For a lead time it is the last second of the
    last good day.
    """
    limits = standard.timeliness.get(kind.timeliness) if kind is not None else None
    if kind is None or limits is None:
        return None
    if limits.within is not None:
        since = measured_from(notice, kind, standard)
        return since + limits.within if since is not None and since <= at <= since + limits.within else None
    last_day = last_good_day(notice, limits, zone)
    if last_day is None or _changed_before(notice, at):
        return None
    limit = _end_of_day(last_day, zone)
    if at <= limit:
        return limit
    received = _received_too_late(notice, last_day, zone, at)
    return received + standard.outside_within if received and at <= received + standard.outside_within else None


def outcome_told_by(notice: Notice, standard: Standard) -> datetime | None:
    """The last instant at which the news of an outcome is in time (P-4.2, 4 hours after it); None without one."""
    return notice.outcome.at + standard.outcome_within if notice.outcome is not None else None


def measured_from(notice: Notice, kind: Kind, standard: Standard) -> datetime | None:
    """From when a reaction limit runs: the first instant of its class that the notice has.

    A notice that a signal raised to a stricter class may lack that class's instants; the limit then
    runs from where its kind's own class measures.
    """
    base = standard.kinds.get(kind.slug, kind).timeliness
    for name in (kind.timeliness, base):
        for field in standard.timeliness[name].measured_from:
            if (instant := notice.instant(field)) is not None:
                return instant
    return None


def late_from(notice: Notice, kind: Kind | None, standard: Standard, zone: tzinfo) -> set[datetime]:
    """Every first second at which a notice that is not public yet stops being early or becomes late, in any way."""
    told_by = outcome_told_by(notice, standard)
    instants = _around(told_by) if told_by is not None else set()
    limits = standard.timeliness.get(kind.timeliness) if kind is not None else None
    if kind is None or limits is None:
        return instants
    since = measured_from(notice, kind, standard)
    if since is not None and limits.within is not None:
        instants |= _around(since + limits.within)
    last_day = last_good_day(notice, limits, zone)
    if last_day is not None:
        instants |= _around(_end_of_day(last_day, zone))
    first_day = first_good_day(notice, limits, zone)
    if first_day is not None:
        instants.add(start_of_day(first_day, zone))
    received = notice.instant("register.received")
    if received is not None:
        instants |= _around(received + standard.outside_within)
    return instants


def _around(limit: datetime) -> set[datetime]:
    """When a limit comes near, and the first second after it."""
    return {limit - NEAR, limit + timedelta(seconds=1)}


def last_good_day(notice: Notice, limits: Timeliness, zone: tzinfo) -> date | None:
    """The last day on which a notice with a lead time may appear (P-4.3, P-4.4)."""
    starts_at = notice.instant("starts_at")
    if starts_at is None or limits.days_before is None:
        return None
    return local_day(starts_at, zone) - timedelta(days=limits.days_before)


def first_good_day(notice: Notice, limits: Timeliness, zone: tzinfo) -> date | None:
    """The first day on which a notice is not too early; None where nothing is too early (P-4.4)."""
    starts_at = notice.instant("starts_at")
    if starts_at is None or limits.not_earlier_than is None:
        return None
    return local_day(starts_at, zone) - timedelta(days=limits.not_earlier_than)


def late_reason(notice: Notice) -> str | None:
    """The reason for being late, if it counts: `other` needs a note."""
    reason = notice.values.get("late_reason.is")
    if reason == "other" and not notice.values.get("late_reason.note"):
        return None
    return reason


def _lead_time(
    notice: Notice, limits: Timeliness, standard: Standard, zone: tzinfo, public_at: datetime
) -> Lateness | None:
    last_day = last_good_day(notice, limits, zone)
    if last_day is None or local_day(public_at, zone) <= last_day or _changed_before(notice, public_at):
        return None
    limit = _end_of_day(last_day, zone)
    received = _received_too_late(notice, last_day, zone, public_at)
    if received is None:
        return Lateness(limits.name, limit, late_reason(notice))
    # Told too late to keep the lead time: judged as an event, from its receipt.
    if public_at <= received + standard.outside_within:
        return Lateness(limits.name, limit, OUTSIDE_CAUSE)
    return Lateness(EVENT, received + standard.outside_within, late_reason(notice))


def _end_of_day(day: date, zone: tzinfo) -> datetime:
    """The last second of a calendar day."""
    return start_of_day(day + timedelta(days=1), zone) - timedelta(seconds=1)


def _received_too_late(notice: Notice, last_day: date, zone: tzinfo, at: datetime) -> datetime | None:
    """When an outside matter reached us, if that was by `at` and too late to keep its lead time."""
    received = notice.instant("register.received")
    return received if received is not None and received <= at and local_day(received, zone) > last_day else None


def _changed_before(notice: Notice, public_at: datetime) -> bool:
    """Whether the notice first appears to say that its matter is off: no lead time is asked then."""
    outcome = notice.outcome
    return outcome is not None and outcome.what in _NO_LEAD_TIME and outcome.at <= public_at
