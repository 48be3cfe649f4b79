"""The estate as its settings describe it: names, contacts, departments, places, screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from gaoshi.core.finding import Position
from gaoshi.core.standard import Standard

Words = Mapping[str, str]
"""One text in several languages, by language code."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call. `always` means that somebody answers day and night."""

    id: str
    name: Words
    phone: str
    hours: Words
    always: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen: the place it stands in (None: it concerns the whole estate), how it hangs and how it is read.

    `size` is its diagonal in inches, `distance` from how far it is read, in metres. `languages` are shown
    side by side when `together`, else in turn. `pages`: of each notice at most so many in a language are shown,
    unless it takes over (None: all). `heartbeat` is where it tells that it is well (empty: nowhere),
    `position` where it stands in the settings.
    """

    id: str
    name: Words
    place: str | None = None
    orientation: str = "landscape"
    size: float = 43
    distance: float = 3
    languages: tuple[str, ...] = ()
    together: bool = False
    pages: int | None = None
    heartbeat: str = ""
    position: Position | None = None

    def concerns(self, places: Sequence[str]) -> bool:
        """Whether what concerns these places (none: the whole estate) belongs on this screen."""
        return not places or self.place is None or self.place in places


@dataclass(frozen=True, slots=True)
class Board:
    """One estate's board: everything that `mkdocs.yml` says about it.

    `rules` are the severities that it gives to rules by code, `rule_positions` where it does so.
    """

    id: str
    name: Words
    issuer: Words
    zone: ZoneInfo
    languages: tuple[str, ...]
    contacts: Mapping[str, Contact]
    departments: Mapping[str, Words]
    places: Mapping[str, Words]
    screens: Mapping[str, Screen]
    standard: Standard
    site_url: str = ""
    rules: Mapping[str, str] = field(default_factory=dict)
    rule_positions: Mapping[str, Position] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The board's first language."""
        return self.languages[0]

    @property
    def default_contact(self) -> Contact | None:
        """The contact of a notice that names none."""
        return next(iter(self.contacts.values()), None)

    def words(self, words: Words, language: str) -> str:
        """`words` in `language`, else in the board's first language, else in any."""
        return words.get(language) or words.get(self.language) or next(iter(words.values()), "")
