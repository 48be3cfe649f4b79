"""Instants, lengths and calendar days, always with a time zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

_INSTANT = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ Tt]\s*(\d\d?):(\d\d)(?::(\d\d))?\s*(Z|z|[+-]\d\d:?\d\d)?", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_LENGTH = re.compile(r"(\d{1,5})\s*(s|m|h|d)", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
YEARS = range(1970, 3000)  # room on both sides for every length that is added or taken away


class NotAnInstant(ValueError):
    """A text that is no instant; `why` is `form`, `date-only`, `impossible`, `range`, `gap` or `ambiguous`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def parse_instant(text: str, zone: tzinfo) -> datetime:
    """The instant that `2026-11-22 18:00` names: in `zone`, unless the text has an offset or `Z`.

    It comes as UTC: between two instants of one zone Python would reckon by the clock on the wall, and
    be an hour off where summer time begins or ends.

    Raises NotAnInstant: for another form, a date without a time, a day or hour that does not exist,
    a year before 1970 or after 2999, and local times that a change of summer time skips or repeats.
    """
    text = text.strip()
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise NotAnInstant("date-only" if _DATE.fullmatch(text) else "form")
    year, month, day, hour, minute, second, shift = match.groups()
    if int(year) not in YEARS:
        raise NotAnInstant("range")
    try:
        offset = _offset(shift) if shift else None
        instant = datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=offset or zone
        )
    except ValueError:
        raise NotAnInstant("impossible") from None
    if offset is None:
        _must_be_one(instant, zone)
    return instant.astimezone(UTC)


def parse_exact(text: str) -> datetime:
    """The instant that a text with `Z` or an offset names, as UTC; without one it names none.

    Raises NotAnInstant as parse_instant does, `form` also for a text without offset.
    """
    match = _INSTANT.fullmatch(text.strip())
    if match is None or match[7] is None:
        raise NotAnInstant("form")
    return parse_instant(text, UTC)


def exact_or_none(text: str) -> datetime | None:
    """The instant that a text with `Z` or an offset names, as UTC; None for any other text."""
    try:
        return parse_exact(text)
    except NotAnInstant:
        return None


def _must_be_one(instant: datetime, zone: tzinfo) -> None:
    """Raise NotAnInstant for a local time that summer time skips (`gap`) or repeats (`ambiguous`)."""
    if instant.utcoffset() == instant.replace(fold=1).utcoffset():
        return
    there_and_back = instant.astimezone(UTC).astimezone(zone)
    raise NotAnInstant("ambiguous" if there_and_back.replace(tzinfo=None) == instant.replace(tzinfo=None) else "gap")


def _offset(text: str) -> tzinfo:
    if text in "Zz":
        return UTC
    parsed = datetime.strptime(text.replace(":", ""), "%z").tzinfo
    assert parsed is not None
    return parsed


def parse_date(text: str) -> date:
    """The day that `2026-12-10` names. Raises NotAnInstant (`form`, `impossible` or `range`)."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise NotAnInstant("form")
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise NotAnInstant("impossible") from None
    if day.year not in YEARS:
        raise NotAnInstant("range")
    return day


def parse_length(text: str) -> timedelta:
    """The length of time that `45s`, `30m`, `4h` or `7d` names. Raises ValueError for anything else."""
    match = _LENGTH.fullmatch(str(text).strip())
    if match is None:
        raise ValueError(f"not a length of time: {text!r} (write 45s, 30m, 4h or 7d)")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The first instant of a calendar day in `zone`, as UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def local_day(instant: datetime, zone: tzinfo) -> date:
    """The calendar day of an instant in `zone`."""
    return instant.astimezone(zone).date()


def iso(instant: datetime | None, zone: tzinfo) -> str | None:
    """An instant as ISO 8601 with the offset of `zone`, to the second; None for none."""
    return None if instant is None else instant.astimezone(zone).isoformat(timespec="seconds")
