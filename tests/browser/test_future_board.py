"""A board that was made with a clock ahead, and then anew with the right one: who has it open gets the right one, once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from board_server import Answer, BoardServer
from conftest import AT, WATER, Reader, Site, gaoshi, home, instant, notice

Visit = Callable[..., Reader]

MINUTE = timedelta(minutes=1)
AHEAD, RIGHT = "2026-11-24T10:00:00+08:00", "2026-11-23T10:00:00+08:00"
"""When the two boards say that they were made: a day apart."""
START = instant("2026-11-23 10:05")
BEGINS = "2026-11/tower-2-gas"
"""A notice that is on the board of AHEAD only."""
LONG = 40
"""So many minutes are surely enough: the server is asked for the time every quarter of an hour."""
HTML = {"Content-Type": "text/html; charset=utf-8"}
COUNT = """window.pending = 0; {
  const real = fetch;
  window.fetch = (...all) => { pending++; return real(...all).finally(() => { pending--; }); };
}"""
"""Counts what was asked and not answered yet: no time passes meanwhile."""


@pytest.fixture(scope="session")
def right(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample board as it was made a day before AT, which is the right time."""
    folder = tmp_path_factory.mktemp("right") / "site"
    gaoshi("build", "--at", instant(RIGHT).isoformat(), "-o", folder, "--project", site.origin)
    return folder


@pytest.fixture
def opened(visit: Visit) -> Visit:
    """Readers who opened a page of the board that says that it was made on the next day."""

    def read(path: str = "", device: str = "phone") -> Reader:
        assert instant(AT) == instant(AHEAD)
        one = visit(START, "about/", device)
        one.context.add_init_script(COUNT)
        one.open(path)
        settle(one.page)
        one.page.evaluate("window.same = true")
        shows(one.page, AHEAD)
        return one

    return read


def shows(page: Page, at: str) -> None:
    """The page is of the edition that was made `at`."""
    expect(page.locator("html")).to_have_attribute("data-at", at)


def settle(page: Page) -> None:
    """Wait until the page has all answers, and has made of them what it does."""
    page.wait_for_timeout(40)
    while _waits(page):
        page.wait_for_timeout(20)
    page.wait_for_timeout(40)


def _waits(page: Page) -> bool:
    try:
        return bool(page.evaluate("window.pending"))
    except Error:  # it is just being loaded anew
        return True


def pass_minutes(one: Reader, host: BoardServer, minutes: int, meanwhile: Callable[[], object] = lambda: None) -> Page:
    """Let minutes go by, for the reader and the server alike; what is asked meanwhile is answered."""
    for _ in range(minutes):
        meanwhile()
        host.stop(host.now() + MINUTE)
        one.pass_time(host.now())
        settle(one.page)
    return one.page


@pytest.mark.parametrize("path", [home("zh"), home("en"), notice(WATER)], ids=["home", "English", "notice"])
def test_the_right_edition_comes_to_a_page_of_the_future(
    opened: Visit, host: BoardServer, right: Path, path: str
) -> None:
    """Within half an hour of the right edition an open page that a clock ahead had made is loaded anew."""
    one = opened(path)
    page = pass_minutes(one, host, 5)
    host.folder = right
    pass_minutes(one, host, 25)
    shows(page, RIGHT)
    assert not page.evaluate("window.same")
    assert abs(page.evaluate("gaoshi.now()") / 1000 - host.now().timestamp()) < 5


def test_a_notice_that_is_not_yet_is_taken_off(opened: Visit, host: BoardServer, right: Path) -> None:
    """Where the right edition has no such notice yet, the reader is told so."""
    one = opened(notice(BEGINS))
    host.folder = right
    page = pass_minutes(one, host, 25)
    expect(page.locator("article.notice")).to_have_count(0)
    one.problems.clear()


def test_one_answer_is_not_enough(opened: Visit, host: BoardServer, right: Path) -> None:
    """What the server says only once about the time counts for nothing, however often the right edition comes."""
    one = opened()
    host.folder = right
    page = pass_minutes(one, host, 14)
    shows(page, AHEAD)
    assert page.evaluate("window.same")


def test_a_date_that_stands_still_is_not_enough(opened: Visit, host: BoardServer, right: Path) -> None:
    """A stored answer, whose `Date` does not go on, takes nothing off the page."""
    one = opened()
    host.folder = right
    for minute in range(1, LONG):
        one.pass_time(START + minute * MINUTE)
        settle(one.page)
    shows(one.page, AHEAD)
    assert one.page.evaluate("window.same")


