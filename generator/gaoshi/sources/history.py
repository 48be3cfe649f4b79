"""What git's history says of each notice: who wrote it, and when it came to the branch.

Walked whole once; after that only what has come since.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from gaoshi.core.notice import ROOT
from gaoshi.sources.cache import Cache
from gaoshi.sources.git.output import Commit, Walk
from gaoshi.sources.snapshot import Snapshot

_KEY = "history"
_FEW = 8
"""For so few notices git finds their commits sooner than it tells those of all."""


@dataclass(frozen=True, slots=True)
class History:
    """By notice id: e-mail addresses of all who wrote it, and when the branch first had it.

    `arrived` is the committer's date of the commit on the branch itself (the merge, where there was
    one), UTC: from then on the pipeline may publish it.
    """

    authors: Mapping[str, frozenset[str]] = field(default_factory=dict)
    arrived: Mapping[str, datetime] = field(default_factory=dict)


@contextmanager
def walking(snapshot: Snapshot, ids: Collection[str] | None, cache: Cache) -> Iterator[Callable[[], History]]:
    """Begin to walk the history of `ids` (None: of all notices) up to the snapshot's revision.

    git walks while the notices are read. What is yielded waits for it and tells the history of `ids`,
    and maybe of others.
    """
    repository, revision = snapshot.repository, snapshot.revision
    if revision is None or (ids is not None and not ids):
        yield History
        return
    # What was cut off from a shallow clone may come back at any time, in front of what is known.
    kept = None if repository.shallow() else cache.get([_KEY]).get(_KEY)
    if ids is not None and len(ids) <= _FEW and (kept is None or kept[0] != revision):
        with repository.history(revision, [f"{ROOT}/{notice_id}" for notice_id in ids]) as walked:
            yield lambda: _after(History(), walked())
        return
    known, since = History(), ""
    if kept is not None and repository.merge_base(kept[0], revision) == kept[0]:
        since, known = kept
    if since == revision:
        yield lambda: known
        return
    with repository.history(f"{since}..{revision}" if since else revision, [ROOT]) as walked:

        def arrive() -> History:
            history = _after(known, walked())
            cache.put({_KEY: (revision, history)})
            return history

        yield arrive


def _after(known: History, walked: Walk) -> History:
    return History(_people(walked.commits, known.authors), _arrivals(walked.mainline, known.arrived))


def _people(commits: Iterable[Commit], known: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    authors = dict(known)
    for commit in commits:
        for notice_id in _ids(commit.paths):
            authors[notice_id] = authors.get(notice_id, frozenset()).union(commit.emails)
    return authors


def _arrivals(newest_first: Iterable[Commit], known: Mapping[str, datetime]) -> dict[str, datetime]:
    arrived: dict[str, datetime] = {}
    for commit in newest_first:
        for notice_id in _ids(commit.paths):
            arrived[notice_id] = datetime.fromtimestamp(commit.committed, UTC)
    return arrived | dict(known)


def _ids(paths: Iterable[str]) -> set[str]:
    return {"/".join(path.split("/")[1:3]) for path in paths}
