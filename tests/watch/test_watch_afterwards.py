"""What is done once a board stands: the public site is looked at, and what it shows is logged."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gaoshi.core.published import Published
from gaoshi.engine.afterwards import Afterwards, Site
from gaoshi.engine.order import Built, Happening, Order
from gaoshi.sources.public_site import _SECONDS_ALL

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
BOARD = Published("x", AT, "0" * 40, (), "", None, AT + timedelta(hours=24), {})


class World:
    """Confirms as `found`; keeps what was ordered and told."""

    def __init__(self, found: Built) -> None:
        self.found = found
        self.orders: list[Order] = []
        self.told: list[Happening] = []
        self.ticks = 0.0
        site = Site("https://board.example/", "origin")
        self.afterwards = Afterwards(site, Path("/project"), self.run, self.told.append)

    def run(self, order: Order) -> Built:
        self.orders.append(order)
        return self.found if order.arguments[0] == "confirm" else Built(0)

    def act(self) -> float | None:
        return self.afterwards.act(BOARD, lambda: self.ticks, lambda: False)

    @property
    def verbs(self) -> list[str]:
        return [order.arguments[0] for order in self.orders]


def confirmed(*, right: bool, differences: int) -> Built:
    """How `gaoshi confirm` ends, and what it says on both ways."""
    data = {"notices_right": right, "differences": [{"message": f"{n}: a {{ differs"} for n in range(differences)]}
    lines = json.dumps(data, indent=1).splitlines()
    return Built(1 if differences else 0, (*lines, "The public board differs."))


def test_the_right_notices_are_logged_though_the_host_is_to_be_mended() -> None:
    """The host is told loudly, and looked at again until it is right; the log is written once."""
    world = World(confirmed(right=True, differences=2))
    wait = world.act()
    assert world.verbs == ["confirm", "log"]
    assert [(event.level, event.what) for event in world.told] == [("warning", "not-confirmed"), ("info", "logged")]
    assert world.told[0].lines == ("0: a { differs", "1: a { differs")
    assert wait is not None
    assert world.afterwards.confirmed is None
    assert world.afterwards.owed(BOARD)
    world.ticks += wait
    world.found = confirmed(right=True, differences=0)
    assert world.act() is None
    assert world.verbs == ["confirm", "log", "confirm"]
    assert not world.afterwards.owed(BOARD)


@pytest.mark.parametrize("found", [confirmed(right=False, differences=1), Built(1, ("{ no",)), Built(None), Built(3)])
def test_nothing_is_logged_that_is_not_known_to_be_right(found: Built) -> None:
    """Wrong notices, no answer, one that cannot be read, or none in time."""
    world = World(found)
    assert world.act() is not None
    assert world.verbs == ["confirm"]


def test_a_large_board_has_the_time_to_be_confirmed() -> None:
    """As long as one look may take."""
    world = World(confirmed(right=True, differences=0))
    world.act()
    assert world.orders[0].patience.seconds > _SECONDS_ALL
