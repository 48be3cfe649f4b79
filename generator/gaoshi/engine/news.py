"""Of what a build says, what is new since the board before it was published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told of a build.

    `lines` are what was not said the last time, in full, `same` is how many matters were said then as they are
    now, `gone` the first lines of those that were explained then and are no more.
    """

    lines: tuple[str, ...] = ()
    same: int = 0
    gone: tuple[str, ...] = ()


def news(before: Iterable[str], now: Iterable[str]) -> News:
    """Compare what was said the last time with what is said now.

    A matter is a line and the indented ones that explain it: a notice that is withheld, and why. When that has
    changed, it is told anew.
    """
    known, found = _matters(before), _matters(now)
    said_before = set(known)
    new = [matter for matter in found if matter not in said_before]
    still = {matter[0] for matter in found}
    return News(
        tuple(line for matter in new for line in matter),
        len(found) - len(new),
        tuple(matter[0] for matter in known if len(matter) > 1 and matter[0] not in still),
    )


def _matters(lines: Iterable[str]) -> Sequence[tuple[str, ...]]:
    matters: list[list[str]] = []
    for line in lines:
        if line.startswith(" ") and matters:
            matters[-1].append(line)
        else:
            matters.append([line])
    return list(dict.fromkeys(map(tuple, matters)))
