"""One state of the repository, at a revision or in the working tree: what is read, is read from here."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gaoshi.core.notice import ROOT
from gaoshi.sources.git.command import GitError
from gaoshi.sources.git.output import TreeEntry
from gaoshi.sources.git.repository import Repository

SETTINGS = "mkdocs.yml"
ROSTER = ".github/approvers.yml"
RECORDS = "records"
TEMPLATES = "site_templates"
PARTS = (ROOT, SETTINGS, ROSTER, RECORDS, TEMPLATES)
"""What Gaoshi reads of a repository; nothing else of it can change the board."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something in the working tree that git cannot hold: what (a problem's name) and where."""

    what: str
    path: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A tree to read from. `revision` is the commit it is, or (in a preview) the one it stands on.

    `records` are the commits at which the branch `records` is read (None: where it stands now).
    """

    repository: Repository
    tree: str
    revision: str | None
    worktree: bool
    refused: tuple[str, ...] = ()
    records: tuple[str, ...] | None = None
    _contents: dict[str, bytes | None] = field(default_factory=dict, compare=False)

    def entries(self, *paths: str) -> list[TreeEntry]:
        """Everything below `paths`."""
        return self.repository.list_tree(self.tree, *paths)

    def read(self, path: str) -> bytes | None:
        """The content of the file at `path`, or None when there is no such file."""
        if path not in self._contents:
            ids = [entry.id for entry in self.entries(path) if entry.path == path and entry.form == "file"]
            self._contents[path] = dict(self.repository.blobs(ids)).get(ids[0]) if ids else None
        return self._contents[path]

    def id_of(self, path: str) -> str:
        """Git's id of the file or folder at `path`; nothing when there is none."""
        return next((entry.id for entry in self.entries(path) if entry.path == path), "")

    def oddities(self, ids: Iterable[str] | None = None) -> Iterator[Oddity]:
        """What of the working tree git cannot hold: in these notices' folders, or (None) anywhere below `notices/`."""
        yield from (Oddity("unreadable", path) for path in self.refused)
        start = self.repository.root / ROOT
        if not self.worktree or start.is_symlink() or not start.is_dir():
            return
        for folder in [ROOT] if ids is None else [f"{ROOT}/{notice_id}" for notice_id in ids]:
            yield from _odd_below(os.fspath(self.repository.root / folder), folder)


@contextmanager
def open_snapshot(root: Path, revision: str | None) -> Iterator[Snapshot]:
    """The state of the repository around `root` at `revision`; of the working tree when None.

    Raises GitError: as Repository.containing does, `no-revision` when there is no such commit, and
    `shallow` when this clone lacks the history that a revision is judged by.
    """
    repository = Repository.containing(root)
    if revision is not None:
        commit = repository.commit(revision)
        if commit is None:
            raise GitError("no-revision", revision)
        if repository.shallow():  # who wrote what, and since when it is there, would be guesswork
            raise GitError("shallow")
        yield Snapshot(repository, repository.tree(commit), commit, worktree=False)
        return
    with repository.worktree(*PARTS) as (reader, tree, refused):
        yield Snapshot(reader, tree, repository.commit("HEAD"), worktree=True, refused=tuple(refused))


def _odd_below(folder: str, here: str) -> Iterator[Oddity]:
    """Empty folders and special files: git passes over them without a word."""
    try:
        with os.scandir(folder) as listing:
            items = sorted(listing, key=lambda item: item.name)
    except OSError:  # git says so itself
        return
    if not items and here != ROOT:
        yield Oddity("empty-folder", here)
    for item in items:
        if item.is_dir(follow_symlinks=False):
            if item.name != ".git":
                yield from _odd_below(item.path, f"{here}/{item.name}")
        elif not item.is_symlink() and not item.is_file(follow_symlinks=False):
            yield Oddity("special-file", f"{here}/{item.name}")
