"""The publication log in `records/log/`, of the revision and on the branch `records` (see core/log.py)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gaoshi.core.finding import Position
from gaoshi.core.log import (
    BOARD,
    MOST_BYTES,
    LogEntry,
    NotAnEvent,
    What,
    in_order,
    named,
    news,
    parse_event,
    path_of,
    written_by,
)
from gaoshi.core.notice import ID_PATTERN, Problem
from gaoshi.sources.cache import Cache
from gaoshi.sources.git.repository import Repository
from gaoshi.sources.ledger import subtrees, tips_of
from gaoshi.sources.snapshot import RECORDS, Snapshot

LOG = f"{RECORDS}/log"
_MOST_EVENTS = 1000
"""So many files of one notice are looked at, the earliest by name; a notice has a handful."""
_LOOKED_INTO = "left-the-log"
"""In the cache: events of leaving that were found right, so that what left long ago is not read with every run."""


@dataclass(frozen=True, slots=True)
class Log:
    """By notice, what lateness is judged by; and entries that say nothing.

    `appeared` is when the board first showed it; `told` every instant, in order, at which some channel that
    owners read began to tell of it, the board among them; `shown` every instant at which the board got
    something new of it.
    """

    appeared: Mapping[str, datetime]
    problems: tuple[Problem, ...] = ()
    told: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    shown: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)

    def edges(self, notice_id: str) -> Iterator[datetime]:
        """Every instant at which what the log tells of a notice changes."""
        yield from self.told.get(notice_id, ())
        yield from self.shown.get(notice_id, ())


def read_log(snapshot: Snapshot, ids: Collection[str], channels: Collection[str]) -> Log:
    """What the log tells of `ids`. A channel that is none of `channels` is none that owners read."""
    events, problems = read_events(snapshot, ids, (What.APPEARED, What.CORRECTED))
    appeared: dict[str, datetime] = {}
    told: dict[str, tuple[datetime, ...]] = {}
    shown: dict[str, tuple[datetime, ...]] = {}
    for notice_id, found in events.items():
        known = [event for event in found if event.channel in channels]
        if len(known) < len(found):
            problems += (Problem("log-channel", Position(f"{LOG}/{notice_id}")),)
        told[notice_id] = tuple(event.at for event in known if event.what is What.APPEARED)
        shown[notice_id] = tuple(event.at for event in news(known))
        first = next((event.at for event in known if (event.what, event.channel) == (What.APPEARED, BOARD)), None)
        if first is not None:
            appeared[notice_id] = first
    return Log(appeared, problems, told, shown)


def read_events(
    snapshot: Snapshot, ids: Collection[str], what: Collection[What] = tuple(What)
) -> tuple[dict[str, list[LogEntry]], tuple[Problem, ...]]:
    """The events of each of `ids` in order, as the branches stand now, and files that hold none."""
    repository = snapshot.repository
    files = dict.fromkeys(_files(snapshot, ids, what))
    contents = _contents(repository, (blob for _, _, _, blob in files))
    events: dict[str, list[LogEntry]] = {}
    problems: dict[str, Problem] = {}
    for path, notice_id, kind, blob in files:
        try:
            event = parse_event(contents.get(blob, b""), notice_id, kind)
        except NotAnEvent:
            problems[path] = Problem("log-unreadable", Position(path))
        else:
            events.setdefault(notice_id, []).append(event)
    return {notice_id: in_order(found) for notice_id, found in events.items()}, tuple(problems.values())


def _contents(repository: Repository, blobs: Iterable[str]) -> dict[str, bytes]:
    """The contents of those of `blobs` that are small enough for an event."""
    sizes = repository.sizes(blobs)
    return dict(repository.blobs(blob for blob, size in sizes.items() if size <= MOST_BYTES))


def _files(snapshot: Snapshot, ids: Collection[str], wanted: Collection[What]) -> Iterator[tuple[str, str, What, str]]:
    """Paths of events with what their names say and their blobs, each once for every content."""
    repository = snapshot.repository
    folders = [
        (f"{LOG}/{notice_id}", tree_id)
        for tree in (_trees(snapshot) if ids else ())
        for notice_id, tree_id in subtrees(repository, tree, LOG, ids)
    ]
    trees = repository.trees(tree_id for _, tree_id in folders)
    for folder, tree_id in dict.fromkeys(folders):
        entries = (entry for entry in trees.get(tree_id, ()) if entry.form == "file")
        for entry in sorted(entries, key=lambda entry: entry.path)[:_MOST_EVENTS]:
            found = named(f"{folder}/{entry.path}", LOG)
            if found is not None and found[1] in wanted:
                yield f"{folder}/{entry.path}", *found, entry.id


def _trees(snapshot: Snapshot) -> tuple[str, ...]:
    """Where the log is looked for: what is read, and the branch `records` as it stands here and elsewhere."""
    return (snapshot.tree, *tips_of(snapshot))


def logged(snapshot: Snapshot) -> list[str]:
    """Ids of all notices that the log speaks of."""
    found: dict[str, None] = {}
    for tree in _trees(snapshot):
        found |= dict.fromkeys(_ids(snapshot.repository, tree))
    return sorted(found)


def _ids(repository: Repository, tree: str) -> Iterator[str]:
    months = [entry.path for entry in repository.list_folder(tree, LOG) if entry.form == "folder"]
    for entry in repository.list_folder(tree, *months) if months else ():
        notice_id = entry.path.removeprefix(f"{LOG}/")
        if entry.form == "folder" and ID_PATTERN.fullmatch(notice_id):
            yield notice_id


def still_there(snapshot: Snapshot, seen: datetime, cache: Cache) -> list[str]:
    """Ids of the notices that may still be on the board that is seen at `seen`, an aware instant.

    All but those whose last event, by its name, is the board's own of leaving, and says so itself: a broken file, or
    one that is named for another instant than its own, hides nothing, however long ago its name says that was.
    """
    repository = snapshot.repository
    files = {
        entry.path: entry.id
        for tree in _trees(snapshot)
        for entry in repository.list_tree(tree, LOG)
        if entry.form == "file"
    }
    last = {found[0]: (path, found[1]) for path in sorted(files) if (found := named(path, LOG)) is not None}
    left = {notice_id: path for notice_id, (path, what) in last.items() if what is What.LEFT}
    right: frozenset[tuple[str, str]] = cache.get([_LOOKED_INTO]).get(_LOOKED_INTO, frozenset())
    unread = {notice_id: path for notice_id, path in left.items() if (path, files[path]) not in right}
    contents = _contents(repository, (files[path] for path in unread.values()))
    wrong = {
        notice_id
        for notice_id, path in unread.items()
        if not _has_left(path, notice_id, contents.get(files[path], b""), seen)
    }
    if unread.keys() - wrong:
        cache.put({_LOOKED_INTO: frozenset((path, files[path]) for key, path in left.items() if key not in wrong)})
    return sorted(last.keys() - (left.keys() - wrong))


def _has_left(path: str, notice_id: str, data: bytes, seen: datetime) -> bool:
    try:
        event = parse_event(data, notice_id, What.LEFT)
    except NotAnEvent:
        return False
    return event.channel == BOARD and path == path_of(event, LOG) and bool(written_by(seen, [event]))


def taken(snapshot: Snapshot, ids: Collection[str]) -> frozenset[str]:
    """Every path in the folders of `ids` at which something lies, whatever it is."""
    folders = [f"{LOG}/{notice_id}" for notice_id in ids]
    trees = _trees(snapshot) if folders else ()
    return frozenset(entry.path for tree in trees for entry in snapshot.repository.list_tree(tree, *folders))
