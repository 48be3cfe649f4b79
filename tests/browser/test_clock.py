"""What time it is: the reader's clock put right by the server's, never earlier than the page, through sleep and wrong clocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, expect

from board_server import BoardServer
from conftest import AT, WATER, Reader, home, instant, notice

Visit = Callable[..., Reader]

SECOND = timedelta(seconds=1)
BUILT = instant(AT)
ENDS = instant("2026-11-25 20:00")
"""When WATER ends."""
WRONG = {
    "a month behind": timedelta(days=-30),
    "a month ahead": timedelta(days=30),
    "five hours ahead": timedelta(hours=5),
    "five hours behind": timedelta(hours=-5),
}


def gone(page: Page) -> None:
    """WATER leaves the page, or is not there."""
    expect(page.locator(f"[data-id='{WATER}'][data-content]")).to_have_count(0)


def there(page: Page) -> None:
    """WATER comes to the page, or is there."""
    expect(page.locator(f"[data-id='{WATER}'][data-content]")).to_be_visible()


def time_of(page: Page) -> datetime:
    """What time the page has."""
    return datetime.fromtimestamp(page.evaluate("gaoshi.now()") / 1000, BUILT.tzinfo)


def heads(host: BoardServer) -> int:
    """How often the page asked the server for nothing but the time."""
    return sum(method == "HEAD" for method, _, _ in host.asked)


def pass_seconds(one: Reader, host: BoardServer, seconds: int = 4) -> Page:
    """Let some seconds go by, for the reader and the server alike; what is asked meanwhile is answered."""
    one.page.wait_for_timeout(200)
    for _ in range(seconds):
        host.stop(host.now() + SECOND)
        one.page.clock.run_for(1000)
        one.page.wait_for_timeout(100)
    return one.page


@pytest.mark.parametrize("wrong", WRONG.values(), ids=list(WRONG))
@pytest.mark.parametrize("path", [home("zh"), notice(WATER)], ids=["home", "notice"])
def test_a_wrong_clock_is_put_right_by_the_server(visit: Visit, host: BoardServer, wrong: timedelta, path: str) -> None:
    """Whatever the device's clock says, a notice is there until its end by the server's, and gone from then on."""
    start = ENDS - timedelta(hours=1)
    one = visit(start, path, clock=start + wrong)
    there(pass_seconds(one, host))
    one.pass_time(ENDS + wrong - 3 * SECOND)
    there(one.page)
    one.pass_time(ENDS + wrong + 3 * SECOND)
    gone(one.page)
    assert abs(time_of(one.page) - ENDS) < 5 * SECOND


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_a_second_is_no_difference(visit: Visit, seconds: int) -> None:
    """Less than two seconds between the clocks may be the way that an answer took: the device's own counts, to the second."""
    clock = ENDS - 10 * SECOND
    one = visit(clock + timedelta(seconds=seconds), clock=clock)
    page = one.pass_time(ENDS - timedelta(milliseconds=1001 + 1000 * max(seconds, 0)))
    there(page)
    gone(one.pass_time(ENDS))


def test_what_a_wrong_clock_took_comes_back(visit: Visit, host: BoardServer) -> None:
    """A page that went by a clock far ahead while the server was away shows everything again once it answers."""
    one = visit(BUILT)
    everything = one.cards
    pass_seconds(one, host)
    one.context.set_offline(True)
    one.page.clock.set_system_time(BUILT + timedelta(days=30))  # as after sleep: nobody can say that it is wrong
    one.page.clock.run_for(1000)
    gone(one.page)
    one.context.set_offline(False)
    there(one.page)
    assert one.cards == everything
    one.problems.clear()


@pytest.mark.parametrize("wrong", WRONG.values(), ids=list(WRONG))
def test_without_the_server_nothing_that_ended_is_shown(visit: Visit, wrong: timedelta) -> None:
    """With the server gone the device's clock counts, but never as earlier than the page was made and time has passed."""
    one = visit(BUILT, "about/", clock=BUILT + wrong)
    one.context.route("**/*", lambda route: route.abort() if route.request.method == "HEAD" else route.continue_())
    page = one.open()
    assert time_of(page) >= max(BUILT, BUILT + wrong)
    page = one.pass_time(BUILT + wrong + (ENDS - BUILT))
    gone(page)
    one.problems.clear()


