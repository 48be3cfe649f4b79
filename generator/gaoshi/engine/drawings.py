"""The drawings of icons, as symbols that pages refer to by name."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

FOLDER = ".icons"
"""Where a theme of MkDocs keeps its icons."""
_OPENING = '<svg xmlns="http://www.w3.org/2000/svg"'


class Drawings:
    """Material's icons, in the folders of `themes` that have some. Templates call `sprite`."""

    def __init__(self, themes: Iterable[str]) -> None:
        self._folders = tuple(folder for theme in themes if (folder := Path(theme, FOLDER)).is_dir())
        self._symbol = cache(self._draw)

    def sprite(self, names: Iterable[str]) -> str:
        """Each of these icons once."""
        return "".join(self._symbol(name) for name in dict.fromkeys(names) if name)

    def _draw(self, name: str) -> str:
        """An icon of Material's own set as a symbol; nothing where there is no such icon."""
        for folder in self._folders:
            with suppress(OSError):
                return _symbol(name, (folder / f"{name}.svg").read_text(encoding="utf-8"))
        return ""


def _symbol(name: str, drawing: str) -> str:
    symbol = f'<symbol id="{name.replace("/", "-")}"'
    return drawing.strip().replace(_OPENING, symbol).replace("</svg>", "</symbol>")
