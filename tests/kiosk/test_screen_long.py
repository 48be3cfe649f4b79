"""A screen that runs for a month: it needs no more memory at the end than at the beginning, and loses no second."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lobby import DAY, MINUTE, SECOND, START, Lobby, entry
from playwright.sync_api import Browser, CDPSession, Page, expect

FAST = Path(__file__).resolve().parent / "fast_clock.js"
LONG = f"<p>{'停' * 110}。</p><p>{'水' * 100}。</p>"


def advance(page: Page, length: Any) -> int:
    """Let time pass, as fast as the page can; how many timers are set then."""
    timers: int = page.evaluate("(length) => advance(length)", length / (SECOND / 1000))
    return timers


def used(session: CDPSession) -> tuple[int, int, int]:
    """Bytes of scripts, nodes and listeners of the page, after what nobody needs was thrown away."""
    session.send("HeapProfiler.collectGarbage")
    size = session.send("Runtime.getHeapUsage")["usedSize"]
    counters = session.send("Memory.getDOMCounters")
    return int(size), counters["nodes"], counters["jsEventListeners"]


def test_a_month(lobby: Lobby, browser: Browser) -> None:
    """After thirty days without a network, on which slides changed as they should, nothing was gathered and nothing is late."""
    ends = START + 29 * DAY + 23 * SECOND
    lobby.publish(
        entry("water", html=LONG, leaves=ends),
        entry("heating", html=LONG, leaves=ends),
        entry("lift", html=LONG, tone="urgent", takes_over_until=START + 30 * MINUTE, leaves=ends),
        entry("rules", html=LONG, leaves=None, standing=True),
    )
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.add_init_script(path=FAST)
    page = context.new_page()
    page.goto(lobby.address)
    expect(page.locator("#stage")).to_have_attribute("data-role", "takeover")
    page.evaluate("navigator.serviceWorker.ready.then(() => {})")
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    page.evaluate("""() => { window.drawn = 0; new MutationObserver((all) => { drawn += all.length; })
        .observe(document.getElementById('stage'), {childList: true}); }""")
    session = context.new_cdp_session(page)

    advance(page, DAY)
    slides = page.evaluate("drawn")
    for _ in range(9):
        advance(page, DAY)
    before = used(session)  # by now the browser's own lists of what went wrong are as long as they get
    for _ in range(19):
        timers = advance(page, DAY)
    after = used(session)
    assert after[0] - before[0] < 100_000
    assert after[1] <= before[1] + 50
    assert after[2] <= before[2] + 5
    assert timers < 10
    assert abs(page.evaluate("drawn") - 29 * slides) < slides / 20

    seen = set()
    for _ in range(22):  # the last seconds of all but the rules
        seen.add(page.locator("#stage").get_attribute("data-shows"))
        advance(page, SECOND)
    assert seen - {"2026-11/rules"}
    advance(page, 2 * SECOND)
    for _ in range(9):
        expect(page.locator("#stage")).to_have_attribute("data-shows", "2026-11/rules")
        advance(page, 10 * SECOND)
    advance(page, DAY)
    expect(page.locator(".frame__mark")).to_have_attribute("data-mark", "standing")
    expect(page.locator("#stage")).to_have_attribute("data-shows", "2026-11/rules")
    context.close()