def test_a_server_in_the_past_is_not_believed(visit: Visit) -> None:
    """A server whose clock shows a time before the page was made (a captive portal that just started) changes nothing."""
    one = visit(BUILT - timedelta(days=300), clock=ENDS)
    one.page.wait_for_load_state("networkidle")
    gone(one.page)


def test_waking_while_the_server_answers(visit: Visit) -> None:
    """A page that is shown again while its question is under way measures rightly, and wakes rightly afterwards."""
    start = ENDS - timedelta(hours=8)
    one = visit(start, "about/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "HEAD":
            held.append(route)
        else:
            route.continue_()

    one.context.route("**/*", hold)
    page = one.open()
    page.evaluate("dispatchEvent(new Event('online'))")
    held[0].continue_()
    page.wait_for_timeout(300)
    assert abs(time_of(page) - start) < 3 * SECOND
    page.clock.set_system_time(ENDS)
    page.clock.run_for(1000)
    gone(page)
    for route in held[1:]:
        route.fulfill(status=200)


@pytest.mark.parametrize("wrong", [timedelta(days=30), -timedelta(days=30)], ids=["ahead", "behind"])
def test_a_doubtful_clock_is_asked_about_before_anything_shows(
    visit: Visit, host: BoardServer, wrong: timedelta
) -> None:
    """Where a clock is surely wrong, or the board forgotten, the page waits unseen for the server's word."""
    one = visit(BUILT, "about/", clock=BUILT + wrong)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    one.context.route("**/*", lambda route: hold(route) if route.request.method == "HEAD" else route.continue_())
    page = one.open()
    assert page.locator("html").get_attribute("data-asking") == ""
    held[0].continue_()
    if wrong > timedelta(0):  # that it is earlier is believed when the next answer agrees
        pass_seconds(one, host)
        held[1].continue_()
    expect(page.locator("html:not([data-asking])")).to_have_count(1)
    there(page)
    assert page.locator(".stale:visible").count() == 0


@pytest.mark.parametrize(("behind", "asks"), [(60, False), (61, True)])
def test_a_clock_a_little_behind_keeps_nobody_waiting(visit: Visit, behind: int, *, asks: bool) -> None:
    """A board just made meets clocks that are some seconds behind it: up to a minute its page is shown at once."""
    one = visit(BUILT, "about/", clock=BUILT - behind * timedelta(seconds=1))
    one.context.route("**/*", lambda route: None if route.request.method == "HEAD" else route.continue_())
    page = one.open()
    assert (page.locator("html[data-asking]").count() == 1) == asks


class Kept:
    """A cache before the host, which answers for it and tells how old that answer is: `age`, and more by the second."""

    def __init__(self, host: BoardServer, age: timedelta) -> None:
        self.age = age
        self._body = (host.folder / "index.html").read_bytes()
        host.instead = lambda path: self._answer() if path == "/" else None

    def _answer(self) -> tuple[int, dict[str, str], bytes]:
        age = str(int(self.age.total_seconds()))
        return 200, {"Content-Type": "text/html; charset=utf-8", "Age": age}, self._body


def test_an_old_answer_is_as_old_as_it_says(visit: Visit, host: BoardServer) -> None:
    """What a cache kept for an hour is an hour older than its date: once that stands still, `Age` is added."""
    hour = timedelta(hours=1)
    kept = Kept(host, hour)
    one = visit(ENDS - hour, clock=ENDS - 2 * hour)
    host.stop(ENDS - hour)
    for _ in range(6):
        kept.age += SECOND
        one.page.clock.run_for(1000)
        one.page.wait_for_timeout(100)
    gone(one.page)
    assert abs(time_of(one.page) - ENDS) < 8 * SECOND


def test_a_cache_that_renews_the_date_is_taken_at_its_date(visit: Visit, host: BoardServer) -> None:
    """Some caches tell the time of delivery as `Date`, and an age besides: nothing leaves the page early for that."""
    start = ENDS - timedelta(minutes=5)
    kept = Kept(host, timedelta(minutes=10))
    one = visit(start, clock=start - timedelta(hours=1))
    for _ in range(8):
        kept.age += SECOND
        pass_seconds(one, host, 1)
        there(one.page)
    assert heads(host) >= 2
    assert abs(time_of(one.page) - start) < 15 * SECOND


# ── a server, or what stands before it, whose time is wrong ──────────────────────────────────────

LATE = timedelta(minutes=14)


def test_a_date_that_stands_still_takes_no_clock_back(visit: Visit, host: BoardServer) -> None:
    """A stored answer that does not say how old it is sets no right clock back: not at once, and not a quarter later."""
    start = ENDS - timedelta(minutes=2)
    one = visit(start, "about/")
    host.stop(start - LATE)
    page = one.open()
    for _ in range(20):
        page.wait_for_timeout(100)
        page.clock.run_for(1000)
        assert time_of(page) >= start
    assert heads(host) >= 3
    one.pass_time(ENDS)
    gone(page)
    one.pass_time(ENDS + timedelta(minutes=20))
    page.wait_for_load_state("networkidle")
    gone(page)


def test_a_date_that_stands_still_is_asked_about_ever_more_seldom(visit: Visit, host: BoardServer) -> None:
    """An answer that is never believed is not asked for every few seconds for ever: a dozen times in half an hour."""
    one = visit(BUILT + timedelta(hours=1), "about/")
    host.stop(BUILT + timedelta(minutes=30))
    page = one.open()
    asked = heads(host)
    for _ in range(180):
        page.wait_for_timeout(20)
        page.clock.run_for(10_000)
    assert 6 <= heads(host) - asked <= 13


def test_a_late_server_that_goes_on_is_believed(visit: Visit, host: BoardServer) -> None:
    """The server's clock counts, also one that is late: when seconds later it is as many seconds on, and not before."""
    start = ENDS + timedelta(minutes=5)
    one = visit(start, "about/")
    host.stop(start - LATE)
    page = one.open()
    page.wait_for_timeout(300)
    gone(page)
    there(pass_seconds(one, host))
    assert abs(time_of(page) - host.now()) < 3 * SECOND


def test_a_right_server_is_asked_once(visit: Visit, host: BoardServer) -> None:
    """Where the clocks agree nothing is asked twice: one question, and the next a quarter of an hour later."""
    one = visit(BUILT, "about/")
    asked = heads(host)
    page = one.open()
    pass_seconds(one, host, 30)
    assert heads(host) - asked == 1
    assert abs(time_of(page) - host.now()) < 3 * SECOND


# ── a page that stays open ───────────────────────────────────────────────────────────────────────


def test_a_page_open_for_days_keeps_time(visit: Visit, host: BoardServer) -> None:
    """Day by day, with nobody touching it, an open page shows what is live; it asks for the time every quarter of an hour."""
    one = visit(BUILT)
    for day in range(1, 5):
        moment = BUILT + timedelta(days=day)
        host.stop(moment)
        page = one.pass_time(moment)
        script = "all => all.every(card => Date.parse(card.dataset.until) > gaoshi.now())"
        assert page.locator(".card").evaluate_all(script)
    asked = heads(host)
    for quarter in range(4):
        host.stop(moment + (quarter + 1) * timedelta(minutes=15))
        one.pass_time(moment + (quarter + 1) * timedelta(minutes=15))
        one.page.wait_for_load_state("networkidle")
    assert heads(host) >= asked + 3


def test_a_page_that_slept_wakes_right(visit: Visit, host: BoardServer) -> None:
    """Asleep across an end (no timer ran, only the wall clock went on), the page is right with the first beat."""
    one = visit(ENDS - timedelta(hours=8))
    there(one.page)
    host.stop(ENDS)
    one.page.clock.set_system_time(ENDS)
    one.page.clock.run_for(1000)
    gone(one.page)


HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}"""


def test_nothing_is_done_while_nobody_looks(visit: Visit, host: BoardServer) -> None:
    """A hidden page neither counts nor asks; as soon as it is shown it is right, before anything else happens."""
    one = visit(ENDS - timedelta(hours=8))
    page = one.page
    page.wait_for_load_state("networkidle")
    page.evaluate(HIDE, True)
    asked = len(host.asked)
    host.stop(ENDS)
    page = one.pass_time(ENDS)
    page.clock.run_for(5000)
    assert len(host.asked) == asked
    assert page.locator(f"[data-id='{WATER}']").count() == 1
    page.evaluate(HIDE, False)
    assert page.locator(f"[data-id='{WATER}']").count() == 0


def test_a_clock_set_back_takes_nothing_back(visit: Visit) -> None:
    """Somebody sets the device's clock back with the server gone: what has ended stays gone."""
    one = visit(ENDS - timedelta(minutes=1))
    one.page.wait_for_load_state("networkidle")
    one.context.set_offline(True)
    one.pass_time(ENDS + SECOND)
    gone(one.page)
    one.page.clock.set_system_time(ENDS - timedelta(hours=3))
    one.page.clock.run_for(3000)
    gone(one.page)
    one.problems.clear()


