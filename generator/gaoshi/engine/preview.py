"""The preview: builds the working tree into a scratch folder, serves it on loopback, rebuilds on change."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from gaoshi.core.edition import Edition
from gaoshi.engine.site import render_site
from gaoshi.engine.stage import set_stage
from gaoshi.sources.snapshot import PARTS, open_snapshot

HOST = "127.0.0.1"
WAIT_PATH = "/_preview/wait"
_PATIENCE = 25.0
_SETTLE = 0.15
_LONGEST_SLEEP = timedelta(hours=1)


class Preview:
    """A running preview of the working tree at `root`.

    `clock` gives the instant to show; it is asked at every build. `report` hears of every build:
    the edition, or the error that kept the last good pages standing.
    """

    def __init__(
        self, root: Path, clock: Callable[[], datetime], report: Callable[[Edition | Exception], None]
    ) -> None:
        self.root = root
        self._clock = clock
        self._report = report
        self._scratch = Path(tempfile.mkdtemp(prefix="gaoshi-preview-"))
        self._number = 0
        self._changed = threading.Condition()
        self._touched = threading.Event()
        self._stopped = threading.Event()
        self._next: datetime | None = None
        self._observer = Observer()
        self._server: ThreadingHTTPServer | None = None
        self._builder: threading.Thread | None = None

    # ── building ─────────────────────────────────────────────────────────────────────────────────

    @property
    def folder(self) -> Path:
        """The pages as last built."""
        return self._scratch / str(self._number)

    def build(self) -> Edition:
        """Build once and let open pages know. Raises what building raises; the old pages stay."""
        target = self._scratch / str(self._number + 1)
        try:
            with open_snapshot(self.root, None) as snapshot, set_stage(snapshot, self._clock(), preview=True) as stage:
                render_site(stage, target)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
        self._next = stage.edition.next
        with self._changed:
            self._number += 1
            self._changed.notify_all()
        for old in self._scratch.iterdir():
            if old.name not in {str(self._number), str(self._number - 1)}:
                shutil.rmtree(old, ignore_errors=True)
        return stage.edition

    def wait(self, seen: int, patience: float = _PATIENCE) -> int:
        """The number of the newest build, waiting a while for one newer than `seen`."""
        with self._changed:
            self._changed.wait_for(lambda: self._number > seen or self._stopped.is_set(), patience)
            return self._number

    # ── running ──────────────────────────────────────────────────────────────────────────────────

    def listen(self, port: int) -> str:
        """Open the server and begin to watch; its address. Raises OSError when the port is taken.

        Watching begins before the first build, so that what is saved meanwhile is not missed.
        """
        self._server = _Server((HOST, port), _handler(self))
        for part in PARTS:
            path = self.root / part
            watched = path if path.is_dir() else path.parent
            if watched.is_dir():
                with suppress(OSError):
                    self._observer.schedule(_Touch(self._touched), str(watched), recursive=path.is_dir())
        self._observer.start()
        return f"http://{HOST}:{self._server.server_port}/"

    def run(self) -> None:
        """Serve until stopped, rebuilding when a file changes and when the board changes by itself."""
        assert self._server is not None
        self._builder = threading.Thread(target=self._rebuild, daemon=True)
        self._builder.start()
        try:
            self._server.serve_forever(poll_interval=0.2)
        finally:
            self.stop()

    def _rebuild(self) -> None:
        while not self._stopped.is_set():
            self._touched.wait(self._until_next())
            if self._stopped.is_set():
                return
            # Editors write in several steps; wait until they are done.
            while self._touched.is_set():
                self._touched.clear()
                self._stopped.wait(_SETTLE)
            try:
                outcome: Edition | Exception = self.build()
            except Exception as error:  # noqa: BLE001  (whatever it was, the preview goes on)
                outcome = error
                self._next = None
            self._report(outcome)

    def _until_next(self) -> float:
        if self._next is None:
            return _LONGEST_SLEEP.total_seconds()
        return max(0.1, min(_LONGEST_SLEEP, self._next - self._clock()).total_seconds())

    def stop(self) -> None:
        """End everything and clear the scratch folder."""
        self._stopped.set()
        self._touched.set()
        with self._changed:
            self._changed.notify_all()
        if self._observer.is_alive():
            self._observer.stop()
        if self._server is not None:
            self._server.server_close()
        if self._builder is not None:  # what it is building would else be left behind
            self._builder.join(_PATIENCE)
        shutil.rmtree(self._scratch, ignore_errors=True)


class _Touch(FileSystemEventHandler):
    def __init__(self, touched: threading.Event) -> None:
        self._touched = touched

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in {"created", "modified", "deleted", "moved"}:
            self._touched.set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True


def _handler(preview: Preview) -> type[SimpleHTTPRequestHandler]:
    class Handler(SimpleHTTPRequestHandler):
        """Files of the newest build, and the question whether there is a newer one."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, directory=str(preview.folder), **kwargs)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == WAIT_PATH:
                seen = parse_qs(parts.query).get("seen", ["0"])[0]
                self._answer({"build": preview.wait(int(seen) if seen.isdigit() else 0)})
            else:
                super().do_GET()

        def _answer(self, data: dict[str, int]) -> None:
            body = json.dumps(data).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):
                self.wfile.write(body)

        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            page = preview.folder / "404.html"
            if code == 404 and page.is_file():  # noqa: PLR2004
                body = page.read_bytes()
                self.send_response(code)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            else:
                super().send_error(code, message, explain)

        def end_headers(self) -> None:
            self.send_header("Cache-Control", "no-store")
            super().end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing: the terminal belongs to the builds."""

    return Handler
