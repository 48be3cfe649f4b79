"""A repository: everything that git is asked, in one hand."""

from __future__ import annotations

from pathlib import Path

from gaoshi.sources.git.changes import Changes
from gaoshi.sources.git.command import GitError
from gaoshi.sources.git.objects import Objects
from gaoshi.sources.git.output import read_path
from gaoshi.sources.git.remotes import Remotes
from gaoshi.sources.git.worktree import WorkingTree
from gaoshi.sources.git.writing import Writing


class Repository(Objects, Changes, Remotes, Writing, WorkingTree):
    """A git repository on this machine, read through the command `git`."""

    @classmethod
    def containing(cls, folder: Path) -> Repository:
        """The repository whose work tree holds `folder`.

        Raises GitError: `missing` without git, `no-repository` outside of one, `failed` when git
        does not trust the folder's owner.
        """
        if not folder.is_dir():
            raise GitError("no-repository", str(folder))
        try:
            top = read_path(cls(folder).run("rev-parse", "--show-toplevel"))
        except GitError as error:
            if error.what == "failed" and "dubious ownership" not in error.detail:
                raise GitError("no-repository", str(folder)) from None
            raise
        return cls(top)
