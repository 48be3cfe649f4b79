"""What `gaoshi watch` says of itself: lines of its log, and its status file."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from gaoshi.core.failure import Failure
from gaoshi.core.instants import iso
from gaoshi.core.published import Published
from gaoshi.core.watching import Health
from gaoshi.core.words import Catalogue
from gaoshi.engine.order import Happening
from gaoshi.engine.place import NoPlace
from gaoshi.engine.publisher import Publisher
from gaoshi.engine.replace import NotOurs
from gaoshi.sources.remote import Remote

FORMAT = 1
_HEARTBEAT = timedelta(minutes=1)
"""A status file that has not been written for longer than this belongs to a watch that is gone."""


class Report:
    """The log on standard error, and the status file at `path` (None: none)."""

    def __init__(self, catalogue: Catalogue, path: Path | None) -> None:
        self._catalogue = catalogue
        self._path = path
        self._written: tuple[datetime, dict[str, Any]] = (datetime.now(UTC), {})
        self._since: tuple[Health | None, datetime | None] = (None, None)
        self._unwritten = False

    # ── the log ──────────────────────────────────────────────────────────────────────────────────

    def log(self, event: Happening, now: datetime) -> None:
        """One line of the log, and one for each thing that the build said for the first time."""
        words = self._catalogue
        values = {
            name: iso(value, UTC) if isinstance(value, datetime) else value for name, value in event.values.items()
        }
        if "why" in values:
            values["why"] = words.text(f"cli.watch.why.{getattr(values['why'], 'value', '')}")
        sentence = words.text(f"cli.watch.said.{event.what}", **values)
        if event.failure is not None:
            sentence = f"{sentence}{words.text('cli.watch.because')}{self._sentence(event.failure)}"
        lines = [sentence, *event.lines]
        if event.same:
            lines.append(words.text("cli.watch.said.same", count=event.same))
        if event.gone:
            lines.append(words.text("cli.watch.said.no-longer", ids=", ".join(map(self._withheld, event.gone))))
        self._print(event.level, "\n  ".join(lines).split("\n"), now)

    def _withheld(self, line: str) -> str:
        """The notice that the build, which speaks the same language, said was withheld."""
        before, _, after = self._catalogue.text("cli.withheld", id="\n").partition("\n")
        return line.removeprefix(before).removesuffix(after)

    def _print(self, level: str, lines: Iterable[str], now: datetime) -> None:
        stamp = now.astimezone().isoformat(timespec="seconds")
        label = self._catalogue.text(f"cli.watch.level.{level}")
        with contextlib.suppress(OSError):  # a full disk, or nobody who reads: the board comes first
            for line in lines:
                click.echo(f"{stamp} {label} {line}", err=True)

    def _sentence(self, failure: Failure) -> str:
        return self._catalogue.text(failure.sentence, **failure.values)

    # ── the status ───────────────────────────────────────────────────────────────────────────────

    def status(self, publisher: Publisher, now: datetime, *, stopped: bool = False) -> str:
        """How the board stands, in a sentence; the status file is written when something of it has changed."""
        state = Health.STOPPED if stopped else publisher.state()
        if state is not self._since[0]:
            self._since = (state, now)
        data = {
            "state": state.value,
            "since": iso(self._since[1], UTC),
            "remote": publisher.remote.name,
            "branch": publisher.remote.branch,
            "newest": publisher.newest.revision if publisher.newest is not None else None,
            "published": _published(publisher.published()),
            "confirmed": iso(publisher.afterwards.confirmed, UTC) if publisher.afterwards is not None else None,
            "last_fetch": iso(publisher.last_fetch, UTC),
            "error": self._error(publisher),
        }
        if self._path is not None and (data != self._written[1] or abs(now - self._written[0]) >= _HEARTBEAT):
            self._write(self._path, {"format": FORMAT, "at": iso(now, UTC), **data}, now)
            self._written = (now, data)
        return self._catalogue.text(f"cli.watch.state.{state.value}")

    def refused(self, remote: Remote, error: NotOurs | NoPlace, now: datetime) -> None:
        """Say in the status file that no board can stand in the folder, which was found before anything was done."""
        if self._path is None:
            return
        text = self._catalogue.text
        sentence = text("cli.engine.NotOurs", detail=error) if isinstance(error, NotOurs) else self._sentence(error)
        at = iso(now, UTC)
        unknown = dict.fromkeys(("newest", "published", "confirmed", "last_fetch"))
        what = {"what": "folder", "at": at, "revision": None, "exit_status": None, "message": sentence}
        data = {"state": Health.FAILING.value, "since": at, "remote": remote.name, "branch": remote.branch}
        self._write(self._path, {"format": FORMAT, "at": at, **data, **unknown, "error": what}, now)

    def beat(self, publisher: Publisher, now: datetime) -> None:
        """Say that the watch lives, also while a build or the remote keeps it waiting for minutes."""
        if self._path is not None and abs(now - self._written[0]) >= _HEARTBEAT:
            self.status(publisher, now)

    def _error(self, publisher: Publisher) -> dict[str, Any] | None:
        """What is wrong now: with the newest revision first, then with the remote."""
        mishap, trouble = publisher.mishap, publisher.trouble
        if mishap is not None:
            last = mishap.built.said[-1] if mishap.built.said else self._catalogue.text("cli.watch.no_words")
            return {
                "what": "build",
                "at": iso(mishap.at, UTC),
                "revision": mishap.source.revision,
                "exit_status": mishap.built.status,
                "message": last,
            }
        if trouble is not None:
            return {
                "what": trouble.what,
                "at": iso(publisher.trouble_since, UTC),
                "revision": None,
                "exit_status": None,
                "message": self._sentence(trouble),
            }
        return None

    def _write(self, path: Path, data: dict[str, Any], now: datetime) -> None:
        """Whole or not at all; when it cannot be written, the log says so once and the board goes on."""
        try:
            _write_whole(path, json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n")
            self._unwritten = False
        except OSError as error:
            if not self._unwritten:
                text = self._catalogue.text("cli.watch.said.no-status", path=path, detail=error.strerror or error)
                self._print("error", [text], now)
            self._unwritten = True


def _published(board: Published | None) -> dict[str, Any] | None:
    if board is None:
        return None
    return {
        "revision": board.revision,
        "records": list(board.records),
        "at": iso(board.at, UTC),
        "next": iso(board.next, UTC),
        "due": iso(board.due, UTC),
        "notices": len(board.notices),
    }


def _write_whole(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
