"""What a public page says in its markup: of which board it is, as of when, and what it shows until when.

Read with a real parser, and leniently: whatever was sent, there is an answer, if only an empty one.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = list[tuple[str, str | None]]
_MOST_BROKEN = 10
"""So many beginnings of a tag that never ends are borne. For each the parser looks to the end of the page."""
_POLICY = "content-security-policy"
_LINKS = {"a": "href", "img": "src"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
"""What has no end tag and holds nothing."""
_HIDING = {"hidden", "style", "data-from"}
"""By these an element may be unseen, now or until an instant; around what is live, no page of ours has any."""
_REFRESH = "refresh"
_DATA = "application/ld+json"
"""What no browser runs, and what our own pages have."""
_LONGEST_TAG = 500_000
"""Bytes: no tag of a page is as long, and no text without one."""


@dataclass(slots=True)
class Marked:
    """A notice as a page shows it: a card in a list, or the article of its own page.

    `over` is the form without a text that a notice's page has once it has ended; in the page of a live one it may
    be `waiting` until then, unseen. `hidden_by` is what keeps it, or all around it, from being seen. `has_text` tells
    that there is a text, `text` is it and what follows it, without white space.
    """

    id: str
    content_id: str
    until: str
    title: str = ""
    over: bool = False
    waiting: bool = False
    hidden_by: str = ""
    has_text: bool = False
    text: str = ""


@dataclass(slots=True)
class Page:
    """A public page. Without `board` it is none of ours; without its end (`whole`) some of it is missing.

    `due` and `stale` are when it is to be made anew and from when on it calls itself old, `policy` is its content
    policy, `inline` are the scripts within it, as they stand there, `links` where its links and pictures lead.
    `switches` are the links to other languages: their paths by language. `words` is all that stands in the page,
    seen or not, without any white space. `strange` is a tag that leads readers away or runs something of its own.
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
    strange: str = ""
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


def tag_as_told(tag: str, attributes: Mapping[str, str]) -> str:
    """A tag in a sentence."""
    parts = (f'{name}="{value}"' if value else name for name, value in attributes.items())
    return f"<{' '.join([tag, *parts])}>"


class _TooBroken(Exception):
    """Too many tags that never end."""


class Reader(HTMLParser):
    """Reads markup of any kind; `broken` where not all of it could be read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.broken = True
        self._unended = 0

    def read(self, data: bytes) -> None:
        """Read as much as can be read; nothing of what is made to keep a parser busy."""
        if max(map(len, data.split(b">"))) > _LONGEST_TAG:
            return
        with suppress(_TooBroken, AssertionError):  # the latter is the parser's own, at declarations that cannot be
            self.feed(data.decode("utf-8", errors="replace"))
            self.close()
            self.broken = False

    def handle_data(self, data: str) -> None:
        if data.startswith("<"):
            self._unended += 1
            if self._unended > _MOST_BROKEN:
                raise _TooBroken
        self.take(data)

    def take(self, data: str) -> None:
        """Text of the page."""


class _PageReader(Reader):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._words: list[str] = []
        self._shown: Marked | None = None
        self._heading = ""
        self._text: list[str] = []
        self._script: list[str] | None = None
        self._head = self._bare = True
        self._around: list[tuple[str, str]] = []

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
        self._enter(tag, found)
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

    def _enter(self, tag: str, found: dict[str, str]) -> None:
        """Take note of what stands around all that comes until this ends, and whether it hides that."""
        if tag not in VOID:
            hides = not _HIDING.isdisjoint(found)
            self._around.append((tag, tag_as_told(tag, found) if hides else ""))

    def _leave(self, tag: str) -> None:
        depth = next((at for at in range(len(self._around), 0, -1) if self._around[at - 1][0] == tag), 0)
        if depth:
            del self._around[depth - 1 :]

    def _needs(self, tag: str, found: dict[str, str]) -> None:
        """Take note of what the page needs, and of what it lets run."""
        said = found.get("http-equiv", "").strip().lower() if tag == "meta" else ""
        if said == _POLICY and self._bare and self._head:
            self.page.policy = ", ".join(part for part in (self.page.policy, found.get("content", "")) if part)
        elif tag == "style":
            self._bare = False
        elif tag == "link" and "stylesheet" in found.get("rel", "").lower().split():
            self.page.styles.append(found.get("href", ""))
            self._bare = False
        elif tag == "script" and "src" in found:
            self.page.scripts.append(found["src"])
            self._bare = False
        elif tag == "script" and found.get("type", "").strip().lower() != _DATA:
            self._script = []
            self._bare = False
        elif tag == "base" or said == _REFRESH:
            self.page.strange = self.page.strange or tag_as_told(tag, found)
        if any(name.startswith("on") for name in found):
            self.page.strange = self.page.strange or tag_as_told(tag, found)

    def _begin_page(self, found: dict[str, str]) -> None:
        named = (found.get(f"data-{name}", "") for name in ("board", "at", "due", "stale"))
        self.page.board, self.page.at, self.page.due, self.page.stale = named

    def _begin(self, shown: list[Marked], found: dict[str, str], *, over: bool = False) -> None:
        self._end()
        notice_id, content_id, until = (found.get(f"data-{name}", "") for name in ("id", "content", "until"))
        hidden_by = next((hides for _, hides in self._around if hides), "")
        self._shown = Marked(notice_id, content_id, until, over=over, waiting="hidden" in found, hidden_by=hidden_by)
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
        self._leave(tag)
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


class _WordsReader(Reader):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def take(self, data: str) -> None:
        self.found.append(data)


class _LocationReader(Reader):
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
