"""Compiled templates are kept between builds; whatever becomes of them, the board is the same."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gaoshi.engine import compiled

A = "2026-11/a"


def kept(estate: Any) -> list[Path]:
    """The compiled templates of an estate."""
    return sorted((estate.root / ".git/gaoshi/templates").iterdir())


def page(estate: Any) -> str:
    """Build, and read the page of A."""
    assert estate.build().status == 0
    return str((estate.site / "notices" / A / "index.html").read_text(encoding="utf-8"))


@pytest.fixture
def built(estate: Any) -> Any:
    """An estate that was built once, with a note of its page."""
    (estate.root / ".git/gaoshi/templates").unlink()  # which it would share with others
    estate.notice(A)
    estate.own_templates()
    estate.commit()
    estate.before = page(estate)
    return estate


def test_what_is_kept_is_used(built: Any) -> None:
    """A second build compiles nothing: it writes no file anew, and its page is the same."""
    before = {path: path.stat().st_ino for path in kept(built)}
    assert before
    assert page(built) == built.before
    assert {path: path.stat().st_ino for path in kept(built)} == before


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:100]),
        lambda path: path.write_bytes(path.read_bytes()[:-40] + os.urandom(40)),
    ],
)
def test_what_is_broken_is_made_anew(built: Any, harm: Callable[[Path], object]) -> None:
    """An empty, a cut or a damaged file is as good as none."""
    for path in kept(built):
        harm(path)
    broken = {path: path.read_bytes() for path in kept(built)}
    assert page(built) == built.before
    assert all(path.read_bytes() != data for path, data in broken.items())


def test_what_another_version_compiled_is_made_anew(built: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that compiles otherwise does not find its own words in what is kept."""
    before = {path: path.read_bytes() for path in kept(built)}
    monkeypatch.setattr(compiled.metadata, "version", lambda _: "0")
    assert page(built) == built.before
    assert all(path.read_bytes() != data for path, data in before.items())


def test_a_full_disk_leaves_nothing_half_written(built: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be kept whole is not kept in part, however often it is tried."""
    for path in kept(built):
        path.unlink()
    real = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.parent.name == "templates":
            real(path, data[:10])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert page(built) == built.before
    assert kept(built) == []


def test_where_nothing_can_be_kept_the_board_is_built_all_the_same(built: Any) -> None:
    """A file stands where the folder belongs: nothing is kept, and nothing is said."""
    folder = built.root / ".git/gaoshi/templates"
    for path in kept(built):
        path.unlink()
    folder.rmdir()
    folder.write_bytes(b"")
    assert page(built) == built.before


def test_a_changed_template_is_never_taken_from_what_is_kept(built: Any) -> None:
    """Each is valid for the very source that it was compiled from."""
    template = built.root / "site_templates/theme/notice.html"
    template.write_text(
        template.read_text(encoding="utf-8").replace("<article ", "<article data-new "), encoding="utf-8"
    )
    built.commit()
    assert "<article data-new " in page(built)
