"""The working tree, read as git would commit it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from gaoshi.sources.git.command import Git, GitError
from gaoshi.sources.git.output import read_path


class WorkingTree(Git):
    """What lies on disk and is not committed yet."""

    @contextmanager
    def worktree(self, *paths: str) -> Iterator[tuple[Self, str, list[str]]]:
        """The working tree as git would commit it: a reader, the tree's id, and what git cannot add.

        Written through a copy of the index and a scratch object folder, so that the repository is
        not touched. Only `paths` are taken from disk. What git could not add (an unreadable file)
        is listed by path and missing from the tree.
        """
        with tempfile.TemporaryDirectory(prefix="gaoshi-") as scratch:
            objects = Path(scratch, "objects")
            objects.mkdir()
            index = Path(scratch, "index")
            own = read_path(self.run("rev-parse", "--path-format=absolute", "--git-path", "index"))
            if own.exists():
                shutil.copy2(own, index)  # with its time: a file saved since, in the same second, is looked into
            reader = self.adjusted(
                {
                    "GIT_INDEX_FILE": str(index),
                    "GIT_OBJECT_DIRECTORY": str(objects),
                    "GIT_ALTERNATE_OBJECT_DIRECTORIES": _quoted(self.folder() / "objects"),
                },
            )
            present = [path for path in paths if (self.root / path).exists() or (self.root / path).is_symlink()]
            gone = [path for path in paths if path not in present]
            if gone:
                reader.run("rm", "-r", "-q", "--cached", "--ignore-unmatch", "--", *gone)
            refused: list[str] = []
            if present:
                added = reader.attempt("add", "--all", "--sparse", "--ignore-errors", "--", *present)
                if added.returncode != 0:
                    refused = _refused(added.stderr.decode(errors="replace"))
            yield reader, _write_tree(reader), refused


def _write_tree(git: Git) -> str:
    """The tree of the index. A conflict that is still open can only lie outside what was added."""
    written = git.attempt("write-tree")
    if written.returncode == 0:
        return written.stdout.decode().strip()
    unmerged = git.run("diff", "--cached", "--diff-filter=U", "--name-only", "-z")
    git.run("update-index", "--force-remove", "-z", "--stdin", stdin=unmerged)
    return git.run("write-tree").decode().strip()


def _quoted(path: Path) -> str:
    """A path as git takes it in a list that colons separate."""
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


_REFUSALS = (('open("', '"'), ("unable to index file '", "'"), ("error: '", "' does not have a commit"))
_SAID_BESIDES = ("fatal: adding files failed", "fatal: updating files failed", "warning:", "hint:")


def _refused(stderr: str) -> list[str]:
    """Paths that `git add` says it could not add.

    Raises GitError for anything else that it says: then nothing may have been added, and the tree
    would silently be another than the one on disk.
    """
    paths: dict[str, None] = {}
    for line in stderr.splitlines():
        found = [
            line.partition(opening)[2].partition(closing)[0]
            for opening, closing in _REFUSALS
            if opening in line and closing in line.partition(opening)[2]
        ]
        if found:
            paths |= dict.fromkeys(path for path in found if path)
        elif line.strip() and not line.startswith(_SAID_BESIDES):
            raise GitError("failed", line)
    return list(paths)
