"""What a public page says in its markup: of which board it is, as of when, and what it shows until when.

Read with a real parser, and leniently: whatever was sent, there is an answer, if only an empty one.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = list[tuple[str, str | None]]
_MOST_BROKEN = 10
"""So many beginnings of a tag that never ends are borne. For each the parser looks to the end of the page."""
_POLICY = "content-security-policy"
_LINKS = {"a": "href", "img": "src"}
_DATA = "application/ld+json"
"""What no browser runs, and what our own pages have."""
_LONGEST_TAG = 500_000
"""Bytes: no tag of a page is as long, and no text without one."""


@dataclass(slots=True)
class Marked:
    """A notice as a page shows it: a card in a list, or the article of its own page.

    `over` is the form without a text that a notice's page has once it has ended; in the page of a live one it may
    be `waiting` until then, unseen. `has_text` tells that there is a text, `text` is it and
    what follows it, without white space.
    """

    id: str
    content_id: str
    until: str
    title: str = ""
    over: bool = False
    waiting: bool = False
    has_text: bool = False
    text: str = ""


@dataclass(slots=True)
class Page:
    """A public page. Without `board` it is none of ours; without its end (`whole`) some of it is missing.

    `due` and `stale` are when it is to be made anew and from when on it calls itself old, `policy` is its content
    policy, `inline` are the scripts within it, as they stand there, `links` where its links and pictures lead.
    `switches` are the links to other languages: their paths by language. `words` is all that stands in the page,
    seen or not, without any white space.
    """

    board: str = ""
    at: str = ""
    due: str = ""
    stale: str = ""
    policy: str = ""
    cards: list[Marked] = field(default_factory=list)
    notices: list[Marked] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    switches: dict[str, str] = field(default_factory=dict)
    words: str = ""
    whole: bool = False


def read_page(data: bytes) -> Page:
    """What a page says. What is no page says nothing."""
    reader = _PageReader()
    reader.read(data)
    return reader.finish()


def read_locations(data: bytes) -> list[str]:
    """The addresses that a site map lists."""
    reader = _LocationReader()
    reader.read(data)
    return reader.found


def read_words(html: str) -> str:
    """The words of finished HTML, without any white space."""
    reader = _WordsReader()
    reader.read(html.encode())
    return squeezed("".join(reader.found))


def squeezed(text: str) -> str:
    """A text without any white space, so that it can be found however its lines were broken."""
    return "".join(text.split())


class _TooBroken(Exception):
    """Too many tags that never end."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._broken = 0

    def read(self, data: bytes) -> None:
        """Read as much as can be read; nothing of what is made to keep a parser busy."""
        if max(map(len, data.split(b">"))) > _LONGEST_TAG:
            return
        with suppress(_TooBroken, AssertionError):  # the latter is the parser's own, at declarations that cannot be
            self.feed(data.decode("utf-8", errors="replace"))
            self.close()

    def handle_data(self, data: str) -> None:
        if data.startswith("<"):
            self._broken += 1
            if self._broken > _MOST_BROKEN:
                raise _TooBroken
        self.take(data)

    def take(self, data: str) -> None:
        """Text of the page."""


class _PageReader(_Reader):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._words: list[str] = []
        self._shown: Marked | None = None
        self._heading = ""
        self._text: list[str] = []
        self._script: list[str] | None = None
        self._head = True

    def finish(self) -> Page:
        self._end()
        self.page.words = squeezed(" ".join(self._words))
        for shown in (*self.page.cards, *self.page.notices):
            shown.title = " ".join(shown.title.split())
        return self.page

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        found = {name: value or "" for name, value in reversed(attrs)}  # the first of two counts, as in a browser
        classes = set(found.get("class", "").split())
        self._words += found.values()
        self._needs(tag, found)
        if name := _LINKS.get(tag):
            self.page.links.append(found.get(name, ""))
        if tag == "html":
            self._begin_page(found)
        elif tag == "body":
            self._head = False
        elif tag == "a" and "data-keeps-filters" in found:
            self.page.switches[found.get("hreflang", "")] = found.get("href", "")
        elif tag == "li" and "card" in classes:
            self._begin(self.page.cards, found)
        elif tag == "article" and "notice" in classes:
            self._begin(self.page.notices, found, over="notice--over" in classes)
        self._within(tag, classes)

    def _needs(self, tag: str, found: dict[str, str]) -> None:
        """Take note of what the page needs, and of what it lets run."""
        if tag == "meta" and self._head and found.get("http-equiv", "").lower() == _POLICY:
            self.page.policy = ", ".join(part for part in (self.page.policy, found.get("content", "")) if part)
        elif tag == "link" and found.get("rel") == "stylesheet":
            self.page.styles.append(found.get("href", ""))
        elif tag == "script" and "src" in found:
            self.page.scripts.append(found["src"])
        elif tag == "script" and found.get("type", "").strip().lower() != _DATA:
            self._script = []

    def _begin_page(self, found: dict[str, str]) -> None:
        named = (found.get(f"data-{name}", "") for name in ("board", "at", "due", "stale"))
        self.page.board, self.page.at, self.page.due, self.page.stale = named

    def _begin(self, shown: list[Marked], found: dict[str, str], *, over: bool = False) -> None:
        self._end()
        notice_id, content_id, until = (found.get(f"data-{name}", "") for name in ("id", "content", "until"))
        self._shown = Marked(notice_id, content_id, until, over=over, waiting="hidden" in found)
        shown.append(self._shown)

    def _end(self) -> None:
        """Nothing more belongs to the notice that was begun last."""
        if self._shown is not None:
            self._shown.text = squeezed("".join(self._text))
        self._text = []

    def _within(self, tag: str, classes: set[str]) -> None:
        """Look for the title and the text of the notice that was begun last."""
        if self._shown is None:
            return
        if "notice__text" in classes:
            self._shown.has_text = True
        if not self._shown.title and (tag == "h1" or "card__title" in classes):
            self._heading = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._heading:
            self._heading = ""
        elif tag == "script" and self._script is not None:
            self.page.inline.append("".join(self._script))
            self._script = None
        elif tag == "html":
            self.page.whole = True

    def take(self, data: str) -> None:
        self._words.append(data)
        if self._script is not None:
            self._script.append(data)
        if self._heading and self._shown is not None:
            self._shown.title += data
        if self._shown is not None and self._shown.has_text:
            self._text.append(data)


class _WordsReader(_Reader):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def take(self, data: str) -> None:
        self.found.append(data)


class _LocationReader(_Reader):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        del attrs
        self._inside = tag == "loc"
        if self._inside:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._inside = False

    def take(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data
