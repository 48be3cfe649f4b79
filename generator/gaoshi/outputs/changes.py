"""When a page last changed for its readers, as far as that is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gaoshi.core.edition import Edition, Entry


def notice_changed(entry: Entry, at: datetime) -> datetime | None:
    """When the page of a notice last changed by `at`; None where nothing is known of it.

    It changes when the notice begins, comes, has a version approved, is corrected, and when its matter turns out.
    """
    known = (
        entry.window.start,
        entry.came_at,
        entry.verdict.since,
        entry.notice.instant("correction.at"),
        entry.outcome.at if entry.outcome is not None else None,
    )
    return _newest(known, at)


def board_changed(edition: Edition) -> datetime | None:
    """When the list of notices last changed by the edition's instant: one of them did, or one left it.

    None where nothing of that is known.
    """
    changes = [notice_changed(entry, edition.at) for entry in edition.live]
    return _newest((*changes, *(entry.ended_at for entry in edition.kept)), edition.at)


def _newest(instants: Iterable[datetime | None], at: datetime) -> datetime | None:
    return max((instant for instant in instants if instant is not None and instant <= at), default=None)
