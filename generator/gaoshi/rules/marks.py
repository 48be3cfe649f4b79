"""What rules look for in a body's Markdown without rendering it: links, pictures, and their places.

Cheap on purpose: rules run over every notice on record. Rendering and sanitising are elsewhere and
are what protects readers; this is what lets an author see the mistake with its line.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import unquote

from gaoshi.core.finding import Position
from gaoshi.core.notice import Text

_CODE = re.compile(
    r"^(?P<fence>`{3,}+|~{3,}+)[^\n]*+\n.*?(?:^(?P=fence)[`~]*+[ \t]*+$|\Z)|(?<!`)(?P<tick>`++)[^`]{1,500}+(?P=tick)",
    re.MULTILINE | re.DOTALL,
)
_TARGET = re.compile(
    r"\]\([ \t]*+\n?+[ \t]*+(<[^<>\n]{0,2000}>|[^\s<>()]{0,2000}(?:\([^\s<>()]{0,200}\)[^\s<>()]{0,200}){0,5})"
)
_REFERENCE = re.compile(r"\]\[([^\[\]\n]{0,200})\]")
_DEFINITION = re.compile(
    r"^ {0,3}\[([^\[\]\n]{1,200})\]:[ \t]*+\n?+[ \t]*+(<[^<>\n]{0,2000}>|[^\s<>]{1,2000})", re.MULTILINE
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.ASCII | re.IGNORECASE)
_BRACKET = re.compile(r"\\.|[\[\]]")
_LONGEST_WORDS = 500
"""As much of a link's words as is kept: brackets within brackets would else be copied over and over."""
_IGNORED = re.compile(r"[\x00-\x20\ufffd]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A link or picture in a body: its target as a browser reads it, its words, and its place in the body."""

    target: str
    words: str
    picture: bool
    offset: int

    @property
    def scheme(self) -> str:
        """The target's scheme in lower case (`https`), `//` for another host, or nothing."""
        if self.target.startswith(("//", "\\\\", "/\\")):
            return "//"
        match = _SCHEME.match(self.target)
        return match[0][:-1].lower() if match else ""

    @property
    def file(self) -> str:
        """The path that the target names, without query and fragment."""
        return unquote(self.target.partition("#")[0].partition("?")[0])


def place(text: Text, offset: int) -> Position:
    """The place in the file of a character of the body."""
    line = text.body.count("\n", 0, offset)
    return Position(text.path, text.body_line + line, offset - text.body.rfind("\n", 0, offset))


def without_code(body: str) -> str:
    """The body with code blanked out, every character still at its place."""
    if "`" not in body and "~~~" not in body:
        return body
    return _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), body)


@lru_cache(maxsize=64)
def marks(written: str) -> tuple[Mark, ...]:
    """Every link and picture of a body that has a target, in order."""
    if "](" not in written and "][" not in written and "]:" not in written:
        return ()
    body = without_code(written)
    openings = _openings(body)
    found = [
        _mark(body, openings, match.start(), match[1]) for match in _TARGET.finditer(body) if match.start() in openings
    ]
    definitions = list(_DEFINITION.finditer(body))
    if definitions:
        defined = {_label(match[1]): match[2] for match in definitions}
        for match in _REFERENCE.finditer(body):
            if match.start() not in openings:
                continue
            mark = _mark(body, openings, match.start(), "")
            target = defined.get(_label(match[1] or mark.words))
            if target is not None:
                found.append(replace(mark, target=_clean(target)))
        found += [Mark(_clean(match[2]), match[1], picture=False, offset=match.start()) for match in definitions]
    return tuple(sorted(found, key=lambda mark: mark.offset))


def _openings(body: str) -> dict[int, int]:
    """Where the bracket that closes at each place was opened."""
    openings: dict[int, int] = {}
    waiting: list[int] = []
    for match in _BRACKET.finditer(body):
        if match[0] == "[":
            waiting.append(match.start())
        elif match[0] == "]" and waiting:
            openings[match.start()] = waiting.pop()
    return openings


def _mark(body: str, openings: dict[int, int], closing: int, target: str) -> Mark:
    """The link whose words end at the bracket `closing`."""
    offset = openings[closing]
    picture = offset > 0 and body[offset - 1] == "!"
    return Mark(_clean(target), body[offset + 1 : min(closing, offset + _LONGEST_WORDS)], picture, offset - picture)


def _label(words: str) -> str:
    return " ".join(words.casefold().split())


def _clean(target: str) -> str:
    """A target as a browser reads it: without angle brackets, entities, and characters it ignores."""
    target = target.removeprefix("<").removesuffix(">")
    if "&" in target:
        target = html.unescape(target)
    return _IGNORED.sub("", target)
