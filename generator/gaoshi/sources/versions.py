"""Which versions main has had of each notice and of the roster, since when, and who wrote them.

"Main" is the branch's own line of commits (each one's first parent): what a pull request held before it
was merged was never on main. Walked whole once; after that only what has come since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from gaoshi.core.approval import Version
from gaoshi.core.notice import ID_PATTERN, ROOT
from gaoshi.sources.cache import Cache
from gaoshi.sources.git import Commit, MainlineCommit, Repository
from gaoshi.sources.history import History
from gaoshi.sources.snapshot import ROSTER, Snapshot

_KEY = "versions"
_FOLDER = "040000"
_FILE = "100"


@dataclass(frozen=True, slots=True)
class Versions:
    """By notice id its versions, the oldest first; and the roster's, as blob ids."""

    notices: Mapping[str, tuple[Version, ...]] = field(default_factory=dict)
    roster: tuple[str, ...] = ()


def read_versions(snapshot: Snapshot, cache: Cache) -> Versions:
    """All that the branch up to the snapshot's revision has had."""
    repository, revision = snapshot.repository, snapshot.revision
    if revision is None:
        return Versions()
    kept = None if repository.shallow() else cache.get([_KEY]).get(_KEY)
    if kept is not None and kept[0] == revision:
        known: Versions = kept[1]
        return known
    since, known = "", Versions()
    if kept is not None and repository.on_mainline(kept[0], revision):
        since, known = kept
    versions = _walk(repository, f"{since}..{revision}" if since else revision, known)
    cache.put({_KEY: (revision, versions)})
    return versions


def _walk(repository: Repository, revisions: str, known: Versions) -> Versions:
    line = repository.mainline(revisions, ROOT, ROSTER)  # newest first
    with repository.history(revisions, [ROOT]) as walked:
        writers = _writers(repository, revisions, walked().commits)
    notices = {notice_id: list(versions) for notice_id, versions in known.notices.items()}
    roster = list(known.roster)
    for commit in reversed(line):
        at = datetime.fromtimestamp(commit.committed, UTC)
        wrote = writers.get(commit.id, {})
        for notice_id, content_id in _contents(commit).items():
            authors = wrote.get(notice_id, frozenset())
            notices.setdefault(notice_id, []).append(Version(content_id, commit.id, at, authors))
        roster += [
            change.new for change in commit.changes if change.path == ROSTER and change.new_mode.startswith(_FILE)
        ]
    return Versions({notice_id: tuple(versions) for notice_id, versions in notices.items()}, tuple(roster))


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


def _writers(repository: Repository, revisions: str, commits: Iterable[Commit]) -> dict[str, dict[str, frozenset[str]]]:
    """By commit on the line and notice: addresses of those who wrote what that commit brought.

    A merge brought all commits that the line did not have before it. Who only merged wrote nothing,
    unless the merge itself holds what neither side had.
    """
    brought_by = _bringers(repository.parents(revisions))
    writers: dict[str, dict[str, frozenset[str]]] = {}
    for commit in commits:
        brought = writers.setdefault(brought_by.get(commit.id, commit.id), {})
        for notice_id in {"/".join(path.split("/")[1:3]) for path in commit.paths}:
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


def moved_from(versions: Versions) -> dict[str, frozenset[str]]:
    """By notice: addresses of those who wrote what it began as under another id (a folder that was moved)."""
    wrote: dict[str, set[str]] = {}
    homes: dict[str, set[str]] = {}
    for notice_id, history in versions.notices.items():
        so_far: set[str] = set()
        for version in history:
            so_far |= version.authors
            if version.content_id is not None:
                wrote.setdefault(version.content_id, set()).update(so_far)
                homes.setdefault(version.content_id, set()).add(notice_id)
    shared = {content for content, ids in homes.items() if len(ids) > 1}
    return {
        notice_id: frozenset(author for content in contents for author in wrote[content])
        for notice_id, history in versions.notices.items()
        if (contents := {v.content_id for v in history if v.content_id in shared and v.content_id is not None})
    }


def content_ids(versions: Collection[Version]) -> frozenset[str]:
    """The content ids among `versions`."""
    return frozenset(version.content_id for version in versions if version.content_id is not None)


def history_of(versions: Versions) -> History:
    """Who wrote each notice, and when the branch first had it, as its versions tell."""
    authors = {
        notice_id: frozenset(author for version in had for author in version.authors)
        for notice_id, had in versions.notices.items()
    }
    return History(authors, {notice_id: had[0].at for notice_id, had in versions.notices.items()})
