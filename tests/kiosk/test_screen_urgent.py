"""Urgent notices on a screen: they take it over at once, share it, become every second slide, and end on time."""

from __future__ import annotations

from lobby import DAY, HOUR, MINUTE, SECOND, START, Lobby, Mount, Screen, entry
from playwright.sync_api import expect

HALF = START + 30 * MINUTE
WATER = entry("water")
PARKING = entry("parking")


def waits_for(screen: Screen, *names: str, most: int = 80) -> None:
    """Let seconds pass until these notices are on."""
    for _ in range(most):
        if screen.seen() == " ".join(names):
            break
        screen.pass_time(SECOND)
    screen.shows(*names)


def test_it_takes_over_when_it_arrives(lobby: Lobby, mount: Mount) -> None:
    """An urgent notice has the whole screen with the next answer, and the others wait for half an hour."""
    lobby.publish(WATER, PARKING)
    screen = mount(lobby)
    screen.pass_time(3 * SECOND)
    lobby.publish(entry("lift", tone="urgent", takes_over_until=HALF), WATER, PARKING)
    waits_for(screen, "lift")
    screen.shows("lift", role="takeover")
    assert set(screen.round(4)) == {"lift"}


def test_it_is_every_second_slide_after_half_an_hour(lobby: Lobby, mount: Mount) -> None:
    """Offline too, it gives way to others within a second of the half hour, and is every second slide until it ends."""
    ends = HALF + HOUR
    lobby.publish(entry("lift", tone="urgent", takes_over_until=HALF, leaves=ends), WATER, PARKING)
    screen = mount(lobby)
    screen.offline()
    screen.skip(HALF - SECOND - lobby.server.now())
    screen.shows("lift", role="takeover")
    screen.pass_time(2 * SECOND)
    screen.shows("lift", role="urgent")
    assert screen.round(5) == ["lift", "water", "lift", "parking", "lift"]
    screen.skip(ends - 30 * SECOND - lobby.server.now())
    assert "lift" in screen.round(3)
    screen.pass_time(ends + SECOND - lobby.server.now())
    assert "lift" not in screen.round(4)


def test_two_share_the_screen(lobby: Lobby, mount: Mount) -> None:
    """Two urgent notices are on at once; when one ends, offline, the other has the screen within a second."""
    lobby.publish(
        entry("lift", tone="urgent", takes_over_until=HALF),
        entry("gas", tone="urgent", takes_over_until=HALF, leaves=START + 10 * MINUTE),
        WATER,
    )
    screen = mount(lobby)
    screen.shows("lift", "gas", role="takeover")
    screen.offline()
    screen.skip(10 * MINUTE - SECOND)
    screen.shows("lift", "gas")
    screen.pass_time(2 * SECOND)
    screen.shows("lift", role="takeover")


def test_more_than_a_screen_holds_take_turns(lobby: Lobby, mount: Mount) -> None:
    """Five urgent notices come in two groups, each of them whole; when one group is over, the rest share the screen anew."""
    names = ["lift", "gas", "fire", "flood", "storm"]
    ends = START + 10 * MINUTE
    lobby.publish(
        *(
            entry(name, tone="urgent", takes_over_until=HALF, leaves=ends if number < 2 else HALF + HOUR)
            for number, name in enumerate(names)
        ),
        WATER,
    )
    screen = mount(lobby)
    assert screen.round(4) == ["lift gas fire", "flood storm"] * 2
    for group in (names[:3], names[3:]):
        waits_for(screen, *group)
        assert screen.page.locator("#stage .sheet .number:visible").count() == len(group)
    screen.pass_time(ends + SECOND - lobby.server.now())
    assert set(screen.round(3)) == {"fire flood storm"}


def test_its_outcome_takes_its_place(lobby: Lobby, mount: Mount) -> None:
    """With its outcome an urgent notice gives the screen back, and leads the round."""
    lobby.publish(entry("lift", tone="urgent", takes_over_until=HALF), WATER)
    screen = mount(lobby)
    screen.pass_time(3 * SECOND)
    screen.shows("lift", role="takeover")
    lobby.publish(entry("lift", outcome={"is": "resolved", "at": START.isoformat(), "note": {}}), WATER)
    for _ in range(20):
        if screen.page.locator("#stage[data-role=takeover]").count():
            screen.pass_time(SECOND)
    screen.shows("lift", role="outcome")
    assert screen.round(4) == ["lift", "water"] * 2


