"""The pages of notices, straight into the site: MkDocs knows only of the board's own pages.

A board has up to some thousand of them, all from two templates. What MkDocs does for each document
(finding, reading, ordering, looking for links) is not needed for any, and takes longer than the page itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.utils import get_relative_url

from gaoshi.core.edition import Entry
from gaoshi.outputs.pages import Publisher
from gaoshi.sources.beside import beside

if TYPE_CHECKING:
    from jinja2 import Environment

MANY = 100
"""So many pages are worth a second process."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A page as templates know it: what they ask of one is where it stands."""

    url: str


@dataclass(frozen=True, slots=True)
class NoticePages:
    """How the notices of one edition become files in `folder`; `context` is what templates need, by language."""

    environment: Environment
    publisher: Publisher
    context: Mapping[str, Mapping[str, object]]
    folder: Path

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write them all, half of them in a second process; when the block ends, they are there.

        Raises what rendering and writing raise.
        """
        pages = self.publisher.addressed()
        if len(pages) < MANY:
            self._write(pages)
            yield
            return
        with beside(lambda: self._write(pages[1::2])) as rest:
            self._write(pages[::2])
            yield
            rest()

    def _write(self, pages: Iterable[tuple[Entry, str]]) -> None:
        for entry, language in pages:
            page = self.publisher.page(entry, language)
            html = self.environment.get_template(page.template).render(
                self.context[language],
                frame=page.frame,
                view=page.view,
                page=_Place(page.path),
                base_url=get_relative_url(".", page.path),
            )
            file = self.folder / page.path / "index.html"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(html.encode())
