"""Does the public board have to be made anew, and why; pure decisions, without looking into any notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from gaoshi.core.published import LATEST_AHEAD, Published

Value = str | tuple[str, ...] | datetime
"""What was or is: a word, commits, or an aware instant."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a board is due: `code` names the sentence; `was` and `now` fill it."""

    code: str
    was: Value = ""
    now: Value = ""


def reasons(published: Published, board: str, revision: str, records: Sequence[str], at: datetime) -> Iterator[Reason]:
    """Why the public board must be made anew at `at` out of `revision` and `records`, the tips of that branch.

    A board is due from the very second of its next change on, and from the second at which it has stood
    long enough. One that is of the future would never be due, so it is due at once.
    """
    if published.board != board:
        yield Reason("board", published.board, board)
        return
    if published.revision != revision:
        yield Reason("revision", (published.revision,), (revision,))
    if set(published.records) != set(records):
        yield Reason("records", published.records, tuple(records))
    if published.at > at + LATEST_AHEAD:
        yield Reason("future", published.at, at)
    elif published.next is not None and published.next <= at:
        yield Reason("change", published.next, at)
    elif published.due <= at:
        yield Reason("age", published.due, at)
