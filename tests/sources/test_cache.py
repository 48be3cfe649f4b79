"""The cache: whatever becomes of it, the board is the same."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gaoshi.sources.cache import Cache, _sealed


@pytest.fixture
def built(estate: Any) -> Any:
    """An estate with two notices, built once, its cache warm."""
    estate.own_templates()
    estate.notice("2026-11/a", title="甲甲甲甲")
    estate.notice("2026-11/b", texts={"en": "---\ntitle: x\n---\nx\n"}, languages="[zh, en]")
    estate.commit()
    assert estate.build().status == 0
    return estate


def cache_of(estate: Any) -> Path:
    """The cache's file."""
    return estate.root / ".git" / "gaoshi" / "cache.sqlite"


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def flipped(path: Path) -> None:
    """Other words in a kept notice, of the same length, where the disk got it wrong."""
    data = path.read_bytes()
    assert "甲甲".encode() in data
    path.write_bytes(data.replace("甲甲".encode(), "乙乙".encode()))


def as_folder(path: Path) -> None:
    """A folder in place of the file."""
    path.unlink()
    path.mkdir()


def parent_as_file(path: Path) -> None:
    """A file in place of the folder."""
    shutil.rmtree(path.parent)
    path.parent.write_text("in the way")


def cut(keep: float) -> Callable[[Path], None]:
    """The file cut off after this part of it."""
    return lambda path: os.truncate(path, int(path.stat().st_size * keep))


def other_table(path: Path) -> None:
    """A database with another table in it."""
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE kept")
    connection.execute("CREATE TABLE kept (something TEXT)")
    connection.commit()
    connection.close()


DAMAGE: dict[str, Callable[[Path], Any]] = {
    "deleted": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "garbage": lambda path: path.write_bytes(b"\xff\x00garbage" * 999),
    "text": lambda path: path.write_text("SQLite format 3\0 not really"),
    "half": cut(0.5),
    "almost whole": cut(0.9),
    "flipped": flipped,
    "folder": as_folder,
    "no folder": parent_as_file,
    "other table": other_table,
    "dead link": lambda path: (path.unlink(), path.symlink_to("/nowhere/at/all")),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_cache_changes_nothing_but_time(built: Any, damage: str) -> None:
    """Deleted, truncated, garbled or replaced: the site is the same, byte for byte, and no word is said of it."""
    whole = tree(built.site)
    DAMAGE[damage](cache_of(built))
    run = built.build()
    assert (run.status, run.err.count("\n")) == (0, 1)
    assert tree(built.site) == whole
    assert built.build().status == 0
    assert tree(built.site) == whole


def test_a_locked_cache_is_done_without(built: Any) -> None:
    """While another process writes to it, the cache is an empty one."""
    whole = tree(built.site)
    other = sqlite3.connect(cache_of(built), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert built.build().status == 0
    finally:
        other.close()
    assert tree(built.site) == whole


@contextmanager
def unprivileged() -> Iterator[None]:
    """As a user whom file permissions bind (root is bound by none)."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_cache_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    """In a folder that is read-only, reading gives nothing and writing does nothing."""
    folder = tmp_path / "gaoshi"
    folder.mkdir()
    for parent in (folder, tmp_path, *tmp_path.parents[:3]):
        parent.chmod(0o555 if parent == folder else 0o755)
    with unprivileged():
        if os.access(folder, os.W_OK, effective_ids=True):
            pytest.skip("permissions do not bind here")
        cache = Cache(folder / "cache.sqlite", "digest")
        cache.put({"a": 1})
        assert cache.get(["a"]) == {}
        cache.close()
    folder.chmod(0o755)


def test_what_other_code_kept_is_not_taken(tmp_path: Path) -> None:
    """A value is found again under the digest it was kept with and under no other."""
    path = tmp_path / "cache.sqlite"
    first = Cache(path, "one")
    first.put({"a": 1, "b": [2]})
    assert first.get(["a", "b", "c"]) == {"a": 1, "b": [2]}
    first.close()
    second = Cache(path, "two")
    assert second.get(["a"]) == {}
    second.close()


def test_many_values_are_kept(tmp_path: Path) -> None:
    """More keys than one question to the database can hold are all found."""
    cache = Cache(tmp_path / "cache.sqlite", "digest")
    values = {f"k{number}": number for number in range(2345)}
    cache.put(values)
    assert cache.get(values) == values
    cache.close()


def test_the_cache_is_used(built: Any) -> None:
    """A warm cache is really read: a value that was tampered with under a right checksum comes through."""
    connection = sqlite3.connect(cache_of(built))
    assert connection.execute("SELECT count(*) FROM kept WHERE key LIKE 'html %'").fetchone() == (2,)
    connection.execute("UPDATE kept SET value = ? WHERE key LIKE 'html 2026-11/a %'", (_sealed({"zh": "<p>kept</p>"}),))
    connection.commit()
    connection.close()
    built.build()
    assert b"<p>kept</p>" in (built.site / "notices/2026-11/a/index.html").read_bytes()
