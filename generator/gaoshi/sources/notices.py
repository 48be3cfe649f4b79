"""The notice folders of a snapshot, found, told apart and read; all that matter, none more than once."""

from __future__ import annotations

import contextlib
import io
import re
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from gaoshi.core.board import Board
from gaoshi.core.finding import Position
from gaoshi.core.instants import NotAnInstant, parse_instant
from gaoshi.core.notice import ID_PATTERN, ROOT, Notice, Problem
from gaoshi.core.reading import Folder, FolderFile, is_text_name, read_notice
from gaoshi.sources.cache import Cache
from gaoshi.sources.git.output import TreeEntry
from gaoshi.sources.snapshot import Snapshot

HEAD_BYTES = 16
_KEPT_AT_ONCE = 3000
"""More than a board ever shows is an archive that somebody looks through once: keeping it would cost more
than reading it again."""
_IGNORED = frozenset({"README.md", "README.zh-CN.md", ".gitkeep", ".gitattributes", ".gitignore"})
_FENCE = re.compile(rb"^---[ \t]*\r?\n?", re.MULTILINE)
_PLAIN = re.compile(rb"""\s*(?:\#.*|[a-z_]+:(?:[ \t]+(?:\[[^\]"'\[{#&*]*\]|[^\s"'|>\[{&*!%@`?\#-].*))?)?""")
_END = re.compile(rb"^valid_until:[ \t]*([^\r\n#]+?)[ \t]*\r?$", re.MULTILINE)
_LIVES_ON = (b"supersedes", b"outcome", b"\\")
"""What may move a plainly stated end or outlive it, however it is quoted; a backslash can spell anything."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The notices of a snapshot. `strays` are problems with things that belong to no notice.

    `known` are the ids of all notice folders; `notices` those that were read: all that were asked
    for, without the settled ones (over for so long that nothing on the board can change by them).
    """

    notices: Mapping[str, Notice]
    known: frozenset[str]
    content_ids: Mapping[str, str]
    strays: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Found:
    """A notice folder before its files are read."""

    id: str
    content_id: str = ""
    entries: list[TreeEntry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_shelf(
    snapshot: Snapshot,
    board: Board,
    cache: Cache,
    *,
    only: Iterable[str] | None = None,
    settled_by: datetime | None = None,
    versions: Mapping[str, Collection[str | None]] | None = None,
) -> Shelf:
    """Read the notices of `snapshot`: all of them, or `only` these ids.

    With `settled_by`, a notice that had ended, by its own words, longer before that instant than the
    standard keeps it in sight is left unread, unless it may still replace another one. `versions` are
    the content ids that each notice has had: one of them may be the approved one and still hold, so all
    must have ended.
    """
    only = None if only is None else list(only)
    found, strays = _find(snapshot, only)
    wanted = {notice_id: found[notice_id] for notice_id in only if notice_id in found} if only is not None else found
    if settled_by is not None:
        wanted = _unsettled(snapshot, wanted, board, cache, settled_by, versions or {})
    keys = {f"notice {item.id} {item.content_id}": item for item in wanted.values() if not item.problems}
    kept = cache.get(keys)
    notices = {keys[key].id: notice for key, notice in kept.items()}
    fresh = [item for item in wanted.values() if item.id not in notices]
    read = {folder.id: _read(folder, board) for folder in _load(snapshot, fresh, board)}
    if len(read) <= _KEPT_AT_ONCE:
        cache.put({key: read[item.id] for key, item in keys.items() if item.id in read})
    notices |= read
    return Shelf(
        notices={notice_id: notices[notice_id] for notice_id in sorted(wanted)},
        known=frozenset(found),
        content_ids={item.id: item.content_id for item in found.values()},
        strays=tuple(strays),
    )


def read_folders(
    snapshot: Snapshot, wanted: Iterable[tuple[str, str]], board: Board, cache: Cache
) -> dict[tuple[str, str], Notice]:
    """Read notices as they were: pairs of id and content id. What is not in the repository is left out."""
    pairs = list(dict.fromkeys(wanted))
    keys = {f"notice {notice_id} {content_id}": (notice_id, content_id) for notice_id, content_id in pairs}
    kept: dict[str, Notice] = cache.get(keys)
    unread = [pair for key, pair in keys.items() if key not in kept]
    trees = snapshot.repository.trees(content_id for _, content_id in unread)
    found = [
        _Found(
            notice_id, content_id, [_below(notice_id, one) for one in trees[content_id] if not _is_ignored(one.path)]
        )
        for notice_id, content_id in unread
        if content_id in trees
    ]
    new = {f"notice {folder.id} {folder.content_id}": _read(folder, board) for folder in _load(snapshot, found, board)}
    cache.put(new)
    return {keys[key]: notice for key, notice in (kept | new).items()}


def _below(notice_id: str, entry: TreeEntry) -> TreeEntry:
    return entry._replace(path=f"{ROOT}/{notice_id}/{entry.path}")


def _read(folder: Folder, board: Board) -> Notice:
    return read_notice(folder, board.standard, board.zone, board.language)


def _is_ignored(name: str) -> bool:
    return name in _IGNORED or name.startswith("._")


# ── finding folders ──────────────────────────────────────────────────────────────────────────────


def _find(snapshot: Snapshot, only: list[str] | None) -> tuple[dict[str, _Found], list[Problem]]:
    """Tell notice folders from everything else that lies under `notices/`."""
    found: dict[str, _Found] = {}
    strays: list[Problem] = []
    for entry in snapshot.entries(ROOT):
        parts = entry.path.split("/")
        depth = len(parts)
        if _is_ignored(parts[-1]):
            continue
        if depth <= 3 and entry.form != "folder":  # noqa: PLR2004  (notices/month/slug)
            form = entry.form if entry.form != "file" else "misplaced"
            strays.append(Problem(form, Position(entry.path), {"name": parts[-1]}))
        elif depth == 3:  # noqa: PLR2004
            notice_id = "/".join(parts[1:])
            if ID_PATTERN.fullmatch(notice_id):
                found.setdefault(notice_id, _Found(notice_id)).content_id = entry.id
            else:
                strays.append(Problem("bad-name", Position(entry.path), {"name": notice_id}))
        elif depth == 4:  # noqa: PLR2004
            item = found.get("/".join(parts[1:3]))
            if item is not None:
                item.entries.append(entry)
    for oddity in snapshot.oddities(only):
        problem = Problem(oddity.what, Position(oddity.path), {"name": oddity.path.rpartition("/")[2]})
        notice_id = "/".join(oddity.path.split("/")[1:3])
        if notice_id in found:
            found[notice_id].problems.append(problem)
        else:
            strays.append(problem)
    return found, strays


# ── leaving settled ones unread ──────────────────────────────────────────────────────────────────


def _unsettled(
    snapshot: Snapshot,
    found: Mapping[str, _Found],
    board: Board,
    cache: Cache,
    at: datetime,
    versions: Mapping[str, Collection[str | None]],
) -> dict[str, _Found]:
    """Leave out what had ended long before `at`, told from one line of its front matter.

    What cannot be told so plainly is kept and read whole.
    """
    horizon = at - board.standard.ended_kept_for
    texts = {item.content_id: _main_blob(item.entries) for item in found.values() if not item.problems}
    ends = _ends(snapshot, texts, board, cache)
    settled = {item.id for item in found.values() if _is_over(ends.get(item.content_id), horizon)}
    earlier = {
        notice_id: [one for one in versions.get(notice_id, ()) if one is not None and one not in ends]
        for notice_id in settled
        if len(versions.get(notice_id, ())) > 1
    }
    trees = snapshot.repository.trees(content for contents in earlier.values() for content in contents)
    ends |= _ends(snapshot, {content: _main_blob(entries) for content, entries in trees.items()}, board, cache)
    return {
        notice_id: item
        for notice_id, item in found.items()
        if notice_id not in settled
        or not all(_is_over(ends.get(content), horizon) for content in versions.get(notice_id, ()) if content)
    }


def _ends(
    snapshot: Snapshot, texts: Mapping[str, str | None], board: Board, cache: Cache
) -> dict[str, datetime | None]:
    """By content id the end that its `notice.md` (a blob) states plainly; None where it does not."""
    keys = {f"end {content_id}": content_id for content_id in texts}
    kept: dict[str, datetime | None] = cache.get(keys)
    unknown = {key: texts[content_id] for key, content_id in keys.items() if key not in kept}
    limit = board.standard.text_max_bytes
    sizes = snapshot.repository.sizes(blob for blob in unknown.values() if blob is not None)
    contents = dict(snapshot.repository.blobs(blob for blob, size in sizes.items() if size <= limit))
    new = {key: _plain_end(contents.get(blob or "", b""), board) for key, blob in unknown.items()}
    cache.put(new)
    kept |= new
    return {content_id: kept[key] for key, content_id in keys.items()}


def _is_over(end: datetime | None, horizon: datetime) -> bool:
    return end is not None and end <= horizon


def _main_blob(entries: Iterable[TreeEntry]) -> str | None:
    return next((entry.id for entry in entries if _name(entry) == "notice.md" and entry.form == "file"), None)


def _plain_end(data: bytes, board: Board) -> datetime | None:
    """The end that a text states on one plain line, when nothing else in it could move that end.

    Every line must be plain: no quotes, no blocks, nothing in which another line could hide.
    """
    opening = _FENCE.match(data)
    closing = _FENCE.search(data, opening.end()) if opening else None
    if opening is None or closing is None:
        return None
    matter = data[opening.end() : closing.start()]
    match = _END.search(matter)
    if match is None or matter.count(b"valid_until") != 1 or any(word in matter for word in _LIVES_ON):
        return None
    if not all(_PLAIN.fullmatch(line) for line in matter.splitlines()):
        return None
    try:
        return parse_instant(match[1].decode("ascii"), board.zone)
    except (NotAnInstant, UnicodeDecodeError):
        return None


# ── loading files ────────────────────────────────────────────────────────────────────────────────


def _load(snapshot: Snapshot, found: list[_Found], board: Board) -> Iterator[Folder]:
    """Read the files of `found` in two batches: how large, then what is in them.

    git reads what is in the next folders while the caller is busy with one.
    """
    entries = [entry for item in found for entry in item.entries if entry.form == "file"]
    sizes = snapshot.repository.sizes(entry.id for entry in entries)
    limits = {True: board.standard.text_max_bytes, False: board.standard.attachment_max_bytes}
    # The same bytes may be a text in one folder and an attachment in another, so each has its place.
    wanted: dict[bool, set[str]] = {True: set(), False: set()}
    for entry in entries:
        is_text = is_text_name(_name(entry))
        if sizes.get(entry.id, limits[is_text] + 1) <= limits[is_text]:
            wanted[is_text].add(entry.id)
    texts: dict[str, bytes] = {}
    facts: dict[str, tuple[bytes, int, int]] = {}
    coming = dict.fromkeys(entry.id for entry in entries if entry.id in wanted[True] or entry.id in wanted[False])
    arriving = snapshot.repository.blobs(coming)
    for item in found:
        lacking = {entry.id for entry in item.entries if entry.id in coming}
        for blob, data in islice(arriving, len(lacking)):  # in the order of the folders
            del coming[blob]
            if blob in wanted[True]:
                texts[blob] = data
            if blob in wanted[False]:
                facts[blob] = _facts(data, board)
        files = tuple(
            _file(entry, sizes.get(entry.id, 0), (texts if is_text_name(_name(entry)) else facts).get(entry.id))
            for entry in item.entries
        )
        yield Folder(item.id, item.content_id, files, tuple(item.problems))


def _facts(data: bytes, board: Board) -> tuple[bytes, int, int]:
    """First bytes, width and height of an attachment; only files that begin as pictures are looked into."""
    width = height = 0
    types = board.standard.attachment_types.values()
    if any(data.startswith(form.starts) for form in types if form.shows == "picture"):
        import imagesize  # noqa: PLC0415  (slow to import: it could fetch pictures)

        with contextlib.suppress(ValueError, struct.error, OSError):
            width, height = imagesize.get(io.BytesIO(data))
    return data[:HEAD_BYTES], max(width, 0), max(height, 0)


def _file(entry: TreeEntry, size: int, content: bytes | tuple[bytes, int, int] | None) -> FolderFile:
    name = _name(entry)
    if isinstance(content, tuple):
        head, width, height = content
        return FolderFile(name, entry.form, entry.id, size, None, head, width, height)
    return FolderFile(name, entry.form, entry.id, size, content)


def _name(entry: TreeEntry) -> str:
    return entry.path.rpartition("/")[2]
