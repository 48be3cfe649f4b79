"""What many pages have in common, rendered once: whole parts of a page, and the drawings of its icons."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import TemplateNotFound, pass_context

from gaoshi.core.notice import ROOT

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context

_OPENING = '<svg xmlns="http://www.w3.org/2000/svg"'


class Parts:
    """The parts of one build. Templates call `once` and `sprite`."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._made: dict[tuple[str, str, str], str] = {}
        self._symbol = cache(self._draw)

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
        assert self._environment.loader is not None
        try:  # a drawing has nothing to compile
            drawing, _, _ = self._environment.loader.get_source(self._environment, f".icons/{name}.svg")
        except TemplateNotFound:
            return ""
        symbol = f'<symbol id="{name.replace("/", "-")}"'
        return drawing.strip().replace(_OPENING, symbol).replace("</svg>", "</symbol>")


def _place(context: Context) -> str:
    """Where a page stands, as far as links to the board's own pages go: all notices of a month are one place."""
    page = context["page"]
    if page is None:
        return str(context["base_url"])
    folder, _, _ = page.url.rstrip("/").rpartition("/")
    return folder if ROOT in folder.split("/") else str(page.url)
