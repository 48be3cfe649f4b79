"""Who wrote each notice, from git's history: walked whole once, after that only what has come since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from gaoshi.core.notice import ROOT
from gaoshi.sources.cache import Cache
from gaoshi.sources.git import Commit
from gaoshi.sources.snapshot import Snapshot

_KEY = "authors"
_FEW = 8
"""For so few notices git finds their commits sooner than it tells those of all."""


def read_authors(snapshot: Snapshot, ids: Collection[str], cache: Cache) -> dict[str, frozenset[str]]:
    """E-mail addresses of all who wrote each of `ids` in the history of the snapshot's revision."""
    repository, revision = snapshot.repository, snapshot.revision
    if revision is None or not ids:
        return {}
    if len(ids) <= _FEW:
        return _people(repository.commits(revision, [f"{ROOT}/{notice_id}" for notice_id in ids]), {})
    # What was cut off from a shallow clone may come back at any time, in front of what is known.
    kept = None if repository.shallow() else cache.get([_KEY]).get(_KEY)
    known: Mapping[str, frozenset[str]] = {}
    since = ""
    if kept is not None and repository.merge_base(kept[0], revision) == kept[0]:
        since, known = kept
    if since == revision:
        return dict(known)
    authors = _people(repository.commits(f"{since}..{revision}" if since else revision, [ROOT]), known)
    cache.put({_KEY: (revision, authors)})
    return authors


def _people(commits: Iterable[Commit], known: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """`known` and the people of `commits`, by notice."""
    authors = dict(known)
    for commit in commits:
        for notice_id in {"/".join(path.split("/")[1:3]) for path in commit.paths}:
            authors[notice_id] = authors.get(notice_id, frozenset()).union(commit.emails)
    return authors
