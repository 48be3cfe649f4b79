"""Which versions main has had of each notice and of the roster, since when, and who wrote them.

"Main" is the branch's own line of commits (each one's first parent): what a pull request held before it
was merged was never on main. Walked whole once; after that only what has come since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from gaoshi.core.approval import Version
from gaoshi.core.notice import ID_PATTERN, ROOT
from gaoshi.sources.cache import Cache
from gaoshi.sources.git.output import MainlineCommit
from gaoshi.sources.git.repository import Repository
from gaoshi.sources.history import History
from gaoshi.sources.snapshot import ROSTER, Snapshot

_KEY = "versions"
_FOLDER = "040000"
_FILE = "100"


@dataclass(frozen=True, slots=True)
class Versions:
    """By notice id its versions, the oldest first; and the roster's, as blob ids. `length`: commits walked."""

    notices: Mapping[str, tuple[Version, ...]] = field(default_factory=dict)
    roster: tuple[str, ...] = ()
    length: int = 0


def read_versions(snapshot: Snapshot, cache: Cache) -> Versions:
    """All that the branch up to the snapshot's revision has had."""
    repository, revision = snapshot.repository, snapshot.revision
    if revision is None:
        return Versions()
    kept = None if repository.shallow() else cache.get([_KEY]).get(_KEY)
    if kept is not None and kept[0] == revision:
        return _thawed(kept[1])
    since, known = "", Versions()
    if kept is not None and repository.on_mainline(kept[0], revision):
        since, known = kept[0], _thawed(kept[1])
    versions = _walk(repository, f"{since}..{revision}" if since else revision, known)
    cache.put({_KEY: (revision, _frozen(versions))})
    return versions


def _frozen(versions: Versions) -> tuple[object, ...]:
    """Plain tuples: of ten thousand small objects they are kept and read in a fifth of the time."""
    people: dict[frozenset[str], int] = {}
    rows = {
        notice_id: [
            (
                one.content_id,
                one.commit,
                int(one.at.timestamp()),
                people.setdefault(one.authors, len(people)),
                one.place,
            )
            for one in had
        ]
        for notice_id, had in versions.notices.items()
    }
    return rows, tuple(people), versions.roster, versions.length


def _thawed(kept: tuple[Any, ...]) -> Versions:
    rows, people, roster, length = kept
    return Versions(_Thawing(rows, people), roster, length)


