"""What a screen in a lobby shows at an instant, in which order, and how long each page stays.

The screen decides the same by itself, without a network (site_templates/kiosk/show.js, round.js
and reading.js); both are held to tests/cases/screens.json.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain, pairwise
from math import ceil


@dataclass(frozen=True, slots=True)
class ScreenStandard:
    """The standard's numbers for screens.

    A page holds `characters` Chinese ones or as many `words`, or shares of both; `pace_characters` and
    `pace_words` are read in a minute. `ahead` is how far a manifest's instant may lie beyond a clock
    that is trusted; `marked_after` and `standing_after` are lengths of time without contact.
    """

    takes_over_for: timedelta
    characters: int
    words: int
    pace_characters: int
    pace_words: int
    least: timedelta
    most: timedelta
    round: timedelta
    marked_after: timedelta
    standing_after: timedelta
    ahead: timedelta


class Role(StrEnum):
    """How a notice is shown."""

    TAKEOVER = "takeover"
    URGENT = "urgent"
    OUTCOME = "outcome"
    IMPORTANT = "important"
    GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Showable:
    """What decides when a notice is on a screen, and how. Instants are aware.

    `screens` are ids; `begins`, `leaves` and `takes_over_until` are None where there is no such instant. `tone` is
    `urgent`, `major`, `important` or `general`; `over` says that it has an outcome.
    """

    id: str
    screens: frozenset[str]
    begins: datetime | None
    leaves: datetime | None
    tone: str = "general"
    urgent: bool = False
    takes_over_until: datetime | None = None
    standing: bool = False
    over: bool = False

    def role(self, now: datetime) -> Role:
        """How it is shown at `now`."""
        if self.over:
            return Role.OUTCOME
        if self.urgent:
            fresh = self.takes_over_until is not None and now < self.takes_over_until
            return Role.TAKEOVER if fresh else Role.URGENT
        return Role.IMPORTANT if self.tone in {"major", "important"} else Role.GENERAL


@dataclass(frozen=True, slots=True)
class Item:
    """A notice in the round: how it is shown and how many slides it takes, at least one."""

    id: str
    role: Role
    slides: int = 1


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: the notices that share it, and which of their pages (modulo each one's own count)."""

    ids: tuple[str, ...]
    page: int


def visible(
    notices: Iterable[Showable],
    screen: str,
    now: datetime,
    *,
    verified: bool,
    silence: timedelta,
    standard: ScreenStandard,
) -> list[tuple[str, Role]]:
    """The notices that `screen` shows at `now`, in their order, with how each is shown.

    Where the time is not `verified`, or nothing was heard for too long (`silence`), only standing
    notices are shown; an unverified `now` is the earliest instant that it can be.
    """
    standing_only = not verified or silence >= standard.standing_after
    return [
        (notice.id, notice.role(now))
        for notice in notices
        if screen in notice.screens
        and (notice.begins is None or notice.begins <= now)
        and (notice.leaves is None or now < notice.leaves)
        and (notice.standing or not standing_only)
    ]


TOGETHER = 3
"""How many notices that take over find room on one screen, lying or upright: what, where, until when, whom to call."""


def round_of(items: Iterable[Item], most: int = TOGETHER) -> list[Slide]:
    """One round, slide by slide.

    What takes over has the screen for itself; several share it, at most `most` (one or more) at a time. Else urgent
    ones are every second slide, outcomes and important ones come twice, and everything comes.
    """
    items = list(items)
    takeover = [item for item in items if item.role is Role.TAKEOVER]
    if takeover:
        return [slide for group in _groups(takeover, most) for slide in _sharing(group)]
    urgent = _pages(item for item in items if item.role is Role.URGENT)
    others = _pages(_others(items))
    if not urgent or not others:
        return urgent or others
    length = max(len(urgent), len(others))
    return list(chain.from_iterable((urgent[i % len(urgent)], others[i % len(others)]) for i in range(length)))


def _groups(items: Sequence[Item], most: int) -> Iterator[Sequence[Item]]:
    """As few groups as `most` allows, as equal as can be, the larger ones first."""
    count = ceil(len(items) / most)
    starts = [ceil(number * len(items) / count) for number in range(count + 1)]
    yield from (items[start:end] for start, end in pairwise(starts))


