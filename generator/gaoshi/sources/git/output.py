"""What git prints, as data: paths, lines of trees, commits and their changes. Pure; others ask."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

TREE_LINE = re.compile(r"(\d+) (\w+) (\w+)\t([^\0]*)\0", re.ASCII)
COMMIT_FORM = "%x00%H%x00%ct%x00%ae%x00%(trailers:key=Co-authored-by,valueonly,unfold,separator=%x0A)"
"""How a commit is told: everything between NULs, which neither a name, an address nor a path can hold."""
_LATEST = 32_503_680_000
"""The year 3000: more than any clock means."""
_FORMS = {"120000": "symlink", "160000": "repository", "040000": "folder"}


class TreeEntry(NamedTuple):
    """A line of `git ls-tree`: what lies at `path`."""

    mode: str
    type: str
    id: str
    path: str

    @property
    def form(self) -> str:
        """`file`, `symlink`, `repository` (a nested one) or `folder`."""
        return _FORMS.get(self.mode, "file")


@dataclass(frozen=True, slots=True)
class Commit:
    """Who wrote a commit (author and co-authors, as e-mail addresses) and which paths it changed.

    A merge changes what is as it is on neither of its sides.

    `committed` is the committer's date, in seconds since 1970 UTC.
    """

    id: str
    committed: int
    emails: tuple[str, ...]
    paths: tuple[str, ...]


class Walk(NamedTuple):
    """The commits that changed some paths, and those of them on the branch itself; both newest first."""

    commits: list[Commit]
    mainline: list[Commit]


class Change(NamedTuple):
    """A line of git's raw diff: what a path was, and what it is."""

    new_mode: str
    old: str
    new: str
    path: str


@dataclass(frozen=True, slots=True)
class MainlineCommit:
    """A commit on the branch itself, with what it changed there. `committed` and `emails` as in Commit."""

    id: str
    committed: int
    emails: tuple[str, ...]
    parents: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def merge(self) -> bool:
        """Whether it joins branches."""
        return len(self.parents) > 1


def read_commits(output: bytes) -> list[Commit]:
    """The commits that `git log` printed.

    Everything is framed by NUL, which neither a name, an address nor a path can hold: an empty field,
    four fields of the commit (its trailers one a line), then paths to the next empty field.
    """
    fields = os.fsdecode(output).split("\0")
    commits, at = [], 0
    while at + 4 < len(fields):
        commit, committed, author, trailers = fields[at + 1 : at + 5]
        at += 5
        if at + 1 < len(fields) and not fields[at] and ("/" in fields[at + 1] or not fields[at + 1]):
            at += 1  # a merge has one more empty field before its paths
        end = at
        while end < len(fields) and fields[end]:
            end += 1
        people = [author, *trailers.split("\n")]
        commits.append(
            Commit(
                id=commit,
                committed=read_seconds(committed),
                emails=tuple(_email(person) for person in people if person.strip()),
                paths=tuple(path.removeprefix("\n") for path in fields[at:end]),
            )
        )
        at = end
    return commits


def read_mainline(fields: list[str]) -> Iterator[MainlineCommit]:
    """Commits out of `git log --raw -z`: the fields of COMMIT_FORM, parents, then changes and their paths by turns."""
    at = 0
    while at + 5 < len(fields):
        commit, committed, author, trailers, parents = fields[at + 1 : at + 6]
        at += 6
        changes = []
        while at + 1 < len(fields) and fields[at].lstrip("\n").startswith(":"):
            _, new_mode, old, new, _ = fields[at].split(" ", 4)
            changes.append(Change(new_mode, old, new, fields[at + 1]))
            at += 2
        people = [author, *trailers.split("\n")]
        yield MainlineCommit(
            id=commit,
            committed=read_seconds(committed),
            emails=tuple(_email(person) for person in people if person.strip()),
            parents=tuple(parents.split()),
            changes=tuple(changes),
        )


def read_tree(data: bytes, id_length: int) -> Iterator[TreeEntry]:
    """The lines of a tree object: mode, name, NUL, and the raw id."""
    at = 0
    while at < len(data):
        end = data.index(b"\0", at)
        mode, _, name = data[at:end].partition(b" ")
        at = end + 1 + id_length
        yield TreeEntry(mode.decode().rjust(6, "0"), "", data[end + 1 : at].hex(), os.fsdecode(name))


def read_path(output: bytes) -> Path:
    """The path that git printed on one line."""
    return Path(os.fsdecode(output.removesuffix(b"\n")))


def read_seconds(text: str) -> int:
    """Seconds since 1970, within the years that instants have: git takes any number for a date."""
    return min(int(text), _LATEST) if text.isdigit() else 0


def _email(person: str) -> str:
    """The address in `Name <address>`, or the whole."""
    return person.rpartition("<")[2].partition(">")[0].strip() if "<" in person else person.strip()
