"""Validity: a notice states its end (P-3.4), and the end fits its matter and its kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from gaoshi.core.finding import Position, Severity
from gaoshi.core.instants import local_day
from gaoshi.core.schedule import stated_end, window
from gaoshi.rules.problems import unread, unreadable
from gaoshi.rules.registry import Case, Report, rule
from gaoshi.rules.words import moment

MONTHS_APART = 1
"""How many months the id and the start may be apart before it looks like a mistake."""


def _end_position(case: Case) -> Position:
    notice = case.notice
    return notice.where("valid_until") if notice.has("valid_until") else notice.where("valid_from")


@rule("V101", clause="P-3.4", always=True)
def end_is_stated(case: Case) -> Iterator[Report]:
    """The validity period is stated (P-3.4): without an end a notice would hang for ever."""
    if stated_end(case.notice, case.kind) is None and not unread(case):
        position = unreadable(case, "valid_until")
        yield Report(position or _end_position(case), "unreadable" if position else "missing")


@rule("V102", clause="P-3.4")
def end_follows_start(case: Case) -> Iterator[Report]:
    """A notice ends after it starts (P-3.4); at the very same instant it would never be shown."""
    start, end = case.notice.instant("valid_from"), stated_end(case.notice, case.kind)
    if start is not None and end is not None and end <= start:
        variant = "stated" if case.notice.has("valid_until") else "default"
        yield Report(_end_position(case), variant, {"start": moment(case, start), "end": moment(case, end)})


@rule("V103", clause="P-2.4")
def matter_ends_after_it_begins(case: Case) -> Iterator[Report]:
    """The matter itself ends after it begins (P-2.4)."""
    ends_at = case.notice.instant("ends_at")
    for name in ("starts_at", "occurred_at"):
        begins = case.notice.instant(name)
        if begins is not None and ends_at is not None and ends_at <= begins:
            values = {"begin": moment(case, begins), "end": moment(case, ends_at)}
            yield Report(case.notice.where("ends_at"), name.partition("_")[0], values)


@rule("V104", clause="P-3.4", severity=Severity.WARNING)
def end_is_not_before_the_matter(case: Case) -> Iterator[Report]:
    """A notice stays until its matter is over (P-3.4, P-0): gone earlier, it leaves owners without it."""
    notice = case.notice
    until = notice.instant("valid_until")
    if until is None or notice.outcome is not None:
        return
    starts_at, ends_at = notice.instant("starts_at"), notice.instant("ends_at")
    if starts_at is not None and until <= starts_at:
        yield Report(notice.where("valid_until"), "begins", _against(case, until, starts_at))
    elif ends_at is not None and until < ends_at:
        yield Report(notice.where("valid_until"), "ends", _against(case, until, ends_at))


def _against(case: Case, until: datetime, matter: datetime) -> dict[str, str]:
    return {"until": moment(case, until), "matter": moment(case, matter)}


@rule("V105", clause="P-3.4")
def validity_is_not_too_long(case: Case) -> Iterator[Report]:
    """A notice is valid no longer than its kind may be (P-3.4): after its matter, or from its start."""
    notice, until = case.notice, case.notice.instant("valid_until")
    if until is None or case.kind is None:
        return
    longest = case.kind.validity
    matter_end = notice.instant("ends_at") or notice.instant("starts_at")
    if longest.after_end is not None and matter_end is not None and until > matter_end + longest.after_end:
        values = {"until": moment(case, until), "limit": moment(case, matter_end + longest.after_end)}
        yield Report(notice.where("valid_until"), "after-end", {**values, "matter": moment(case, matter_end)})
    start = notice.instant("valid_from") or case.public_at
    if longest.at_most is not None and until > start + longest.at_most:
        values = {"until": moment(case, until), "limit": moment(case, start + longest.at_most)}
        yield Report(notice.where("valid_until"), "at-most", {**values, "start": moment(case, start)})


@rule("V106", clause="P-3.4", severity=Severity.WARNING)
def notice_is_not_over_already(case: Case) -> Iterator[Report]:
    """A notice that is not public yet would still be seen (P-3.4)."""
    if not case.is_public and (end := over_since(case)) is not None:
        yield Report(_end_position(case), "", {"end": moment(case, end)})


def over_since(case: Case) -> datetime | None:
    """The end of a notice that is over when it would first appear; None otherwise."""
    end = window(case.notice, case.kind, case.board.standard, case.public_at).end
    start = case.notice.instant("valid_from")
    if end is None or end > case.public_at or (start is not None and end <= start):
        return None
    return end


@rule("V107", clause="P-2.4", severity=Severity.HINT)
def month_of_the_folder_is_near(case: Case) -> Iterator[Report]:
    """The folder's month is near the notice's start (P-2.4): far apart, one of them is a slip."""
    start = case.notice.instant("valid_from")
    year, _, month = case.notice.id.partition("/")[0].partition("-")
    if start is None or not (year.isdecimal() and month.isdecimal()):
        return
    day = local_day(start, case.board.zone)
    if abs((day.year - int(year)) * 12 + day.month - int(month)) > MONTHS_APART:
        values = {"month": f"{year}-{month}", "start": moment(case, start)}
        yield Report(case.notice.where("valid_from"), "", values)
