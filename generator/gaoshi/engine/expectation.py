"""What the public board of an edition should be, in every file that a reader's browser may fetch."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files, InclusionLevel, get_files
from mkdocs.utils.meta import get_data

from gaoshi.core.alongside import NOWHERE, Kept, blob_id
from gaoshi.core.board import Board
from gaoshi.core.edition import Entry
from gaoshi.core.expected import Expected, longest_words, of_edition
from gaoshi.core.published import read_published
from gaoshi.core.schedule import State
from gaoshi.engine.assets import INLINE, collect, content_policy
from gaoshi.engine.kiosk import APP, WORKER
from gaoshi.engine.kiosk import PART as KIOSK
from gaoshi.engine.plugin import NOT_PUBLIC
from gaoshi.engine.site import quiet_mkdocs, render_site
from gaoshi.engine.stage import Stage
from gaoshi.outputs import addresses
from gaoshi.outputs.manifest import manifest
from gaoshi.outputs.pages import is_offered
from gaoshi.sources.snapshot import SETTINGS, TEMPLATES

_LEFT_OUT = {InclusionLevel.EXCLUDED, InclusionLevel.DRAFT}
_COMPARED = {".html", ".json", ".xml"}


def expected_of(stage: Stage, root: str) -> Expected:
    """What the public board that `stage` is built into should be; `root` is its address's path.

    Raises EngineError where it cannot be built.
    """
    edition, templates = stage.edition, stage.templates
    live, others = edition.live, [entry for entry in edition.entries.values() if entry.state is not State.LIVE]
    with tempfile.TemporaryDirectory(prefix="gaoshi-") as scratch:
        render_site(stage, Path(scratch))
        built = dict(_pages(Path(scratch)))
        parts = dict(_parts(Path(scratch, KIOSK)))
    found = _published(stage.folder)
    expected = of_edition(edition, read_published(manifest(edition)), content_policy(_inline(templates / "theme")))
    made = {path: Kept(blob_id(data), len(data)) for path, data in {**stage.files, **parts}.items()}
    version = next((path.split("/")[2] for path in parts if path.startswith(f"{KIOSK}/{APP}/")), "")
    return replace(
        expected,
        assets=frozenset(collect(templates, preview=False).files),
        pages={path: words for path, words in _own_pages(found) if path not in expected.homes.values()},
        files=dict(_own_files(found)) | made | dict(_attachments(edition.board, live, offered=True)),
        dropped=dict(_attachments(edition.board, others)),
        root=root,
        screens=stage.screens,
        screen_pages=dict.fromkeys((path for path in built if path.startswith(f"{KIOSK}/")), version),
        built=built,
    )


def _pages(site: Path) -> Iterator[tuple[str, bytes]]:
    """Each page and list of a board that was built, by the path at which it is asked for."""
    for file in site.rglob("*"):
        if file.suffix in _COMPARED and file.is_file():
            path = file.relative_to(site).as_posix().removesuffix("index.html")
            yield NOWHERE if path == "404.html" else path, file.read_bytes()


def _parts(kiosk: Path) -> Iterator[tuple[str, bytes]]:
    """What the screens' pages consist of, by path from the site's root."""
    for file in (kiosk / WORKER, *(kiosk / APP).rglob("*")):
        if file.is_file():
            yield f"{KIOSK}/{file.relative_to(kiosk).as_posix()}", file.read_bytes()


def _inline(theme: Path) -> str:
    """The inline script, as it stands in every page."""
    environment = Environment(loader=FileSystemLoader(theme))  # noqa: S701  (no text of a reader's, but a script)
    return environment.get_template(INLINE).render()


def _published(folder: Path) -> Files:
    """What MkDocs takes from the pages and the theme in `folder`, by its own rules and the settings beside them."""
    templates = folder / TEMPLATES
    with quiet_mkdocs():
        config = load_config(config_file=str(folder / SETTINGS), site_dir=str(folder / "site"))
        config.docs_dir = str(templates / "pages")
        config.theme.dirs = [str(templates / "theme")]
        found = get_files(config)
        found.add_files_from_theme(config.theme.get_env(), config)
    shown = [file for file in found if file.inclusion not in _LEFT_OUT]
    return Files([file for file in shown if not file.src_uri.startswith(NOT_PUBLIC)])


def _own_pages(found: Files) -> Iterator[tuple[str, str]]:
    """The address of each of the board's own pages, and words that it must hold."""
    for file in found.documentation_pages():
        text, _ = get_data(_content(file).decode("utf-8-sig", errors="replace"))
        yield file.dest_uri.removesuffix("index.html"), longest_words([text])


def _own_files(found: Files) -> Iterator[tuple[str, Kept]]:
    """The files that come with pages and look: the seal, and what else an estate puts there."""
    for file in found:
        if not file.is_documentation_page() and addresses.is_plain_path(file.dest_uri):
            data = _content(file)
            yield file.dest_uri, Kept(blob_id(data), len(data))


def _content(file: File) -> bytes:
    return Path(file.abs_src_path or "").read_bytes()


def _attachments(board: Board, entries: Iterable[Entry], *, offered: bool = False) -> Iterator[tuple[str, Kept]]:
    """The pictures and files of notices by address: all, or those that may be `offered`."""
    for entry in entries:
        for file in entry.notice.attachments.values():
            if is_offered(board, file) if offered else addresses.is_plain(file.name):
                yield addresses.attachment(entry.id, file.name), Kept(file.blob, file.size, entry.id)
