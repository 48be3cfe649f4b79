"""Whoever mounts a screen says once which one it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from jinja2 import Environment, FileSystemLoader
from lobby import PROJECT, SCREEN, TEMPLATES, Lobby
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gaoshi.sources.templates import load_catalogue

AXE = PROJECT / "tests/browser/node_modules/axe-core/axe.min.js"
CHOICES = [
    {"id": SCREEN, "name": "1号楼大堂", "place": "1号楼", "url": f"{SCREEN}/"},
    {"id": "gate", "name": "东大门", "place": "", "url": "gate/"},
]


@pytest.fixture
def chooser(lobby: Lobby) -> str:
    """The address of a page to choose a screen on."""
    words = load_catalogue(TEMPLATES, "zh")
    assert words
    page = Environment(loader=FileSystemLoader(TEMPLATES / "kiosk"), autoescape=True).get_template("chooser.html")
    csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
    html = page.render(t=words.text, csp=csp, app="app/first", board_name="云上苑", screens=CHOICES)
    (lobby.folder / "kiosk/index.html").write_text(html, encoding="utf-8")
    lobby.publish()
    return f"{lobby.server.address}kiosk/"


@pytest.fixture
def mounted(browser: Browser) -> Iterator[BrowserContext]:
    """A browser on a wall."""
    context = browser.new_context(viewport={"width": 1080, "height": 1920})
    yield context
    context.close()


def choose(page: Page, address: str) -> None:
    """Open the page and choose the first screen."""
    page.goto(address)
    page.get_by_role("link", name="1号楼大堂").click()
    page.wait_for_url(f"**/{SCREEN}/")


def test_one_chooses_once(mounted: BrowserContext, chooser: str) -> None:
    """After the choice the same address leads to the chosen screen by itself."""
    page = mounted.new_page()
    choose(page, chooser)
    page.goto(chooser)
    page.wait_for_url(f"**/{SCREEN}/")


def test_one_can_choose_again(mounted: BrowserContext, chooser: str) -> None:
    """`?choose` asks again, and says what was chosen; the keyboard is enough."""
    page = mounted.new_page()
    choose(page, chooser)
    page.goto(f"{chooser}?choose")
    expect(page.get_by_role("link", name="1号楼大堂")).to_be_focused()
    expect(page.get_by_text("上次选定").locator("visible=true")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{SCREEN}/")


def test_axe_finds_nothing_in_the_chooser(mounted: BrowserContext, chooser: str) -> None:
    """No violation of WCAG 2 A, AA or of axe's best practices."""
    page = mounted.new_page()
    page.goto(chooser)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run(document)).violations.map((each) => [each.id, each.help])")
    assert found == []
