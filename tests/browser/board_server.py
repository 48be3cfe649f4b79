"""A small web server for tests: serves a built board as a good host does, compressed, on loopback only."""

from __future__ import annotations

import gzip
import mimetypes
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

_COMPRESSED = ("text/", "application/json", "application/javascript", "application/xml", "image/svg+xml")
_TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".webp": "image/webp", ".xml": "application/xml"}


class BoardServer:
    """Serves one folder until it is closed. `sent` has every answer: its path, and its bytes on the wire."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sent: list[tuple[str, int]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(folder, self.sent))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Where it is, ending in a slash."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(folder: Path, sent: list[tuple[str, int]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = folder / unquote(urlsplit(self.path).path).lstrip("/")
            if path.is_dir():
                path /= "index.html"
            if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
                self._send(200, path)
            else:
                self._send(404, folder / "404.html")

        def _send(self, status: int, path: Path) -> None:
            body = path.read_bytes()
            kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
            lasting = path.parent.name == "assets"  # named by their content
            self.send_header("Cache-Control", "max-age=31536000, immutable" if lasting else "no-cache")
            if kind.startswith(_COMPRESSED) and "gzip" in self.headers.get("Accept-Encoding", ""):
                body = gzip.compress(body, mtime=0)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            sent.append((self.path, sum(map(len, self._headers_buffer)) + len("\r\n") + len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
