"""Compiled templates, kept between builds. Deleting them changes nothing but time.

As with everything that is kept in git's own folder: what is broken or from another version is as good as not there.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import BytecodeCache

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.bccache import Bucket

_SEAL = 32


class Compiled(BytecodeCache):
    """Templates by name in `folder`, each valid for the very source it was compiled from and the way it was."""

    def __init__(self, folder: Path, environment: Environment) -> None:
        self._folder = folder
        made_with = [metadata.version("jinja2"), str(environment.autoescape), *environment.extensions]
        self._made_with = "\0".join([*made_with, *sorted(environment.filters)]).encode()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """One place a template, wherever it was laid out for this build."""
        del filename
        return super().get_cache_key(name)

    def load_bytecode(self, bucket: Bucket) -> None:
        """What is kept, if it is whole."""
        with suppress(OSError):
            kept = (self._folder / bucket.key).read_bytes()
            if self._seal(kept[_SEAL:]) == kept[:_SEAL]:
                bucket.bytecode_from_string(kept[_SEAL:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, if that can be done; whoever reads meanwhile finds the old one or the new one."""
        data = bucket.bytecode_to_string()
        fresh = self._folder / f"{bucket.key}.{os.getpid()}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(self._seal(data) + data)
            fresh.replace(self._folder / bucket.key)
        except OSError:
            with suppress(OSError):
                fresh.unlink()

    def _seal(self, data: bytes) -> bytes:
        return hashlib.blake2b(self._made_with + data, digest_size=_SEAL).digest()
