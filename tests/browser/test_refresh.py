"""What is new on the board comes to an open page by itself, without disturbing the reader; nothing else ever does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from board_server import Answer, BoardServer, _Handler
from conftest import AT, WATER, Reader, Site, gaoshi, home, instant, notice
from gaoshi.core.words import Catalogue

Visit = Callable[..., Reader]

BEFORE, NOW = instant("2026-11-24 08:00"), instant(AT)
BEGINS, RESTORED = "2026-11/tower-2-gas", "2026-11/tower-4-water-fault"
"""A notice that appears between BEFORE and NOW, and one whose outcome is told then."""
HTML = {"Content-Type": "text/html; charset=utf-8"}
MADE = "2026-11-24T10:00:00+08:00"
"""NOW, as the page says it."""
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="session")
def earlier(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample board as it was made at BEFORE."""
    folder = tmp_path_factory.mktemp("earlier") / "site"
    gaoshi("build", "--at", BEFORE.isoformat(), "-o", folder, "--project", site.origin)
    return folder


@pytest.fixture
def reading(visit: Visit, host: BoardServer, earlier: Path) -> Visit:
    """Readers who opened a page at BEFORE, when the board was as it was then."""
    host.folder = earlier

    def read(path: str = "", device: str = "phone") -> Reader:
        one = visit(BEFORE, path, device)
        one.page.evaluate("window.same = true")
        return one

    return read


@pytest.fixture
def news(host: BoardServer, site: Site) -> Callable[[Reader], Page]:
    """The board is made anew and time goes on to NOW, so that an open page asks."""

    def come(one: Reader) -> Page:
        host.folder = site.folder
        for moment in (NOW - timedelta(seconds=20), NOW):  # pages do not all ask at once
            host.stop(moment)
            one.pass_time(moment)
        return one.page

    return come


def taken(page: Page) -> None:
    """The page is the newer edition now, and was not loaded anew."""
    expect(page.locator("html")).to_have_attribute("data-at", MADE)
    assert page.evaluate("window.same")


SAID = """() => {
  const copy = document.querySelector("main").cloneNode(true);
  const comments = document.createTreeWalker(copy, NodeFilter.SHOW_COMMENT), found = [];
  while (comments.nextNode()) found.push(comments.currentNode);
  for (const each of found) each.remove();
  for (const each of copy.querySelectorAll("noscript")) each.remove();
  const foot = document.querySelector("footer");
  return (copy.outerHTML + foot.outerHTML).replace(/\\s+/g, " ").replace(/> </g, "><").split("><");
}"""


@pytest.mark.parametrize("path", [home("zh"), home("en"), notice(RESTORED), notice(RESTORED, "en"), notice(WATER)])
def test_what_is_new_is_as_if_the_page_were_loaded_anew(
    reading: Visit, news: Callable[[Reader], Page], path: str
) -> None:
    """After a newer edition came, the open page says in every detail what a page opened now says."""
    one = reading(path)
    page = news(one)
    taken(page)
    page.wait_for_load_state("networkidle")
    open_page, title = page.evaluate(SAID), page.title()
    anew = one.open(path)
    assert open_page == anew.evaluate(SAID)
    assert title == anew.title()


def test_a_notice_that_begins_appears(
    reading: Visit, news: Callable[[Reader], Page], site: Site, words: dict[str, Catalogue], language: str
) -> None:
    """A notice that was published meanwhile is on the open board, in its place; counts and the foot say so."""
    one = reading(home(language))
    assert BEGINS not in one.cards
    taken(news(one))
    assert one.cards == [item["id"] for item in site.live]
    status = one.page.get_by_role("status")
    expect(status).to_have_text(words[language].text("board.results.all", count=len(site.live)))
    expect(status).to_have_attribute("aria-live", "off")
    assert one.page.locator(".foot time").first.get_attribute("datetime") == site.board["at"]


def test_an_outcome_comes_to_the_open_notice(reading: Visit, news: Callable[[Reader], Page], language: str) -> None:
    """Who has the notice open learns that it is restored."""
    one = reading(notice(RESTORED, language))
    expect(one.page.locator("[data-content] [data-banner=resolved]")).to_have_count(0)
    page = news(one)
    expect(page.locator("[data-content] [data-banner=resolved]")).to_be_visible()
    taken(page)