def test_it_begins_and_ends_without_a_network(lobby: Lobby, mount: Mount) -> None:
    """An urgent notice that was to come takes over on time, and leaves on time, without a network."""
    begins = START + HOUR
    gas = entry("gas", tone="urgent", begins=begins, leaves=begins + 5 * MINUTE, takes_over_until=begins + 30 * MINUTE)
    lobby.publish(WATER, gas)
    screen = mount(lobby)
    screen.offline()
    screen.skip(HOUR - SECOND)
    screen.shows("water")
    screen.pass_time(2 * SECOND)
    screen.shows("gas", role="takeover")
    screen.skip(5 * MINUTE - 2 * SECOND)
    screen.shows("gas")
    screen.pass_time(2 * SECOND)
    screen.shows("water")


def test_it_is_asked_about_more_often(lobby: Lobby, mount: Mount) -> None:
    """While something urgent is shown the server is asked four times a minute, else once."""
    lobby.publish(WATER)
    screen = mount(lobby)
    screen.pass_time(2 * MINUTE)
    before = lobby.asked
    screen.pass_time(4 * MINUTE)
    assert 3 <= lobby.asked - before <= 5
    lobby.publish(entry("lift", tone="urgent", takes_over_until=START + DAY))
    waits_for(screen, "lift")
    before = lobby.asked
    screen.pass_time(4 * MINUTE)
    assert 13 <= lobby.asked - before <= 18


def test_what_is_past_its_time_says_so(lobby: Lobby, mount: Mount) -> None:
    """From the second on which power should be back, without an outcome, the slide says so, without a network."""
    late = entry("power", overdue_from=(START + MINUTE).isoformat())
    late["said"] = {language: said | {"overdue": "已过预计恢复时间"} for language, said in late["said"].items()}
    lobby.publish(late)
    screen = mount(lobby)
    screen.offline()
    screen.pass_time(MINUTE - SECOND)
    expect(screen.page.locator("#stage").get_by_text("已过预计恢复时间")).to_have_count(0)
    screen.pass_time(2 * SECOND)
    expect(screen.page.locator("#stage").get_by_text("已过预计恢复时间")).to_be_visible()


def test_an_overdue_restoration_has_time_to_be_read(lobby: Lobby, mount: Mount) -> None:
    """What is said of it counts as much as any other text: 100 characters take half a minute."""
    late = entry("power", overdue_from=START.isoformat())
    late["said"] = {language: said | {"overdue": "停" * 100} for language, said in late["said"].items()}
    lobby.publish(late, PARKING)
    screen = mount(lobby)
    screen.shows("power")
    screen.pass_time(30 * SECOND)
    screen.shows("power")
    screen.pass_time(4 * SECOND)
    screen.shows("parking")


def test_one_more_ends_a_pause_too(lobby: Lobby, mount: Mount) -> None:
    """Where three urgent ones share the screen and somebody paused, the fourth is seen at once all the same."""
    until = HALF
    three = [entry(name, tone="urgent", takes_over_until=until) for name in ("lift", "gas", "fire")]
    lobby.publish(*three, entry("flood", tone="urgent", begins=START + MINUTE, takes_over_until=until))
    screen = mount(lobby)
    screen.shows("lift", "gas", "fire", role="takeover")
    screen.page.keyboard.press(" ")
    screen.pass_time(START + MINUTE + SECOND - lobby.server.now())
    screen.shows("fire", "flood", role="takeover")
    assert screen.page.locator("html[data-paused]").count() == 0


def test_it_ends_a_pause(lobby: Lobby, mount: Mount) -> None:
    """Somebody who paused the round sees what is urgent at once all the same, and the round goes on."""
    lobby.publish(
        WATER, PARKING, entry("gas", tone="urgent", begins=START + MINUTE, takes_over_until=START + 2 * MINUTE)
    )
    screen = mount(lobby)
    screen.page.keyboard.press(" ")
    assert set(screen.round(3)) == {"water"}
    screen.pass_time(START + MINUTE + SECOND - lobby.server.now())
    screen.shows("gas", role="takeover")
    screen.pass_time(MINUTE)
    assert len(set(screen.round(4))) == 3