def test_no_timer_is_longer_than_a_second(visit: Visit) -> None:
    """However far the next end is, the page looks again within a second: nothing overflows, nothing sleeps in."""
    one = visit(BUILT, "about/")
    one.context.add_init_script(
        "window.waits = []; const real = setTimeout; window.setTimeout = (f, ms, ...more) => { waits.push(ms); return real(f, ms, ...more); };"
    )
    page = one.open()
    page.clock.run_for(5000)
    waits = page.evaluate("waits")
    assert len(waits) >= 5
    assert max(waits) <= 1000


# ── the back-forward cache ───────────────────────────────────────────────────────────────────────


@pytest.fixture
def returning(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """A browser that keeps pages for the way back, as people's do."""
    running = playwright.chromium.launch(
        executable_path=chromium, chromium_sandbox=False, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield running
    running.close()


WATCH_RETURN = """(id) => {
  addEventListener("pageshow", (event) => {   // the page's own listeners have run; nothing is painted before this returns
    window.kept = event.persisted;
    window.left = document.querySelectorAll(`[data-id="${id}"][data-content]`).length;
  });
}"""
SHIFTED = "window.real = Date.now; Date.now = () => real() + Number(sessionStorage.getItem('shift'));"
"""A device's clock that a test can set for a page in the back-forward cache, too: there no test reaches it."""


@pytest.mark.parametrize("path", [home("zh"), notice(WATER)], ids=["home", "notice"])
def test_the_way_back_shows_nothing_that_ended_meanwhile(returning: Browser, host: BoardServer, path: str) -> None:
    """A page from the back-forward cache is put right as it is shown, before anything of it is painted."""
    one = Reader(returning, host.address, None, {})
    one.open("assets/")

    def set_clocks(at: datetime) -> None:
        host.set(at)
        one.page.evaluate(
            "to => sessionStorage.setItem('shift', to - (window.real || Date.now)())", at.timestamp() * 1000
        )

    set_clocks(ENDS - timedelta(hours=1))
    one.context.add_init_script(SHIFTED)
    page = one.open(path)
    page.evaluate(WATCH_RETURN, WATER)
    there(page)
    one.open("about/")
    set_clocks(ENDS)
    page.go_back(wait_until="commit")
    page.wait_for_function("'kept' in window")
    assert page.evaluate("window.kept")
    assert page.evaluate("window.left") == 0
    gone(page)
    one.context.close()


def test_one_wrong_answer_is_soon_forgotten(visit: Visit, host: BoardServer) -> None:
    """One of a host's machines, or a sign-in page, is a month ahead: the page asks again at once, and after a minute of right answers is whole."""
    one = visit(BUILT)
    everything = one.cards
    host.stop(BUILT + timedelta(days=30))
    one.page.evaluate("dispatchEvent(new Event('online'))")
    gone(one.page)
    now = BUILT
    for _ in range(60):
        now += 2 * SECOND
        host.stop(now)
        one.pass_time(now)
        one.page.wait_for_timeout(30)
    there(one.page)
    assert one.cards == everything
    assert abs(time_of(one.page) - now) < 5 * SECOND
