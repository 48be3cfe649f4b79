"""The board is a MkDocs site like any other: MkDocs' own command builds the same one."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from conftest import Site, run


def files(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_mkdocs_builds_the_same_board(site: Site, tmp_path: Path) -> None:
    """`mkdocs build` at the same instant makes the very same bytes as `gaoshi build --rev HEAD`."""
    root = tmp_path / "estate"
    subprocess.run(["git", "clone", "--quiet", str(site.origin), str(root)], check=True)
    at = int(datetime.fromisoformat(site.board["at"]).timestamp())
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(at), "NO_MKDOCS_2_WARNING": "1"}
    run(sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", tmp_path / "site", cwd=root, env=environment)
    own, theirs = files(site.folder), files(tmp_path / "site")
    assert sorted(own) == sorted(theirs)
    assert [path for path in own if own[path] != theirs[path]] == []


def test_nothing_but_the_board_is_published(site: Site) -> None:
    """Of MkDocs and Material nothing is left in the site: no script, style or icon of theirs, no source."""
    known = {"html", "css", "js", "json", "xml", "gz", "svg", "png", "webp", "jpg", "pdf"}
    assert {Path(path).suffix.lstrip(".") for path in files(site.folder)} <= known
    own = [path for path in files(site.folder) if not path.startswith("kiosk/")]
    scripts = [path for path in own if path.endswith((".js", ".css"))]
    assert len(scripts) == 2
    assert all(path.startswith("assets/board.") for path in scripts)
