"""Codes on screens: a phone reads in them where the notice's page is."""

from __future__ import annotations

import re

import pytest
import zxingcpp
from lobby import Lobby, Mount, entry
from playwright.sync_api import Locator

QUIET = 4
ADDRESSES = {
    "short": "https://b.example/notices/2026-11/a/",
    "usual": "https://board.cloudtop.example/en/notices/2026-11/tower-3-water/",
    "a folder deep": "https://example.org/~estates/cloudtop-court/board/en/notices/2026-11/common-income-third-quarter/",
    "in Chinese": "https://告示.example/notices/2026-11/water/",
}


def read(svg: Locator) -> list[str]:
    """What a reader of codes finds in a drawing of rectangles, of which each module is eight dots wide."""
    box, path = svg.get_attribute("viewBox"), svg.locator("path").get_attribute("d")
    assert box is not None
    assert path is not None
    size = int(box.split()[2])
    rows = [bytearray(b"\xff" * size) for _ in range(size)]
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    assert "".join(f"M{x} {y}h{length}v1h-{back}z" for x, y, length, back in runs) == path
    for x, y, length, back in (map(int, run) for run in runs):
        assert length == back
        rows[y][x : x + length] = bytes(length)
    assert all(set(row) == {255} for row in (*rows[:QUIET], *rows[-QUIET:]))
    assert all(set(row[:QUIET] + row[-QUIET:]) == {255} for row in rows)
    dots = b"".join(b"".join(bytes([dot]) * 8 for dot in row) * 8 for row in rows)
    image = zxingcpp.ImageView(dots, 8 * size, 8 * size, zxingcpp.ImageFormat.Lum)
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=list(ADDRESSES))
def test_a_code_is_read(lobby: Lobby, mount: Mount, address: str) -> None:
    """A reader of codes finds the address in it, black on white whatever the slide's colours are."""
    lobby.publish(entry("water", tone="urgent", qr={"zh": address}))
    code = mount(lobby).page.locator("#stage svg.code")
    assert read(code) == [address]
    colours = code.evaluate("(svg) => [getComputedStyle(svg).backgroundColor, getComputedStyle(svg.firstChild).fill]")
    assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


def test_without_an_address_there_is_no_code(lobby: Lobby, mount: Mount) -> None:
    """A board that does not know where it is published shows no code, and no words about one."""
    lobby.publish(entry("water"))
    assert mount(lobby).page.locator("#stage .scan").count() == 0
