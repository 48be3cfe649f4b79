"""How long a screen's round takes, reckoned from the amount of text; the screen itself measures its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from itertools import zip_longest

from gaoshi.core.board import Board, Screen
from gaoshi.core.edition import Edition, Entry
from gaoshi.core.kiosk import Carried, carried
from gaoshi.core.notice import Text
from gaoshi.core.screens import Item, Role, ScreenStandard, Slide, packed, round_of, seconds, sentences, visible

_NOT_READ = re.compile(r"<!--.*?-->|<[^>\n]+>|(?<=\])\([^)\n]*\)", re.DOTALL)
_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_AN_INSTANT = "11月24日（周二）10:00"
"""What an instant reads like, in any language as long as this."""
_WRAPPED = re.compile(r"(?<=\S)\n(?=[^\s#*|>+\-\d])")
"""A line that goes on in the next one; marks at its beginning would make that a block of its own."""

Page = tuple[str, ...]
"""What is read on one slide of a notice, in each language that stands on it."""


class Held(Enum):
    """How much of a text a page beside the facts holds."""

    ALL = "as much as a page may"
    LITTLE = "a third of that, for the facts stand above the text"
    NOTHING = "nothing, for the matter is over"


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
    reader = _Reader(edition.board)
    for screen in edition.board.screens.values():
        yield _round(screen, notices, edition, reader)


def _round(screen: Screen, notices: tuple[Carried, ...], edition: Edition, reader: _Reader) -> Round:
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
    pages = {notice_id: reader.pages(by_id[notice_id].entry, screen, role) for notice_id, role in found}
    slides = tuple(round_of(Item(notice_id, role, len(pages[notice_id])) for notice_id, role in found))
    return Round(
        screen=screen,
        shown=tuple((by_id[notice_id], role) for notice_id, role in found),
        slides=slides,
        takes=timedelta(seconds=sum(_stays(slide, pages, standard) for slide in slides)),
    )


def _stays(slide: Slide, pages: Mapping[str, Sequence[Page]], standard: ScreenStandard) -> float:
    """How long a slide stays, in seconds: who reads reads one language, of everything that stands on it."""
    shown = [pages[each][slide.page % len(pages[each])] for each in slide.ids]
    languages = range(max(map(len, shown)))
    return max(seconds("\n".join(page[min(each, len(page) - 1)] for page in shown), standard) for each in languages)


class _Reader:
    """What is read of notices; each text is divided once, however many screens show it."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._divided: dict[tuple[str, str, Held], tuple[str, ...]] = {}

    def pages(self, entry: Entry, screen: Screen, role: Role) -> list[Page]:
        """A notice's pages on a screen: in the languages that it has, side by side or one after the other.

        Where the screen shows only the first of a notice's pages, those; what takes over is always whole.
        """
        most = None if role is Role.TAKEOVER else screen.pages
        texts = entry.notice.texts
        own = [texts[code] for code in screen.languages if code in texts and texts[code].body.strip()]
        held = Held.ALL
        if role is Role.OUTCOME and entry.outcome is not None and entry.outcome.what != "postponed":
            held = Held.NOTHING
        elif most is not None and (screen.together or screen.orientation != "landscape"):
            held = Held.LITTLE
        told = [self._divide(entry, text, held)[:most] for text in own or list(texts.values())[:1]] or [(entry.id,)]
        if not (screen.together and screen.orientation == "landscape"):  # upright there is no room for two
            return [(page,) for pages in told for page in pages]
        return list(zip_longest(*told, fillvalue=""))

    def _divide(self, entry: Entry, text: Text, held: Held) -> tuple[str, ...]:
        """What is read on each page in one language: the title each time, facts once; a picture is a page."""
        key = entry.id, text.language, held
        if key not in self._divided:
            standard = self._board.standard.screens
            if held is Held.LITTLE:
                standard = replace(standard, characters=standard.characters // 3, words=standard.words // 3)
            body = text.body if held is not Held.NOTHING else ""
            pages = ["".join(page) for page in packed(sentences(_plain(body)), standard)] or [""]
            pages += [""] * len(_PICTURE.findall(body))
            pages[0] = "\n".join((*self._facts(entry, text), pages[0]))
            self._divided[key] = tuple(f"{text.title}\n{page}" for page in pages)
        return self._divided[key]

    def _facts(self, entry: Entry, text: Text) -> Iterator[str]:
        """When, where and until when, near enough to count it."""
        instants = [entry.notice.instant(name) for name in ("starts_at", "ends_at", "occurred_at")]
        instants += [entry.window.end, entry.outcome.at if entry.outcome else None]
        yield from (_AN_INSTANT for instant in instants if instant is not None)
        yield from (self._board.words(self._board.places[place], text.language) for place in entry.notice.places)
        yield text.fields.get("scope", "")


def _plain(markdown: str) -> str:
    """The words of a body in Markdown, near enough to count them: marks are never counted."""
    return _WRAPPED.sub("", _NOT_READ.sub("", _PICTURE.sub("", markdown))).strip()
