"""The small box that shows a screen: its watchdog tells a page that lives from one that hangs; its files are whole."""

from __future__ import annotations

import configparser
import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from lobby import PROJECT, TEMPLATES

BOX = PROJECT / "tools/screen"
DOCUMENT = (PROJECT / "docs/screens.md").read_text(encoding="utf-8")
WELL = "data:text/html,<main id=stage data-role=idle>"
HANGS = "data:text/html,<main id=stage data-role=idle><script>setTimeout(() => { for (;;); }, 1000)</script>"
NOWHERE = "http://127.0.0.1:9/"


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The box's program, less patient."""
    spec = importlib.util.spec_from_file_location("screen_box", BOX / "screen.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "PATIENCE", 8)
    return module


@pytest.fixture
def port(chromium: str, tmp_path: Path) -> Iterator[int]:
    """The debugging port of a Chromium of its own."""
    flags = ["--headless", "--remote-debugging-port=0", f"--user-data-dir={tmp_path}", "--no-first-run"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = subprocess.Popen([chromium, *flags, WELL], start_new_session=True, **quiet)
    told = tmp_path / "DevToolsActivePort"
    until = time.monotonic() + 30
    while not (told.exists() and told.read_text().strip()) and time.monotonic() < until:
        time.sleep(0.1)
    yield int(told.read_text().splitlines()[0])
    os.killpg(running.pid, signal.SIGKILL)  # a page that hangs would outlive its browser
    running.wait(20)


def sees(box: ModuleType, port: int, address: str) -> bool:
    """What the watchdog sees after the page was sent there."""
    box.ask(port, "Page.navigate", url=address)
    time.sleep(2)
    return bool(box.shows(port))


def keeps_answering(box: ModuleType, port: int, address: str) -> None:
    """Send the page there and look for half a minute: a busy machine takes its time to get there."""
    until = time.monotonic() + 30
    sees(box, port, address)
    while time.monotonic() < until:
        box.shows(port)


def crash(box: ModuleType, port: int) -> None:
    """Let the page's process crash, and wait until it has."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            box.ask(port, "Page.crash")
        except box.Crashed:
            return
        except box.Unanswered:
            time.sleep(0.5)
    pytest.fail("the page did not crash")


def test_a_page_that_lives_is_told_from_others(box: ModuleType, port: int) -> None:
    """A screen is seen, an error of the browser is none, and the page can be opened again."""
    assert [sees(box, port, address) for address in (WELL, NOWHERE, WELL)] == [True, False, True]


def test_a_page_that_crashed_is_opened_at_once(
    box: ModuleType, port: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The browser's word that a page crashed stays on the screen for no longer than one look; a sign of life goes out."""
    monkeypatch.setattr(box, "PORT", port)
    crash(box, port)
    with pytest.raises(box.Crashed):
        box.shows(port)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        assert box.look(WELL, 0) == 0
        assert listening.recv(100).startswith(b"WATCHDOG=1")
    time.sleep(2)
    assert box.shows(port)


def test_a_page_that_shows_nothing_is_given_a_minute(
    box: ModuleType, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow page is not opened over and over: only after six looks that saw no screen."""
    monkeypatch.setattr(box, "PORT", port)
    assert not sees(box, port, NOWHERE)
    unwell = 0
    for expected in (1, 2, 3, 4, 5, 0):
        assert not box.shows(port)
        unwell = box.look(WELL, unwell)
        assert unwell == expected
    time.sleep(2)
    assert box.shows(port)


def test_a_page_that_hangs_gives_no_sign_of_life(box: ModuleType, port: int) -> None:
    """A page whose script never ends does not answer, nor does a browser that is not there."""
    with pytest.raises(box.Unanswered):
        keeps_answering(box, port, HANGS)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(box.Unanswered):
        box.shows(silent.getsockname()[1])


def test_systemd_is_told(box: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The sign of life goes to the socket that systemd names."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        box.tell_systemd("WATCHDOG=1")
        assert listening.recv(100) == b"WATCHDOG=1"


def test_the_watchdog_waits_longer_than_a_look_takes(box: ModuleType) -> None:
    """Systemd ends the browser only when several looks in a row had no answer."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(BOX / "gaoshi-screen.service", encoding="utf-8")
    assert unit["Service"].getint("WatchdogSec") >= 2 * (box.EVERY + 20) + box.EVERY
    assert unit["Service"]["Restart"] == "always"


def test_every_file_of_the_box_is_installed(box: ModuleType) -> None:
    """Each file in tools/screen is put somewhere by the documented commands, and each one put is there."""
    commands = "\n".join(line for line in DOCUMENT.splitlines() if line.startswith("    install "))
    named = set(re.findall(r"(?<![\w/.-])[\w-]+\.(?:py|service|timer|pam|json)(?![\w/])", commands))
    assert named == {path.name for path in BOX.iterdir() if path.is_file()}
    unit = (BOX / "gaoshi-screen.service").read_text(encoding="utf-8")
    assert re.findall(r"ExecStart=(\S+)", unit)[0] in commands
    assert json.loads((BOX / "chromium-policy.json").read_text(encoding="utf-8"))["URLAllowlist"]
    assert all(flag.startswith("--") for flag in box.FLAGS)


def test_the_time_is_kept_on_no_disk() -> None:
    """What systemd saved of the time is removed while nothing writes it, and from then on lies in memory only."""
    folder = "/var/lib/systemd/timesync"
    commands = [line.strip() for line in DOCUMENT.splitlines() if line.startswith("    ")]
    steps = (
        "systemctl stop systemd-timesyncd",
        f"rm -f {folder}/clock",
        f"echo 'tmpfs {folder} tmpfs nosuid,nodev,noexec,size=64k,nofail 0 0' >> /etc/fstab",
        f"mount {folder}",
        "systemctl enable --now systemd-timesyncd",
    )
    places = [commands.index(step) for step in steps]
    assert places == sorted(places)


@pytest.mark.parametrize("page", ["screen.html", "chooser.html"])
def test_no_browser_offers_to_translate_a_screen(page: str) -> None:
    """Chromium lays its offer over the clock, in any mode, unless the page says that it wants none."""
    assert '<meta name="google" content="notranslate">' in (TEMPLATES / "kiosk" / page).read_text(encoding="utf-8")


def test_the_box_has_what_it_cannot_do_without() -> None:
    """Cage does not start without Xwayland; a browser that may translate, or sign in, asks for that over the notices."""
    installed = re.search(r"apt-get install .*?(?=\n    \w+ --system)", DOCUMENT, re.DOTALL)
    assert installed
    assert {"cage", "xwayland", "chromium", "chromium-sandbox", "fonts-noto-cjk", "kbd"} <= set(installed[0].split())
    policy = json.loads((BOX / "chromium-policy.json").read_text(encoding="utf-8"))
    assert (policy["TranslateEnabled"], policy["AuthSchemes"]) == (False, "")
