"""A lobby with a screen, served on loopback, in real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lobby import Lobby, Screen
from playwright.sync_api import Browser


@pytest.fixture
def lobbies(tmp_path: Path) -> Iterator[Callable[..., Lobby]]:
    """Lobbies by what their screen's settings say otherwise."""
    made: list[Lobby] = []

    def make(**screen: Any) -> Lobby:
        made.append(Lobby(tmp_path / f"site-{len(made)}", **screen))
        return made[-1]

    yield make
    for each in made:
        each.server.close()


@pytest.fixture
def lobby(lobbies: Callable[..., Lobby]) -> Lobby:
    """A lobby with the usual settings."""
    return lobbies()


@pytest.fixture
def mount(browser: Browser) -> Iterator[Callable[..., Screen]]:
    """Screens for a lobby, opened; their clock may be `wrong`. No script of theirs may have failed in the end."""
    made: list[Screen] = []

    def make(lobby: Lobby, wrong: timedelta = timedelta(0), **options: Any) -> Screen:
        made.append(Screen(browser, lobby, wrong, **options))
        made[-1].open()
        return made[-1]

    yield make
    for each in made:
        each.context.close()
    assert [problem for each in made for problem in each.problems] == []
