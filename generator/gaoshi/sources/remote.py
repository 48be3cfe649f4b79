"""Following a remote: its branch and its branch `records`, into remote-tracking references and nothing else.

A reference goes forward only. What does not go on from what is published, or from what is known of the
records, is not taken: the last good board can then still be built from here.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gaoshi.core.failure import Failure
from gaoshi.core.published import Published
from gaoshi.core.watching import WITNESSES, Source, witnessed
from gaoshi.sources.child import Patience
from gaoshi.sources.git.command import GitError
from gaoshi.sources.git.repository import Repository
from gaoshi.sources.ledger import BRANCH as RECORDS
from gaoshi.sources.ledger import record_tips

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*", re.ASCII)
_TIP = re.compile(r"([0-9a-f]{40,64})\trefs/heads/(\S+)", re.ASCII)
_FETCH = (
    *("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-maintenance"),
    "--refmap=",  # bring the commits; which reference goes where is decided here
    "--end-of-options",
)
_MOST_NAMED = 5
_ABANDONED = 600.0
"""A lock of git's that is older than so many seconds was left by a git that was killed."""


class RemoteError(Failure):
    """The remote cannot be followed, or what it has is not taken."""

    family = "watch"


@dataclass(frozen=True, slots=True)
class Remote:
    """A branch of a remote of this clone, and the branch `records` beside it."""

    repository: Repository
    name: str
    branch: str

    @classmethod
    def of(cls, repository: Repository, name: str, branch: str) -> Remote:
        """The branch to follow.

        Raises RemoteError (`no-remote`, `bad-branch`) and GitError (`shallow`: this clone lacks the history that
        a revision is judged by).
        """
        if not _NAME.fullmatch(name) or not repository.has_remote(name):
            raise RemoteError("no-remote", name)
        if not _NAME.fullmatch(branch) or ".." in branch or branch.partition("/")[0] == RECORDS:
            raise RemoteError("bad-branch", branch)
        if repository.shallow():
            raise GitError("shallow")
        return cls(repository, name, branch)

    # ── what is known ────────────────────────────────────────────────────────────────────────────

    def newest(self) -> Source | None:
        """What the remote had when it was last reached; None when its branch was never seen. Raises GitError."""
        revision = self.repository.commit(self._reference(self.branch))
        return None if revision is None else Source(revision, record_tips(self.repository))

    def dated(self, source: Source) -> datetime | None:
        """Before which instant, by the branch's newest commits, it cannot be, UTC. Raises GitError."""
        return witnessed(self.repository.newest_dates(source.revision, WITNESSES))

    # ── looking ──────────────────────────────────────────────────────────────────────────────────

    def look(self, published: Published | None, patience: Patience) -> None:
        """Bring here what the remote has now, as far as it goes on from what is published.

        Raises GitError when the remote cannot be reached, RemoteError when what it has is not taken (then the
        rest of it was): `no-branch`, `never-branch`, `no-branches`, `main-rewound`, `records-rewound`.
        """
        self._mend()
        tips = self._tips(patience)
        unknown = [branch for branch in (RECORDS, self.branch) if branch in tips and tips[branch] != self._tip(branch)]
        if unknown:
            wanted = (f"refs/heads/{branch}" for branch in unknown)
            self.repository.for_good().ask(*_FETCH, self.name, *wanted, patience=patience)
        self._take(tips, unknown, published)
        if self.branch not in tips:
            raise RemoteError("no-branch", self.branch) if self._tip(self.branch) else self._never_there(patience)

    def _never_there(self, patience: Patience) -> RemoteError:
        """The branch was never seen: perhaps its name is wrong, so those that are there are named."""
        listed = self._list(patience, "refs/heads/*")
        there = sorted(branch for branch in listed if branch.partition("/")[0] != RECORDS)
        if not there:
            return RemoteError("no-branches", self.branch)
        named = ", ".join([*there[:_MOST_NAMED], *(["…"] if len(there) > _MOST_NAMED else [])])
        return RemoteError("never-branch", self.branch, there=named)

    def _tips(self, patience: Patience) -> dict[str, str]:
        """Where the branch and the records stand there."""
        return self._list(patience, *(f"refs/heads/{branch}" for branch in (self.branch, RECORDS)))

    def _list(self, patience: Patience, *which: str) -> dict[str, str]:
        listed = self.repository.ask("ls-remote", "--end-of-options", self.name, *which, patience=patience)
        lines = (_TIP.fullmatch(line) for line in listed.decode(errors="replace").splitlines())
        return {line[2]: line[1] for line in lines if line}

    def _take(self, tips: dict[str, str], unknown: Iterable[str], published: Published | None) -> None:
        refused = None
        for branch in unknown:
            tip = tips[branch]
            if self.repository.commit(tip) is None:  # the remote has moved on since it was listed: next time
                continue
            if self._goes_on(branch, tip, published):
                self._set(branch, tip)
            else:
                refused = RemoteError("records-rewound" if branch == RECORDS else "main-rewound", tip)
        if refused is not None:
            raise refused

    def _goes_on(self, branch: str, tip: str, published: Published | None) -> bool:
        if branch != RECORDS:
            before = published.revision if published is not None else ""
            return not before or self.repository.on_mainline(before, tip)
        known = self._tip(RECORDS)
        seen = (known,) if known is not None else published.records if published is not None else ()
        return all(self.repository.descends(tip, commit) for commit in seen)

    # ── references ───────────────────────────────────────────────────────────────────────────────

    def _reference(self, branch: str) -> str:
        return f"refs/remotes/{self.name}/{branch}"

    def _tip(self, branch: str) -> str | None:
        return self.repository.commit(self._reference(branch))

    def _set(self, branch: str, tip: str) -> None:
        for reference in self._in_the_way(self._reference(branch)):
            self.repository.set_reference(reference, None)
        self.repository.set_reference(self._reference(branch), tip)

    def _in_the_way(self, reference: str) -> list[str]:
        """References of branches that were there once and cannot be there now: git keeps no `a/b` beside an `a`."""
        known = self.repository.run("for-each-ref", "--format=%(refname)", f"refs/remotes/{self.name}/")
        names = known.decode(errors="surrogateescape").splitlines()
        return [name for name in names if name.startswith(f"{reference}/") or reference.startswith(f"{name}/")]

    def _mend(self) -> None:
        """Take away what a crash may have left: rubbish in the place of a reference, and git's lock on it."""
        for branch in (RECORDS, self.branch):
            path = self.repository.folder() / self._reference(branch)
            _take_off(path.with_name(f"{path.name}.lock"))
            if path.is_file() and self._tip(branch) is None:
                path.unlink()

    def tidy(self, patience: Patience) -> None:
        """Let git pack what many fetches have left, if it is much. Raises GitError."""
        _take_off(self.repository.folder() / "packed-refs.lock")
        lasting = self.repository.for_good()
        lasting.ask("-c", "gc.autoDetach=false", "gc", "--auto", "--quiet", patience=patience)


def followed(repository: Repository) -> str:
    """What would be published from this clone: `HEAD`, or what its branch follows, where that has gone on from it.

    In a clone that is only fetched into, as a publisher's is, HEAD stays where it was cloned. Raises GitError.
    """
    here, there = repository.commit("HEAD"), repository.commit("HEAD@{upstream}")
    gone_on = here is not None and there is not None and repository.descends(there, here)
    return "HEAD@{upstream}" if gone_on else "HEAD"


def _take_off(lock: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if time.time() - lock.stat().st_mtime > _ABANDONED:
            lock.unlink()
