"""Pages that MkDocs need not know of: it would list them in the site map, and take longer over each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdocs.utils import get_relative_url

from gaoshi.outputs.pages import Page

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True)
class Aside:
    """A page as templates know it: what they ask of one is where it stands."""

    url: str


def render_aside(
    environment: Environment, pages: Iterable[Page], context: Mapping[str, Mapping[str, object]]
) -> Iterator[tuple[str, str]]:
    """Paths and HTML of `pages`, from the templates that all pages come from; `context` is by language."""
    for page in pages:
        html = environment.get_template(page.template).render(
            context[page.frame.language],
            frame=page.frame,
            view=page.view,
            page=Aside(page.path),
            base_url=get_relative_url(".", page.path),
        )
        yield f"{page.path}index.html", html
