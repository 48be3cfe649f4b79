"""What a board page shows, ready for the templates: words chosen, instants formatted, links made.

Templates arrange; they decide nothing. Every text that may be in another language than the page
carries its own language (`lang`, empty when it is the page's own).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A text; `lang` is its language tag when that differs from the page's, else empty."""

    text: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant for people (`text`) and for machines (`iso`, with offset)."""

    text: str
    iso: str


@dataclass(frozen=True, slots=True)
class Phone:
    """Whom to call: name, number as shown, `tel:` link, hours."""

    name: str
    number: str
    link: str
    hours: str
    always: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of the box of facts: what it is (`name`, for styling), its label and its value.

    Exactly one of `words`, `moment` (whose text may name a span, its `iso` the beginning) and `phones`
    holds the value; a correction or an outcome has words and moment. From the instant `until` on (with offset;
    empty: never) the value is `then`.
    """

    name: str
    label: str
    words: Words | None = None
    moment: Moment | None = None
    phones: tuple[Phone, ...] = ()
    until: str = ""
    then: Words | None = None


@dataclass(frozen=True, slots=True)
class Banner:
    """A sentence that leads a notice: an outcome, an overdue restoration, a missing translation.

    `phone` is the number that its `text` names. It is to be seen from the instant `since` until, not including,
    `until` (with offset; empty: no limit).

    `name`: `resolved`, `postponed`, `cancelled`, `overdue`, `corrected`, `untranslated`; once it is over also
    `withdrawn` (why it was) and `unconfirmed` (nobody said that what was out is back).
    """

    name: str
    title: str
    text: Words | None = None
    moment: Moment | None = None
    phone: Phone | None = None
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A notice in a list. `tone` is `urgent`, `major`, `important` or `general`.

    `kind`, `icon` name design tokens and icon; `signal` is the weather warning that it passes on; `places` is
    empty for the whole estate; `search` is what the search looks in, folded; `restoration` when what is out is
    expected back; `outcome` is how its matter ended, else empty; `leaves` the instant at which it leaves the board
    by itself, empty when it is not on it; `ribbon` is the state's label in a preview, else empty.
    """

    id: str
    content_id: str
    url: str
    kind: str
    subtype: str
    kind_label: str
    icon: str
    format_label: str
    tone: str
    title: Words
    when: Fact | None
    places: tuple[str, ...]
    places_label: str
    scope: Words | None
    until: Moment | None
    languages: tuple[tuple[str, str], ...]
    banners: tuple[Banner, ...]
    search: str
    signal: Fact | None = None
    restoration: Fact | None = None
    outcome: str = ""
    leaves: str = ""
    ribbon: str = ""
    state: str = "live"


@dataclass(frozen=True, slots=True)
class EndedCard:
    """A notice that has ended, as a line in the list of such. `url` is empty where it has no page.

    `leaves` is the instant at which it leaves the list, empty when it stays.
    """

    id: str
    url: str
    kind: str
    kind_label: str
    icon: str
    title: Words
    state_label: str
    ended: Moment | None
    places: tuple[str, ...]
    places_label: str
    leaves: str = ""


@dataclass(frozen=True, slots=True)
class Successor:
    """The notice that took another one's place."""

    title: Words
    url: str


@dataclass(frozen=True, slots=True)
class Over:
    """What became of a notice, for readers who still come to its address; never what it said.

    `state` is `expired`, `withdrawn` or `superseded`, `label` its name, `ended` since when it is off the board,
    `advice` what to go by now. `title` is what its page is called then, `banner` how its matter ended, or why it
    was withdrawn.
    """

    state: str
    label: str
    title: str
    ended: Moment
    advice: str
    facts: tuple[Fact, ...]
    banner: Banner | None = None
    successor: Successor | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a filter."""

    value: str
    label: str
    icon: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the home page: `urgent`, `dated`, `standing`; `proposed`-like states in a preview."""

    name: str
    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A page in another language."""

    lang: str
    label: str
    url: str
    available: bool = True


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds every page: the board's id, names, languages, contacts, its instant and when it is due.

    At `stale` it has to say that it is old. `heading` is what a link to the page is called (empty: as its `title`);
    one that is not `indexed` is kept out of search engines.
    """

    board: str
    language: str
    lang: str
    board_name: str
    title: str
    issuer: str
    home_url: str
    canonical: str
    alternates: tuple[Link, ...]
    contact: Phone | None
    contacts: tuple[Phone, ...]
    at: Moment
    next: Moment | None
    due: Moment
    stale: Moment
    preview: bool
    clock: str
    description: str
    structured: str = ""
    image: str = ""
    heading: str = ""
    indexed: bool = True


@dataclass(frozen=True, slots=True)
class HomePage:
    """The home page."""

    frame: Frame
    sections: tuple[Section, ...]
    places: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    ended: tuple[EndedCard, ...]
    count: int


@dataclass(frozen=True, slots=True)
class File:
    """An attachment that is offered for download (pictures in the text are not listed)."""

    name: str
    url: str
    size: str
    type: str


@dataclass(frozen=True, slots=True)
class NoticePage:
    """The page of one notice. `body` is finished, sanitised HTML in language `body_lang`.

    `over` is what stands there instead as soon as a live notice has ended, None where no end can be told.
    """

    frame: Frame
    card: Card
    banners: tuple[Banner, ...]
    facts: tuple[Fact, ...]
    salutation: Words | None
    body: str
    body_lang: str
    files: tuple[File, ...]
    reasons: tuple[str, ...] = ()
    approval: tuple[str, ...] = ()
    over: Over | None = None


@dataclass(frozen=True, slots=True)
class OverPage:
    """The page at the address of a notice that has ended: what it was, and what became of it."""

    frame: Frame
    card: EndedCard
    over: Over
