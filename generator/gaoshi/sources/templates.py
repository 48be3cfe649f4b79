"""The board's templates and words: from the snapshot that is published, else from the package."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from gaoshi.core.finding import Position
from gaoshi.core.words import Catalogue
from gaoshi.sources.settings_reader import SettingsError
from gaoshi.sources.snapshot import TEMPLATES, Snapshot


def own_templates() -> Path:
    """The templates that came with this program: beside the source, or inside the installed package."""
    package = Path(__file__).resolve().parent.parent
    beside = package.parent.parent / TEMPLATES
    return beside if beside.is_dir() else package / TEMPLATES


def write_templates(snapshot: Snapshot, target: Path) -> None:
    """Lay the snapshot's `site_templates/` out below `target`, as they are in that tree.

    Where the repository has none of its own, the program's are used. Links are left out: what a
    template shows must be in the tree itself.
    """
    entries = [entry for entry in snapshot.entries(TEMPLATES) if entry.form == "file"]
    if not entries:
        _copy(own_templates(), target / TEMPLATES)
        return
    contents = dict(snapshot.repository.blobs(entry.id for entry in entries))
    for entry in entries:
        path = target / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents[entry.id])


def _copy(source: Path, target: Path) -> None:
    for item in sorted(source.rglob("*")):
        if item.is_file():
            path = target / item.relative_to(source)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(item.read_bytes())


def load_catalogue(templates: Path, language: str, *, sections: tuple[str, ...] | None = None) -> Catalogue | None:
    """The words of one language, from `i18n/<language>/*.yml`; None where there is no such folder.

    Raises SettingsError for a file that cannot be read.
    """
    folder = templates / "i18n" / language
    if not folder.is_dir():
        return None
    data: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yml")):
        if sections is None or path.stem in sections:
            data |= _load(path)
    return Catalogue(language, data)


def load_catalogues(templates: Path, languages: tuple[str, ...]) -> dict[str, Catalogue]:
    """The words of each of `languages`; a language without a catalogue borrows the first one's."""
    loaded = {code: load_catalogue(templates, code) for code in languages}
    spare = next((catalogue for catalogue in loaded.values() if catalogue), None) or load_catalogue(
        own_templates(), "zh"
    )
    assert spare is not None
    return {code: catalogue or spare for code, catalogue in loaded.items()}


def _load(path: Path) -> Mapping[str, Any]:
    name = "/".join((TEMPLATES, *path.parts[-3:]))
    try:
        data = _parsed(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise SettingsError("not-utf8", Position(name), path=name) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = Position(name, mark.line + 1, mark.column + 1) if mark else Position(name)
        detail = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        raise SettingsError("unreadable", where, path=name, detail=str(detail)) from None
    return data if isinstance(data, dict) else {}


@functools.lru_cache(maxsize=64)
def _parsed(text: str) -> Any:
    """What YAML says, for reading only: most catalogues are read twice, for the command line and for the board."""
    loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)  # noqa: S506  (a safe loader)
