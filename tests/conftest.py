"""Real boards to test on: repositories in temporary folders, with real git and nobody's own settings."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

import approvals
from gaoshi.cli import main, surroundings
from gaoshi.core.edition import Edition
from gaoshi.core.instants import parse_instant
from gaoshi.core.notice import ID_PATTERN
from gaoshi.edition import compose
from gaoshi.sources.snapshot import open_snapshot

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

PROJECT = Path(__file__).resolve().parent.parent
GOLDEN = Path(__file__).resolve().parent / "golden"
ZONE = ZoneInfo("Asia/Shanghai")
AT = "2026-11-24 10:00"
ROSTER = ".github/approvers.yml"
SAMPLE_PARTS = ("notices", "records", "site_templates", "mkdocs.yml", ".github/approvers.yml")

SAFETY: dict[str, Any] = {
    "type": "safety",
    "title": "关于防范冒充物业人员的温馨提示",
    "department": "security",
    "approver": "yun-lichun",
    "languages": "[zh]",
    "valid_from": "2026-11-20 09:00",
    "valid_until": "2026-11-30 18:00",
}
"""A notice without a flaw, live at AT, of a kind that is never late."""


def pytest_xdist_auto_num_workers() -> int:
    """Half again as many workers as processors: many tests wait for servers and browsers."""
    return 3 * (os.cpu_count() or 2) // 2


@dataclass(frozen=True)
class Run:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


class Estate:
    """A repository of notices: files are written, committed, composed and built for real."""

    at = AT
    safety: Mapping[str, Any] = SAFETY

    def __init__(self, root: Path) -> None:
        self.root = root

    # ── making it ────────────────────────────────────────────────────────────────────────────────

    def git(self, *arguments: str, check: bool = True, **environment: str) -> str:
        """What `git ARGUMENTS` prints here."""
        result = subprocess.run(
            ["git", "-C", str(self.root), *arguments],
            env=git_environment() | environment,
            capture_output=True,
            check=check,
        )
        return result.stdout.decode().strip()

    def write(self, path: str, content: str | bytes) -> Path:
        """A file in the working tree."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return target

    def edit(self, path: str, old: str, new: str) -> None:
        """Change one thing in a file; it must be there."""
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        self.write(path, text.replace(old, new, 1))

    def notice(
        self,
        notice_id: str,
        fields: Mapping[str, Any] | None = None,
        /,
        body: str = "请留意。\n",
        texts: Mapping[str, str] | None = None,
        files: Mapping[str, bytes] | None = None,
        **more: Any,
    ) -> str:
        """A notice: SAFETY with these fields instead (None takes one out; `a__b` is b of group a)."""
        front = SAFETY | dict(fields or {}) | more
        self.write(f"notices/{notice_id}/notice.md", front_matter(front) + body)
        for language, text in (texts or {}).items():
            self.write(f"notices/{notice_id}/notice.{language}.md", text)
        for name, data in (files or {}).items():
            self.write(f"notices/{notice_id}/{name}", data)
        return notice_id

    def own_templates(self) -> None:
        """Let the estate have the project's templates as its own, in its working tree."""
        shutil.copytree(PROJECT / "site_templates", self.root / "site_templates")

    def appeared(self, notice_id: str, at: str) -> None:
        """Log that the notice appeared on the board at `at`."""
        when = self.instant(at).isoformat()
        event = {"format": 1, "event": "appeared", "id": notice_id, "content_id": "0" * 40, "at": when}
        name = "".join(char for char in when if char.isdigit())
        self.write(f"records/log/{notice_id}/{name}-appeared.json", json.dumps(event | {"channel": "board", "by": "p"}))

    def stage(self, *, approved: bool = True) -> None:
        """Stage everything that git can take, and approvals of every notice as it is (see approvals.usual)."""
        self.git("add", "--all", "--ignore-errors", check=False)
        if approved and not self.says_nothing:
            for notice_id, content_id in self.contents().items():
                self.approve(notice_id, content_id)
            if (self.root / "records").exists():
                self.git("add", "--all", "--", "records")

    def commit(
        self,
        message: str = "change",
        *,
        author: str = "writer@cloudtop.example",
        approved: bool = True,
        when: str = "2026-11-01 08:00",
    ) -> str:
        """Commit everything at `when`; the new commit's id. Every notice is approved, unless told otherwise."""
        self.stage(approved=approved)
        written = ("commit", "--quiet", "--allow-empty", "--message", message, f"--author=Writer <{author}>")
        self.git(*written, GIT_COMMITTER_DATE=self.instant(when).isoformat())
        return self.git("rev-parse", "HEAD")

    # ── approving it ─────────────────────────────────────────────────────────────────────────────

    @property
    def says_nothing(self) -> bool:
        """Whether nobody here holds a key, so that nobody can sign."""
        roster = self.root / ".github/approvers.yml"
        return not roster.is_file() or approvals.public_key(approvals.HEAD).encode() not in roster.read_bytes()

    def contents(self, tree: str | None = None) -> dict[str, str]:
        """The content id of every notice, in a revision or as staged."""
        listed = self.git("ls-tree", "-r", "-d", "-z", tree or self.git("write-tree"), "--", "notices")
        folders = (line.partition("\t") for line in listed.split("\0") if line)
        return {
            path.removeprefix("notices/"): facts.split(" ")[2]
            for facts, _, path in folders
            if path.count("/") == 2 and ID_PATTERN.fullmatch(path.removeprefix("notices/"))
        }

    def approve(self, notice_id: str, content_id: str | None = None, *words: approvals.Word) -> list[str]:
        """Write signed statements on a notice as it is staged (nothing is committed); their paths.

        Without `words`, what its front matter asks for, signed long ago.
        """
        content_id = content_id or self.contents()[notice_id]
        if not words:
            folder = self.root / "records/approvals" / notice_id
            if any(content_id in path.read_text(encoding="utf-8") for path in folder.glob("*.json")):
                return []
            notice = self.root / "notices" / notice_id / "notice.md"
            words = tuple(approvals.usual(notice.read_text(errors="replace") if notice.is_file() else ""))
        paths = []
        for number, word in enumerate(words):
            for path, data in word.files(notice_id, content_id).items():
                # Several versions may be approved at the very same second.
                folder, _, name = path.rpartition("/")
                self.write(f"{folder}/{content_id[:8]}-{number}-{name}", data)
                paths.append(f"{folder}/{content_id[:8]}-{number}-{name}")
        return paths

    def record(self, files: Mapping[str, bytes | None], *, orphan: bool = False) -> str:
        """Add files to the branch `records` (None takes one out) without touching the working tree; its new tip."""
        scratch = self.root.parent / f"{self.root.name}-records"
        scratch.mkdir(exist_ok=True)
        index = {"GIT_INDEX_FILE": str(scratch / "index")}
        tip = "" if orphan else self.git("rev-parse", "--verify", "--quiet", "refs/heads/records", check=False)
        self.git("read-tree", tip or "--empty", **index)
        for path, data in files.items():
            if data is None:
                self.git("update-index", "--force-remove", path, **index)
                continue
            (scratch / "blob").write_bytes(data)
            blob = self.git("hash-object", "-w", str(scratch / "blob"))
            self.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", **index)
        parent = ("-p", tip) if tip else ()
        commit = self.git("commit-tree", *parent, "-m", "records", self.git("write-tree", **index))
        self.git("update-ref", "refs/heads/records", commit)
        return commit

    def signed(self, notice_id: str, *words: approvals.Word, author: str = "writer@cloudtop.example") -> str:
        """Commit everything as it is, with just these words on a notice; its content id."""
        self.stage(approved=False)
        content_id = self.contents()[notice_id]
        if words:
            self.approve(notice_id, content_id, *words)
        self.commit(author=author, approved=False)
        return content_id

    # ── reading it ───────────────────────────────────────────────────────────────────────────────

    def instant(self, text: str) -> datetime:
        """An instant in the estate's time zone."""
        return parse_instant(text, ZONE)

    def edition(self, at: str | datetime = AT, *, rev: str | None = "HEAD", **options: Any) -> Edition:
        """The board at an instant: of a revision, or (None) a preview of the working tree."""
        moment = at if isinstance(at, datetime) else self.instant(at)
        options = {"preview": rev is None, **options}
        with open_snapshot(self.root, rev) as snapshot:
            return compose(snapshot, moment, **options)

    def run(self, verb: str, *arguments: str) -> Run:
        """Run `gaoshi VERB` here, as a terminal would, without a new process."""
        return gaoshi(verb, *arguments, "--project", str(self.root))

    def build(self, *arguments: str, at: str = AT) -> Run:
        """Run `gaoshi build` of HEAD into `self.site`."""
        return self.run("build", "-o", str(self.site), "--at", at, "--lang", "en", *arguments)

    @property
    def site(self) -> Path:
        """Where `build` builds."""
        return self.root.parent / f"{self.root.name}-site"

    @property
    def manifest(self) -> Any:
        """The manifest of the board as built."""
        return json.loads((self.site / "board.json").read_bytes())


