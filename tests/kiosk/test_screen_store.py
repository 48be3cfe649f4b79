"""A browser whose storage fails, or never answers: what there is to tell is told, only nothing is kept."""

from __future__ import annotations

import pytest
from lobby import MINUTE, SECOND, Lobby, Mount, entry, picture_path

BROKEN = {"fails": "async () => { throw new Error('broken'); }", "hangs": "() => new Promise(() => {})"}
PICTURE = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("how", BROKEN.values(), ids=list(BROKEN))
@pytest.mark.parametrize("name", ["match", "put", "keys", "delete"])
def test_news_are_shown_all_the_same(lobby: Lobby, mount: Mount, name: str, how: str) -> None:
    """Notices with pictures are shown within a minute or two of their coming, one after the other."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    screen.page.evaluate(f"() => {{ Cache.prototype.{name} = {how}; }}")
    for number in range(3):
        data = PICTURE + bytes([number])
        path = picture_path(data)
        html = f'<p>花园</p><p><img src="{path}" alt=""></p>'
        lobby.publish(entry(f"garden-{number}", html=html, assets={path: data}), files={path: data})
        screen.pass_time(2 * MINUTE)
        screen.shows(f"garden-{number}")
    assert screen.mark() == "well"


@pytest.mark.parametrize("how", BROKEN.values(), ids=list(BROKEN))
@pytest.mark.parametrize("name", ["CacheStorage.prototype.open", "Cache.prototype.match"])
def test_a_start_does_not_wait_for_it(lobby: Lobby, mount: Mount, name: str, how: str) -> None:
    """A page that starts with such a storage waits a few seconds at most, then asks the server."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    screen.context.add_init_script(f"{name} = {how};")
    screen.page.reload()
    screen.pass_time(15 * SECOND)
    screen.shows("water")


def test_nobody_has_to_allow_that_it_lasts(lobby: Lobby, mount: Mount) -> None:
    """Where the browser asks somebody whether storage may last, and nobody answers, everything is kept all the same."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    screen.context.add_init_script("StorageManager.prototype.persist = () => new Promise(() => {});")
    screen.restart()
    screen.pass_time(MINUTE)
    lobby.publish(entry("garden"))
    screen.pass_time(2 * MINUTE)
    screen.offline()
    screen.restart()
    screen.shows("garden")
