"""Commits: what names them, when they were made, and which of them come from which."""

from __future__ import annotations

from datetime import UTC, datetime

from gaoshi.sources.git.command import Git
from gaoshi.sources.git.output import read_seconds


class Commits(Git):
    """The commits of the repository, and how they hang together."""

    def commit(self, revision: str) -> str | None:
        """The full id of the commit that `revision` names, or None."""
        if revision.startswith("-"):
            return None
        return self.line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")

    def refs(self, *patterns: str) -> tuple[str, ...]:
        """The commits that the references matching `patterns` stand at, each once."""
        lines = self.run("for-each-ref", "--format=%(objectname)", *patterns).decode().split()
        return tuple(dict.fromkeys(lines))

    def committed(self, commit: str) -> datetime:
        """The committer's date of a commit, UTC."""
        seconds = self.run("show", "--no-patch", "--format=%ct", commit, "--").decode().strip()
        return datetime.fromtimestamp(read_seconds(seconds), UTC)

    def newest_dates(self, revision: str, number: int) -> list[datetime]:
        """The committers' dates of the branch's own commits up to `revision`, UTC, newest first, at most `number`."""
        lines = self.run("rev-list", "--first-parent", "--timestamp", f"--max-count={number}", revision, "--")
        return [datetime.fromtimestamp(read_seconds(line.split()[0]), UTC) for line in lines.decode().splitlines()]

    def parents(self, revisions: str) -> dict[str, tuple[str, ...]]:
        """Every commit among `revisions` with its parents, children first."""
        lines = self.run("rev-list", "--topo-order", "--parents", revisions, "--").decode().splitlines()
        return {ids[0]: tuple(ids[1:]) for ids in (line.split(" ") for line in lines)}

    def descends(self, commit: str, ancestor: str) -> bool:
        """Whether `ancestor` is `commit` or part of its history; no, when it is not there at all."""
        return self.attempt("merge-base", "--is-ancestor", ancestor, commit).returncode == 0

    def newest(self, commits: tuple[str, ...]) -> tuple[str, ...]:
        """Those of `commits` that are in no other one's history, in their order."""
        if len(commits) < 2:  # noqa: PLR2004  (one alone is the newest)
            return commits
        kept = self.run("merge-base", "--independent", *commits).decode().split()
        return tuple(commit for commit in commits if commit in kept)

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor, or None."""
        return self.line("merge-base", one, other)

    def on_mainline(self, commit: str, revision: str) -> bool:
        """Whether `commit` is one of the branch's own commits up to `revision`."""
        if not self.descends(revision, commit):
            return False
        if commit == revision:
            return True
        since = self.run("rev-list", "--first-parent", "--parents", f"{commit}..{revision}", "--").decode().splitlines()
        oldest = since[-1].split(" ") if since else []
        return oldest[1:2] == [commit]

    def shallow(self) -> bool:
        """Whether this clone's history is cut off somewhere."""
        return (self.folder() / "shallow").exists()
