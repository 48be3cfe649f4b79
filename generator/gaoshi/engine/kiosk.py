"""The screens' pages: one each, one to choose among them, and everything that they consist of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gaoshi.core.board import Board, Screen
from gaoshi.core.screens import ScreenStandard
from gaoshi.core.words import Catalogue

if TYPE_CHECKING:
    from jinja2 import Environment

PART = "kiosk"
"""Where the parts lie below the templates, and the pages below the site."""
WORKER = "sw.js"
APP = "app"
"""Beside the pages: the folder of what they load, one for each version."""
_TOKENS = "tokens.css"
_PAGES = ("chooser.html", "screen.html")
_ICONS = "icons.svg"
_WORDS = "screen"
_SAID = (_WORDS, "chooser")
"""The words of all pages."""


@dataclass(frozen=True)
class Kiosk:
    """The screens' pages of a board, made at `made` (seconds since 1970), from the parts in `templates`.

    A board whose templates have no such parts has no such pages. `icons` are those of kinds, by name, and `sprite`
    draws them. `numbers` to call stand in each page, which shows them even before it has any news. In a preview
    `reload` is the script that shows each change (its path from the site's root); there browsers keep nothing.
    """

    board: Board
    catalogues: Mapping[str, Catalogue]
    templates: Path
    made: int
    icons: Mapping[str, str]
    sprite: Callable[[Iterable[str]], str]
    numbers: Mapping[str, Any]
    reload: str = ""

    @cached_property
    def _parts(self) -> dict[str, bytes]:
        folder = self.templates / PART
        return {path.name: path.read_bytes() for path in sorted(folder.glob("*")) if path.is_file()}

    @property
    def there(self) -> bool:
        """Whether there is anything to make pages from."""
        return all(name in self._parts for name in (*_PAGES, _ICONS, WORKER))

    @cached_property
    def _app(self) -> dict[str, bytes]:
        """What pages load, by name."""
        own = {name: data for name, data in self._parts.items() if name not in {*_PAGES, WORKER}}
        from jinja2 import Template  # noqa: PLC0415  (MkDocs has it loaded by then)

        icons = Template(self._parts[_ICONS].decode()).render(icons=self.icons, sprite=self.sprite)
        return own | {_TOKENS: (self.templates / _TOKENS).read_bytes(), _ICONS: icons.encode()}

    @cached_property
    def version(self) -> str:
        """A fingerprint of everything that pages consist of, but for when they were made."""
        digest = hashlib.sha256()
        for name, data in sorted((self._parts | self._app).items()):
            digest.update(b"%s %d\n%s" % (name.encode(), len(data), data))
        board, words = self.board, self.catalogues[self.board.language]
        told = [
            [board.language, board.name, policy(), *(words.find(part) for part in _SAID)],
            [[self._choice(each), policy(each.heartbeat), self.settings(each)] for each in board.screens.values()],
        ]
        digest.update(json.dumps(told, sort_keys=True).encode())
        return digest.hexdigest()[:10]

    def files(self) -> dict[str, bytes]:
        """What pages load, by path from the site's root; the folder's name changes with anything in it."""
        if not self.there:
            return {}
        made = {f"{PART}/{APP}/{self.version}/{name}": data for name, data in self._app.items()}
        if self.reload:
            return made
        shell = ["./", *(f"{screen}/" for screen in self.board.screens), *self._shell()]
        opening = f'const VERSION = "{self.version}";\nconst SHELL = {json.dumps(shell)};\n'
        return {**made, f"{PART}/{WORKER}": opening.encode() + self._parts[WORKER]}

    def _shell(self) -> Iterator[str]:
        return (f"{APP}/{self.version}/{name}" for name in self._app)

    def pages(self, environment: Environment) -> Iterator[tuple[str, str]]:
        """Every page with its path from the site's root."""
        if not self.there:
            return
        from jinja2 import FileSystemLoader  # noqa: PLC0415  (MkDocs has it loaded by then)

        own = environment.overlay(loader=FileSystemLoader(self.templates / PART))
        words = self.catalogues[self.board.language]
        common: dict[str, object] = {
            "t": words.text,
            "board_name": self.board.words(self.board.name, self.board.language),
        }
        chooser, screen_page = (own.get_template(name) for name in _PAGES)
        choices = [self._choice(screen) for screen in self.board.screens.values()]
        yield f"{PART}/", chooser.render(**common, screens=choices, csp=policy(), app=f"{APP}/{self.version}")
        for screen in self.board.screens.values():
            told = {**self.settings(screen), "version": self.version, "made": self.made, "preview": bool(self.reload)}
            html = screen_page.render(
                **common,
                screen=told,
                screen_json=json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
                csp=policy(screen.heartbeat),
                app=f"../{APP}/{self.version}",
                reload=self.reload,
            )
            yield f"{PART}/{screen.id}/", html

    def _choice(self, screen: Screen) -> dict[str, str]:
        """A screen as whoever mounts it knows it."""
        language = self.board.language
        place = self.board.words(self.board.places[screen.place], language) if screen.place else ""
        name = self.board.words(screen.name, language)
        return {"id": screen.id, "name": name, "place": place, "url": f"{screen.id}/"}

    def settings(self, screen: Screen) -> dict[str, Any]:
        """What a screen's page knows of itself."""
        board = self.board
        return {
            "board": board.id,
            "id": screen.id,
            "name": {code: board.words(screen.name, code) for code in board.languages},
            "estate": {code: board.words(board.name, code) for code in board.languages},
            "languages": list(screen.languages),
            "tags": {code: self.catalogues[code].tag for code in board.languages},
            "together": screen.together,
            "pages": screen.pages,
            "orientation": screen.orientation,
            "size": screen.size,
            "distance": screen.distance,
            "heartbeat": screen.heartbeat or None,
            **self.numbers,
            "root": "../../",
            "zone": board.zone.key,
            "standard": limits(board.standard.screens),
            "words": {code: self.catalogues[code].find(_WORDS) or {} for code in screen.languages},
        }


def limits(standard: ScreenStandard) -> dict[str, int]:
    """The standard's numbers as a screen knows them; lengths of time in seconds."""
    lengths = ("takes_over_for", "least", "most", "marked_after", "standing_after", "ahead")
    counts = ("characters", "words", "pace_characters", "pace_words")
    return {name: getattr(standard, name) for name in counts} | {
        name: int(getattr(standard, name).total_seconds()) for name in lengths
    }


def policy(heartbeat: str = "") -> str:
    """The content policy of a screen's page: our own files, and its `heartbeat`'s host where it has one."""
    address = urlsplit(heartbeat)
    elsewhere = f" {address.scheme}://{address.netloc}" if heartbeat else ""
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": f"'self'{elsewhere}",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())
