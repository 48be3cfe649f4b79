"""What many pages have in common, rendered once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import pass_context

from gaoshi.core.notice import ROOT

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context

_MACROS = "partials/board/macros.html"


class Parts:
    """The parts of one build. Templates call `once`."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._made: dict[tuple[str, str, str], str] = {}

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


def _place(context: Context) -> str:
    """Where a page stands, as far as links to the board's own pages go: all notices of a month are one place."""
    page = context["page"]
    if page is None:
        return str(context["base_url"])
    folder, _, _ = page.url.rstrip("/").rpartition("/")
    return folder if ROOT in folder.split("/") else str(page.url)