def test_the_reader_is_not_disturbed(reading: Visit, news: Callable[[Reader], Page]) -> None:
    """Building, words, kind, what is unfolded, focus and the place on the page stay as the reader left them."""
    one = reading("?place=tower-2&kind=utility-outage", "desktop")
    page = one.page
    page.locator(".ended summary").evaluate("one => one.parentElement.open = true")
    page.focus("#q")
    page.keyboard.type("2号")
    taken(news(one))
    assert (page.input_value("#place"), page.input_value("#q")) == ("tower-2", "2号")
    assert page.locator("input[name=kind]:checked").input_value() == "utility-outage"
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("楼")
    assert page.input_value("#q") == "2号楼"
    assert BEGINS in one.cards
    assert page.locator(".ended").evaluate("one => one.open")


def test_what_one_reads_stays_in_its_place(reading: Visit, news: Callable[[Reader], Page], device: str) -> None:
    """Something new above does not push away what the reader looks at, and the keyboard stays on it."""
    one = reading("", device)
    card = one.page.locator(f".card[data-id='{WATER}']")
    card.locator("a").focus()
    card.evaluate("one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 100)")
    before = card.bounding_box()
    taken(news(one))
    after = card.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 2
    assert one.page.evaluate("scrollY") > 0
    assert one.page.evaluate("document.activeElement.closest('.card')?.dataset.id") == WATER


def test_what_says_the_same_is_the_same(reading: Visit, news: Callable[[Reader], Page]) -> None:
    """A card that did not change is not touched: what is marked on it stays marked."""
    one = reading()
    card = one.page.locator(f".card[data-id='{WATER}']")
    card.evaluate("one => { one.mine = true; getSelection().selectAllChildren(one.querySelector('h3')) }")
    taken(news(one))
    assert card.evaluate("one => one.mine")
    assert one.page.evaluate("String(getSelection())").strip()


def test_the_keyboard_goes_on_to_what_is_still_there(visit: Visit) -> None:
    """When the card that has the focus ends, the next one has it, and no scrolling is done."""
    one = visit(NOW)
    page = one.page
    page.locator(f".card[data-id='{WATER}'] a").focus()
    one.pass_time(instant("2026-11-25 20:00"))
    assert page.evaluate("document.activeElement.closest('.card') !== null")


