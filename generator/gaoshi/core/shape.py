"""The shape of a page: its words and tags one after the other, however they are spelt.

White space, plain remarks, the order of attributes and how they are quoted are what a host changes that packs pages
smaller, and nothing that a reader sees. Everything else is part of the shape.
"""

from __future__ import annotations

from itertools import zip_longest
from urllib.parse import urlsplit

from gaoshi.core.markup import VOID, Attributes, Reader, squeezed, tag_as_told

_RUNS = {"", "text/javascript", "application/javascript", "module"}
_REMARK = "<!--"
"""Begins what browsers and this parser end at different places, where it stands in a script."""
_BROKEN = "…"


def apart(should: bytes, found: bytes, host: str = "") -> tuple[str, str] | None:
    """Where two pages begin to differ in shape: what should be there, and what is; None where they do not.

    With a `host`, the found page has a content policy that lets nothing run but its own: scripts and style sheets from
    another host, and scripts within it, are passed over, for no browser heeds them.
    """
    right = [token for token, _ in _read(should, "")]
    known = set(right)
    there = (token for token, idle in _read(found, host) if not idle or token in known)
    return next((both for both in zip_longest(right, there, fillvalue="") if both[0] != both[1]), None)


def _read(data: bytes, host: str) -> list[tuple[str, bool]]:
    reader = _ShapeReader(host)
    reader.read(data)
    return reader.finish()


class _ShapeReader(Reader):
    def __init__(self, host: str) -> None:
        super().__init__()
        self._host = host
        self._tokens: list[tuple[str, bool]] = []
        self._text: list[str] = []
        self._script: tuple[str, dict[str, str]] | None = None

    def finish(self) -> list[tuple[str, bool]]:
        """Every word and tag, each with whether it is idle: nothing that this page's policy lets do anything."""
        self._add(_BROKEN if self.broken or self._script is not None else "")
        return self._tokens

    def _add(self, token: str, *, idle: bool = False) -> None:
        text = squeezed("".join(self._text))
        self._text = []
        self._tokens += [(text, False)] if text else []
        self._tokens += [(token, idle)] if token else []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        told = tag_as_told(tag, dict(_spelt(attrs)))
        found = {name: value or "" for name, value in reversed(attrs)}
        if tag == "script":
            self._add("")
            self._script = told, found
        else:
            sheet = tag == "link" and "stylesheet" in found.get("rel", "").lower().split()
            self._add(told, idle=sheet and self._is_elsewhere(found.get("href", "")))

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._add("/>")  # browsers close only drawings so: not the same as an end tag

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            (told, found), text = self._script, "".join(self._text)
            self._script, self._text = None, []
            blocked = self._is_elsewhere(found["src"]) if "src" in found else bool(self._host)
            runs = found.get("type", "").strip().lower() in _RUNS and _REMARK not in text
            self._add(f"{told}{text}", idle=blocked and runs)
        elif tag not in VOID:
            self._add(f"</{tag}>")

    def _is_elsewhere(self, address: str) -> bool:
        """Whether an address leads to another host, which the policy does not allow."""
        try:
            named = urlsplit(address.strip()).hostname
        except ValueError:
            return False
        return bool(self._host and named) and named != self._host

    def take(self, data: str) -> None:
        self._text.append(data)

    def handle_comment(self, data: str) -> None:
        if "<" in data or ">" in data:  # browsers may end it earlier
            self._add(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._add(f"<!{decl.lower()}>")

    def handle_pi(self, data: str) -> None:
        self._add(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self._add(f"<![{data}]>")


def _spelt(attrs: Attributes) -> list[tuple[str, str]]:
    """Attributes in one order, in one spelling."""
    return sorted((name, " ".join((value or "").split())) for name, value in reversed(attrs))
