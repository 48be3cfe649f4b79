"""The command `git`, and how it is called.

Nothing here trusts the repository's own configuration more than it must: replacement objects,
grafts, hooks, file-system monitors and prompts are off.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self

from gaoshi.core.failure import Failure
from gaoshi.sources.child import Patience, finish
from gaoshi.sources.git.output import read_path

Settings = tuple[tuple[str, str], ...]

_SETTINGS: Settings = (
    ("core.fsmonitor", "false"),
    ("core.hooksPath", os.devnull),
    ("core.quotePath", "false"),
    ("core.safecrlf", "false"),
    ("core.untrackedCache", "false"),
    ("advice.addEmbeddedRepo", "false"),
    ("core.fsync", "none"),  # most of what is written is scratch
    ("core.looseCompression", "0"),
    ("log.showRoot", "true"),
    ("log.showSignature", "false"),
)

_NO_REASON = ("hint:", "warning:", "To ", "From ")
"""What git says before it comes to the reason, or besides; after it comes that something failed."""

_Process = subprocess.Popen[bytes]


class GitError(Failure):
    """Git is missing, this is no repository, or git refused. `detail` is the line in which git gives the reason."""

    family = "git"


class Git:
    """The command `git`, called in the folder `root`, with an environment and settings of one's own."""

    def __init__(self, root: Path, environment: Mapping[str, str] | None = None, settings: Settings = ()) -> None:
        self.root = root
        self._environment = environment or {}
        self._settings = settings

    def adjusted(self, environment: Mapping[str, str], settings: Settings | None = None) -> Self:
        """The same, with these variables besides, and with other settings of one's own where `settings` are given."""
        settings = self._settings if settings is None else settings
        return type(self)(self.root, {**self._environment, **environment}, settings)

    # ── waiting for it ───────────────────────────────────────────────────────────────────────────

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """What `git ARGUMENTS` prints. Raises GitError (`missing`, or `failed` with git's reason)."""
        ended = self.attempt(*arguments, stdin=stdin)
        _must_be_well(ended.returncode, ended.stderr)
        return ended.stdout

    def attempt(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """How `git ARGUMENTS` ended, well or not. Raises GitError only when git is `missing`."""
        try:
            return subprocess.run(
                self._command(arguments), input=stdin, capture_output=True, env=self._env(), check=False
            )
        except FileNotFoundError:
            raise GitError("missing") from None

    def line(self, *arguments: str) -> str | None:
        """The one line that `git ARGUMENTS` prints; None when it has none to say. Raises as `attempt` does."""
        return self.attempt(*arguments).stdout.decode().strip() or None

    def ask(self, *arguments: str, patience: Patience) -> bytes:
        """What `git ARGUMENTS` prints that talks to somebody who may never answer.

        Raises GitError as `run` does, `no-answer` when our patience has ended; git is killed then.
        """
        try:
            ended = finish(self._command(arguments), patience, environment=self._env())
        except FileNotFoundError:
            raise GitError("missing") from None
        if ended.status is None:
            raise GitError("broken-off" if ended.broken_off else "no-answer", f"{patience.seconds:.0f}")
        _must_be_well(ended.status, ended.err)
        return ended.out

    # ── going on meanwhile ───────────────────────────────────────────────────────────────────────

    @contextmanager
    def beside(self, *arguments: str) -> Iterator[Callable[[], bytes]]:
        """Let git work while we do something else; what is yielded waits for it, and is then as `run`.

        git prints to a file: a pipe would soon be full, and git would wait for us.
        """
        with (
            tempfile.TemporaryFile() as nothing,
            tempfile.TemporaryFile() as output,
            tempfile.TemporaryFile() as errors,
            self._begin(arguments, nothing, output, errors) as process,
        ):

            def result() -> bytes:
                _must_be_well(process.wait(), _content(errors))
                return _content(output)

            try:
                yield result
            finally:
                process.kill()  # if nobody waited for it

    @contextmanager
    def flowing(self, *arguments: str, stdin: bytes) -> Iterator[IO[bytes]]:
        """What `git ARGUMENTS` prints, read while git is still at work. Raises GitError as `run` does."""
        with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as errors:
            asked.write(stdin)
            asked.seek(0)
            with self._begin(arguments, asked, subprocess.PIPE, errors) as process:
                assert process.stdout is not None
                yield process.stdout
            _must_be_well(process.returncode, _content(errors))

    # ── where and how it is called ───────────────────────────────────────────────────────────────

    def folder(self) -> Path:
        """Git's own folder of this repository (common to its work trees)."""
        return read_path(self.run("rev-parse", "--path-format=absolute", "--git-common-dir"))

    def setting(self, name: str) -> str:
        """A value of git's configuration, or nothing."""
        return self.line("config", "--get", name) or ""

    def _begin(
        self, arguments: Sequence[str], stdin: IO[bytes], stdout: IO[bytes] | int, stderr: IO[bytes]
    ) -> _Process:
        try:
            return subprocess.Popen(
                self._command(arguments), stdin=stdin, stdout=stdout, stderr=stderr, env=self._env(), bufsize=1 << 16
            )
        except FileNotFoundError:
            raise GitError("missing") from None

    def _command(self, arguments: Sequence[str]) -> list[str]:
        settings = [part for name, value in (*_SETTINGS, *self._settings) for part in ("-c", f"{name}={value}")]
        return ["git", "-C", str(self.root), *settings, *arguments]

    def _env(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        return kept | {
            "LC_ALL": "C",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_GRAFT_FILE": os.devnull,
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            **self._environment,
        }


def _must_be_well(status: int, stderr: bytes) -> None:
    """Raise GitError with git's reason when it failed."""
    if status != 0:
        said = [line.strip() for line in stderr.decode(errors="replace").splitlines()]
        said = [line for line in said if line not in {"", "remote:"}]
        lines = [line for line in said if not line.startswith(_NO_REASON)] or said
        raise GitError("failed", lines[0] if lines else f"exit status {status}")


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()
