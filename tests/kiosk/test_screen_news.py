"""What a screen is told: anything that is not surely later news of its board changes nothing, and is never seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from lobby import DAY, HOUR, MINUTE, SECOND, START, Lobby, Mount, Screen, entry, picture_path
from playwright.sync_api import Route

PORTAL = "<!doctype html><title>Welcome to our Wi-Fi</title><h1>Sign in</h1>"
SOON = 90 * SECOND
"""Within which the next answer comes."""


def fresh(lobby: Lobby, at: timedelta = timedelta(0), name: str = "fresh") -> str:
    """A later manifest, as text; it is not published."""
    usual, last = (lobby.folder / "kiosk.json").read_bytes(), lobby.last
    lobby.publish(entry(name), at=lobby.server.now() + at)
    text = (lobby.folder / "kiosk.json").read_text(encoding="utf-8")
    (lobby.folder / "kiosk.json").write_bytes(usual)
    lobby.last = last
    return text


def huge(lobby: Lobby) -> str:
    """A later manifest of more than 16 million characters."""
    return fresh(lobby) + " " * 16 * 1024 * 1024


BAD: dict[str, Callable[[Lobby], None]] = {
    "missing": lambda lobby: lobby.answer(404, "not found", "text/plain"),
    "an error": lambda lobby: lobby.answer(500, fresh(lobby)),
    "a sign-in page": lambda lobby: lobby.answer(200, PORTAL, "text/html"),
    "a sign-in page elsewhere": lambda lobby: lobby.answer(302, "", Location="/kiosk/lobby-1/"),
    "empty": lambda lobby: lobby.answer(200, ""),
    "half of it": lambda lobby: lobby.answer(200, fresh(lobby)[:-40]),
    "older": lambda lobby: lobby.answer(200, fresh(lobby, -HOUR)),
    "of the same second": lambda lobby: lobby.answer(200, fresh(lobby, START - lobby.server.now())),
    "huge": lambda lobby: lobby.answer(200, huge(lobby)),
    "too far ahead": lambda lobby: lobby.answer(200, fresh(lobby, 10 * MINUTE)),
    "of another board": lambda lobby: lobby.answer(200, fresh(lobby).replace('"cloudtop"', '"hillside"')),
    "of another format": lambda lobby: lobby.answer(200, fresh(lobby).replace('"format": 1', '"format": 2')),
}


def test_a_language_that_the_board_gave_up(lobby: Lobby, mount: Mount) -> None:
    """A page that still counts on it shows what there is in the others."""
    told = entry("water", tone="urgent", takes_over_until=START + MINUTE)
    told |= {name: {"zh": told[name]["zh"]} for name in ("html", "said", "qr")}
    lobby.publish(told, entry("heating"))
    screen = mount(lobby)
    screen.shows("water", role="takeover")
    screen.pass_time(MINUTE)
    assert set(screen.round(4)) == {"water", "heating"}


@pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
def test_a_bad_answer_changes_nothing(lobby: Lobby, mount: Mount, bad: Callable[[Lobby], None]) -> None:
    """What is not whole, right and later is as if nothing had come: also after a restart; the next good answer counts."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    screen.pass_time(MINUTE)
    bad(lobby)
    before = lobby.asked
    screen.pass_time(3 * MINUTE)
    assert lobby.asked > before
    screen.shows("water")
    assert screen.mark() == "well"
    screen.restart()
    screen.shows("water")
    lobby.answer_as_usual()
    lobby.publish(entry("later"))
    screen.pass_time(11 * MINUTE)
    screen.shows("later")


def test_what_is_five_minutes_ahead_is_taken(lobby: Lobby, mount: Mount) -> None:
    """A manifest made by a machine whose clock is up to five minutes ahead is taken."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    lobby.publish(entry("ahead"), at=lobby.server.now() + 5 * MINUTE)
    screen.pass_time(SOON)
    screen.shows("ahead")


def test_a_first_manifest_from_the_future_is_refused(lobby: Lobby, mount: Mount) -> None:
    """A screen that knows nothing goes by the answer's own date: what was made an hour after it is refused."""
    lobby.publish(entry("ahead"), at=START + HOUR)
    screen = mount(lobby)
    screen.shows()


