"""A small web server for tests: serves a built board as a good host does, compressed, on loopback only."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_COMPRESSED = ("text/", "application/json", "application/javascript", "application/xml", "image/svg+xml")
_TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".webp": "image/webp", ".xml": "application/xml"}

Answer = tuple[int, dict[str, str], bytes]
"""A status, headers and a body."""


class BoardServer:
    """Serves one folder until it is closed; its own time runs from `at`, until it is stopped.

    `folder` may be exchanged. `sent` has every answer: its path, and its bytes on the wire; `asked` every question:
    method, path and status; `known` the paths that were asked for with a cookie or a password. `instead` may answer a path with something else.
    """

    def __init__(self, folder: Path, at: datetime) -> None:
        self.folder = folder
        self.sent: list[tuple[str, int]] = []
        self.asked: list[tuple[str, str, int]] = []
        self.known: list[str] = []
        self.instead: Callable[[str], Answer | None] = lambda _: None
        self.set(at)
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def set(self, at: datetime) -> None:
        """Set its clock, which runs on from there."""
        self._stopped = False
        self._zero = at.astimezone(UTC) - timedelta(seconds=time.monotonic())

    def stop(self, at: datetime) -> None:
        """Set its clock and stop it there."""
        self._stopped = True
        self._zero = at.astimezone(UTC)

    def now(self) -> datetime:
        """What time it has."""
        return self._zero if self._stopped else self._zero + timedelta(seconds=time.monotonic())

    def now_for(self, reader: Message) -> datetime:
        """What time it has for a reader with these headers; one whose clock is a test's says it (`X-Time`, in seconds)."""
        said = reader.get("X-Time")
        return datetime.fromtimestamp(float(said), UTC) if said else self.now()

    @property
    def address(self) -> str:
        """Where it is, ending in a slash."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    request_queue_size = 64  # whoever finds no room in the queue tries again after a second
    daemon_threads = True

    def __init__(self, board: BoardServer) -> None:
        self.board = board
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a reader who went on to another page."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each body waits 40 ms for the acknowledgement of its head

    def do_GET(self) -> None:
        name = urlsplit(self.path).path
        instead = self.server.board.instead(name)
        if instead is not None:
            self._send(*instead)
            return
        folder = self.server.board.folder
        path = folder / unquote(name).lstrip("/")
        if path.is_dir():
            path /= "index.html"
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            self._send_file(200, path)
        else:
            self._send_file(404, folder / "404.html")

    def do_HEAD(self) -> None:
        self.do_GET()

    def _send_file(self, status: int, path: Path) -> None:
        body = path.read_bytes()
        kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        lasting = path.parent.name == "assets"  # named by their content
        headers = {
            "Content-Type": f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
            "Cache-Control": "max-age=31536000, immutable" if lasting else "no-cache",
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
        }
        if headers["ETag"] == self.headers.get("If-None-Match"):
            status, body = 304, b""
        self._send(status, headers, body)

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Date", format_datetime(self.server.board.now_for(self.headers), usegmt=True))
        zipped = "gzip" in self.headers.get("Accept-Encoding", "")
        if body and zipped and headers.get("Content-Type", "").startswith(_COMPRESSED):
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        if self.command == "HEAD":
            body = b""
        if self.headers.get("Cookie") or self.headers.get("Authorization"):
            self.server.board.known.append(self.path)
        self.server.board.asked.append((self.command, self.path, status))
        self.server.board.sent.append((self.path, sum(map(len, self._headers_buffer)) + len("\r\n") + len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
