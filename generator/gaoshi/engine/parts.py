"""What many pages have in common, rendered once: whole parts of a page, and the drawings of its icons."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import pass_context

from gaoshi.core.notice import ROOT

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context

_MACROS = "partials/board/macros.html"
_OPENING = '<svg xmlns="http://www.w3.org/2000/svg"'


class Parts:
    """The parts of one build. Templates call `once` and `sprite`; `icons` are the folders that hold the drawings."""

    def __init__(self, environment: Environment, icons: Iterable[Path]) -> None:
        self._environment = environment
        self._icons = tuple(icons)
        self._made: dict[tuple[str, str, str], str] = {}
        self._symbol = cache(self._draw)

    def macros(self) -> dict[str, object]:
        """The small parts that templates call by name; a page need not look each of them up again."""
        return {
            name: part for name, part in vars(self._environment.get_template(_MACROS).module).items() if callable(part)
        }

    @pass_context
    def once(self, context: Context, name: str) -> str:
        """The partial `name`, which says the same on all pages of a language; only its links may differ."""
        key = name, context["frame"].language, _place(context)
        if key not in self._made:
            self._made[key] = self._environment.get_template(name).render(context.get_all())
        return self._made[key]

    def sprite(self, names: Iterable[str]) -> str:
        """Each of these icons once, as a symbol that a page refers to by name."""
        return "".join(self._symbol(name) for name in dict.fromkeys(names) if name)

    def _draw(self, name: str) -> str:
        """An icon of Material's own set as a symbol; nothing where there is no such icon."""
        for folder in self._icons:
            with suppress(OSError):
                return _symbol(name, (folder / f"{name}.svg").read_text(encoding="utf-8"))
        return ""


def _symbol(name: str, drawing: str) -> str:
    symbol = f'<symbol id="{name.replace("/", "-")}"'
    return drawing.strip().replace(_OPENING, symbol).replace("</svg>", "</symbol>")


def _place(context: Context) -> str:
    """Where a page stands, as far as links to the board's own pages go: all notices of a month are one place."""
    page = context["page"]
    if page is None:
        return str(context["base_url"])
    folder, _, _ = page.url.rstrip("/").rpartition("/")
    return folder if ROOT in folder.split("/") else str(page.url)