@pytest.mark.parametrize("part", ["missing", "something else"])
def test_a_manifest_counts_when_its_parts_are_there(lobby: Lobby, mount: Mount, part: str) -> None:
    """A manifest with a picture that is missing, or is not what its digest says, changes nothing until it is right."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    picture = b"\x89PNG\r\n\x1a\n"
    path = picture_path(picture)
    wrong = {path: b"something else"} if part == "something else" else {}
    lobby.publish(entry("garden", html=f'<p><img src="{path}"></p><p>花园</p>', assets={path: picture}), files=wrong)
    screen.pass_time(3 * MINUTE)
    screen.shows("water")
    (lobby.folder / path).parent.mkdir(parents=True, exist_ok=True)
    (lobby.folder / path).write_bytes(picture)
    screen.pass_time(11 * MINUTE)
    screen.shows("garden")


def keeps(screen: Screen, *paths: str) -> None:
    """Expect that these pictures are kept, soon."""
    kept = """async (paths) => {
        const all = await (await caches.open("gaoshi-kiosk-files")).keys();
        return all.map((each) => new URL(each.url).pathname.slice(1)).join() === paths.join();
    }"""
    screen.until(kept, list(paths))


def test_pictures_that_no_notice_shows_are_forgotten(lobby: Lobby, mount: Mount) -> None:
    """Only the pictures of the manifest that is held are kept."""
    pictures = [b"one", b"two"]
    paths = [picture_path(data) for data in pictures]
    lobby.publish(entry("one", assets={paths[0]: pictures[0]}), files={paths[0]: pictures[0]})
    screen = mount(lobby)
    keeps(screen, paths[0])
    lobby.publish(entry("two", assets={paths[1]: pictures[1]}), files={paths[1]: pictures[1]})
    screen.pass_time(SOON)
    keeps(screen, paths[1])


def watch(screen: Screen) -> None:
    """Count from now on how often the slide is drawn."""
    screen.page.evaluate(
        "() => { window.drawn = 0; new MutationObserver((all) => { drawn += all.length; })"
        ".observe(document.getElementById('stage'), {childList: true}); }"
    )


def drawn(screen: Screen) -> int:
    """How often it was."""
    count: int = screen.page.evaluate("drawn")
    return count


def test_the_round_goes_on_when_nothing_changed(lobby: Lobby, mount: Mount) -> None:
    """Answers that say the same, in a new manifest too, neither draw a slide again nor give it more time."""
    notices = [entry("water", html=f"<p>{'停' * 110}。</p>")]
    lobby.publish(*notices)
    screen = mount(lobby)
    watch(screen)
    for _ in range(12):
        lobby.publish(*notices)
        screen.pass_time(15 * SECOND)
    assert lobby.asked >= 3
    assert drawn(screen) == 0


def test_news_about_others_does_not_disturb_a_slide(lobby: Lobby, mount: Mount) -> None:
    """A slide that is on stays, with the time that it had, when another notice comes, changes or goes."""
    long = f"<p>{'停' * 110}。</p>"
    water, heating = entry("water", html=long), entry("heating")
    lobby.publish(water, heating)
    screen = mount(lobby)
    screen.shows("water")
    while screen.seen() == "water":
        screen.pass_time(SECOND)
    while screen.seen() != "water":
        screen.pass_time(SECOND)
    began = lobby.server.now()
    watch(screen)
    lobby.publish(entry("first"), water, entry("heating", html="<p>改</p>"))
    before = lobby.asked
    screen.page.evaluate("dispatchEvent(new Event('online'))")
    screen.pass_time(timedelta(0))
    assert lobby.asked > before
    while screen.seen() == "water":
        screen.pass_time(SECOND)
    assert 32 * SECOND <= lobby.server.now() - began <= 36 * SECOND
    assert drawn(screen) == 1
    screen.shows("heating")
    screen.pass_time(9 * SECOND)
    screen.shows("first")


def test_a_slide_whose_text_changed_says_the_new_text(lobby: Lobby, mount: Mount) -> None:
    """A correction of the notice that is on is seen with the next answer, not when its slide comes again."""
    lobby.publish(entry("water", html="<p>停水九点。</p>"))
    screen = mount(lobby)
    lobby.publish(entry("water", html="<p>停水十点。</p>"))
    screen.pass_time(SOON)
    assert "停水十点" in screen.page.locator("#stage").inner_text()


def test_a_withdrawn_notice_leaves_with_the_next_answer(lobby: Lobby, mount: Mount) -> None:
    """A notice that the next manifest has no more is gone at once."""
    lobby.publish(entry("water"), entry("heating"))
    screen = mount(lobby)
    screen.shows("water")
    lobby.publish(entry("heating"))
    screen.pass_time(SOON)
    assert screen.round(3) == ["heating"] * 3


def test_it_asks_a_dead_server_ever_less(lobby: Lobby, mount: Mount) -> None:
    """A server that does not answer is asked up to every ten minutes, and not forgotten."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    lobby.answer(500, "")
    screen.pass_time(30 * MINUTE)
    before = lobby.asked
    screen.pass_time(2 * HOUR)
    assert 9 <= lobby.asked - before <= 14
    screen.shows("water")


