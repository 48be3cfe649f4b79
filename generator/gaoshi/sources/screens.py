"""The screens that the settings name: where they hang, and how they are read."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from gaoshi.core.board import Screen, Words
from gaoshi.core.document import Mark, Node
from gaoshi.sources.settings_reader import SettingsReader

ORIENTATIONS = ("landscape", "portrait")
SIZES = (5, 200)
"""A diagonal in inches."""
DISTANCES = (0.5, 20)
"""A distance in metres."""
PAGES = (1, 99)
"""How many pages of a notice are shown."""
RESERVED = frozenset({"app", "files"})
"""What lies beside the screens' own pages on the site."""
_COUNT = re.compile(r"\d{1,3}", re.ASCII)
_LOOPBACK = r"http://(?:localhost|127\.0\.0\.1|\[::1\])"
_ADDRESS = re.compile(
    rf"(https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|{_LOOPBACK})(:\d{{1,5}})?(/[!-~]*)?", re.ASCII
)
_KEYS = frozenset({"name", "place", "orientation", "size", "distance", "languages", "together", "pages", "heartbeat"})


def read_screens(
    reader: SettingsReader, node: Node | None, languages: tuple[str, ...], places: Mapping[str, Words]
) -> dict[str, Screen]:
    """The screens by id; a value that cannot be used is reported, and the default stands in its place."""
    return {
        key: _Reader(reader, key, mark, part, languages).screen(places)
        for key, mark, part in reader.mapping(node, "screens")
        if reader.slug(key, mark, "screens") and _is_free(reader, key, mark)
    }


def _is_free(reader: SettingsReader, key: str, mark: Mark) -> bool:
    if key in RESERVED:
        reader.problem("settings-reserved-screen", mark, name=key)
    return key not in RESERVED


class _Reader:
    """Reads one screen."""

    def __init__(self, reader: SettingsReader, key: str, mark: Mark, node: Node, languages: tuple[str, ...]) -> None:
        self._reader = reader
        self._key = key
        self._mark = mark
        self._all = languages
        entries = list(reader.mapping(node, f"screens.{key}"))
        self._parts = {part: value for part, _, value in entries}
        for part, at, _ in entries:
            if part not in _KEYS:
                reader.problem("settings-unknown-key", at, key=part)

    def screen(self, places: Mapping[str, Words]) -> Screen:
        first = self._all[0]
        return Screen(
            id=self._key,
            name=self._reader.words(self._parts.get("name"), self._name("name"), first) or {first: self._key},
            place=self._place(places),
            orientation=self._orientation(),
            size=self._number("size", 43, SIZES),
            distance=self._number("distance", 3, DISTANCES),
            languages=self._languages(),
            together=self._together(),
            pages=self._pages(),
            heartbeat=self._heartbeat(),
            position=self._reader.position(self._mark),
        )

    def _name(self, part: str) -> str:
        return f"screens.{self._key}.{part}"

    def _text(self, part: str) -> str:
        return self._reader.scalar(self._parts.get(part), self._name(part))

    def _bad(self, part: str, value: str, **values: str) -> None:
        node = self._parts.get(part)
        mark = node.mark if node is not None else self._mark
        self._reader.problem(f"settings-bad-{part}", mark, name=self._key, value=value, **values)

    def _place(self, places: Mapping[str, Words]) -> str | None:
        place = self._text("place")
        if place and place not in places:
            self._reader.problem("settings-unknown-place", self._mark, name=self._key, value=place)
            return None
        return place or None

    def _orientation(self) -> str:
        said = self._text("orientation")
        if said and said not in ORIENTATIONS:
            self._bad("orientation", said)
        return said if said in ORIENTATIONS else ORIENTATIONS[0]

    def _pages(self) -> int | None:
        said = self._text("pages")
        if not said or (_COUNT.fullmatch(said) and PAGES[0] <= int(said) <= PAGES[1]):
            return int(said) if said else None
        self._bad("pages", said, least=str(PAGES[0]), most=str(PAGES[1]))
        return None

    def _number(self, part: str, default: float, bounds: tuple[float, float]) -> float:
        said = self._text(part)
        if not said:
            return default
        try:
            number = float(said) if said.isascii() else math.nan
        except ValueError:
            number = math.nan
        if bounds[0] <= number <= bounds[1]:
            return int(number) if number.is_integer() else number
        self._bad(part, said, least=f"{bounds[0]:g}", most=f"{bounds[1]:g}")
        return default

    def _languages(self) -> tuple[str, ...]:
        said = self._reader.strings(self._parts.get("languages"), self._name("languages"))
        for code in said:
            if code not in self._all:
                self._bad("languages", code, known=", ".join(self._all))
        return tuple(dict.fromkeys(code for code in said if code in self._all)) or self._all

    def _together(self) -> bool:
        said = self._text("together")
        if said not in {"", "true", "false"}:
            self._bad("together", said)
        return said == "true"

    def _heartbeat(self) -> str:
        said = self._text("heartbeat")
        if said and not _ADDRESS.fullmatch(said):
            self._bad("heartbeat", said)
            return ""
        return said
