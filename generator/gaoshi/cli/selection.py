"""Which notices a command is about: named by id or path, or changed since a revision."""

from __future__ import annotations

import click

from gaoshi.cli.surroundings import words
from gaoshi.core.notice import ID_PATTERN, ROOT
from gaoshi.sources.git.command import GitError
from gaoshi.sources.snapshot import PARTS, Snapshot


def select(snapshot: Snapshot, ids: tuple[str, ...], since: str | None) -> list[str] | None:
    """The ids asked for; None for all. Raises click.BadParameter for one that is not there."""
    chosen = [_id(snapshot, text) for text in ids]
    if since is not None:
        chosen += [item for item in changed_since(snapshot, since) if item not in chosen]
        return chosen
    return chosen or None


def changed_since(snapshot: Snapshot, since: str) -> list[str]:
    """Ids of the notices that changed since `since` and this branch parted, and are still there."""
    return [notice_id for notice_id, there in _touched(snapshot, since).items() if there]


def removed_since(snapshot: Snapshot, since: str) -> list[str]:
    """Ids of the notices that were there when `since` and this branch parted, and are no more."""
    return [notice_id for notice_id, there in _touched(snapshot, since).items() if not there]


def changed_paths(snapshot: Snapshot, since: str) -> list[str]:
    """Paths of all that changed since `since` and this branch parted, of what Gaoshi reads."""
    repository = snapshot.repository
    base = repository.commit(since)
    if base is None:
        raise GitError("no-revision", since)
    if snapshot.revision is not None:
        base = repository.merge_base(base, snapshot.revision) or base
    return repository.changed(base, snapshot.tree, *PARTS)


def _touched(snapshot: Snapshot, since: str) -> dict[str, bool]:
    """Ids of notices with a change since `since`, and whether they are still there."""
    paths = (path for path in changed_paths(snapshot, since) if path.startswith(f"{ROOT}/"))
    ids = ("/".join(path.split("/")[1:3]) for path in paths)
    present = {"/".join(entry.path.split("/")[1:3]) for entry in snapshot.entries(ROOT) if entry.path.count("/") > 1}
    return {notice_id: notice_id in present for notice_id in ids if ID_PATTERN.fullmatch(notice_id)}


def _id(snapshot: Snapshot, text: str) -> str:
    parts = [part for part in text.replace("\\", "/").split("/") if part not in {"", "."}]
    if ROOT in parts:
        parts = parts[len(parts) - parts[::-1].index(ROOT) :]
    notice_id = "/".join(parts[:2])
    path = f"{ROOT}/{notice_id}"
    if not ID_PATTERN.fullmatch(notice_id) or all(entry.path != path for entry in snapshot.entries(path)):
        raise click.BadParameter(words().text("cli.no_such_notice", value=text), param_hint="ID")
    return notice_id
