"""The sample board's screens as they are published: they show what the generator says, for weeks without a network."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from gzip import compress
from pathlib import Path
from typing import Any

import pytest
from lobby import DAY, HOUR, MINUTE, SECOND, START, Screen
from playwright.sync_api import Browser

from board_server import BoardServer

SCREENS = ("lobby-1", "lobby-4")
LATER = (timedelta(0), HOUR, 7 * HOUR, DAY, 34 * HOUR, 3 * DAY + MINUTE, 8 * DAY, 20 * DAY)


def gaoshi(*arguments: str | Path) -> str:
    """What a command prints; it must go well enough to publish."""
    result = subprocess.run(
        [sys.executable, "-m", "gaoshi.cli", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert result.returncode in {0, 1}, result.stderr[-3000:]
    return result.stdout


class Published:
    """The sample board as it was published at START, on a server whose clock stands there."""

    def __init__(self, origin: Path, folder: Path) -> None:
        self.origin = origin
        self.folder = folder
        gaoshi("build", "--at", START.isoformat(), "-o", folder, "--project", origin)
        self.server = BoardServer(folder, START)
        self.address = ""
        self._said: dict[datetime, dict[str, Any]] = {}

    def for_screen(self, screen: str) -> Published:
        """The same, for one of its screens."""
        self.server.stop(START)
        self.address = f"{self.server.address}kiosk/{screen}/"
        return self

    def expected(self, screen: str, at: datetime) -> dict[str, str]:
        """What the generator says that a screen's slides show at an instant, with the role of each."""
        if at not in self._said:
            form = ("--rev", "HEAD", "--format", "json", "--project", self.origin)
            told = json.loads(gaoshi("screens", "--at", at.isoformat(), *form))
            self._said[at] = {each["id"]: each["shows"] for each in told["screens"]}
        shows = {each["id"]: each["role"] for each in self._said[at][screen]}
        over = {notice: role for notice, role in shows.items() if role == "takeover"}
        return over or shows


@pytest.fixture(scope="module")
def published(sample_origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """The sample board, published."""
    found = Published(sample_origin, tmp_path_factory.mktemp("published") / "site")
    yield found
    found.server.close()


ROUND = """() => {
  const stage = document.getElementById("stage"), found = {};
  const count = Number(document.querySelector(".frame__count").textContent.split("/")[1] ?? 1);
  for (let i = 0; i < count; i++) {
    for (const notice of stage.dataset.shows.split(" ").filter(Boolean)) found[notice] = stage.dataset.role;
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
  }
  return found;
}"""


def shown(screen: Screen) -> dict[str, str]:
    """What the slides of the whole round show, with the role of each."""
    found: dict[str, str] = screen.page.evaluate(ROUND)
    return found


@pytest.mark.parametrize("name", SCREENS)
def test_it_shows_what_the_generator_says(browser: Browser, published: Published, name: str) -> None:
    """At each instant, without a network since the first, a screen shows what the generator says of that instant."""
    screen = Screen(browser, published.for_screen(name))
    screen.open()
    screen.offline()
    for later in LATER:
        screen.skip(START + later - published.server.now())
        screen.pass_time(SECOND)
        assert shown(screen) == published.expected(name, START + later), later
    screen.restart()
    assert shown(screen) == published.expected(name, START + LATER[-1])
    assert screen.problems == []
    screen.context.close()


def test_a_screen_is_light(browser: Browser, published: Published) -> None:
    """All that a screen's page and its worker consist of, without pictures and notices, is at most 60 KB when packed."""
    site = published.for_screen("lobby-1")
    already = len(site.server.sent)
    screen = Screen(browser, site)
    screen.open()
    screen.context.close()
    own = ("/kiosk/app/", "/kiosk/sw.js", "/kiosk/lobby-1/")
    loaded = {path for path, _ in site.server.sent[already:] if path.startswith(own)}
    assert {".js", ".css", ".svg", ""} == {Path(path).suffix for path in loaded}
    files = [site.folder / (path[1:] + ("index.html" if path.endswith("/") else "")) for path in loaded]
    assert sum(len(compress(file.read_bytes(), mtime=0)) for file in files) <= 60 * 1024
