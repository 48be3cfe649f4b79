"""Writing: commits and references, in the repository's own name, for good."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

from gaoshi.sources.git.command import Git, Settings

_FOR_GOOD: Settings = (("core.fsync", "committed"),)
_US = ("gaoshi", "gaoshi@publisher.invalid")


class Writing(Git):
    """What is written without touching work tree or index."""

    def for_good(self) -> Self:
        """The same, for what must outlive a loss of power as soon as git says that it is written."""
        return self.adjusted({}, _FOR_GOOD)

    def signing_as(self, name: str, address: str) -> Self:
        """The same, with commits made in this name: a machine has none of its own."""
        return self.adjusted(_naming(name, address))

    def commit_files(
        self, base: str | None, parents: Sequence[str], files: Mapping[str, bytes], message: str, at: datetime
    ) -> str:
        """A commit with the tree `base` and `files` beside; nothing of work tree or index is touched.

        It is written for good and dated `at`. Where git knows nobody to name as its author, as on a publisher's
        machine, it names us: who commits a record proves nothing. Raises GitError.
        """
        with tempfile.TemporaryDirectory(prefix="gaoshi-") as scratch:
            date = f"{int(at.timestamp())} +0000"
            dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
            index = {"GIT_INDEX_FILE": str(Path(scratch, "index"))}
            known = self.attempt("var", "GIT_COMMITTER_IDENT").returncode == 0
            us = {} if known else _naming(*_US)
            writer = self.adjusted({**us, **dates, **index}, _FOR_GOOD)
            writer.run("read-tree", base or "--empty")
            lines = []
            for path, data in files.items():
                blob = writer.run("hash-object", "-w", "--stdin", stdin=data).decode().strip()
                lines.append(f"100644 {blob}\t{path}")
            writer.run("update-index", "--add", "-z", "--index-info", stdin="\0".join([*lines, ""]).encode())
            tree = writer.run("write-tree").decode().strip()
            links = [part for parent in parents for part in ("-p", parent)]
            return writer.run("commit-tree", tree, *links, stdin=message.encode()).decode().strip()

    def set_reference(self, name: str, commit: str | None) -> None:
        """Let the reference `name` stand at `commit`, or take it away, for good. Raises GitError."""
        self.for_good().run("update-ref", *(("-d", name) if commit is None else (name, commit)))


def _naming(name: str, address: str) -> dict[str, str]:
    """Variables by which git names somebody as author and committer."""
    roles = ("AUTHOR", "COMMITTER")
    return {f"GIT_{role}_{part}": value for role in roles for part, value in (("NAME", name), ("EMAIL", address))}
