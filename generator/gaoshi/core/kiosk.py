"""What of an edition goes to the screens, until when, and how long a screen's round takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from gaoshi.core.board import Board, Screen
from gaoshi.core.edition import Edition, Entry
from gaoshi.core.notice import Text
from gaoshi.core.schedule import window
from gaoshi.core.screens import (
    Item,
    Role,
    ScreenStandard,
    Showable,
    Slide,
    packed,
    round_of,
    seconds,
    sentences,
    visible,
)

CHANNEL = "kiosk"


def tone(entry: Entry) -> str:
    """How loudly a notice speaks: `urgent`, `major`, `important` or `general`."""
    if entry.outcome is not None and entry.outcome.what == "resolved":
        return "general"
    return "urgent" if entry.urgent else entry.importance


# ── what is carried ──────────────────────────────────────────────────────────────────────────────


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
    replaced_at = _replaced_at(edition)
    standard = edition.board.standard.screens
    return tuple(
        Carried(
            entry,
            screens,
            leaves=_leaves(entry, edition, replaced_at),
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


def _replaced_at(edition: Edition) -> dict[str, datetime]:
    """When a notice gives way to one that is to come; in a circle none does, as on the board."""
    replaces = {entry.id: old for entry in edition.entries.values() if (old := entry.notice.supersedes) is not None}
    instants: dict[str, datetime] = {}
    for entry in edition.upcoming:
        old, start = replaces.get(entry.id), entry.window.start
        if old is not None and start is not None and not _leads_to(entry.id, old, replaces):
            instants[old] = min(start, instants.get(old, start))
    return instants


def _leads_to(target: str, start: str, replaces: Mapping[str, str]) -> bool:
    seen: set[str] = set()
    following: str | None = start
    while following is not None and following not in seen:
        if following == target:
            return True
        seen.add(following)
        following = replaces.get(following)
    return False


def _leaves(entry: Entry, edition: Edition, replaced_at: Mapping[str, datetime]) -> datetime | None:
    """When it leaves by itself: its end, as an outcome that lies ahead would set it, or when it is replaced."""
    end = entry.window.end
    ahead = entry.notice.outcome
    if ahead is not None and entry.outcome is None and (end is None or ahead.at < end):
        end = window(entry.notice, entry.kind, edition.board.standard, max(ahead.at, edition.at)).end
    ends = [instant for instant in (end, replaced_at.get(entry.id)) if instant is not None]
    return min(ends, default=None)


def _takes_over_until(entry: Entry, standard: ScreenStandard) -> datetime | None:
    """Until when an urgent notice has the screen for itself: from when it was there, not from when it is read."""
    if not entry.urgent or entry.outcome is not None:
        return None
    known = [instant for instant in (entry.window.start, entry.came_at) if instant is not None]
    return max(known, default=entry.public_at) + standard.takes_over_for


# ── a screen's round ─────────────────────────────────────────────────────────────────────────────

_NOT_READ = re.compile(r"<!--.*?-->|<[^>\n]+>|(?<=\])\([^)\n]*\)", re.DOTALL)
_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_AN_INSTANT = "11月24日（周二）10:00"
"""What an instant reads like, in any language as long as this."""
_WRAPPED = re.compile(r"(?<=\S)\n(?=[^\s#*|>+\-\d])")
"""A line that goes on in the next one; marks at its beginning would make that a block of its own."""


@dataclass(frozen=True)
class Told:
    """What of one notice is read on a screen, page by page, in each of the languages that it is shown in."""

    pages: tuple[tuple[str, ...], ...]
    together: bool

    @cached_property
    def slides(self) -> tuple[str, ...]:
        """What is read on each of its slides; of two languages side by side everybody reads one."""
        if not self.together:
            return tuple(page for pages in self.pages for page in pages)
        longest = max(map(len, self.pages), default=0)
        return tuple("\n".join(pages[number % len(pages)] for pages in self.pages) for number in range(longest))


@dataclass(frozen=True, slots=True)
class Round:
    """What a screen shows at an instant: the notices with their roles, its slides, and how long all of them take."""

    screen: Screen
    shown: tuple[tuple[Carried, Role], ...]
    slides: tuple[Slide, ...]
    takes: timedelta


def rounds(edition: Edition) -> Iterator[Round]:
    """The round of every screen at the edition's instant, as one that knows the time shows it."""
    notices = carried(edition)
    told: dict[tuple[object, ...], Told] = {}
    for screen in edition.board.screens.values():
        yield _round(screen, notices, edition, told)


def _round(
    screen: Screen, notices: tuple[Carried, ...], edition: Edition, told: dict[tuple[object, ...], Told]
) -> Round:
    standard = edition.board.standard.screens
    by_id = {notice.entry.id: notice for notice in notices}
    found = visible(
        (notice.showable for notice in notices),
        screen.id,
        edition.at,
        verified=True,
        silence=timedelta(0),
        standard=standard,
    )
    texts = {notice_id: _told(by_id[notice_id].entry, screen, edition.board, told).slides for notice_id, _ in found}
    slides = tuple(round_of(Item(notice_id, role, len(texts[notice_id])) for notice_id, role in found))
    takes = sum(
        seconds("\n".join(texts[each][slide.page % len(texts[each])] for each in slide.ids), standard)
        for slide in slides
    )
    shown = tuple((by_id[notice_id], role) for notice_id, role in found)
    return Round(screen, shown, slides, timedelta(seconds=takes))


def _told(entry: Entry, screen: Screen, board: Board, told: dict[tuple[object, ...], Told]) -> Told:
    key = entry.id, screen.languages, screen.together
    if key not in told:
        texts = entry.notice.texts
        own = [texts[code] for code in screen.languages if code in texts and texts[code].body.strip()]
        chosen = own or list(texts.values())[:1]
        told[key] = Told(tuple(_pages(entry, text, board) for text in chosen) or ((entry.id,),), screen.together)
    return told[key]


def _pages(entry: Entry, text: Text, board: Board) -> tuple[str, ...]:
    """What is read on each page of a notice in one language: its title each time, facts once; a picture is a page."""
    pages = ["".join(page) for page in packed(sentences(_plain(text.body)), board.standard.screens)] or [""]
    pages += [""] * len(_PICTURE.findall(text.body))
    pages[0] = "\n".join((*_facts(entry, text, board), pages[0]))
    return tuple(f"{text.title}\n{page}" for page in pages)


def _facts(entry: Entry, text: Text, board: Board) -> Iterator[str]:
    """When, where and until when, near enough to count it."""
    instants = [entry.notice.instant(name) for name in ("starts_at", "ends_at", "occurred_at")]
    instants += [entry.window.end, entry.outcome.at if entry.outcome else None]
    yield from (_AN_INSTANT for instant in instants if instant is not None)
    yield from (board.words(board.places[place], text.language) for place in entry.notice.places)
    yield text.fields.get("scope", "")


def _plain(markdown: str) -> str:
    """The words of a body in Markdown, near enough to count them: marks are never counted."""
    return _WRAPPED.sub("", _NOT_READ.sub("", _PICTURE.sub("", markdown))).strip()
