"""What was read and rendered before, by what it was made from. Deleting it changes nothing but time.

Kept in git's own folder of the repository, so it is never committed and goes with the clone. A cache
that is broken, locked or from other code is a cache that is empty.
"""

from __future__ import annotations

import contextlib
import hashlib
import pickle
import sqlite3
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

_CHUNK = 500
_SEAL = 8
_READ_WITH = ("imagesize", "Markdown", "nh3", "python-frontmatter", "PyYAML", "tzdata")


class Cache:
    """A map from text keys to Python values, valid for one `digest` of code and settings."""

    def __init__(self, path: Path | None, digest: str) -> None:
        self._digest = digest
        self._connection = self._open(path) if path else None

    def _open(self, path: Path) -> sqlite3.Connection | None:
        for _ in range(2):
            connection = None
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                connection = sqlite3.connect(path, timeout=0.5, isolation_level=None)
                connection.execute("PRAGMA journal_mode=OFF")
                connection.execute("PRAGMA synchronous=OFF")
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS kept"
                    " (digest TEXT, key TEXT, value BLOB, PRIMARY KEY (digest, key)) WITHOUT ROWID"
                )
                stale = connection.execute("SELECT 1 FROM kept WHERE digest != ? LIMIT 1", (self._digest,)).fetchone()
                if stale:
                    connection.execute("DELETE FROM kept WHERE digest != ?", (self._digest,))
            except sqlite3.OperationalError:  # locked, read-only, no space: do without
                if connection:
                    connection.close()
                return None
            except (sqlite3.DatabaseError, OSError):  # no database at all: begin again
                if connection:
                    connection.close()
                with contextlib.suppress(OSError):
                    path.unlink()
            else:
                return connection
        return None

    def get(self, keys: Iterable[str]) -> dict[str, Any]:
        """The values that are kept for `keys`; what is missing or unreadable is left out."""
        wanted = list(keys)
        found: dict[str, Any] = {}
        if self._connection is None:
            return found
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            query = f"SELECT key, value FROM kept WHERE digest = ? AND key IN ({marks})"  # noqa: S608  (only marks)
            try:
                rows = self._connection.execute(query, (self._digest, *chunk)).fetchall()
            except sqlite3.Error:
                return found
            for key, value in rows:
                # Anything may come out of a damaged pickle; whatever it is, it means "not kept".
                with contextlib.suppress(Exception):
                    if _seal(value[_SEAL:]) == value[:_SEAL]:
                        found[key] = pickle.loads(value[_SEAL:])  # noqa: S301  (ours, in git's own folder)
        return found

    def put(self, values: Mapping[str, Any]) -> None:
        """Keep `values`; when that cannot be done, they are simply not kept."""
        if self._connection is None or not values:
            return
        rows = [(self._digest, key, _sealed(value)) for key, value in values.items()]
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("BEGIN")
            self._connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _seal(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_SEAL).digest()


def _sealed(value: object) -> bytes:
    """A value as kept: behind a checksum, so that a disk's mistake is not taken for a notice's words."""
    data = pickle.dumps(value, protocol=5)
    return _seal(data) + data


@cache
def code_digest() -> str:
    """A digest of this package's own code and data, and of what it reads and renders with.

    What was kept by other code is not valid.
    """
    digest = hashlib.sha256(sys.version.encode())
    for name in _READ_WITH:
        digest.update(f"{name} {metadata.version(name)}\0".encode())
    stack = [resources.files("gaoshi")]
    while stack:
        for item in sorted(stack.pop().iterdir(), key=lambda item: item.name):
            if item.is_dir() and item.name not in {"__pycache__", "site_templates"}:
                stack.append(item)
            elif item.name.endswith((".py", ".yml")):
                digest.update(item.name.encode() + b"\0" + item.read_bytes())
    return digest.hexdigest()