def front_matter(fields: Mapping[str, Any]) -> str:
    """Fields as the front matter of a notice.md; a mapping is a group."""
    lines = []
    for key, value in fields.items():
        if isinstance(value, Mapping):
            lines.append(f"{key}:")
            lines += [f"  {part}: {words}" for part, words in value.items() if words is not None]
        elif value is not None:
            lines.append(f"{key}: {value}")
    return "\n".join(["---", *lines, "---", ""])


def git_environment() -> dict[str, str]:
    """An environment in which git knows nobody, asks nothing and dates every commit alike."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    who = {"NAME": "Writer", "EMAIL": "writer@cloudtop.example", "DATE": "2026-11-01T00:00:00+00:00"}
    people = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in who.items()}
    return kept | people | {"GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}


def gaoshi(*arguments: str) -> Run:
    """Run the command line in this process, through its very front door."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    before = sys.argv
    sys.argv = ["gaoshi", *arguments]
    surroundings.forget_language()
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as stop:
        status = stop.code
    else:
        status = None
    finally:
        sys.argv = before
    assert isinstance(status, int), "the command line always ends with an exit status"
    printed = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
    return Run(status, *printed)


def new_repository(root: Path) -> Estate:
    """An empty repository on branch `main`."""
    root.mkdir(parents=True)
    estate = Estate(root)
    estate.git("init", "--quiet", "--initial-branch=main")
    return estate


