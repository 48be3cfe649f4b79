"""Where a board may stand: a folder, or a name that is free, in a folder that we may write to."""

from __future__ import annotations

import os
import re
from pathlib import Path

from gaoshi.core.failure import Failure

_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(rb"\\([0-7]{3})")


class NoPlace(Failure):
    """A board cannot stand there: `link`, `file`, `mount`, or `unwritable`; `detail` is the path that keeps it out."""

    family = "place"


def must_be_a_place(target: Path) -> None:
    """Raise NoPlace unless a new folder can be made beside `target` (absolute) and be exchanged with it."""
    if target.is_symlink():
        raise NoPlace("link", str(target))
    if target.exists() and not target.is_dir():
        raise NoPlace("file", str(target))
    if target.is_dir() and _is_mounted(target):
        raise NoPlace("mount", str(target))
    home = next(folder for folder in target.parents if folder.exists())
    if not home.is_dir():
        raise NoPlace("file", str(home))
    if not os.access(home, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        raise NoPlace("unwritable", str(home))


def _is_mounted(folder: Path) -> bool:
    """Whether something is mounted there, also a folder of the same disk, which only Linux's own list tells."""
    if os.path.ismount(folder):
        return True
    try:
        lines = _MOUNTS.read_bytes().splitlines()
    except OSError:
        return False
    points = (_ESCAPED.sub(lambda octal: bytes([int(octal[1], 8)]), line.split()[4]) for line in lines)
    return os.fsencode(folder.resolve()) in points
