"""`gaoshi serve`: a preview that keeps up with what is saved and leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

A = "2026-11/a"


class Server:
    """A running `gaoshi serve`; what it says is read as it comes."""

    def __init__(self, estate: Any, scratch: Path, *arguments: str) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gaoshi.cli", "serve", "--port", "0", "--project", str(estate.root), *arguments],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"TMPDIR": str(scratch)},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        ready = self.wait_for(r"http://127\.0\.0\.1:(\d+)/")
        self.port = int(ready[1])

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)

    def wait_for(self, pattern: str, since: int = 0, patience: float = 40) -> re.Match[str]:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            for line in self.lines[since:]:
                if found := re.search(pattern, line):
                    return found
            assert self.process.poll() is None or self._reader.is_alive(), self.lines
            time.sleep(0.02)
        raise AssertionError(f"never said {pattern}: {self.lines}")

    def get(self, path: str, patience: float = 40) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=patience)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        status = self.process.wait(timeout=40)
        self._reader.join()
        assert self.process.stderr is not None
        self.process.stderr.close()
        return status


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Where the server keeps its temporary files."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def served(estate: Any, scratch: Path) -> Iterator[Server]:
    """A preview of an estate with one notice, with its clock at the sample's instant."""
    estate.notice(A, title="第一个标题")
    estate.commit()
    server = Server(estate, scratch, "--at", estate.at)
    yield server
    if server.process.poll() is None:
        server.stop(signal.SIGKILL)


def test_the_preview_answers_rebuilds_and_leaves_nothing(served: Server, estate: Any, scratch: Path) -> None:
    """It answers, tells waiting pages of a change, keeps the last good pages, and ends on Ctrl+C without a trace."""
    status, page = served.get("/")
    assert (status, "第一个标题" in page) == (200, True)
    assert served.get(f"/notices/{A}/")[0] == 200
    assert served.get("/nowhere/")[0] == 404
    assert served.get("/../../etc/passwd")[0] == 404
    number = json.loads(served.get("/_preview/wait?seen=0")[1])["build"]

    # A page that waits is answered as soon as something is saved.
    answer: list[dict[str, int]] = []
    waiting = threading.Thread(target=lambda: answer.append(json.loads(served.get(f"/_preview/wait?seen={number}")[1])))
    waiting.start()
    estate.notice(A, title="第二个标题")
    waiting.join(30)
    assert answer
    assert answer[0]["build"] > number
    assert "第二个标题" in served.get("/")[1]

    # While the settings are broken the last good pages stay, and the terminal says why.
    good = (estate.root / "mkdocs.yml").read_bytes()
    said = len(served.lines)
    estate.write("mkdocs.yml", "plugins: [\n")
    served.wait_for("mkdocs.yml cannot be read", said)
    assert "第二个标题" in served.get("/")[1]
    said = len(served.lines)
    estate.write("mkdocs.yml", good)
    served.wait_for("updated: 1 live", said)

    assert served.stop() == 0
    assert "Traceback" not in "".join(served.lines)
    assert list(scratch.iterdir()) == []
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", served.port), timeout=5):
        pass


def test_only_this_machine_is_answered(served: Server) -> None:
    """The preview listens on the loopback address and on no other."""
    number = f"{served.port:04X}"
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        lines = Path(table).read_text().splitlines()[1:] if Path(table).exists() else []
        listening = [
            line.split()[1] for line in lines if line.split()[3] == "0A" and line.split()[1].endswith(f":{number}")
        ]
        assert all(address == f"0100007F:{number}" for address in listening)


def test_ctrl_c_during_a_build_leaves_nothing(served: Server, estate: Any, scratch: Path) -> None:
    """Stopped in the middle of a build, the preview still clears its scratch folders away."""
    estate.notice("2026-11/b")
    deadline = time.monotonic() + 30
    while not [path for path in scratch.iterdir() if not path.name.startswith("gaoshi-preview-")]:
        assert time.monotonic() < deadline, "it never began to build"
        time.sleep(0.001)
    assert served.stop() == 0
    assert list(scratch.iterdir()) == []


def test_a_port_in_use_is_told(estate: Any) -> None:
    """When the port is taken: a sentence that says what to do, exit status 2."""
    estate.notice(A)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = estate.run("serve", "--port", str(port))
    assert (run.status, run.err) == (2, f"Port {port} is in use; choose another one with --port.\n")


def test_broken_settings_at_the_start_are_told(estate: Any) -> None:
    """Without settings there is nothing to preview: exit status 3."""
    estate.write("mkdocs.yml", "plugins: [\n")
    assert estate.run("serve", "--port", "0").status == 3
