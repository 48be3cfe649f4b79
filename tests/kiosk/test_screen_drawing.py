"""What cannot be drawn is left out: it takes no other notice with it, and nothing that has ended stays because of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lobby import MINUTE, SECOND, START, Lobby, Mount, entry

DESKS = ["x", [], {}, {"zh": None}, {"zh": {"name": "前台"}}]


@pytest.mark.parametrize("desk", DESKS, ids=map(str, DESKS))
def test_a_desk_that_cannot_be_told_keeps_nothing_on(lobby: Lobby, mount: Mount, desk: Any) -> None:
    """Whatever stands in the place of the desk's number, the last notice leaves at its end, for name and clock."""
    lobby.publish(entry("water", leaves=START + 4 * MINUTE))
    screen = mount(lobby)
    made = lobby.publish(entry("water", leaves=START + 4 * MINUTE), entry("heating", leaves=START + 4 * MINUTE))
    lobby.answer(200, json.dumps(made | {"desk": desk}))
    screen.pass_time(4 * MINUTE - SECOND)
    assert screen.seen()
    screen.pass_time(2 * SECOND)
    screen.shows()
    assert screen.time() == "10:04"


def test_a_notice_that_fails_when_its_turn_comes_is_left_out(lobby: Lobby, mount: Mount) -> None:
    """When no notice can be drawn any more, the one that ended is not left on the screen: name, clock and number are."""
    lobby.publish(entry("water", leaves=START + MINUTE), entry("heating"), entry("parking"))
    screen = mount(lobby)
    screen.pass_time(SECOND)
    screen.page.evaluate("() => { window.getComputedStyle = () => { throw new Error('broken'); }; }")
    screen.pass_time(MINUTE)
    screen.shows()
    assert "000-5550-0100" in screen.page.locator("#stage").inner_text()
    assert screen.page.locator("#stage .idle__time").inner_text() == "10:01"
    assert any("broken" in problem for problem in screen.problems)
    screen.problems.clear()


def test_name_and_clock_are_left_where_numbers_fail(lobby: Lobby, mount: Mount) -> None:
    """Where not even the numbers to call can be drawn, what ended gives way to name and clock."""
    lobby.publish(entry("water", leaves=START + MINUTE))
    screen = mount(lobby)
    screen.page.evaluate("() => { Set.prototype.has = () => { throw new Error('broken'); }; }")
    screen.pass_time(MINUTE + SECOND)
    screen.shows()
    assert screen.page.locator("#stage").inner_text().split() == ["云上苑", "Cloudtop", "Court", "10:01"]
    screen.problems.clear()


def test_a_notice_that_says_nonsense_is_left_out(lobby: Lobby, mount: Mount) -> None:
    """Of a manifest in which one notice says nonsense, the others are shown."""
    bad = entry("bad")
    bad["said"]["zh"]["kind"] = {"zh": "x"}
    lobby.publish(bad, entry("water"))
    screen = mount(lobby)
    assert set(screen.round(3)) == {"water"}
