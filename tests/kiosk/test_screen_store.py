"""A browser whose storage fails, or never answers: what there is to tell is told, only nothing is kept."""

from __future__ import annotations

import pytest
from lobby import MINUTE, SECOND, Lobby, Mount, Screen, entry, picture_path

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


def test_storage_that_was_slow_once_is_tried_again(lobby: Lobby, mount: Mount) -> None:
    """Where storage did not answer at the start, what has come is kept ten minutes later, and is there after a restart."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    screen.context.add_init_script("""if (!sessionStorage.getItem("slow")) {
        sessionStorage.setItem("slow", "once");
        const { open } = CacheStorage.prototype;
        CacheStorage.prototype.open = () => new Promise(() => {});
        setTimeout(() => { CacheStorage.prototype.open = open; }, 60000);
    }""")
    screen.page.reload()
    lobby.publish(entry("garden"))
    screen.pass_time(15 * SECOND)
    screen.shows("garden")
    screen.pass_time(12 * MINUTE)
    screen.offline()
    screen.restart()
    screen.shows("garden")


def kept(screen: Screen) -> set[str]:
    """The pictures that are kept, of whatever board."""
    script = (
        "async () => (await (await caches.open('gaoshi-kiosk-files')).keys()).map((each) => new URL(each.url).pathname)"
    )
    return set(screen.page.evaluate(script))


def test_what_is_kept_keeps_its_pictures_while_storage_is_full(lobby: Lobby, mount: Mount) -> None:
    """As long as a manifest cannot be kept, the pictures of the one that is kept stay; afterwards they are forgotten."""
    path = picture_path(PICTURE)
    lobby.publish(entry("garden", assets={path: PICTURE}), files={path: PICTURE})
    screen = mount(lobby)
    screen.page.evaluate("""() => {
        window.put = Cache.prototype.put;
        Cache.prototype.put = async () => { throw new DOMException("full", "QuotaExceededError"); };
    }""")
    lobby.publish(entry("water"))
    screen.pass_time(2 * MINUTE)
    screen.shows("water")
    assert kept(screen) == {f"/{path}"}
    screen.page.evaluate("() => { Cache.prototype.put = window.put; }")
    screen.pass_time(2 * MINUTE)
    assert kept(screen) == set()


def test_another_board_on_the_same_origin_keeps_its_pictures(lobby: Lobby, mount: Mount) -> None:
    """A board at the root of an origin forgets its own pictures, and none of a board in a folder below."""
    path = picture_path(PICTURE)
    lobby.publish(entry("garden", assets={path: PICTURE}), files={path: PICTURE})
    screen = mount(lobby)
    other = f"/hillside/{path}"
    screen.page.evaluate(
        "async (other) => (await caches.open('gaoshi-kiosk-files')).put(other, new Response('x'))", other
    )
    lobby.publish(entry("water"))
    screen.pass_time(2 * MINUTE)
    assert kept(screen) == {other}