def _sharing(group: Sequence[Item]) -> list[Slide]:
    ids = tuple(item.id for item in group)
    return [Slide(ids, page) for page in range(max(item.slides for item in group))]


def _others(items: Sequence[Item]) -> list[Item]:
    leading = [item for item in items if item.role in {Role.OUTCOME, Role.IMPORTANT}]
    general = [item for item in items if item.role is Role.GENERAL]
    if len(general) < 2:  # noqa: PLR2004  (nothing to divide)
        return leading + general
    half = (len(general) + 1) // 2
    return leading + general[:half] + leading + general[half:]


def _pages(items: Iterable[Item]) -> list[Slide]:
    return [Slide((item.id,), page) for item in items for page in range(item.slides)]


# ── how much there is to read ────────────────────────────────────────────────────────────────────

_CJK = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u30ff\u3105-\u318e\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_WORD = rf"[^\W_{_CJK}]+(?:['’.\-][^\W_{_CJK}]+)*"
_UNIT = re.compile(rf"[{_CJK}]|({_WORD})")
"""What is counted: a character of a script without spaces, or a word of another."""
_SPACE = r"[ \t\n\u00a0\u3000]"
_ENDS = "。！？!?；;…"
_CLOSES = r"”’\"')）\]】》〉」』〕}"
_SENTENCE = re.compile(
    rf".+?(?:[{_ENDS}][{_ENDS}{_CLOSES}]*{_SPACE}*|\.[{_CLOSES}]*(?:{_SPACE}+|\Z)|\n{_SPACE}*|\Z)", re.DOTALL
)
_CLAUSE = re.compile(rf".+?(?:[，、：]{_SPACE}*|[,:]{_SPACE}+|\Z)", re.DOTALL)


def counted(text: str) -> tuple[int, int]:
    """How many Chinese (or Japanese, Korean) characters `text` has, and how many words of other scripts."""
    words = [match[1] is not None for match in _UNIT.finditer(text)]
    return len(words) - sum(words), sum(words)


def seconds(text: str, standard: ScreenStandard) -> float:
    """How long a slide with `text` stays, in seconds."""
    characters, words = counted(text)
    needed = 60 * (characters / standard.pace_characters + words / standard.pace_words)
    return min(max(needed, standard.least.total_seconds()), standard.most.total_seconds())


def sentences(text: str) -> list[str]:
    """`text` as its sentences, each with the space after it; a line's end is a sentence's, too.

    Put together again they are the text.
    """
    return _SENTENCE.findall(text)


def packed(parts: Iterable[str], standard: ScreenStandard) -> list[list[str]]:
    """Sentences on pages, as many on each as it holds; one longer than a page is cut at commas, then anywhere."""
    pages: list[list[str]] = []
    characters = words = 0
    for part in chain.from_iterable(_cut(sentence, standard) for sentence in parts):
        more_characters, more_words = counted(part)
        if not pages or not _fits(characters + more_characters, words + more_words, standard):
            pages.append([])
            characters = words = 0
        pages[-1].append(part)
        characters += more_characters
        words += more_words
    return pages


def _fits(characters: int, words: int, standard: ScreenStandard) -> bool:
    """Whether a page holds both, in whole numbers: no rounding at the limit."""
    return characters * standard.words + words * standard.characters <= standard.characters * standard.words


def _cut(sentence: str, standard: ScreenStandard) -> list[str]:
    if _fits(*counted(sentence), standard):
        return [sentence]
    clauses: list[str] = _CLAUSE.findall(sentence)
    return [piece for clause in clauses for piece in _hard_cut(clause, standard)]


def _hard_cut(clause: str, standard: ScreenStandard) -> list[str]:
    """A clause as pieces of at most a page; never inside a word."""
    pieces: list[str] = []
    start = characters = words = 0
    for match in _UNIT.finditer(clause):
        word = match[1] is not None
        if not _fits(characters + (not word), words + word, standard):
            pieces.append(clause[start : match.start()])
            start, characters, words = match.start(), 0, 0
        characters += not word
        words += word
    return [*pieces, clause[start:]]
