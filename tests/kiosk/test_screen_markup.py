"""A notice's HTML stays in its place on the slide, does nothing, and says so where something of it is cut off."""

from __future__ import annotations

import struct
import zlib

import pytest
from lobby import Lobby, Mount, entry, picture_path

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


def picture(width: int, height: int) -> bytes:
    """A grey PNG of so many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    lines = zlib.compress((b"\0" + bytes([200]) * width) * height)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def publish_rows(lobby: Lobby, width: int, height: int, rows: int) -> None:
    """Publish a table with such a picture in each row."""
    data = picture(width, height)
    path = picture_path(data)
    row = f'<tr><td>停水</td><td><img src="{path}" alt="" width="{width}" height="{height}"></td></tr>'
    html = f"<table><tbody>{row * rows}</tbody></table>"
    water = entry("water", html=html, qr={"zh": CODE, "en": CODE}, assets={path: data}, languages=("zh", "en"))
    lobby.publish(water, files={path: data})


CUT = """async () => {
  await Promise.all([...document.querySelectorAll("#stage .text img")].map((each) => each.decode()));
  return [...document.querySelectorAll("#stage .text")].some((each) => each.scrollHeight > each.clientHeight + 1);
}"""


@pytest.mark.parametrize(("size", "cut"), [((300, 3000), True), ((60, 60), False)], ids=["high", "small"])
def test_a_row_whose_picture_has_no_room_says_so(lobby: Lobby, mount: Mount, size: tuple[int, int], cut: bool) -> None:
    """A picture in a table that no page holds is cut off, and the slide says where all of it is; a small one is not."""
    publish_rows(lobby, *size, rows=1)
    screen = mount(lobby)
    assert screen.page.evaluate(CUT) is cut
    assert screen.page.locator("#stage").get_by_text(REST, exact=True).locator("visible=true").count() == cut


def test_rows_with_pictures_are_measured_before_these_come(lobby: Lobby, mount: Mount) -> None:
    """Rows with pictures come on as many pages as they need, none cut off, though nothing was loaded when they were set."""
    publish_rows(lobby, 200, 150, rows=6)
    screen = mount(lobby)
    pages = screen.page.locator("#stage .page").first.inner_text()
    count = int(pages.split("/")[1])
    assert 2 <= count <= 6
    for _ in range(count):
        assert not screen.page.evaluate(CUT)
        screen.page.keyboard.press("ArrowRight")
