"""What the publisher has done by a process of its own, how that ended, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gaoshi.core.failure import Failure
from gaoshi.sources.child import Patience


@dataclass(frozen=True, slots=True)
class Order:
    """Something to be done: the arguments of `gaoshi` that do it, and how long it is waited for."""

    arguments: tuple[str, ...]
    patience: Patience


@dataclass(frozen=True, slots=True)
class Built:
    """How an order ended: its exit status (None: it took too long), and what it said, line by line."""

    status: int | None
    said: tuple[str, ...] = ()
    broken_off: bool = False

    @property
    def good(self) -> bool:
        """Whether there is a board now; with status 1, one that withholds something."""
        return self.status in {0, 1}


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, to be told.

    `level` is `info`, `warning` or `error`; its sentence is `cli.watch.said.<what>`. `lines` are what the process
    said, `failure` is what somebody else's sentence tells. Of a publication they are what is new; `same` counts what
    was told before, `gone` is what has come to an end.
    """

    level: str
    what: str
    values: Mapping[str, object] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    failure: Failure | None = None
    same: int = 0
    gone: tuple[str, ...] = ()
