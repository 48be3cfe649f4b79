"""A screen without a network: what begins, begins on time, what ends, ends within a second, also after a restart."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from lobby import DAY, DESK, HOUR, MINUTE, SECOND, START, Lobby, Mount, entry, picture_path

LONG = f"<p>{'停' * 110}。</p>"
WRONG = {"a month behind": -30 * DAY, "right": timedelta(0), "a month ahead": 30 * DAY}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=list(WRONG))
def test_a_notice_ends_in_the_middle_of_its_slide(lobby: Lobby, mount: Mount, wrong: timedelta) -> None:
    """Without a network, what ends leaves within a second of its end, whatever its slide still had, whatever the date."""
    lobby.publish(entry("water", leaves=START + MINUTE, html=LONG), entry("heating"))
    screen = mount(lobby, wrong)
    screen.offline()
    while screen.seen() != "water" or lobby.server.now() < START + 40 * SECOND:
        screen.pass_time(SECOND)
    screen.pass_time(START + MINUTE - SECOND - lobby.server.now())
    screen.shows("water")
    screen.pass_time(2 * SECOND)
    screen.shows("heating")


@pytest.mark.parametrize("wrong", WRONG.values(), ids=list(WRONG))
def test_a_notice_to_come_begins_on_time(lobby: Lobby, mount: Mount, wrong: timedelta) -> None:
    """Without a network, a notice that was to come begins within a second, whatever the device's date shows."""
    lobby.publish(entry("water", begins=START + MINUTE))
    screen = mount(lobby, wrong)
    screen.shows()
    screen.offline()
    screen.pass_time(MINUTE - SECOND)
    screen.shows()
    screen.pass_time(2 * SECOND)
    screen.shows("water")


def test_a_notice_begins_after_26_days_without_a_network(lobby: Lobby, mount: Mount) -> None:
    """What begins in 26 days begins then, on a screen that heard nothing since; the screen says that it is long alone."""
    begins = START + 26 * DAY
    lobby.publish(entry("water", begins=begins, leaves=begins + HOUR))
    screen = mount(lobby)
    screen.offline()
    screen.skip(26 * DAY - MINUTE)
    screen.shows()
    assert screen.mark() == "late"
    screen.pass_time(MINUTE - SECOND)
    screen.shows()
    screen.pass_time(2 * SECOND)
    screen.shows("water")


def test_trust_runs_out(lobby: Lobby, mount: Mount) -> None:
    """After seven days without contact the screen says so, after thirty it shows standing notices only, until it is heard again."""
    lobby.publish(entry("water", leaves=None), entry("rules", leaves=None, standing=True))
    screen = mount(lobby)
    screen.offline()
    for passed, mark in ((7 * DAY - MINUTE, "well"), (2 * MINUTE, "late"), (23 * DAY - 2 * MINUTE, "late")):
        screen.skip(passed)
        assert screen.mark() == mark
        assert set(screen.round(2)) == {"water", "rules"}
    screen.pass_time(2 * MINUTE)
    assert screen.mark() == "standing"
    assert set(screen.round(3)) == {"rules"}
    screen.offline(False)
    screen.pass_time(11 * MINUTE)
    assert screen.mark() == "well"
    assert set(screen.round(2)) == {"water", "rules"}


def test_a_screen_starts_without_a_network(lobby: Lobby, mount: Mount) -> None:
    """Page, manifest and pictures are there after a restart without a network, and the time is believed."""
    # The smallest picture that there is: one pixel.
    picture = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c636060600000000400"
        "01f61738550000000049454e44ae426082"
    )
    path = picture_path(picture)
    html = f'<p><img src="{path}" alt="garden"></p>'
    lobby.publish(
        entry("garden", html=html, assets={path: picture}), entry("to-come", begins=START + HOUR), files={path: picture}
    )
    screen = mount(lobby)
    screen.offline()
    screen.restart()
    screen.shows("garden")
    assert screen.mark() == "well"
    while not screen.page.locator("#stage img").count():
        screen.pass_time(8 * SECOND)
    assert screen.page.evaluate("document.querySelector('#stage img').decode().then(() => true)")
    screen.skip(HOUR)
    screen.restart()
    assert set(screen.round(3)) == {"garden", "to-come"}


@pytest.mark.parametrize("wrong", [-30 * DAY, -HOUR], ids=["a month", "an hour"])
def test_a_date_in_the_past_is_not_believed(lobby: Lobby, mount: Mount, wrong: timedelta) -> None:
    """A screen that restarts without a network and with a date from before what it saw shows standing notices, and says why."""
    lobby.publish(entry("water"), entry("rules", standing=True))
    screen = mount(lobby)
    screen.offline()
    screen.set_date(lobby.server.now() + wrong)
    screen.restart()
    screen.shows("rules")
    assert screen.mark() == "unverified"
    assert screen.time() == "--:--"
    screen.offline(False)
    screen.pass_time(12 * MINUTE)
    assert screen.mark() == "well"
    assert set(screen.round(2)) == {"water", "rules"}


def test_a_screen_that_never_heard_anything_is_idle(lobby: Lobby, mount: Mount) -> None:
    """Where no manifest was ever to be had, the estate's name and the desk's number are shown, and no error."""
    screen = mount(lobby)
    screen.shows()
    text = screen.page.locator("body").inner_text()
    assert "云上苑" in text
    assert "000-5550-0100" in text
    other = {"zh": DESK["zh"] | {"number": "000-5550-0199"}, "en": DESK["en"]}
    made = lobby.publish()
    lobby.answer(200, json.dumps(made | {"desk": other}))
    screen.pass_time(3 * MINUTE)
    assert "000-5550-0199" in screen.page.locator("#stage").inner_text()
    lobby.answer(200, json.dumps(lobby.publish() | {"desk": None}))
    screen.pass_time(3 * MINUTE)
    assert "000-5550" not in screen.page.locator("#stage").inner_text()
    lobby.answer_as_usual()
    lobby.publish(entry("water"))
    screen.pass_time(3 * MINUTE)
    screen.shows("water")


@pytest.mark.parametrize("wrong", [-30 * DAY, 30 * DAY], ids=["behind", "ahead"])
def test_a_month_wrong_changes_nothing(lobby: Lobby, mount: Mount, wrong: timedelta) -> None:
    """A device whose date is a month wrong shows the board's time and what is live, also after a restart without a network."""
    lobby.publish(entry("live"), entry("over", leaves=START - SECOND), entry("to-come", begins=START + HOUR))
    screen = mount(lobby, wrong)
    assert screen.round(2) == ["live", "live"]
    assert screen.time() == "10:00"
    screen.offline()
    screen.restart()
    screen.shows("live")
    assert screen.mark() == "well"


def test_a_date_that_is_set_while_away(lobby: Lobby, mount: Mount) -> None:
    """A date that is set back takes nothing back; one that is set ahead counts until the server is heard."""
    lobby.publish(entry("water", leaves=START + HOUR), entry("heating"))
    screen = mount(lobby)
    screen.offline()
    screen.set_date(lobby.server.now() - 30 * DAY)
    screen.pass_time(HOUR)
    screen.shows("heating")
    screen.set_date(lobby.server.now() + 11 * DAY)
    screen.pass_time(2 * SECOND)
    screen.shows()
    screen.offline(False)
    screen.pass_time(12 * MINUTE)
    screen.shows("heating")
