"""A screen that runs for a month: it needs no more memory at the end than at the beginning, and loses no second."""

from __future__ import annotations

from typing import NamedTuple

from lobby import DAY, HOUR, MINUTE, SECOND, START, Lobby, Mount, Screen, entry
from playwright.sync_api import CDPSession

ENDS = START + 29 * DAY + 23 * SECOND
LONG = f"<p>{'停' * 110}。</p><p>{'水' * 100}。</p>"
COUNT = """() => {
  window.drawn = 0;
  new MutationObserver((all) => { drawn += all.length; }).observe(document.getElementById('stage'), {childList: true});
}"""


class Used(NamedTuple):
    """What the page holds on to: bytes of its scripts, nodes, listeners."""

    size: int
    nodes: int
    listeners: int


def used(session: CDPSession) -> Used:
    """The same, after what nobody needs was thrown away, and the browser's own lists of what was asked for in vain."""
    session.send("Runtime.discardConsoleEntries")
    session.send("Runtime.evaluate", {"expression": "console.clear(); performance.clearResourceTimings()"})
    session.send("HeapProfiler.collectGarbage")
    size = session.send("Runtime.getHeapUsage")["usedSize"]
    counters = session.send("Memory.getDOMCounters")
    return Used(int(size), counters["nodes"], counters["jsEventListeners"])


def days(screen: Screen, count: int) -> int:
    """Let days pass, five minutes in every six hours second by second; how many slides there were in those."""
    slides = 0
    for _ in range(4 * count):
        before = screen.page.evaluate("drawn")
        screen.pass_time(5 * MINUTE)
        slides += screen.page.evaluate("drawn") - before
        screen.skip(6 * HOUR - 5 * MINUTE)
    return slides


def test_a_month(lobby: Lobby, mount: Mount) -> None:
    """After thirty days without a network, on which slides changed as they should, nothing was gathered and nothing is late."""
    lobby.publish(
        entry("water", html=LONG, leaves=ENDS),
        entry("heating", html=LONG, leaves=ENDS),
        entry("lift", html=LONG, tone="urgent", takes_over_until=START + 30 * MINUTE, leaves=ENDS),
        entry("rules", html=LONG, leaves=None, standing=True),
    )
    screen = mount(lobby)
    screen.offline()
    session = screen.context.new_cdp_session(screen.page)
    session.send("Runtime.enable")
    screen.page.evaluate(COUNT)

    days(screen, 10)  # by then everything that it does was done, and compiled
    before, early = used(session), days(screen, 5)
    days(screen, 9)
    late, after = days(screen, 5), used(session)
    # Now and then the browser compiles a part again, and comes late to clear up; 700 slides that stayed would be more.
    assert after.size - before.size < 200_000
    assert after.nodes <= before.nodes + 200
    assert after.listeners <= before.listeners + 5
    assert screen.page.evaluate("testClock.timers()") < 10
    assert early > 150
    assert abs(late - early) <= early / 20

    screen.pass_time(ENDS - SECOND - lobby.server.now())
    assert screen.time() == "10:00"
    if screen.seen() == "rules":
        screen.page.keyboard.press("ArrowRight")
    assert screen.seen() in {"water", "heating", "lift"}
    screen.pass_time(2 * SECOND)
    assert set(screen.round(3)) == {"rules"}
    assert screen.mark() == "late"
    screen.pass_time(START + 30 * DAY + MINUTE - lobby.server.now())
    assert screen.mark() == "standing"
    screen.shows("rules")
