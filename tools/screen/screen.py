#!/usr/bin/env python3
"""Show a screen's page in Chromium, and tell systemd only as long as the page lives.

Starts cage with Chromium, asks the page every ten seconds through Chromium's own debugging port (on loopback) what it
shows, and gives systemd a sign of life when it answers. A browser that hangs gives none, so systemd ends everything and
starts it anew. A page that crashed is opened again at once, one that could not be loaded after a minute.
docs/screens.md says how to set it up.

Standard library only: Debian's python3 is enough. From the environment: GAOSHI_SCREEN (the page's address),
GAOSHI_ROTATE (90, 180 or 270 degrees clockwise), GAOSHI_FLAGS (more flags for Chromium).
"""

from __future__ import annotations

import base64
import json
import os
import shlex
import signal
import socket
import struct
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

EVERY = 10  # seconds between two looks
LOADING = 6  # looks until a page that shows no screen is opened again; a slow box takes its time
PATIENCE = 20  # seconds that an answer may take
PORT = 9222
HOME = "/var/lib/gaoshi-screen"
FLAGS = (
    "--kiosk",
    "--ozone-platform=wayland",
    f"--user-data-dir={HOME}/chromium",
    "--no-first-run",
    "--no-default-browser-check",
    "--noerrdialogs",
    "--hide-crash-restore-bubble",
    "--disable-hang-monitor",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--password-store=basic",
)
LOOK = """new Promise((done) => setTimeout(
  () => done(Boolean(document.querySelector("#stage[data-role], .chooser"))), 50))"""
OPEN = "Page.navigate"
TURNS = ("0", "90", "180", "270")  # degrees
TWO_BYTES, EIGHT_BYTES = 126, 127  # how a frame says that its size follows


def command(address: str, rotate: int = 0, more: str = "") -> list[str]:
    """Cage with Chromium in it, turned by `rotate` degrees clockwise."""
    browser = ["chromium", *FLAGS, f"--remote-debugging-port={PORT}", *shlex.split(more), address]
    if not rotate:
        return ["cage", "-d", "--", *browser]
    if " -r" in subprocess.run(["cage", "-h"], capture_output=True, text=True, check=False).stdout:
        return ["cage", "-d", *["-r"] * (rotate // 90), "--", *browser]
    turn = f"""wlr-randr --output "$(wlr-randr | sed -n '1s/ .*//p')" --transform {rotate}; exec "$@\""""
    return ["cage", "-d", "--", "sh", "-c", turn, "sh", *browser]


class Unanswered(Exception):
    """The browser or its page gave no answer."""


class Crashed(Unanswered):
    """The page's process is gone; the browser shows that instead."""


def ask(port: int, method: str, **parameters: Any) -> dict[str, Any]:
    """What the page answers to a command of Chromium's DevTools protocol. Raises Unanswered, or Crashed."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/json/list", timeout=PATIENCE) as answer:
            pages = [each for each in json.load(answer) if each["type"] == "page"]
        address = urlsplit(pages[0]["webSocketDebuggerUrl"])
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as link:
            _greet(link, address.path, port)
            for number, (asked, given) in enumerate([("Inspector.enable", {}), (method, parameters)]):
                _send(link, json.dumps({"id": number, "method": asked, "params": given}).encode())
            until = time.monotonic() + PATIENCE
            while time.monotonic() < until:
                said = json.loads(_receive(link))
                if said.get("id") == 1:
                    return dict(said.get("result", {}))
                if said.get("method") == "Inspector.targetCrashed" and method != OPEN:
                    raise Crashed("the page crashed")
    except (OSError, ValueError, LookupError, struct.error) as problem:
        raise Unanswered(str(problem)) from problem
    raise Unanswered("the page does not answer")


def shows(port: int) -> bool:
    """Whether the page shows a screen. Raises Crashed, or Unanswered where nothing answers: its script hangs."""
    found = ask(
        port, "Runtime.evaluate", expression=LOOK, awaitPromise=True, returnByValue=True, timeout=PATIENCE * 1000
    )
    if "result" not in found:
        raise Unanswered("the page does not answer")
    return found["result"].get("value") is True


def _greet(link: socket.socket, path: str, port: int) -> None:
    key = base64.b64encode(os.urandom(16)).decode()
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
    )
    link.sendall("\r\n".join((*lines, "", "")).encode())
    said = b""
    while not said.endswith(b"\r\n\r\n"):
        said += _exactly(link, 1)
    if b" 101 " not in said.partition(b"\r\n")[0]:
        raise ValueError("the browser takes no questions")


def _send(link: socket.socket, text: bytes) -> None:
    mask = os.urandom(4)
    size = (
        struct.pack("!B", 0x80 | len(text))
        if len(text) < TWO_BYTES
        else struct.pack("!BH", 0x80 | TWO_BYTES, len(text))
    )
    link.sendall(b"\x81" + size + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(text)))


def _receive(link: socket.socket) -> bytes:
    """One whole message."""
    message = b""
    while True:
        first, size = _exactly(link, 2)
        if size == TWO_BYTES:
            (size,) = struct.unpack("!H", _exactly(link, 2))
        elif size == EIGHT_BYTES:
            (size,) = struct.unpack("!Q", _exactly(link, 8))
        message += _exactly(link, size)
        if first & 0x80:
            return message


def _exactly(link: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        part = link.recv(count - len(found))
        if not part:
            raise ValueError("the browser hung up")
        found += part
    return found


def tell_systemd(message: str) -> None:
    """Nothing happens where systemd did not start us."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
            link.sendto(message.encode(), "\0" + address[1:] if address.startswith("@") else address)


def main() -> int:
    """Run until the browser ends; its end is ours, and systemd starts us again."""
    address, turned = os.environ.get("GAOSHI_SCREEN", ""), os.environ.get("GAOSHI_ROTATE") or "0"
    if not address:
        print("Say in /etc/default/gaoshi-screen which page to show: GAOSHI_SCREEN=https://…/kiosk/", file=sys.stderr)
        return 2
    if turned not in TURNS:
        print(f"GAOSHI_ROTATE={turned} in /etc/default/gaoshi-screen: put 90, 180 or 270 there", file=sys.stderr)
        turned = "0"
    browser = subprocess.Popen(command(address, int(turned), os.environ.get("GAOSHI_FLAGS", "")))
    signal.signal(signal.SIGTERM, lambda *_: browser.terminate())
    tell_systemd("READY=1")
    unwell = 0
    while True:
        try:
            return browser.wait(EVERY)
        except subprocess.TimeoutExpired:
            pass
        try:
            unwell = look(address, unwell)
        except Unanswered as problem:
            tell_systemd(f"STATUS=no answer: {problem}")


def look(address: str, unwell: int) -> int:
    """Look once, do what is needed, give the sign of life.

    So many looks before this one saw no screen: `unwell`; the result is that number anew. Raises Unanswered where there
    is no life.
    """
    try:
        unwell = 0 if shows(PORT) else unwell + 1
    except Crashed:
        unwell = LOADING
    if unwell == LOADING:
        ask(PORT, OPEN, url=address)
        unwell = 0
        tell_systemd("WATCHDOG=1\nSTATUS=opens the page again")
    else:
        tell_systemd("WATCHDOG=1\nSTATUS=" + ("waits for the page" if unwell else "shows the screen"))
    return unwell


if __name__ == "__main__":
    sys.exit(main())
