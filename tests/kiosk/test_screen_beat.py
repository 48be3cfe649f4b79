"""The heartbeat: an address of the estate's own is told how a screen is, often enough, never too often."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from lobby import HOUR, MINUTE, SECOND, START, Lobby, Mount, entry


class Listener(ThreadingHTTPServer):
    """Takes what screens say, as a healthchecks server does: any body, on POST, and nothing else."""

    daemon_threads = True

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []
        self.status = 200
        super().__init__(("127.0.0.1", 0), _Ping)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}/ping/2f1b"


class _Ping(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.headers["Content-Type"], json.loads(body)))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_OPTIONS(self) -> None:
        """Nobody asks a server of healthchecks whether he may: that would be an error of the page."""
        self.server.heard.append(("OPTIONS", None))
        self.send_error(405)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server that takes heartbeats."""
    running = Listener()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def lobby(lobbies: Any, listener: Listener) -> Lobby:
    """A lobby whose screen has a heartbeat."""
    made: Lobby = lobbies(heartbeat=listener.address)
    return made


def test_it_says_how_the_screen_is(lobby: Lobby, mount: Mount, listener: Listener) -> None:
    """It says what the screen shows, which manifest it has, how wrong its date is and when it heard the server, as plain text."""
    made = lobby.publish(entry("water"), entry("heating"), entry("to-come", begins=START + HOUR))
    screen = mount(lobby, HOUR)
    screen.pass_time(20 * SECOND)
    kind, facts = listener.heard[-1]
    assert kind.startswith("text/plain")
    assert facts["screen"] == "lobby-1"
    assert facts["shows"] == ["2026-11/water", "2026-11/heating"]
    assert facts["sequence"] == made["sequence"]
    assert abs(facts["skew"] - 3600) <= 2
    assert facts["contact"].startswith("2026-11-24T02:00:")
    assert facts["verified"] is True


def test_it_beats_every_five_minutes_and_with_every_change(lobby: Lobby, mount: Mount, listener: Listener) -> None:
    """It is not told each slide: every five minutes, and when other notices are shown."""
    lobby.publish(entry("water"), entry("heating", leaves=START + 31 * MINUTE))
    screen = mount(lobby)
    screen.pass_time(2 * MINUTE)
    before = len(listener.heard)
    screen.pass_time(28 * MINUTE)
    assert 4 <= len(listener.heard) - before <= 6
    before = len(listener.heard)
    screen.pass_time(2 * MINUTE)
    assert ["2026-11/water"] in [facts["shows"] for _, facts in listener.heard[before:]]
    assert "OPTIONS" not in [kind for kind, _ in listener.heard]


def test_a_dead_address_disturbs_nothing(lobby: Lobby, mount: Mount, listener: Listener) -> None:
    """An address that does not answer, or with an error, is not asked more often, and the screen goes on."""
    listener.status = 500
    lobby.publish(entry("water"))
    screen = mount(lobby)
    screen.pass_time(11 * MINUTE)
    assert len(listener.heard) <= 4
    listener.shutdown()
    listener.server_close()
    screen.pass_time(6 * MINUTE)
    screen.shows("water")
    assert screen.mark() == "well"
