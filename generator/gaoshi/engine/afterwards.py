"""What is done once a board stands in its folder: the public site is looked at, and what it shows is logged.

The board comes first: all of this is broken off as soon as there is something to build.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from gaoshi.core.published import Published
from gaoshi.core.watching import Failed
from gaoshi.engine.order import Built, Happening, Order
from gaoshi.sources.child import Patience

_PATIENCE = 330.0
"""A look at a large board ends after 300 seconds by itself; it is broken off as soon as there is something to build."""
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Site:
    """The public `address` of what is published; `remote` is where the log is pushed to (None: nothing is logged)."""

    address: str
    remote: str | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    """What `gaoshi confirm` said: what differs, a sentence each, and whether the notices are right nevertheless."""

    lines: tuple[str, ...]
    notices_right: bool


def _read(ended: Built) -> _Said | None:
    """What `gaoshi confirm --format json` said, or None where it did not come to that."""
    text = "\n".join(ended.said)
    try:
        data, _ = json.JSONDecoder().raw_decode(text, text.index("{"))
        return _Said(tuple(one["message"] for one in data["differences"]), data["notices_right"] is True)
    except (ValueError, KeyError, TypeError):
        return None


class Afterwards:
    """Confirms each published board at its `site`, once, and then logs it; tries again when that fails.

    `run` does an order, `tell` hears of what came of it.
    """

    def __init__(
        self, site: Site, project: Path, run: Callable[[Order], Built], tell: Callable[[Happening], None]
    ) -> None:
        self.confirmed: datetime | None = None
        self._site = site
        self._project = project
        self._run = run
        self._tell = tell
        self._done: set[tuple[str, str, datetime]] = set()
        self._failed: dict[str, Failed] = {}

    def owed(self, board: Published | None) -> bool:
        """Whether something is still to be done for this board."""
        return board is not None and any((what, board.revision, board.at) not in self._done for what in self._steps())

    def act(self, board: Published | None, ticks: Callable[[], float], pressing: Callable[[], bool]) -> float | None:
        """Do what is next for this board; in how many seconds to come back (None: when there is another board)."""
        wait = None
        for what in self._steps() if board is not None else ():
            assert board is not None
            step = (what, board.revision, board.at)
            if step in self._done:
                continue
            failed = self._failed.get(what)
            if failed is not None and failed.again > ticks():
                return failed.again - ticks()
            ended = self._run(self._order(what, board, pressing))
            if ended.broken_off:
                return 0.0
            said = _read(ended) if what == "confirmed" else None
            if said is not None:
                ended = replace(ended, said=said.lines)
            if ended.status != 0:
                failed = self._failed[what] = Failed(failed.times + 1 if failed else 1, ticks())
                level = "warning" if failed.times == 1 else "error"  # what has just been made public may lag
                self._say(level, f"not-{what}", board, ended, seconds=round(failed.again - failed.at))
                if said is not None and said.notices_right:
                    wait = failed.again - ticks()
                    continue  # the host is to be mended, and what it shows can be logged meanwhile
                return failed.again - ticks()
            self._failed.pop(what, None)
            self._done = {done for done in self._done if done[1:] == step[1:]} | {step}
            if what == "confirmed":
                self.confirmed = board.at
            self._say("info", what, board, ended)
        return wait

    def _steps(self) -> tuple[str, ...]:
        return ("confirmed", "logged") if self._site.remote else ("confirmed",)

    def _order(self, what: str, board: Published, pressing: Callable[[], bool]) -> Order:
        where = ("--project", str(self._project))
        if what == "logged":
            to = ("--site", self._site.address, "--push", "--remote", str(self._site.remote))
            return Order(("log", "published", *to, *where), Patience(_PATIENCE, pressing))
        made = board.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        which = ("--rev", board.revision, "--not-before", made, "--within", "0m", "--format", "json")
        return Order(("confirm", self._site.address, *which, *where), Patience(_PATIENCE, pressing))

    def _say(self, level: str, what: str, board: Published, ended: Built, **values: object) -> None:
        lines = ended.said if ended.status != 0 else ()
        named = {"revision": board.revision[:_SHORT], "site": self._site.address, **values}
        self._tell(Happening(level, what, named, lines=lines))