@pytest.fixture
def quiet_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of whoever runs the tests: neither git's nor a language's."""
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    for name in list(os.environ):
        if name.startswith(("GIT_", "LC_", "XDG_")) or name in {"LANGUAGE", "SOURCE_DATE_EPOCH", "GAOSHI_DEBUG"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all estates keep their compiled templates, so that they are compiled once."""
    return tmp_path_factory.mktemp("compiled")


@pytest.fixture
def make_estate(tmp_path: Path, quiet_home: None, compiled: Path) -> Callable[[str], Estate]:
    """Estates with the project's own settings and roster, no notices yet and nothing committed."""

    def make(name: str) -> Estate:
        estate = new_repository(tmp_path / name)
        (estate.root / ".git/gaoshi").mkdir()
        (estate.root / ".git/gaoshi/templates").symlink_to(compiled)
        for part in ("mkdocs.yml", ".github/approvers.yml"):
            estate.write(part, (PROJECT / part).read_bytes())
        estate.write(ROSTER, approvals.with_test_keys((PROJECT / ROSTER).read_text(encoding="utf-8")))
        return estate

    return make


@pytest.fixture
def estate(make_estate: Callable[[str], Estate]) -> Estate:
    """One such estate."""
    return make_estate("estate")


@pytest.fixture(scope="session")
def sample_origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample estate of this project with its history, and what of it is not committed yet on top."""
    root = tmp_path_factory.mktemp("sample") / "origin"
    clone = ["git", "clone", "--quiet", "--no-tags", str(PROJECT), str(root)]
    subprocess.run(clone, env=git_environment(), check=True, capture_output=True)
    estate = Estate(root)
    estate.git("checkout", "--quiet", "-B", "main")
    for part in SAMPLE_PARTS:
        source, target = PROJECT / part, root / part
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)
    estate.commit("sample", approved=False)
    return root


@pytest.fixture
def sample(sample_origin: Path, tmp_path: Path, quiet_home: None) -> Estate:
    """A clone of the sample estate."""
    root = tmp_path / "sample"
    subprocess.run(
        ["git", "clone", "--quiet", str(sample_origin), str(root)],
        env=git_environment(),
        check=True,
        capture_output=True,
    )
    return Estate(root)


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with the file of that name in tests/golden; GAOSHI_GOLDEN=write writes it instead."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("GAOSHI_GOLDEN") == "write":
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"{name} differs; GAOSHI_GOLDEN=write takes the new one"

    return compare


# ── a browser ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, once a worker."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (few tests need it, and it takes its time)

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> str:
    """The Chromium that people have: the system's, else Playwright's own; without either the tests fail."""
    found = shutil.which("chromium") or playwright.chromium.executable_path
    if not Path(found).exists():
        pytest.fail("there is no Chromium: type `tools/prepare test`, which says how to install it", pytrace=False)
    return found


@pytest.fixture(scope="session")
def windowless(chromium: str) -> str:
    """The same without a window and what goes with it, where the system has that: a page takes a third of the time."""
    return shutil.which("chromium-headless-shell") or chromium


@pytest.fixture(scope="session")
def browser(playwright: Playwright, windowless: str) -> Iterator[Browser]:
    """One Chromium a worker, which can reach nothing but this machine."""
    alone = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    sandbox = os.geteuid() != 0  # Chromium has no sandbox for root
    running = playwright.chromium.launch(executable_path=windowless, chromium_sandbox=sandbox, args=[alone])
    yield running
    running.close()
