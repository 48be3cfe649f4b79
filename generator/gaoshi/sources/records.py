"""The publication log in `records/log/`: when a notice first appeared (format 1, see docs/formats.md)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from gaoshi.core.finding import Position
from gaoshi.core.instants import YEARS
from gaoshi.core.notice import Problem
from gaoshi.sources.snapshot import RECORDS, Snapshot

LOG = f"{RECORDS}/log"
_MAX_BYTES = 65536


@dataclass(frozen=True, slots=True)
class Log:
    """When each notice first appeared on a channel that owners read; and entries that say nothing."""

    appeared: Mapping[str, datetime]
    problems: tuple[Problem, ...] = ()


def read_log(snapshot: Snapshot, ids: Collection[str]) -> Log:
    """The first appearance of each of `ids`."""
    # Listed by month: few paths, and not what was logged in all the years before.
    months = sorted({f"{LOG}/{notice_id.partition('/')[0]}" for notice_id in ids})
    entries = [
        entry
        for entry in (snapshot.entries(*months) if months else ())
        if entry.form == "file" and entry.path.endswith("-appeared.json") and _notice_id(entry.path) in ids
    ]
    sizes = snapshot.repository.sizes(entry.id for entry in entries)
    contents = dict(snapshot.repository.blobs(entry.id for entry in entries if sizes.get(entry.id, 0) <= _MAX_BYTES))
    appeared: dict[str, datetime] = {}
    problems = []
    for entry in entries:
        notice_id = _notice_id(entry.path)
        at = _instant(contents.get(entry.id, b""), notice_id)
        if at is None:
            problems.append(Problem("log-unreadable", Position(entry.path)))
        elif notice_id not in appeared or at < appeared[notice_id]:
            appeared[notice_id] = at
    return Log(appeared, tuple(problems))


def _notice_id(path: str) -> str:
    return "/".join(path.split("/")[2:4])


def _instant(data: bytes, notice_id: str) -> datetime | None:
    """The instant that an `appeared` event states, with its offset; None for anything else."""
    try:
        event = json.loads(data)
        if event["format"] != 1 or event["event"] != "appeared" or event["id"] != notice_id:
            return None
        at = datetime.fromisoformat(event["at"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return at.astimezone(UTC) if at.tzinfo is not None and at.year in YEARS else None
