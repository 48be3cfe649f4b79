"""Is what a public `board.json` says right, and the clock of the server that says it? Pure comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, tzinfo

from gaoshi.core.answer import OK, Answer, Difference
from gaoshi.core.instants import iso
from gaoshi.core.notice import ROOT
from gaoshi.core.published import LATEST_AHEAD, MANIFEST, Foreseen, Published

CLOCK = "?clock"
"""What pages ask with `HEAD` to learn the server's time."""


def judge_time(
    found: Published, now: datetime, *, not_before: datetime | None, fresh_within: timedelta | None
) -> Iterator[Difference]:
    """Whether a board is of a moment that can be; with `fresh_within`, whether it was made anew when it was due.

    `not_before` is when the board that should be public was made (None: not known).
    """
    zone = found.zone
    made = iso(found.at, zone) or ""
    if found.at > now + LATEST_AHEAD:
        yield Difference("future", MANIFEST, expected=iso(now, zone) or "", found=made)
    if not_before is not None and found.at < not_before:
        yield Difference("early", MANIFEST, expected=iso(not_before, zone) or "", found=made)
    if fresh_within is not None and now > found.due + fresh_within:
        yield Difference("overdue", MANIFEST, expected=iso(found.due, zone) or "", found=iso(now, zone) or "")


def judge_clock(answer: Answer, now: datetime | None, zone: tzinfo) -> Iterator[Difference]:
    """Whether pages can learn the time from the server as they do, and whether it is right.

    `answer` is the one at CLOCK. `now` None: which time it is, is not judged. Of a kept answer some caches say when it
    was made, others when they gave it away, and both how old it is: it may be as late as the date and the age together.
    """
    if answer.problem:
        yield Difference(answer.problem, CLOCK, found=answer.detail)
    elif answer.status != OK:
        yield Difference("head", CLOCK, expected=str(OK), found=str(answer.status))
    elif answer.time is None:
        if now is not None:
            yield Difference("undated", CLOCK)
    elif now is not None and not -LATEST_AHEAD <= now - answer.time <= answer.age + LATEST_AHEAD:
        yield Difference("clock", CLOCK, expected=iso(now, zone) or "", found=iso(answer.time, zone) or "")


def compare_manifests(found: Published, expected: Published) -> Iterator[Difference]:
    """How what a `board.json` says differs from what it should say."""
    zone = expected.zone
    for name in ("board", "revision", "roster", "next", "due"):
        yield from _unless_same("field", name, getattr(expected, name), getattr(found, name), zone)
    for notice_id, notice in expected.notices.items():
        if notice_id not in found.notices:
            yield Difference("missing", MANIFEST, notice_id)
            continue
        shown = found.notices[notice_id]
        for code, name in _FIELDS:
            yield from _unless_same(code, notice_id, getattr(notice, name), getattr(shown, name), zone)
    yield from (
        Difference("stranger", MANIFEST, notice_id) for notice_id in found.notices if notice_id not in expected.notices
    )


_FIELDS = (
    ("content", "content_id"),
    ("approval", "approval"),
    ("since", "valid_from"),
    ("until", "valid_until"),
    ("until", "foreseen"),
    ("title", "title"),
    ("address", "url"),
)
"""What of a notice has to be the same, each with the code of its difference."""


def judge_addresses(board: Published, homes: Mapping[str, str]) -> Iterator[Difference]:
    """Where a manifest names other addresses than those of a notice's pages, below the home of each language."""
    for notice in board.notices.values():
        should = {language: f"{home}{ROOT}/{notice.id}/" for language, home in homes.items()}
        yield from _unless_same("address", notice.id, should, notice.url, board.zone)


def _unless_same(code: str, of: str, expected: object, found: object, zone: tzinfo) -> Iterator[Difference]:
    if expected != found:
        yield Difference(code, MANIFEST, of, as_told(expected, zone), as_told(found, zone))


def as_told(value: object, zone: tzinfo) -> str:
    """A value of a manifest in a sentence."""
    if isinstance(value, datetime):
        return iso(value, zone) or ""
    if isinstance(value, Foreseen):
        return f"{value.what} {iso(value.at, zone)}"
    if isinstance(value, Mapping):
        return ", ".join(f"{language}: {text}" for language, text in value.items())
    return str(value or "–")
