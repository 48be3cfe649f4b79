"""Remotes: whether there is one, and bringing a commit from it."""

from __future__ import annotations

from gaoshi.sources.git.commits import Commits


class Remotes(Commits):
    """Other places that this repository is kept at."""

    def has_remote(self, name: str) -> bool:
        """Whether this repository knows a remote of that name."""
        return name in self.run("remote").decode().splitlines()

    def bring(self, remote: str | None, commit: str, *references: str) -> bool:
        """Whether `commit` is here, or `remote` has it, by its id or at the end of one of `references`.

        Raises GitError when it is not here, and the remote cannot be reached.
        """
        if self.commit(commit) is not None or remote is None:
            return self.commit(commit) is not None
        how = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules")
        reached = False
        for wanted in (commit, *references):
            reached = self.attempt(*how, remote, wanted).returncode == 0 or reached
            if self.commit(commit) is not None:
                return True
        if not reached:
            self.run("ls-remote", "--quiet", "--heads", remote)
        return False
