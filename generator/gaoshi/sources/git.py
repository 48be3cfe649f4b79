"""The one door to git: few calls, in batches, never one per notice.

Nothing here trusts the repository's own configuration more than it must: replacement objects,
grafts, hooks, file-system monitors and prompts are off, and all output is asked for NUL-separated.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from gaoshi.core.failure import Failure
from gaoshi.sources.child import Patience, finish
from gaoshi.sources.git_output import (
    COMMIT_FORM,
    TREE_LINE,
    History,
    MainlineCommit,
    TreeEntry,
    read_commits,
    read_mainline,
    read_seconds,
    read_tree,
)

_SETTINGS = (
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

_FOR_GOOD = (("core.fsync", "committed"),)
_US = ("gaoshi", "gaoshi@publisher.invalid")


class GitError(Failure):
    """Git is missing, this is no repository, or git refused. `detail` is git's own last line."""

    family = "git"


_Process = subprocess.Popen[bytes]


class Repository:
    """A git repository on this machine, read through the command `git`."""

    def __init__(
        self, root: Path, environment: dict[str, str] | None = None, settings: tuple[tuple[str, str], ...] = ()
    ) -> None:
        self.root = root
        self._environment = environment or {}
        self._settings = settings

    @classmethod
    def containing(cls, folder: Path) -> Repository:
        """The repository whose work tree holds `folder`.

        Raises GitError: `missing` without git, `no-repository` outside of one, `failed` when git
        does not trust the folder's owner.
        """
        if not folder.is_dir():
            raise GitError("no-repository", str(folder))
        try:
            top = _path(cls(folder).run("rev-parse", "--show-toplevel"))
        except GitError as error:
            if error.what == "failed" and "dubious ownership" not in error.detail:
                raise GitError("no-repository", str(folder)) from None
            raise
        return cls(top)

    # ── calling ──────────────────────────────────────────────────────────────────────────────────

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

    def run(self, *arguments: str, stdin: bytes = b"", check: bool = True) -> bytes:
        """What `git ARGUMENTS` prints. Raises GitError (`missing`, or `failed` with git's reason)."""
        return self._run(arguments, stdin, check=check).stdout

    def _run(
        self, arguments: Sequence[str], stdin: bytes = b"", *, check: bool = True
    ) -> subprocess.CompletedProcess[bytes]:
        try:
            result = subprocess.run(
                self._command(arguments), input=stdin, capture_output=True, env=self._env(), check=False
            )
        except FileNotFoundError:
            raise GitError("missing") from None
        if check:
            _must_be_well(result.returncode, result.stderr)
        return result

    def _begin(
        self, arguments: Sequence[str], stdin: IO[bytes], stdout: IO[bytes] | int, stderr: IO[bytes]
    ) -> _Process:
        try:
            return subprocess.Popen(
                self._command(arguments), stdin=stdin, stdout=stdout, stderr=stderr, env=self._env(), bufsize=1 << 16
            )
        except FileNotFoundError:
            raise GitError("missing") from None

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

    @contextmanager
    def _beside(self, *arguments: str) -> Iterator[Callable[[], bytes]]:
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
    def _flowing(self, *arguments: str, stdin: bytes) -> Iterator[IO[bytes]]:
        """What `git ARGUMENTS` prints, read while git is still at work. Raises GitError as `run` does."""
        with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as errors:
            asked.write(stdin)
            asked.seek(0)
            with self._begin(arguments, asked, subprocess.PIPE, errors) as process:
                assert process.stdout is not None
                yield process.stdout
            _must_be_well(process.returncode, _content(errors))

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def folder(self) -> Path:
        """Git's own folder of this repository (common to its work trees)."""
        return _path(self.run("rev-parse", "--path-format=absolute", "--git-common-dir"))

    def shallow(self) -> bool:
        """Whether this clone's history is cut off somewhere."""
        return (self.folder() / "shallow").exists()

    def commit(self, revision: str) -> str | None:
        """The full id of the commit that `revision` names, or None."""
        if revision.startswith("-"):
            return None
        result = self._run(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"], check=False
        )
        return result.stdout.decode().strip() or None

    def tree(self, commit: str) -> str:
        """The tree of a commit."""
        return self.run("rev-parse", "--verify", f"{commit}^{{tree}}").decode().strip()

    def list_tree(self, tree: str, *paths: str) -> list[TreeEntry]:
        """Everything below `tree`, folders and files, or only what lies under `paths`."""
        output = self.run("ls-tree", "-r", "-t", "-z", "--full-tree", tree, "--", *paths)
        return list(map(TreeEntry._make, TREE_LINE.findall(os.fsdecode(output))))

    def list_folder(self, tree: str, *folders: str) -> list[TreeEntry]:
        """What lies directly in each of `folders` of a tree."""
        output = self.run("ls-tree", "-z", "--full-tree", tree, "--", *(f"{folder}/" for folder in folders))
        return list(map(TreeEntry._make, TREE_LINE.findall(os.fsdecode(output))))

    def trees(self, ids: Iterable[str]) -> dict[str, list[TreeEntry]]:
        """What lies directly in each of the trees `ids`, by name; what is missing is left out."""
        return {name: list(read_tree(data, len(name) // 2)) for name, data in self.blobs(ids)}

    def ids_at(self, places: Sequence[tuple[str, str]]) -> list[str | None]:
        """The id of what lay at each place (a commit and a path), None where there was nothing."""
        if not places:
            return []
        names = "".join(f"{commit}:{path}\n" for commit, path in places)
        output = self.run("cat-file", "--buffer", "--batch-check=%(objectname)", stdin=os.fsencode(names))
        found = os.fsdecode(output).splitlines()
        return [None if line.endswith((" missing", " ambiguous")) else line for line in found]

    def sizes(self, ids: Iterable[str]) -> dict[str, int]:
        """Sizes in bytes of the objects `ids`; what is missing is left out."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return {}
        output = self.run("cat-file", "--buffer", "--batch-check=%(objectname) %(objectsize)", stdin=_lines(wanted))
        sizes = {}
        for line in output.decode().splitlines():
            name, _, size = line.partition(" ")
            if size.isdigit():
                sizes[name] = int(size)
        return sizes

    def blobs(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The contents of the objects `ids`, in order; what is missing is left out."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return
        with self._flowing("cat-file", "--buffer", "--batch", stdin=_lines(wanted)) as output:
            while header := output.readline().decode().split():
                if header[-1] == "missing":
                    continue
                yield header[0], output.read(int(header[2]))
                output.read(1)

    @contextmanager
    def history(self, revision: str, paths: Sequence[str]) -> Iterator[Callable[[], History]]:
        """Look for the commits of `revision`'s history that changed `paths`, while we do something else.

        What is yielded waits for them.
        """
        with (
            # Whole history, or what is found for one path and for all of them would differ.
            self._log(["--full-history", "-c"], revision, paths) as changes,
            # On the branch itself a merge stands for what it brought; all others are among `changes`.
            self._log(["--first-parent", "--merges", "--diff-merges=first-parent"], revision, paths) as merges,
            self._beside("rev-list", "--first-parent", revision, "--") as line,
        ):

            def result() -> History:
                commits = read_commits(changes())
                known = {commit.id: commit for commit in (*commits, *read_commits(merges()))}
                return History(commits, [known[commit] for commit in line().decode().split() if commit in known])

            yield result

    def _log(
        self, how: Sequence[str], revision: str, paths: Sequence[str]
    ) -> AbstractContextManager[Callable[[], bytes]]:
        return self._beside(
            "log", *how, "--no-renames", "--name-only", "-z", f"--format={COMMIT_FORM}", revision, "--", *paths
        )

    def mainline(self, revisions: str, *paths: str) -> list[MainlineCommit]:
        """The commits on the branch itself that changed `paths`, newest first, each with what it put there.

        A merge stands for what it brought. Folders are among the changes, with their tree ids.
        """
        with self._mainline(["-t"], revisions, paths) as commits:
            return list(commits())

    @contextmanager
    def replaced(self, revision: str, *paths: str) -> Iterator[Callable[[], list[tuple[str, str]]]]:
        """Look for the files below `paths` that were once there and changed or deleted, while we do something else.

        In the whole history, on every side of every merge: a merge may leave out what either side had. What
        is yielded waits for them: each path, with a commit that came just before such a change.
        """
        how = ("--full-history", "-m", "--diff-filter=DMT")
        with self._raw(how, revision, paths) as commits:
            yield lambda: list(
                dict.fromkeys(
                    (change.path, parent)
                    for commit in commits()
                    for change in commit.changes
                    for parent in commit.parents
                )
            )

    @contextmanager
    def _mainline(
        self, how: Sequence[str], revisions: str, paths: Sequence[str]
    ) -> Iterator[Callable[[], Iterator[MainlineCommit]]]:
        with self._raw(["--first-parent", "--diff-merges=first-parent", *how], revisions, paths) as commits:
            yield commits

    @contextmanager
    def _raw(
        self, how: Sequence[str], revisions: str, paths: Sequence[str]
    ) -> Iterator[Callable[[], Iterator[MainlineCommit]]]:
        always = ("--raw", "--no-abbrev", "--no-renames", "-z")
        form = f"--format={COMMIT_FORM}%x00%P"
        with self._beside("log", *always, *how, form, revisions, "--", *paths) as output:
            yield lambda: read_mainline(os.fsdecode(output()).split("\0"))

    def parents(self, revisions: str) -> dict[str, tuple[str, ...]]:
        """Every commit among `revisions` with its parents, children first."""
        lines = self.run("rev-list", "--topo-order", "--parents", revisions, "--").decode().splitlines()
        return {ids[0]: tuple(ids[1:]) for ids in (line.split(" ") for line in lines)}

    def on_mainline(self, commit: str, revision: str) -> bool:
        """Whether `commit` is one of the branch's own commits up to `revision`."""
        if not self.descends(revision, commit):
            return False
        if commit == revision:
            return True
        since = self.run("rev-list", "--first-parent", "--parents", f"{commit}..{revision}", "--").decode().splitlines()
        oldest = since[-1].split(" ") if since else []
        return oldest[1:2] == [commit]

    def descends(self, commit: str, ancestor: str) -> bool:
        """Whether `ancestor` is `commit` or part of its history; no, when it is not there at all."""
        return self._run(["merge-base", "--is-ancestor", ancestor, commit], check=False).returncode == 0

    def committed(self, commit: str) -> datetime:
        """The committer's date of a commit, UTC."""
        seconds = self.run("show", "--no-patch", "--format=%ct", commit, "--").decode().strip()
        return datetime.fromtimestamp(read_seconds(seconds), UTC)

    def refs(self, *patterns: str) -> tuple[str, ...]:
        """The commits that the references matching `patterns` stand at, each once."""
        lines = self.run("for-each-ref", "--format=%(objectname)", *patterns).decode().split()
        return tuple(dict.fromkeys(lines))

    def changed(self, base: str, tree: str, *paths: str) -> list[str]:
        """Paths below `paths` that differ between two trees or commits."""
        output = self.run("diff-tree", "-r", "-z", "--name-only", "--no-renames", base, tree, "--", *paths)
        return [os.fsdecode(path) for path in output.split(b"\0") if path]

    def renamed(self, commit: str, path: str) -> list[tuple[str, str]]:
        """What a commit on the branch renamed below `path`, from where to where, as git guesses by what is alike."""
        how = ("-r", "-M", "-z", "--name-status", "--diff-filter=R")
        fields = os.fsdecode(self.run("diff-tree", *how, f"{commit}^1", commit, "--", path)).split("\0")
        return list(zip(fields[1::3], fields[2::3], strict=False))

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor, or None."""
        result = self._run(["merge-base", one, other], check=False)
        return result.stdout.decode().strip() or None

    def setting(self, name: str) -> str:
        """A value of git's configuration, or nothing."""
        return self._run(["config", "--get", name], check=False).stdout.decode().strip()

    def object_at(self, commit: str, path: str) -> str | None:
        """The id of what lies at `path` in a commit; None when nothing does."""
        arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}:{path}"]
        return self._run(arguments, check=False).stdout.decode().strip() or None

    def brought(self, commit: str, path: str) -> list[str]:
        """The commits that changed `path` and came to the branch with the merge `commit`, newest first."""
        return self.run("rev-list", "--full-history", commit, f"^{commit}^", "--", path).decode().split()

    def bring(self, remote: str | None, commit: str, *references: str) -> bool:
        """Whether `commit` is here, or `remote` has it, by its id or at the end of one of `references`.

        Raises GitError when it is not here, and the remote cannot be reached.
        """
        if self.commit(commit) is not None or remote is None:
            return self.commit(commit) is not None
        how = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules")
        reached = False
        for wanted in (commit, *references):
            reached = self._run([*how, remote, wanted], check=False).returncode == 0 or reached
            if self.commit(commit) is not None:
                return True
        if not reached:
            self.run("ls-remote", "--quiet", "--heads", remote)
        return False

    def has_remote(self, name: str) -> bool:
        """Whether this repository knows a remote of that name."""
        return name in self.run("remote").decode().splitlines()

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def for_good(self) -> Repository:
        """The same, for what must outlive a loss of power as soon as git says that it is written."""
        return Repository(self.root, self._environment, _FOR_GOOD)

    def signing_as(self, name: str, address: str) -> Repository:
        """The same, with commits made in this name: a machine has none of its own."""
        return Repository(self.root, {**self._environment, **_naming(name, address)}, self._settings)

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
            known = self._run(["var", "GIT_COMMITTER_IDENT"], check=False).returncode == 0
            us = {} if known else _naming(*_US)
            writer = Repository(self.root, {**self._environment, **us, **dates, **index}, _FOR_GOOD)
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

    # ── the working tree ─────────────────────────────────────────────────────────────────────────

    @contextmanager
    def worktree(self, *paths: str) -> Iterator[tuple[Repository, str, list[str]]]:
        """The working tree as git would commit it: a reader, the tree's id, and what git cannot add.

        Written through a copy of the index and a scratch object folder, so that the repository is
        not touched. Only `paths` are taken from disk. What git could not add (an unreadable file)
        is listed by path and missing from the tree.
        """
        with tempfile.TemporaryDirectory(prefix="gaoshi-") as scratch:
            objects = Path(scratch, "objects")
            objects.mkdir()
            index = Path(scratch, "index")
            own = _path(self.run("rev-parse", "--path-format=absolute", "--git-path", "index"))
            if own.exists():
                shutil.copy2(own, index)  # with its time: a file saved since, in the same second, is looked into
            reader = Repository(
                self.root,
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
                added = reader._run(["add", "--all", "--sparse", "--ignore-errors", "--", *present], check=False)
                if added.returncode != 0:
                    refused = _refused(added.stderr.decode(errors="replace"))
            yield reader, reader._write_tree(), refused

    def _write_tree(self) -> str:
        """The tree of the index. A conflict that is still open can only lie outside what was added."""
        result = self._run(["write-tree"], check=False)
        if result.returncode == 0:
            return result.stdout.decode().strip()
        unmerged = self.run("diff", "--cached", "--diff-filter=U", "--name-only", "-z")
        self.run("update-index", "--force-remove", "-z", "--stdin", stdin=unmerged)
        return self.run("write-tree").decode().strip()


def _naming(name: str, address: str) -> dict[str, str]:
    """Variables by which git names somebody as author and committer."""
    roles = ("AUTHOR", "COMMITTER")
    return {f"GIT_{role}_{part}": value for role in roles for part, value in (("NAME", name), ("EMAIL", address))}


def _must_be_well(status: int, stderr: bytes) -> None:
    """Raise GitError with git's reason when it failed."""
    if status != 0:
        said = stderr.decode(errors="replace").strip().splitlines()
        lines = [line for line in said if not line.startswith(("hint:", "warning:"))] or said
        raise GitError("failed", lines[0] if lines else f"exit status {status}")


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _path(output: bytes) -> Path:
    return Path(os.fsdecode(output.removesuffix(b"\n")))


def _lines(ids: Sequence[str]) -> bytes:
    return "".join(f"{name}\n" for name in ids).encode()


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
