"""Adding files to the append-only branch `records`, without touching anybody's working tree."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from gaoshi.sources.git.command import GitError
from gaoshi.sources.git.repository import Repository
from gaoshi.sources.ledger import BRANCH

_TRIES = 5
_HERE = f"refs/heads/{BRANCH}"


class Pushed(NamedTuple):
    """What a push came to: the new tip (None when all was there already), and whether anything had to be sent."""

    added: str | None
    sent: bool


Files = Mapping[str, bytes] | Callable[[], Mapping[str, bytes]]
"""What to add. What depends on what is there already is a function: it is asked again with each try."""


def append(repository: Repository, files: Files, message: str, at: datetime) -> str | None:
    """Commit `files` on top of the local branch `records`; its new tip, or None when all were there already.

    A path that is there is left as it is: a record is never changed. When somebody else adds to the branch
    meanwhile, on top of what he added. Raises GitError.
    """
    for attempt in range(_TRIES):
        before = repository.commit(_HERE)
        commit, tip = _on_top(repository, files() if callable(files) else files, message, at)
        if (commit or tip) in {before, None}:  # what others have added belongs to it, or it could never be pushed
            return commit
        try:
            _move(repository, before, commit or tip)
        except GitError:
            if attempt == _TRIES - 1 or repository.commit(_HERE) == before:
                raise
        else:
            return commit
    raise AssertionError("the last try either succeeds or raises")


def _on_top(
    repository: Repository, files: Mapping[str, bytes], message: str, at: datetime
) -> tuple[str | None, str | None]:
    """A commit of those `files` that are not there yet (None: all are), and what it stands on."""
    tip = _newest(repository)
    tree = repository.tree(tip) if tip else None
    there = {entry.path for entry in repository.list_tree(tree, *files)} if tree and files else set()
    new = {path: data for path, data in files.items() if path not in there}
    return repository.commit_files(tree, [tip] if tip else [], new, message, at) if new else None, tip


def push(
    repository: Repository, files: Files, message: str, at: datetime, remote: str, *, fetched: bool = False
) -> Pushed:
    """Add `files` to `remote`'s branch `records`; when somebody else was quicker, on top of what he added.

    What was added here before and never pushed goes along; where `remote` has it all, nothing is pushed. With
    `fetched` the caller has just fetched the branch, and only who was too slow does so again. Raises GitError:
    git's own reason when it cannot be reached, or refuses `_TRIES` times.
    """
    for attempt in range(_TRIES):
        known = fetched and attempt == 0
        theirs = repository.commit(_there(remote)) if known else fetch(repository, remote)
        added = append(repository, files, message, at)
        if theirs == repository.commit(_HERE):
            return Pushed(added, sent=False)
        try:
            repository.run("push", "--quiet", remote, f"{_HERE}:{_HERE}")
        except GitError:
            if attempt == _TRIES - 1:
                raise
            if added is not None:  # what nobody accepted may be said otherwise the next time; only that is taken back
                with contextlib.suppress(GitError):
                    _move(repository, added, repository.commit(f"{added}^"))
        else:
            return Pushed(added, sent=True)
    raise AssertionError("the last try either succeeds or raises")


def _move(repository: Repository, before: str | None, tip: str | None) -> None:
    """Let the local branch stand at `tip` (None: nowhere), for good. Raises GitError where it is not at `before`."""
    move = ("-d", _HERE) if tip is None else (_HERE, tip)
    repository.for_good().run("update-ref", *move, before or "")


def fetch(repository: Repository, remote: str) -> str | None:
    """Bring `remote`'s branch `records` here, and tell where it stands; None when there is none.

    Raises GitError when it cannot be reached.
    """
    listed = repository.run("ls-remote", "--heads", remote, f"refs/heads/{BRANCH}")
    if listed.strip():
        repository.for_good().run("fetch", "--quiet", "--no-tags", remote, f"+{_HERE}:{_there(remote)}")
    return repository.commit(_there(remote)) if listed.strip() else None


def _there(remote: str) -> str:
    return f"refs/remotes/{remote}/{BRANCH}"


def _newest(repository: Repository) -> str | None:
    """What to add on: the local branch, joined with what was fetched of others.

    Where neither contains the other, a commit with both as parents and the files of both.
    """
    tips = repository.refs(f"refs/heads/{BRANCH}", f"refs/remotes/*/{BRANCH}")
    if not tips:
        return None
    newest = tips[0]
    for tip in tips[1:]:
        if repository.descends(tip, newest):
            newest = tip
        elif not repository.descends(newest, tip):
            newest = _joined(repository, newest, tip)
    return newest


def _joined(repository: Repository, one: str, other: str) -> str:
    """A commit that has both as parents, and all files of both: records never conflict."""
    there = {entry.path for entry in repository.list_tree(one)}
    more = {entry.path: entry.id for entry in repository.list_tree(other) if entry.type == "blob"}
    blobs = dict(repository.blobs(more.values()))
    files = {path: blobs[blob] for path, blob in more.items() if path not in there}
    newest = max(repository.committed(one), repository.committed(other))
    return repository.commit_files(one, [one, other], files, "Join records", newest)
