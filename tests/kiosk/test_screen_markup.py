"""A notice's HTML stays in its place on the slide, does nothing, and says so where something of it is cut off."""

from __future__ import annotations

import pytest
from lobby import Lobby, Mount, entry

CODE = "https://board.cloudtop.example/notices/2026-11/one/"
REST = "全文请扫码"
FREE = """() => {
  for (const each of document.querySelectorAll("#stage .text *")) each.scrollIntoView({ block: "end", inline: "end" });
  const { x, y, width, height } = document.querySelector(".frame__clock").getBoundingClientRect();
  const seen = document.elementFromPoint(x + width / 2, y + height / 2);
  return Boolean(seen.closest("#frame")) && document.querySelectorAll("#stage, #frame").length === 2
    && document.activeElement === document.body && [...document.querySelectorAll("*")].every((each) => !each.scrollTop && !each.scrollLeft);
}"""

BREAKS_OUT = {
    "a style": '<p style="position: fixed; inset: 0; background: red">停水</p>',
    "a class": '<div class="controls shown"><p class="frame">停水</p></div>',
    "a name": '<p id="stage">停水</p><p id="frame">停电</p>',
    "the focus": '<p>停水</p><p><a href="https://example.org/" autofocus>网页</a></p>',
    "its size": '<p>停水</p><svg width="8000" height="8000"><rect width="8000" height="8000"/></svg>',
    "a script": '<p onclick="1">停水</p><img src="x" onerror="document.body.textContent = 1">',
}


@pytest.mark.parametrize("html", BREAKS_OUT.values(), ids=list(BREAKS_OUT))
def test_it_stays_in_its_place(lobby: Lobby, mount: Mount, html: str) -> None:
    """Whatever its HTML tries, the frame with the clock is free, nothing has the focus and nothing is scrolled."""
    lobby.publish(entry("water", html=html))
    screen = mount(lobby)
    for _ in range(3):
        assert screen.page.evaluate(FREE)
        assert not screen.page.locator("#stage .text").locator("[style], [class], [id], [onclick], [autofocus]").count()
        screen.page.keyboard.press("ArrowRight")


CUT_OFF = {
    "a row": f"<table><tbody><tr><td>{'停水。' * 800}</td></tr></tbody></table>",
    "a heading": f"<h2>{'停水通知' * 200}</h2><p>请留意。</p>",
    "lines as they are set": f"<pre>{'W' * 9000}</pre>",
    "a word": f"<p>{'W' * 9000}</p>",
    "columns": f"<table><tbody><tr>{'<td>停水通知</td>' * 90}</tr></tbody></table>",
}


def test_a_link_leads_nowhere(lobby: Lobby, mount: Mount) -> None:
    """Whoever touches a link, or asks for its menu, leaves the screen as it is."""
    lobby.publish(entry("water", html='<p>详见<a href="/about/">物业网站</a>。</p>'))
    screen = mount(lobby)
    screen.page.get_by_text("物业网站").click()
    screen.page.get_by_text("物业网站").click(button="right")
    screen.page.keyboard.press("Tab")
    assert screen.page.evaluate("document.activeElement.className") == "controls__previous"
    assert screen.page.url == lobby.address
    assert screen.page.evaluate("!dispatchEvent(new Event('contextmenu', { cancelable: true }))")


@pytest.mark.parametrize("html", CUT_OFF.values(), ids=list(CUT_OFF))
def test_what_is_cut_off_says_so(lobby: Lobby, mount: Mount, html: str) -> None:
    """What no page has room for, and cannot be parted, says beside its code where all of it is."""
    lobby.publish(entry("water", html=html, qr={"zh": CODE, "en": CODE}))
    screen = mount(lobby)
    assert screen.page.locator("#stage").get_by_text(REST, exact=True).locator("visible=true").count() == 1


def test_what_fits_does_not(lobby: Lobby, mount: Mount) -> None:
    """A table, lines and a heading that have room say nothing of a rest."""
    html = "<h2>停水</h2><pre>1号楼  9:00\n2号楼  10:00</pre><table><tbody><tr><td>3号楼</td><td>停水</td></tr></tbody></table>"
    lobby.publish(entry("water", html=html, qr={"zh": CODE, "en": CODE}))
    screen = mount(lobby)
    assert not screen.page.locator("#stage").get_by_text(REST, exact=True).locator("visible=true").count()
