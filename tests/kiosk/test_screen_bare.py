"""A browser that refuses what a screen would like to have, in the rudest way, shows the notices all the same."""

from __future__ import annotations

import pytest
from lobby import Lobby, Mount, entry
from playwright.sync_api import expect

RUDE = {
    "no service worker": "ServiceWorkerContainer.prototype.register = () => { throw new Error('broken'); };",
    "no way to ask for one": "Object.defineProperty(Navigator.prototype, 'serviceWorker', { get() { throw new Error('broken'); } });",
    "no wake lock": "WakeLock.prototype.request = () => { throw new Error('broken'); };",
    "no way to ask for that": "Object.defineProperty(Navigator.prototype, 'wakeLock', { get() { throw new Error('broken'); } });",
    "no lasting storage": "StorageManager.prototype.persist = () => { throw new Error('broken'); };",
}


@pytest.mark.parametrize("rude", RUDE.values(), ids=list(RUDE))
def test_it_shows_the_notices_all_the_same(lobby: Lobby, mount: Mount, rude: str) -> None:
    """What the browser throws when it is asked for something stops nothing."""
    lobby.publish(entry("water"))
    screen = mount(lobby)
    screen.context.add_init_script(rude)
    screen.page.reload()
    expect(screen.page.locator("#stage[data-role]")).to_have_count(1)
    screen.settle()
    screen.shows("water")