def answers(site: Site, earlier: Path) -> dict[str, Answer]:
    """What is no later edition of the open page, by what it is."""
    page = (site.folder / "index.html").read_bytes()
    board = re.search(rb'data-board="[^"]+"', page)
    assert board is not None
    portal = b"<!doctype html><html lang=zh-CN><title>Wi-Fi</title><h1>Please log in</h1></html>"
    return {
        "a portal": (200, HTML, portal),
        "truncated": (200, HTML, page[: len(page) * 2 // 3]),
        "an older board": (200, HTML, (earlier / "index.html").read_bytes().replace(b"T08:00:00", b"T07:00:00", 1)),
        "the same again": (200, HTML, (earlier / "index.html").read_bytes()),
        "another board": (200, HTML, page.replace(board[0], b'data-board="other"')),
        "another language": (200, HTML, (site.folder / "en/index.html").read_bytes()),
        "an error": (503, HTML, page),
        "no page": (404, HTML, (site.folder / "404.html").read_bytes()),
        "no HTML": (200, {"Content-Type": "application/json"}, page),
        "a date that is none": (200, HTML, re.sub(rb'data-at="[^"]+"', b'data-at="tomorrow"', page)),
        "elsewhere": (302, {"Location": "/en/"}, b""),
    }


NAMES = (
    *("a portal", "truncated", "an older board", "the same again", "another board", "another language", "an error"),
    *("no page", "no HTML", "a date that is none", "elsewhere"),
)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_else_changes_the_page(
    reading: Visit, news: Callable[[Reader], Page], host: BoardServer, site: Site, earlier: Path, name: str
) -> None:
    """An answer that is not surely a later edition of this page changes nothing; the right one, when it comes, does."""
    one = reading()
    wrong = answers(site, earlier)[name]
    host.instead = lambda path: wrong if path == "/" else None
    asked = len(host.asked)
    page = news(one)
    page.wait_for_load_state("networkidle")
    wanted = [ask for ask in host.asked[asked:] if ask[:2] == ("GET", "/")]
    assert wanted
    expect(page.locator("html")).to_have_attribute("data-at", "2026-11-24T08:00:00+08:00")
    assert BEGINS not in one.cards
    host.instead = lambda _: None
    page = one.pass_time(NOW + 10 * MINUTE)
    taken(page)
    assert BEGINS in one.cards
    one.problems.clear()


def test_a_forgotten_board_is_forgiven(reading: Visit, news: Callable[[Reader], Page], host: BoardServer) -> None:
    """The line that says that the board is old goes when a fresh edition comes."""
    one = reading()
    stale = instant("2026-11-24 09:50")
    host.stop(stale)
    page = one.pass_time(stale)
    expect(page.locator(".stale")).to_be_visible()
    taken(news(one))
    expect(page.locator(".stale")).to_have_count(0)


def test_asking_again_costs_nothing(reading: Visit, host: BoardServer) -> None:
    """A page asks a few times in half an hour, at first soon after the board is due; while nothing is new it gets no page."""
    one = reading()
    asked = len(host.asked)
    for minute in range(1, 31):
        host.stop(BEFORE + minute * MINUTE)
        one.pass_time(BEFORE + minute * MINUTE)
        one.page.wait_for_load_state("networkidle")
        one.page.wait_for_timeout(100)  # what was asked just now has its answer, and the browser keeps it
    gets = [status for method, path, status in host.asked[asked:] if (method, path) == ("GET", "/")]
    assert 3 <= len(gets) <= 16
    assert set(gets[1:]) == {304}


def test_a_board_of_another_make_is_loaded_anew(
    reading: Visit, news: Callable[[Reader], Page], host: BoardServer, site: Site
) -> None:
    """When the newer edition brings another script or style sheet, the page is loaded as a whole."""
    one = reading()
    page = (site.folder / "index.html").read_bytes()
    script = re.search(rb"assets/board\.\w+\.js", page)
    assert script is not None
    other = page.replace(script[0], b"assets/board.other.js")
    mended = (site.folder / script[0].decode()).read_bytes()
    host.instead = {
        "/": (200, HTML, other),
        "/assets/board.other.js": (200, {"Content-Type": "text/javascript"}, mended),
    }.get
    opened = news(one)
    expect(opened.locator("html")).to_have_attribute("data-at", MADE)
    opened.wait_for_function("window.same === undefined")
    assert BEGINS in one.cards


def test_a_notice_that_is_taken_off_leaves_the_page_of_who_has_it_open(
    reading: Visit, news: Callable[[Reader], Page], host: BoardServer, site: Site, language: str
) -> None:
    """A later edition of the board has no page at its address any more: the reader is told, whatever the language."""
    path = notice(WATER, language)
    one = reading(path)
    missing = (site.folder / "404.html").read_bytes()
    host.instead = lambda asked: (404, HTML, missing) if asked == f"/{path}" else None
    page = news(one)
    expect(page.locator("article.notice")).to_have_count(0)
    expect(page.locator(".empty h1")).to_be_visible()
    one.problems.clear()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (rb'data-board="[^"]+"', b'data-board="other"'),
        (rb'data-at="[^"]+"', b'data-at="2026-11-24T07:00:00+08:00"'),
        (rb"(?s).+", b"<!doctype html><html><title>404 Not Found</title></html>"),
    ],
    ids=["another board", "an older board", "a bare server"],
)
def test_nobody_elses_missing_page_takes_a_notice_off(
    reading: Visit, news: Callable[[Reader], Page], host: BoardServer, site: Site, old: bytes, new: bytes
) -> None:
    """A 404 of somebody else, or one as old as the page, leaves the notice where it is."""
    path = notice(WATER)
    one = reading(path)
    wrong = re.sub(old, new, (site.folder / "404.html").read_bytes(), count=1)
    host.instead = lambda asked: (404, HTML, wrong) if asked == f"/{path}" else None
    page = news(one)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.same")
    expect(page.locator("article.notice[data-content]")).to_be_visible()
    page.wait_for_timeout(200)
    one.problems.clear()


def test_what_was_taken_over_is_not_of_the_future(
    visit: Visit, host: BoardServer, earlier: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no server tells the time and the reader's clock is days behind, it is no earlier than the newest edition."""
    monkeypatch.setattr(_Handler, "do_HEAD", lambda handler: handler._send(405, {}, b""))
    host.folder = earlier
    one = visit(BEFORE, clock=BEFORE - timedelta(days=2))
    page = one.page
    host.folder = site.folder
    for _ in range(20):
        page.clock.run_for(60_000)
        page.wait_for_timeout(100)
    expect(page.locator("html")).to_have_attribute("data-at", MADE)
    assert page.evaluate("gaoshi.now() >= Date.parse(document.documentElement.dataset.at)")
    one.problems = [problem for problem in one.problems if "405" not in problem]
