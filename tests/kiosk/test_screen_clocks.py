"""Clocks that are wrong elsewhere: of the host that makes the news, of the page's maker, of the device for a moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from lobby import DAY, HOUR, MINUTE, SECOND, START, Lobby, Mount, entry
from playwright.sync_api import Route

YEAR = 365 * DAY
SECOND_RUNS = "JSON.parse(document.getElementById('screen').textContent).version === 'second'"


def host(lobby: Lobby, ahead: timedelta) -> Callable[[Route], None]:
    """A server of kiosk.json whose clock is ahead."""

    def answer(route: Route) -> None:
        now = datetime.fromtimestamp(float(route.request.headers["x-time"]), UTC) + ahead
        headers = {"Content-Type": "application/json", "Date": format_datetime(now, usegmt=True)}
        route.fulfill(body=(lobby.folder / "kiosk.json").read_text(encoding="utf-8"), headers=headers)

    return answer


def test_a_host_that_was_a_year_ahead_is_believed_again(lobby: Lobby, mount: Mount) -> None:
    """What a host made while its clock was a year ahead is let go ten minutes after it is right; until then, that is marked."""
    lobby.answer(404, "")
    screen = mount(lobby)
    lobby.publish(entry("old", leaves=None), at=START + YEAR)
    screen.context.route("**/kiosk.json*", host(lobby, YEAR))
    screen.pass_time(5 * MINUTE)
    screen.shows("old")
    assert screen.mark() == "well"

    lobby.last = START
    lobby.publish(entry("lift", leaves=None, tone="urgent"))
    screen.context.unroute("**/kiosk.json*")
    screen.context.route("**/kiosk.json*", host(lobby, timedelta(0)))
    screen.pass_time(9 * MINUTE)
    screen.shows("old")
    assert screen.mark() == "unverified"
    screen.pass_time(4 * MINUTE + SECOND)
    screen.shows("lift")
    assert screen.mark() == "well"
    assert screen.time() == "10:18"
    screen.offline()
    screen.restart()
    screen.shows("lift")
    assert screen.mark() == "well"


def test_an_old_copy_from_a_host_whose_clock_is_right_is_never_taken(lobby: Lobby, mount: Mount) -> None:
    """A mirror that is an hour old changes nothing, however long it answers: what it has is older, and its date is right."""
    lobby.publish(entry("old"), at=START - HOUR)
    copy = (lobby.folder / "kiosk.json").read_text(encoding="utf-8")
    lobby.publish(entry("water"))
    screen = mount(lobby)
    lobby.answer(200, copy)
    screen.pass_time(HOUR)
    screen.shows("water")
    assert screen.mark() == "well"


def test_a_page_that_was_made_ahead_of_time_is_exchanged_by_day(lobbies: Callable[..., Lobby], mount: Mount) -> None:
    """A page that cannot know the time, because it was made a day ahead, takes the next version as soon as it is there."""
    lobby = lobbies(made=int((START + DAY).timestamp()))
    lobby.publish(entry("water", leaves=None))
    screen = mount(lobby)
    screen.pass_time(3 * MINUTE)
    assert screen.mark() == "unverified"
    lobby.screen["made"] = int(START.timestamp())
    lobby.install("second")
    screen.skip(2 * HOUR)
    screen.until("async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting)")
    # Minutes pass until the browser lets it take over: when the one before has nothing to do.
    screen.until(f"async () => {{ await testClock.pass(Date.now() + 60000); return {SECOND_RUNS}; }}")
    screen.ready()
    lobby.server.stop(datetime.fromtimestamp(screen.page.evaluate("Date.now()") / 1000, UTC))
    screen.pass_time(2 * MINUTE)
    assert screen.mark() == "well"
    screen.shows("water")


def test_a_month_that_a_device_leaps_while_something_urgent_is_on_is_not_seen(lobby: Lobby, mount: Mount) -> None:
    """A date that leaps by a month is asked about before it counts: what is urgent stays on in every second."""
    lobby.publish(entry("gas", tone="urgent", takes_over_until=START + HOUR), entry("water"))
    screen = mount(lobby)
    screen.pass_time(MINUTE)
    screen.set_date(lobby.server.now() + 31 * DAY)
    for _ in range(20):
        screen.pass_time(SECOND)
        screen.shows("gas", role="takeover")
    assert screen.time() == "10:01"
    assert screen.mark() == "well"
