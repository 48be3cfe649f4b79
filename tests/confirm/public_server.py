"""A public site for tests, on loopback: it serves what it holds in memory, and lies where it is told to."""

from __future__ import annotations

import mimetypes
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CLOCK = "?clock"
"""Where pages ask for the time."""
_TYPES = {".js": "text/javascript", ".xml": "application/xml", ".json": "application/json", ".html": "text/html"}

Lie = Callable[[BaseHTTPRequestHandler, int], None]
"""Answers a request, the so-manieth of its path, instead of the server."""


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a built site by its path from the root, pages as they are asked for."""
    return {
        path.relative_to(folder).as_posix().removesuffix("index.html"): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # whoever finds no room in the queue tries again after a second


class PublicServer:
    """Serves `files`, below `prefix`, until it is closed.

    `lies` take over single paths, `any_lie` every one. `asked` has every request: its path and its headers.
    """

    def __init__(self, files: Mapping[str, bytes], prefix: str = "/") -> None:
        self.files = dict(files)
        self.prefix = prefix
        self.lies: dict[str, Lie] = {}
        self.any_lie: Lie | None = None
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._server.server_port

    @property
    def address(self) -> str:
        """The board's address, ending in a slash."""
        return f"http://127.0.0.1:{self.port}{self.prefix}"

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for."""
        return [path for path, _ in self.asked]

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def edit(self, path: str, old: str, new: str) -> None:
        """Change one thing in a file; it must be there."""
        text = self.files[path].decode()
        assert old in text, f"{old!r} is not in {path}"
        self.files[path] = text.replace(old, new, 1).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # or each body waits 40 ms for the acknowledgement of its head

            def do_HEAD(self) -> None:
                self.do_GET()

            def do_GET(self) -> None:
                path = self.path.removeprefix(site.prefix)
                self.path = self.path.removesuffix("?clock")  # for whoever lies about every path
                with site._lock:
                    number = site.paths.count(path)
                    site.asked.append((path, dict(self.headers)))
                    site.at_once += 1
                    site.most_at_once = max(site.most_at_once, site.at_once)
                try:
                    lie = site.lies.get(path) or site.any_lie
                    if lie is not None:
                        lie(self, number)
                    else:
                        site.serve(self, path)
                except OSError:
                    self.close_connection = True
                finally:
                    with site._lock:
                        site.at_once -= 1

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def serve(self, handler: BaseHTTPRequestHandler, path: str) -> None:
        """Answer truthfully, or 404."""
        if path in self.files:
            send(handler, self.files[path], kind=kind_of(path))
        elif path == CLOCK:
            send(handler, self.files[""])
        else:
            send(handler, self.files.get("404.html", b"gone"), status=404)


def kind_of(path: str) -> str:
    """The media type that a file is sent with."""
    suffix = Path(path).suffix or ".html"
    return _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def send(
    handler: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, kind: str = "text/html", **headers: str
) -> None:
    """Send an answer; `headers` with underscores for dashes, `Content_Length` among them if it is to be wrong."""
    handler.send_response(status)
    named = {"Content_Type": kind, "Content_Length": str(len(body)), **headers}
    for name, value in named.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


def endless(handler: BaseHTTPRequestHandler, _: int) -> None:
    """Go on for ever."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 100_000)


def drip(handler: BaseHTTPRequestHandler, _: int) -> None:
    """Send a byte now and then, for longer than anybody waits."""
    handler.send_response(200)
    handler.end_headers()
    for _byte in range(1000):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)