class _Thawing(Mapping[str, tuple[Version, ...]]):
    """Versions that become objects when somebody asks for them."""

    def __init__(self, rows: Mapping[str, list[tuple[Any, ...]]], people: Sequence[frozenset[str]]) -> None:
        self._rows = rows
        self._people = people

    def __getitem__(self, notice_id: str) -> tuple[Version, ...]:
        return tuple(
            Version(content, commit, datetime.fromtimestamp(at, UTC), self._people[who], place)
            for content, commit, at, who, place in self._rows[notice_id]
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def contents(self) -> dict[str, list[str | None]]:
        """By notice its content ids, without making objects of them."""
        return {notice_id: [row[0] for row in rows] for notice_id, rows in self._rows.items()}


def _walk(repository: Repository, revisions: str, known: Versions) -> Versions:
    line = repository.mainline(revisions, ROOT, ROSTER)  # newest first
    brought = _brought_by_merges(repository, revisions) if any(commit.merge for commit in line) else {}
    notices = {notice_id: list(versions) for notice_id, versions in known.notices.items()}
    roster = list(known.roster)
    for place, commit in enumerate(reversed(line), start=known.length):
        at = datetime.fromtimestamp(commit.committed, UTC)
        own = frozenset() if commit.merge else frozenset(commit.emails)
        by_notice = brought.get(commit.id, {})
        contents = _contents(commit)
        formerly = _formerly(repository, commit, contents, notices)
        for notice_id, content_id in contents.items():
            authors = own.union(by_notice.get(notice_id, ()), formerly.get(notice_id, ()))
            notices.setdefault(notice_id, []).append(Version(content_id, commit.id, at, authors, place))
        roster += [
            change.new for change in commit.changes if change.path == ROSTER and change.new_mode.startswith(_FILE)
        ]
    told = {notice_id: tuple(versions) for notice_id, versions in notices.items()}
    return Versions(told, tuple(roster), known.length + len(line))


def _contents(commit: MainlineCommit) -> dict[str, str | None]:
    """What a commit made of each notice folder: its content id, or None when it is no folder any more."""
    contents: dict[str, str | None] = {}
    for change in commit.changes:
        root, _, notice_id = change.path.partition("/")
        if root == ROOT and ID_PATTERN.fullmatch(notice_id):
            if change.new_mode == _FOLDER:
                contents[notice_id] = change.new
            else:
                contents.setdefault(notice_id, None)
    return contents


def _formerly(
    repository: Repository,
    commit: MainlineCommit,
    contents: Mapping[str, str | None],
    known: Mapping[str, Sequence[Version]],
) -> dict[str, frozenset[str]]:
    """By notice that came under a new id: addresses of those who wrote what git says it was renamed from.

    So who moves a notice and edits it in one go does not become its only author.
    """
    came = {one for one, content_id in contents.items() if content_id is not None and not _there(known.get(one, ()))}
    if not came or len(came) == len(contents) or not commit.parents:
        return {}
    wrote: dict[str, frozenset[str]] = {}
    for before, after in repository.renamed(commit.id, ROOT):
        old, new = _notice_at(before), _notice_at(after)
        if new in came and old != new:
            wrote[new] = wrote.get(new, frozenset()).union(*(one.authors for one in known.get(old, ())))
    return wrote


def _there(had: Sequence[Version]) -> bool:
    return bool(had) and had[-1].content_id is not None


def _notice_at(path: str) -> str:
    """The id of the notice in whose folder a file lies."""
    return "/".join(path.split("/")[1:3])


def _brought_by_merges(repository: Repository, revisions: str) -> dict[str, dict[str, frozenset[str]]]:
    """By commit on the line and notice: addresses of those who wrote what that commit brought.

    A merge brought all commits that the line did not have before it. Who only merged wrote nothing,
    unless the merge itself holds what neither side had.
    """
    brought_by = _bringers(repository.parents(revisions))
    with repository.history(revisions, [ROOT]) as walked:
        commits = walked().commits
    writers: dict[str, dict[str, frozenset[str]]] = {}
    for commit in commits:
        brought = writers.setdefault(brought_by.get(commit.id, commit.id), {})
        for notice_id in {_notice_at(path) for path in commit.paths}:
            brought[notice_id] = brought.get(notice_id, frozenset()).union(commit.emails)
    return writers


def _bringers(parents: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """By commit: the commit on the line that brought it there. `parents` begins with the newest."""
    line: list[str] = []
    commit = next(iter(parents), None)
    while commit is not None:
        line.append(commit)
        above = parents[commit]
        commit = above[0] if above and above[0] in parents else None
    brought_by: dict[str, str] = {}
    for on_line in reversed(line):
        waiting = [on_line]
        while waiting:
            commit = waiting.pop()
            if commit in brought_by or commit not in parents:
                continue
            brought_by[commit] = on_line
            waiting.extend(parents[commit])
    return brought_by


def contents(versions: Versions) -> dict[str, list[str | None]]:
    """By notice the content ids that it has had, None where its folder was removed."""
    if isinstance(versions.notices, _Thawing):
        return versions.notices.contents()
    return {notice_id: [one.content_id for one in had] for notice_id, had in versions.notices.items()}


def moved_from(versions: Versions, ids: Collection[str]) -> dict[str, dict[int, frozenset[str]]]:
    """By notice and number of its version: addresses of those who wrote the same under another id before.

    That is a folder that was moved. Who copies a notice later has no part in the one he copied.
    """
    had = contents(versions)
    homes: dict[str, set[str]] = {}
    for notice_id, content_ids in had.items():
        for content_id in content_ids:
            if content_id is not None:
                homes.setdefault(content_id, set()).add(notice_id)
    moved: dict[str, dict[int, frozenset[str]]] = {}
    for notice_id in ids:
        elsewhere = {home for one in had.get(notice_id, ()) if one is not None for home in homes[one]} - {notice_id}
        for number, version in enumerate(versions.notices[notice_id] if elsewhere else ()):
            wrote = [before.authors for home in elsewhere for before in _until(version, versions.notices[home])]
            if wrote:
                moved.setdefault(notice_id, {})[number] = frozenset().union(*wrote)
    return moved


def _until(version: Version, elsewhere: Sequence[Version]) -> Sequence[Version]:
    """What another notice had before `version` came, when it had the same content by then."""
    if version.content_id is None:
        return ()
    before = [other for other in elsewhere if other.place < version.place]
    return before if any(other.content_id == version.content_id for other in before) else ()


def history_of(versions: Versions, ids: Collection[str]) -> History:
    """Who wrote each of the notices `ids`, and when the branch first had it, as its versions tell."""
    had = {notice_id: versions.notices[notice_id] for notice_id in ids if notice_id in versions.notices}
    return History(
        authors={key: frozenset(author for one in those for author in one.authors) for key, those in had.items()},
        arrived={key: those[0].at for key, those in had.items()},
    )
