"""A new version of the page: ready before it is taken, taken at night, and never in half."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from lobby import HOUR, MINUTE, SECOND, START, ZONE, Lobby, Mount, Screen, entry
from playwright.sync_api import expect

from gaoshi.core.instants import parse_instant

pytestmark = pytest.mark.flaky(reruns=2)
"""Once in fifty times Chromium leaves a worker waiting that asked to take over; it does not do so three times."""

NIGHT = parse_instant("2026-11-25 03:00", ZONE)


SECOND_RUNS = "JSON.parse(document.getElementById('screen').textContent).version === 'second'"


def version(screen: Screen) -> str:
    """The version of the page that runs."""
    found: str = screen.page.evaluate("JSON.parse(document.getElementById('screen').textContent).version")
    return found


def shells(screen: Screen) -> list[str]:
    """The versions that are kept."""
    names: list[str] = screen.page.evaluate("caches.keys()")
    return sorted(name.rpartition(" ")[2] for name in names if name.startswith("gaoshi-kiosk-shell"))


def waiting(screen: Screen) -> bool:
    """Whether a new version is ready, and waits."""
    found: bool = screen.page.evaluate("navigator.serviceWorker.getRegistration().then((all) => Boolean(all.waiting))")
    return found


def ready(screen: Screen) -> None:
    """Expect that a new version is ready, soon, and waits."""
    screen.until("async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting)")


def tried(screen: Screen) -> None:
    """Expect that a new version was fetched, soon, as far as could be."""
    screen.until("async () => !(await navigator.serviceWorker.getRegistration()).installing")
    assert any(path.startswith("/kiosk/app/second/") for _, path, _ in screen.lobby.server.asked)


def go_to(screen: Screen, at: datetime) -> None:
    """Let time pass until `at`, and the server be asked then."""
    screen.skip(at - screen.lobby.server.now())
    screen.pass_time(2 * MINUTE)


def test_a_new_version_is_taken_at_night(lobby: Lobby, mount: Mount) -> None:
    """A new version waits until three in the morning by the board's zone, then the page starts with it, once."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    lobby.install("second")
    go_to(screen, START + 2 * HOUR)
    ready(screen)
    assert shells(screen) == ["first", "second"]
    go_to(screen, NIGHT - 3 * MINUTE)
    screen.pass_time(NIGHT - SECOND - lobby.server.now())
    assert version(screen) == "first"
    screen.pass_time(2 * SECOND)
    screen.until(SECOND_RUNS)
    screen.ready()
    screen.shows("water")
    assert shells(screen) == ["second"]
    screen.page.evaluate("window.stayed = true")
    screen.pass_time(3 * MINUTE)
    assert screen.page.evaluate("window.stayed")


def test_it_is_not_taken_after_four(lobby: Lobby, mount: Mount) -> None:
    """What becomes ready after four in the morning waits for the next night."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    go_to(screen, NIGHT + HOUR)
    lobby.install("second")
    go_to(screen, NIGHT + 2 * HOUR + MINUTE)
    ready(screen)
    assert version(screen) == "first"


BROKEN = {
    "missing": (404, {"Content-Type": "text/plain"}, b""),
    "a sign-in page": (200, {"Content-Type": "text/html"}, b"<!doctype html>Sign in"),
}


@pytest.mark.parametrize("file", ["app/second/main.js", "app/second/icons.svg", "lobby-1/"])
@pytest.mark.parametrize("answer", BROKEN.values(), ids=list(BROKEN))
def test_a_version_of_which_a_file_is_missing_is_not_taken(
    lobby: Lobby, mount: Mount, file: str, answer: tuple[int, dict[str, str], bytes]
) -> None:
    """A version is taken whole or not at all: the page that runs goes on, also after a restart at night."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    lobby.install("second")
    lobby.server.instead = lambda path: answer if path == f"/kiosk/{file}" else None
    go_to(screen, NIGHT + 10 * MINUTE)
    tried(screen)
    assert not waiting(screen)
    assert shells(screen) == ["first"]
    screen.restart()
    assert version(screen) == "first"
    screen.shows("water")


def test_a_version_is_taken_without_a_network(lobby: Lobby, mount: Mount) -> None:
    """A version that is ready is taken at night even when the network has gone: all of it is kept."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    lobby.install("second")
    go_to(screen, START + 2 * HOUR)
    ready(screen)
    screen.offline()
    screen.skip(NIGHT + MINUTE - lobby.server.now())
    screen.until(SECOND_RUNS)
    screen.ready()
    screen.shows("water")


@pytest.mark.parametrize("away", [False, True], ids=["online", "offline"])
def test_a_screen_that_is_no_more_asks_which_it_is(lobby: Lobby, mount: Mount, away: bool) -> None:
    """A screen whose id is gone in the new version is no error page, with or without a network: it asks which one it is."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    lobby.install("second", "lobby-9")
    go_to(screen, START + 2 * HOUR)
    ready(screen)
    screen.offline(away)
    screen.skip(NIGHT + MINUTE - lobby.server.now())
    expect(screen.page.get_by_role("link", name="lobby-9")).to_be_visible()
    expect(screen.page).to_have_url(f"{lobby.server.address}kiosk/")
    screen.page.get_by_role("link", name="lobby-9").click()
    screen.page.wait_for_url("**/kiosk/lobby-9/")
    screen.until(SECOND_RUNS)


def test_nothing_urgent_is_interrupted(lobby: Lobby, mount: Mount) -> None:
    """While something urgent has the screen no new version is taken."""
    until = NIGHT + 20 * MINUTE
    lobby.publish(
        entry("lift", tone="urgent", takes_over_until=until, leaves=NIGHT + timedelta(days=1)), entry("water")
    )
    screen = mount(lobby)
    lobby.install("second")
    go_to(screen, START + 2 * HOUR)
    go_to(screen, until - 5 * MINUTE)
    ready(screen)
    assert version(screen) == "first"
    screen.pass_time(until + SECOND - lobby.server.now())
    screen.until(SECOND_RUNS)
