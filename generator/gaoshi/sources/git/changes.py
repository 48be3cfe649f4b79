"""Changes: which commits changed which paths, and what differs between two of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from gaoshi.sources.git.command import Git
from gaoshi.sources.git.output import COMMIT_FORM, MainlineCommit, Walk, read_commits, read_mainline


class Changes(Git):
    """Walks of history that look for changes. The long ones are made while we do something else."""

    @contextmanager
    def history(self, revision: str, paths: Sequence[str]) -> Iterator[Callable[[], Walk]]:
        """Look for the commits of `revision`'s history that changed `paths`, while we do something else.

        What is yielded waits for them.
        """
        with (
            # Whole history, or what is found for one path and for all of them would differ.
            self._log(["--full-history", "-c"], revision, paths) as changes,
            # On the branch itself a merge stands for what it brought; all others are among `changes`.
            self._log(["--first-parent", "--merges", "--diff-merges=first-parent"], revision, paths) as merges,
            self.beside("rev-list", "--first-parent", revision, "--") as line,
        ):

            def result() -> Walk:
                commits = read_commits(changes())
                known = {commit.id: commit for commit in (*commits, *read_commits(merges()))}
                return Walk(commits, [known[commit] for commit in line().decode().split() if commit in known])

            yield result

    def mainline(self, revisions: str, *paths: str) -> list[MainlineCommit]:
        """The commits on the branch itself that changed `paths`, newest first, each with what it put there.

        A merge stands for what it brought. Folders are among the changes, with their tree ids.
        """
        with self._raw(["--first-parent", "--diff-merges=first-parent", "-t"], revisions, paths) as commits:
            return list(commits())

    @contextmanager
    def replaced(self, revision: str, *paths: str) -> Iterator[Callable[[], list[tuple[str, str]]]]:
        """Look for the files below `paths` that were once there and changed or deleted, while we do something else.

        In the whole history, on every side of every merge: a merge may leave out what either side had. What
        is yielded waits for them: each path, with a commit that came just before such a change.
        """
        with self._raw(["--full-history", "-m", "--diff-filter=DMT"], revision, paths) as commits:
            yield lambda: list(
                dict.fromkeys(
                    (change.path, parent)
                    for commit in commits()
                    for change in commit.changes
                    for parent in commit.parents
                )
            )

    def brought(self, commit: str, path: str) -> list[str]:
        """The commits that changed `path` and came to the branch with the merge `commit`, newest first."""
        return self.run("rev-list", "--full-history", commit, f"^{commit}^", "--", path).decode().split()

    def changed(self, base: str, tree: str, *paths: str) -> list[str]:
        """Paths below `paths` that differ between two trees or commits."""
        output = self.run("diff-tree", "-r", "-z", "--name-only", "--no-renames", base, tree, "--", *paths)
        return [os.fsdecode(path) for path in output.split(b"\0") if path]

    def renamed(self, commit: str, path: str) -> list[tuple[str, str]]:
        """What a commit on the branch renamed below `path`, from where to where, as git guesses by what is alike."""
        how = ("-r", "-M", "-z", "--name-status", "--diff-filter=R")
        fields = os.fsdecode(self.run("diff-tree", *how, f"{commit}^1", commit, "--", path)).split("\0")
        return list(zip(fields[1::3], fields[2::3], strict=False))

    def _log(
        self, how: Sequence[str], revision: str, paths: Sequence[str]
    ) -> AbstractContextManager[Callable[[], bytes]]:
        return self.beside(
            "log", *how, "--no-renames", "--name-only", "-z", f"--format={COMMIT_FORM}", revision, "--", *paths
        )

    @contextmanager
    def _raw(
        self, how: Sequence[str], revisions: str, paths: Sequence[str]
    ) -> Iterator[Callable[[], Iterator[MainlineCommit]]]:
        always = ("--raw", "--no-abbrev", "--no-renames", "-z")
        form = f"--format={COMMIT_FORM}%x00%P"
        with self.beside("log", *always, *how, form, revisions, "--", *paths) as output:
            yield lambda: read_mainline(os.fsdecode(output()).split("\0"))