def test_a_leap_of_the_date_is_asked_about_once(lobby: Lobby, mount: Mount) -> None:
    """A date that somebody sets makes the screen ask at once, but a server that is away not over and over."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    lobby.answer(500, "")
    screen.pass_time(5 * SECOND)
    before = lobby.asked
    screen.set_date(lobby.server.now() + 2 * MINUTE)
    screen.pass_time(2 * SECOND)
    assert lobby.asked == before + 1
    screen.pass_time(MINUTE)
    assert lobby.asked <= before + 2


def test_a_second_leap_is_asked_about_too(lobby: Lobby, mount: Mount) -> None:
    """A date that is set again while the server has not been heard is one more reason to ask."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    lobby.answer(500, "")
    screen.pass_time(20 * MINUTE)  # asked every ten minutes by now
    for leap in (30 * DAY, -30 * DAY):
        before = lobby.asked
        screen.set_date(lobby.server.now() + leap)
        screen.pass_time(3 * SECOND)
        assert lobby.asked == before + 1


def test_an_answer_that_nothing_changed_is_a_contact(lobby: Lobby, mount: Mount) -> None:
    """A board on which nothing changes for eight days is no reason to mark a screen that can reach it."""
    lobby.publish(entry("water", leaves=None))
    screen = mount(lobby)
    for _ in range(4):
        screen.skip(2 * DAY)
        screen.pass_time(3 * MINUTE)
    assert 304 in [status for _, path, status in lobby.server.asked if path == "/kiosk.json"]
    assert screen.mark() == "well"


def test_a_stored_answer_says_nothing_of_the_time(lobby: Lobby, mount: Mount) -> None:
    """An answer whose date stands still (a cache before the server) counts as no contact and does not hold up the time."""
    text = json.dumps(lobby.publish(entry("water", leaves=None)), ensure_ascii=False)
    screen = mount(lobby)

    def stored(route: Route) -> None:
        route.fulfill(body=text, headers={"Content-Type": "application/json", "Date": "Tue, 24 Nov 2026 02:00:00 GMT"})

    screen.context.route("**/kiosk.json", stored)
    screen.skip(7 * DAY)
    screen.pass_time(3 * MINUTE + SECOND)
    assert screen.mark() == "late"
    assert screen.time() == "10:03"


@pytest.mark.parametrize("made", [START - HOUR, START], ids=["when it was made", "when it was sent"])
def test_a_cache_on_the_way_does_not_put_the_clock_wrong(lobby: Lobby, mount: Mount, made: datetime) -> None:
    """Some caches date an hour-old answer by when it was made, others by when it was sent: the server's own time counts."""
    text = json.dumps(lobby.publish(entry("water"), at=START - 2 * HOUR), ensure_ascii=False)
    date = format_datetime(made.astimezone(UTC), usegmt=True)

    def cached(route: Route) -> None:
        route.fulfill(body=text, headers={"Content-Type": "application/json", "Date": date, "Age": "3600"})

    lobby.answer(404, "")  # nothing is known when the page opens
    screen = mount(lobby)
    lobby.answer_as_usual()
    screen.context.route("**/kiosk.json", cached)
    screen.pass_time(5 * MINUTE + SECOND)
    screen.shows("water")
    assert screen.mark() == "well"
    assert screen.time() == "10:05"


def test_nothing_is_said_of_what_went_wrong(lobby: Lobby, mount: Mount) -> None:
    """A sign-in page in the place of everything leaves the page as it was, and no word of it is seen."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    lobby.server.instead = lambda _: (200, {"Content-Type": "text/html"}, PORTAL.encode())
    screen.pass_time(3 * MINUTE)
    screen.restart()
    screen.shows("water")
    assert "Sign in" not in screen.page.content()
