"""A screen asks for everything as nobody, so that no browser ever asks, above the notices, who it is."""

from __future__ import annotations

from lobby import HOUR, MINUTE, Lobby, Mount, entry, picture_path

WAITING = "async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting)"


def test_it_asks_as_nobody(lobby: Lobby, mount: Mount) -> None:
    """News, pictures and new versions are asked for without cookie or password, though the browser has one."""
    lobby.publish(entry("water"))
    screen = mount(lobby, http_credentials={"username": "somebody", "password": "secret"})
    screen.context.add_cookies([{"name": "who", "value": "somebody", "url": lobby.server.address}])
    lobby.server.known.clear()
    path = picture_path(b"picture")
    html = f'<p><img src="{path}" alt=""></p>'
    lobby.publish(entry("garden", html=html, assets={path: b"picture"}), files={path: b"picture"})
    lobby.install("second")
    screen.skip(2 * HOUR)
    screen.pass_time(2 * MINUTE)
    screen.shows("garden")
    screen.until(WAITING)
    asked = {path for _, path, _ in lobby.server.asked}
    assert asked >= {"/kiosk.json", f"/{path}", "/kiosk/app/second/main.js"}
    assert set(lobby.server.known) <= {"/kiosk/sw.js"}  # the browser itself asks for the worker


def test_a_password_is_not_asked_for(lobby: Lobby, mount: Mount) -> None:
    """A server that suddenly wants a password for the news is told none, and what is shown stays."""
    lobby.publish(entry("water"))
    screen = mount(lobby, http_credentials={"username": "somebody", "password": "secret"})
    lobby.answer(401, "", WWW_Authenticate='Basic realm="board"')
    before = lobby.asked
    screen.pass_time(3 * MINUTE)
    assert lobby.asked > before
    assert "/kiosk.json" not in lobby.server.known
    screen.shows("water")
