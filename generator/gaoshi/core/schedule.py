"""When a notice is public, and in which state it is at an instant.

A window is half-open: live from its start up to, not including, its end. All functions are pure and
take the instant as `at`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gaoshi.core.notice import Notice, Outcome
from gaoshi.core.standard import Kind, Standard


class State(StrEnum):
    """State of a notice at an instant; the first that holds, in this order."""

    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    UPCOMING = "upcoming"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Window:
    """From when (None: as soon as approved) until when (None: no end can be told) a notice is valid."""

    start: datetime | None
    end: datetime | None

    def state(self, at: datetime) -> State:
        """Expired, upcoming or live."""
        if self.end is not None and at >= self.end:
            return State.EXPIRED
        if self.start is not None and at < self.start:
            return State.UPCOMING
        return State.LIVE


def stated_end(notice: Notice, kind: Kind | None) -> datetime | None:
    """The end that the notice states, or the one its kind gives when it states none.

    An unplanned outage whose end is unknown is valid for 72 hours from its report.
    """
    end = notice.instant("valid_until")
    if end is not None or kind is None or kind.validity.default is None:
        return end
    since = notice.occurred or notice.instant("valid_from")
    return None if since is None else since + kind.validity.default


def outcome_at(notice: Notice, at: datetime) -> Outcome | None:
    """The outcome as known at `at`: one that lies ahead has not happened yet."""
    outcome = notice.outcome
    return outcome if outcome is not None and outcome.at <= at else None


def window(notice: Notice, kind: Kind | None, standard: Standard, at: datetime) -> Window:
    """The window that holds at `at`.

    An outcome leads for 24 hours or until the matter's former end, whichever is later (the number
    stands in the standard); what is withdrawn ends at once.
    """
    start = notice.instant("valid_from")
    end = stated_end(notice, kind)
    outcome = outcome_at(notice, at)
    if outcome is None:
        return Window(start, end)
    if outcome.what == "withdrawn":
        return Window(start, outcome.at)
    former_end = notice.instant("ends_at") or notice.instant("starts_at")
    leads_until = outcome.at + standard.outcome_leads_for
    return Window(start, max(leads_until, former_end) if former_end else leads_until)


def is_overdue(notice: Notice, kind: Kind | None, at: datetime) -> bool:
    """Whether the expected restoration has passed and nobody has said that it came."""
    ends_at = notice.instant("ends_at")
    return (
        kind is not None and kind.restores and ends_at is not None and at >= ends_at and outcome_at(notice, at) is None
    )


def in_urgent_lane(notice: Notice, kind: Kind | None, standard: Standard, public_at: datetime) -> bool:
    """Whether one duty officer is enough and only the gravest findings withhold (P-4.1).

    Judged at the instant of publication: the event must lie behind it, by less than 24 hours.
    """
    if kind is None or kind.timeliness != "urgent":
        return False
    happened = notice.instant("occurred_at") or notice.instant("weather.issued_at")
    return happened is not None and timedelta(0) <= public_at - happened < standard.urgent_not_older_than


def boundaries(notice: Notice, kind: Kind | None, standard: Standard) -> set[datetime]:
    """Every instant at which this notice alone could change its state or its looks."""
    candidates = set(notice.dates.values())
    end = stated_end(notice, kind)
    if end is not None:
        candidates.add(end)
        if kind is not None and kind.validity.at_most is not None:
            candidates.add(end - kind.validity.at_most)  # from then on it is not valid for too long
    if notice.outcome is not None:
        candidates |= {notice.outcome.at, notice.outcome.at + standard.outcome_leads_for}
    ends = {window(notice, kind, standard, instant).end for instant in candidates}
    candidates |= {instant for instant in ends if instant is not None}
    candidates |= {instant + standard.ended_listed_for for instant in set(candidates)}
    for name in ("occurred_at", "weather.issued_at"):
        happened = notice.instant(name)
        if happened is not None:
            candidates.add(happened + standard.urgent_not_older_than)
    return candidates
