"""QR codes, as a path that a page draws."""

from __future__ import annotations

from typing import TypedDict

QUIET = 4
"""Modules of quiet that a code needs on each side."""
MASK = 3
"""Any of the eight can be read; to weigh them for each code takes six times as long as to make it."""


class Code(TypedDict):
    """A code: how many modules it is wide with the quiet around it, and its dark ones as the path of an SVG."""

    size: int
    path: str


def draw(address: str) -> Code:
    """The code of an address, the same each time; it can be read with a seventh of it covered."""
    import segno  # noqa: PLC0415  (most codes were drawn before)

    modules = segno.make(address, error="m", micro=False, boost_error=False, mask=MASK).matrix
    runs: list[str] = []
    for y, row in enumerate(modules, QUIET):
        x = 0
        while x < len(row):
            length = _run(row, x)
            if row[x]:
                runs.append(f"M{x + QUIET} {y}h{length}v1h-{length}z")
            x += length
    return {"size": len(modules) + 2 * QUIET, "path": "".join(runs)}


def _run(row: bytearray, start: int) -> int:
    """How many modules from `start` on are alike."""
    end = start
    while end < len(row) and row[end] == row[start]:
        end += 1
    return end - start
