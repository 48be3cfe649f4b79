"""What the public board of an edition should be, in every file that a reader's browser may fetch."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from mkdocs.utils.meta import get_data

from gaoshi.core.alongside import Kept, blob_id
from gaoshi.core.board import Board
from gaoshi.core.confirming import Expected, longest_words, of_edition
from gaoshi.core.edition import Edition, Entry
from gaoshi.core.published import read_published
from gaoshi.core.schedule import State
from gaoshi.engine.assets import INLINE, JOINED, collect, content_policy
from gaoshi.engine.kiosk import Kiosk
from gaoshi.engine.stage import for_screens
from gaoshi.outputs import addresses
from gaoshi.outputs.facts import Teller
from gaoshi.outputs.manifest import manifest
from gaoshi.outputs.pages import is_offered
from gaoshi.sources.snapshot import TEMPLATES, Snapshot
from gaoshi.sources.templates import load_catalogues, write_templates

_INDEX = {"index", "readme"}


def expected_of(edition: Edition, snapshot: Snapshot, root: str) -> Expected:
    """What the public board of `edition` should be, by the templates of `snapshot`; `root` is its address's path."""
    live, others = edition.live, [entry for entry in edition.entries.values() if entry.state is not State.LIVE]
    with tempfile.TemporaryDirectory(prefix="gaoshi-") as scratch:
        write_templates(snapshot, Path(scratch))
        templates = Path(scratch) / TEMPLATES
        policy = content_policy(_inline(templates / "theme"))
        expected = of_edition(edition, read_published(manifest(edition)), policy)
        catalogues = load_catalogues(templates, edition.board.languages)
        tellers = {code: Teller(edition, catalogues[code], catalogues) for code in edition.board.languages}
        screens, shown = for_screens(edition, tellers, snapshot)
        page = Kiosk(edition.board, catalogues, templates, int(edition.at.timestamp()))
        for_them = {path: Kept(blob_id(data), len(data)) for path, data in (shown | page.files()).items()}
        return replace(
            expected,
            assets=frozenset(collect(templates, preview=False).files),
            pages={path: words for path, words in _own_pages(templates) if path not in expected.homes.values()},
            files=dict(_own_files(templates)) | dict(_attachments(edition.board, live, offered=True)) | for_them,
            dropped=dict(_attachments(edition.board, others)),
            root=root,
            screens=screens,
            screen_pages=dict.fromkeys(page.paths, page.version),
        )


def _inline(theme: Path) -> str:
    """The inline script, as it stands in every page."""
    environment = Environment(loader=FileSystemLoader(theme))  # noqa: S701  (no text of a reader's, but a script)
    return environment.get_template(INLINE).render()


def _own_pages(templates: Path) -> Iterator[tuple[str, str]]:
    """The address of each of the board's own pages, and words that it must hold."""
    folder = templates / "pages"
    for path in sorted(folder.rglob("*.md")):
        place = path.relative_to(folder)
        above = "".join(f"{part}/" for part in place.parent.parts)
        text, _ = get_data(path.read_text(encoding="utf-8-sig", errors="replace"))
        yield above if place.stem.lower() in _INDEX else f"{above}{place.stem}/", longest_words([text])


def _own_files(templates: Path) -> Iterator[tuple[str, Kept]]:
    """The files that come with pages and look: the seal, and what else an estate puts there."""
    for folder in (templates / "pages", templates / "theme"):
        for path in sorted(folder.rglob("*")):
            place = path.relative_to(folder).as_posix()
            shown = folder.name == "pages" or (place.startswith("assets/") and not place.startswith(JOINED))
            if path.is_file() and shown and path.suffix != ".md" and addresses.is_plain_path(place):
                data = path.read_bytes()
                yield place, Kept(blob_id(data), len(data))


def _attachments(board: Board, entries: Iterable[Entry], *, offered: bool = False) -> Iterator[tuple[str, Kept]]:
    """The pictures and files of notices by address: all, or those that may be `offered`."""
    for entry in entries:
        for file in entry.notice.attachments.values():
            if is_offered(board, file) if offered else addresses.is_plain(file.name):
                yield addresses.attachment(entry.id, file.name), Kept(file.blob, file.size, entry.id)
