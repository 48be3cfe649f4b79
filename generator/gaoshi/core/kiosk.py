"""What of an edition goes to the screens: to which, until when, and how loudly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gaoshi.core.board import Board
from gaoshi.core.edition import Edition, Entry
from gaoshi.core.screens import ScreenStandard, Showable

CHANNEL = "kiosk"


def tone(entry: Entry) -> str:
    """How loudly a notice speaks: `urgent`, `major`, `important` or `general`."""
    if entry.outcome is not None and entry.outcome.what == "resolved":
        return "general"
    return "urgent" if entry.urgent else entry.importance


@dataclass(frozen=True, slots=True)
class Carried:
    """A notice that goes to the screens, now or later.

    `screens` are the ids of those that show it; it `leaves` at that aware instant (None: no end), and has a
    screen for itself until `takes_over_until` (None: it never has).
    """

    entry: Entry
    screens: tuple[str, ...]
    leaves: datetime | None
    takes_over_until: datetime | None

    @property
    def urgent(self) -> bool:
        """Whether it is urgent and its matter is not over."""
        return self.entry.urgent and self.entry.outcome is None

    @property
    def standing(self) -> bool:
        """Whether it holds for good, so that a screen may show it whatever it knows of the time."""
        return self.entry.kind is not None and self.entry.kind.standing

    @property
    def showable(self) -> Showable:
        """The same as the screen's decisions see it."""
        return Showable(
            id=self.entry.id,
            screens=frozenset(self.screens),
            begins=self.entry.window.start,
            leaves=self.leaves,
            tone=tone(self.entry),
            urgent=self.urgent,
            takes_over_until=self.takes_over_until,
            standing=self.standing,
            over=self.entry.outcome is not None,
        )


def carried(edition: Edition) -> tuple[Carried, ...]:
    """Everything that a screen may show without asking again: what is live, then what is to come.

    What is kept secret until its day (`embargo`) is left out until then.
    """
    standard = edition.board.standard.screens
    return tuple(
        Carried(
            entry,
            screens,
            leaves=entry.leaves_at,
            takes_over_until=_takes_over_until(entry, standard),
        )
        for entry in (*edition.live, *(entry for entry in edition.upcoming if "embargo" not in entry.notice.flags))
        if (screens := on_screens(entry.channels, entry.notice.places, edition.board))
    )


def on_screens(channels: Iterable[str], places: tuple[str, ...], board: Board) -> tuple[str, ...]:
    """The screens, in the order of the settings, that show a notice with these channels and places."""
    if CHANNEL not in channels:
        return ()
    return tuple(screen.id for screen in board.screens.values() if screen.concerns(places))


def _takes_over_until(entry: Entry, standard: ScreenStandard) -> datetime | None:
    """Until when an urgent notice has the screen for itself: from when it was there, not from when it is read."""
    if not entry.urgent or entry.outcome is not None:
        return None
    known = [instant for instant in (entry.window.start, entry.came_at) if instant is not None]
    return max(known, default=entry.public_at) + standard.takes_over_for
