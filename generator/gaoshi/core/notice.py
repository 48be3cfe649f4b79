"""A notice as its folder says it: typed fields, texts by language, files, and where each stands."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from gaoshi.core.document import Mark
from gaoshi.core.finding import Position

ID_PATTERN = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])/[a-z0-9-]{1,60}", re.ASCII)
"""What a notice's id looks like: the month in which it was written, and a slug."""

ROOT = "notices"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that reading stumbled on: what it is (see `rules/reading.py`), where, in which words."""

    what: str
    position: Position
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Text:
    """A notice's words in one language. `fields` are the public text fields by dotted name.

    `marks` are the places of the fields in its file.
    """

    language: str
    path: str
    fields: Mapping[str, str]
    body: str
    body_line: int
    marks: Mapping[str, Mark] = field(default_factory=dict)

    def where(self, name: str) -> Position:
        """Where field `name` stands in the file of this language; the file's beginning otherwise."""
        mark = self.marks.get(name)
        return Position(self.path, *mark) if mark else Position(self.path)

    @property
    def title(self) -> str:
        """The title, or nothing."""
        return self.fields.get("title", "")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or file in the notice's folder. `head` is its first bytes, `blob` git's id of it.

    `width` and `height` are a picture's, in pixels; 0 when they cannot be told.
    """

    name: str
    blob: str
    size: int
    head: bytes
    width: int = 0
    height: int = 0

    @property
    def suffix(self) -> str:
        """The file's suffix in lower case, without the dot."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a notice's matter ended or changed, since when."""

    what: str
    at: datetime
    new_date: datetime | None = None
    later: bool = False


@dataclass(frozen=True, slots=True)
class Allowance:
    """A finding's code that the author asks to let pass, and why."""

    code: str
    reason: str
    position: Position


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. Fields that were not given, or could not be read, are None or empty.

    Instants are aware. `places` empty means the whole estate. `dates` holds every instant of the
    front matter by dotted name (`weather.issued_at`), `values` every other value that is a word.
    `marks` are the places of all of them in notice.md, those of a list's items too (`places[0]`).
    """

    id: str
    content_id: str
    path: str
    kind: str = ""
    subtype: str = ""
    department: str = ""
    approver: str = ""
    languages: tuple[str, ...] = ()
    dates: Mapping[str, datetime] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    texts: Mapping[str, Text] = field(default_factory=dict)
    attachments: Mapping[str, Attachment] = field(default_factory=dict)
    outcome: Outcome | None = None
    allow: tuple[Allowance, ...] = ()
    marks: Mapping[str, Mark] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def where(self, name: str) -> Position:
        """Where field `name` stands; the group it belongs to, or the file's beginning, otherwise."""
        mark = self.marks.get(name) or self.marks.get(name.partition(".")[0])
        return Position(self.path, *mark) if mark else Position(self.path)

    def where_item(self, name: str, index: int) -> Position:
        """Where an item of the list in field `name` stands; the list otherwise."""
        mark = self.marks.get(f"{name}[{index}]")
        return Position(self.path, *mark) if mark else self.where(name)

    def has(self, name: str) -> bool:
        """Whether field `name` (dotted) was given with a value that could be read."""
        return name in self.marks

    def instant(self, name: str) -> datetime | None:
        """The instant in field `name`, or None."""
        return self.dates.get(name)

    @property
    def unplanned(self) -> bool:
        """Whether the matter happened rather than was planned."""
        return "occurred_at" in self.dates

    @property
    def occurred(self) -> datetime | None:
        """When we could first react: reported, else occurred."""
        return self.dates.get("reported_at") or self.dates.get("occurred_at")

    @property
    def places(self) -> tuple[str, ...]:
        """Places concerned; empty for the whole estate."""
        return self.lists.get("places", ())

    @property
    def supersedes(self) -> str | None:
        """Id of the notice that this one replaces."""
        return self.values.get("supersedes")

    @property
    def external(self) -> bool:
        """Whether this is an outside document (P-2.1)."""
        return self.values.get("origin") == "external"

    def limited_to(self, languages: tuple[str, ...], places: Container[str]) -> Notice:
        """The notice with what of it may be public.

        That is texts in one of the board's `languages` that were declared (its first needs no
        declaration), and places that the board knows.
        """
        allowed = {*languages[:1], *(code for code in languages if code in self.languages)}
        texts = {code: text for code, text in self.texts.items() if code in allowed}
        known = tuple(place for place in self.places if place in places)
        if len(texts) == len(self.texts) and known == self.places:
            return self
        return replace(self, texts=texts, lists={**self.lists, "places": known})

    def text(self, language: str, name: str) -> tuple[str, str] | None:
        """Text field `name` in `language`, else in any language there is: the text and its language."""
        order = [language, *self.texts]
        for code in order:
            text = self.texts.get(code)
            if text and text.fields.get(name):
                return text.fields[name], code
        return None