def test_a_server_that_is_right_lets_no_older_copy_in(visit: Visit, host: BoardServer, right: Path) -> None:
    """Where the open page is not of the future, what says that it is earlier is an old copy, and changes nothing."""
    one = visit(instant(AT) - timedelta(seconds=50), "about/")  # the publisher's clock may be a little ahead
    one.context.add_init_script(COUNT)
    one.open()
    one.page.evaluate("window.same = true")
    host.folder = right
    shows(pass_minutes(one, host, LONG), AHEAD)
    assert one.page.evaluate("window.same")


def wrong_answers(right: Path) -> dict[str, Answer]:
    """What is no right edition of the open page, by what it is."""
    page = (right / "index.html").read_bytes()
    said = f'data-at="{RIGHT}"'.encode()
    assert said in page
    return {
        "a portal": (200, HTML, b"<!doctype html><html lang=zh-CN><title>Wi-Fi</title><h1>Please log in</h1></html>"),
        "another board": (200, HTML, re.sub(rb'data-board="[^"]+"', b'data-board="other"', page)),
        "another language": (200, HTML, (right / "en/index.html").read_bytes()),
        "truncated": (200, HTML, page[: len(page) * 2 // 3]),
        "of the future, too": (200, HTML, page.replace(said, b'data-at="2026-11-23T12:00:00+08:00"')),
        "a date that is none": (200, HTML, page.replace(said, b'data-at="tomorrow"')),
        "an error": (503, HTML, page),
    }


NAMES = (
    *("a portal", "another board", "another language", "truncated", "of the future, too", "a date that is none"),
    "an error",
)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_else_takes_its_place(opened: Visit, host: BoardServer, right: Path, name: str) -> None:
    """What is not surely the right edition of this page does not replace a page of the future."""
    one = opened()
    wrong = wrong_answers(right)[name]
    host.instead = lambda path: wrong if path == "/" else None
    page = pass_minutes(one, host, LONG)
    shows(page, AHEAD)
    assert page.evaluate("window.same")
    assert heard(page)
    one.problems.clear()


def heard(page: Page) -> bool:
    """Whether the page is sure of what the server says about the time."""
    return bool(page.evaluate("gaoshi.said() > 0"))


def test_it_happens_once(opened: Visit, host: BoardServer, site: Site, right: Path) -> None:
    """When the board of the future comes back after that, the page stays with it: no two editions take turns for ever."""
    one = opened()
    host.folder = right
    shows(pass_minutes(one, host, 25), RIGHT)
    host.folder = site.folder
    shows(pass_minutes(one, host, 10), AHEAD)
    one.page.evaluate("window.same = true")
    host.folder = right
    shows(pass_minutes(one, host, LONG), AHEAD)
    assert heard(one.page)
    assert one.page.evaluate("window.same")


def test_where_nothing_can_be_remembered_nothing_is_loaded(opened: Visit, host: BoardServer, right: Path) -> None:
    """Where the browser denies the storage that says that it happened, it does not happen."""
    one = opened()
    one.page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('denied') } }")
    host.folder = right
    shows(pass_minutes(one, host, LONG), AHEAD)
    assert heard(one.page)


def test_what_was_said_before_sleep_is_worth_nothing(opened: Visit, host: BoardServer) -> None:
    """Nobody can tell how long a page slept whose clock leapt: until the server has spoken again it is not sure of it."""
    one = opened()
    page = pass_minutes(one, host, 16)
    assert heard(page)
    one.context.set_offline(True)
    page.clock.set_system_time(host.now() + 60 * 8 * MINUTE)
    page.clock.run_for(1000)
    assert not heard(page)
    one.problems.clear()


def test_who_types_is_not_interrupted(opened: Visit, host: BoardServer, right: Path) -> None:
    """While somebody types nothing is loaded; afterwards what was typed is still there."""
    one = opened("", "desktop")
    page = one.page
    host.folder = right
    page.focus("#q")
    pass_minutes(one, host, LONG, lambda: page.keyboard.type("a"))  # once a minute
    shows(page, AHEAD)
    assert heard(page)
    pass_minutes(one, host, 10)
    shows(page, RIGHT)
    assert page.input_value("#q") == LONG * "a"
