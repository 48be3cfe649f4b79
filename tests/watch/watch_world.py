"""A world for the publisher: a bare remote on disk, a clone, a folder, and a clock that the test moves."""

from __future__ import annotations

import errno
import os
import random
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gaoshi.cli import build
from gaoshi.core.published import Published, read_published
from gaoshi.edition import compose
from gaoshi.engine import site
from gaoshi.engine.order import Built, Happening, Order
from gaoshi.engine.publisher import Publisher
from gaoshi.engine.stage import Stage
from gaoshi.outputs.manifest import manifest
from gaoshi.sources.git.repository import Repository
from gaoshi.sources.ledger import record_tips
from gaoshi.sources.remote import Remote
from gaoshi.sources.snapshot import open_snapshot

ROSTER = ".github/approvers.yml"
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SLUGS = tuple(f"2026-11/n{number}" for number in range(40))


class FakeClock:
    """Two clocks that stand still until the test moves them; `jump` moves only the one on the wall."""

    def __init__(self, start: datetime = START) -> None:
        self._now, self._ticks = start, 1000.0

    def now(self) -> datetime:
        return self._now

    def ticks(self) -> float:
        return self._ticks

    def second(self) -> datetime:
        """As the command line reads it."""
        return self._now.replace(microsecond=0)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)
        self._ticks += seconds

    def jump(self, seconds: float) -> None:
        """Set the clock on the wall."""
        self._now += timedelta(seconds=seconds)


def git(folder: Path, *arguments: str, stdin: bytes = b"", check: bool = True) -> str:
    """What git prints in a folder."""
    alone = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], input=stdin, env=alone, capture_output=True, check=check
    )
    return done.stdout.decode().strip()


class Forge:
    """The bare remote, and a pool of notices, most of them approved, to push commits of."""

    def __init__(self, estate: Any, bare: Path) -> None:
        self.bare = bare
        estate.edit("mkdocs.yml", "languages: [zh, en]", "languages: [zh]")
        for number, slug in enumerate(SLUGS):
            begins = START + timedelta(minutes=number % 12 * 70 - 400)
            ends = START + timedelta(minutes=number % 17 * 130 + 90)
            unapproved = {"approver": "nobody"} if number % 9 == 4 else {}
            estate.notice(slug, unapproved, valid_from=_local(begins), valid_until=_local(ends))
        estate.commit()
        self.pool = estate.contents("HEAD")
        self.there: dict[str, str] = {}
        self.used: set[str] = set()
        self.settings = (estate.root / "mkdocs.yml").read_bytes()
        self.roster = (estate.root / ROSTER).read_bytes()
        git(estate.root, "clone", "--quiet", "--bare", ".", str(bare))
        self.records = estate.git("rev-parse", "HEAD:records")
        self.push({}, START, parent="")

    def tip(self, branch: str = "main") -> str:
        """Where a branch stands; nothing when it is not there."""
        return git(self.bare, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}", check=False)

    def point(self, commit: str, branch: str = "main") -> None:
        """Set a branch by force."""
        git(self.bare, "update-ref", f"refs/heads/{branch}", commit)

    def change(self, dice: random.Random) -> dict[str, str]:
        """What is on main next: one or two more, or one less. What was taken away comes not back: its approval is void."""
        unused = [slug for slug in SLUGS if slug not in self.used]
        if self.there and (not unused or dice.random() < 0.3):
            self.there.pop(dice.choice(sorted(self.there)))
        else:
            self.there |= {slug: self.pool[slug] for slug in unused[: dice.randint(1, 2)]}
            self.used |= self.there.keys()
        return self.there

    def push(self, notices: dict[str, str], when: datetime, *, settings: bytes | None = None, roster: bytes | None = None,
             parent: str | None = None) -> str:  # fmt: skip
        """A commit of these notices (ids and trees) on top of main, or of `parent`; its id."""
        files = [b"D notices", f"M 040000 {self.records} records".encode()]
        files += [f"M 040000 {tree} notices/{slug}".encode() for slug, tree in notices.items()]
        for path, data in (("mkdocs.yml", settings or self.settings), (ROSTER, roster or self.roster)):
            files.append(b"M 100644 inline %s\ndata %d\n%s" % (path.encode(), len(data), data))
        return self._commit("main", files, when, self.tip() if parent is None else parent)

    def record(self, name: str, when: datetime, *, orphan: bool = False) -> str:
        """A commit on the branch `records` that adds a file, or begins it anew."""
        line = b"M 100644 inline records/asked/%s.json\ndata 3\n{}\n" % name.encode()
        return self._commit("records", [line], when, "" if orphan else self.tip("records"))

    def _commit(self, branch: str, files: list[bytes], when: datetime, parent: str) -> str:
        head = f"commit refs/heads/{branch}\ncommitter Writer <writer@cloudtop.example> {int(when.timestamp())} +0000\n"
        head += "data 4\npush\n" + (f"from {parent}\n" if parent else "")
        stream = head.encode() + b"\n".join(files) + b"\n"
        git(self.bare, "fast-import", "--quiet", "--force", stdin=stream)
        return self.tip(branch)

    @contextmanager
    def gone(self) -> Iterator[None]:
        """The remote cannot be reached."""
        away = self.bare.with_suffix(".away")
        self.bare.rename(away)
        try:
            yield
        finally:
            away.rename(self.bare)


def _local(instant: datetime) -> str:
    return instant.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


class World:
    """All of it; `site` is what is published. MkDocs is left out: a page is a line that names its board."""

    def __init__(self, estate: Any, monkeypatch: Any) -> None:
        home = estate.root.parent
        self.forge = Forge(estate, home / "remote.git")
        self.clone, self.site = home / "clone", home / "public"
        git(home, "clone", "--quiet", str(self.forge.bare), str(self.clone))
        self.clock = FakeClock()
        self.events: list[Happening] = []
        self.builds: list[tuple[str, ...]] = []
        self.fault: Callable[[], None] = lambda: None
        """What happens in the middle of rendering."""
        self._expected: dict[tuple[str, datetime], dict[str, bytes]] = {}
        self._here = type(estate)(self.clone)
        monkeypatch.setattr(build, "now", self.clock.second)
        monkeypatch.setattr(build, "time", self.clock)
        monkeypatch.setattr(site, "render_site", self._render)
        self.publisher = self.start()

    def start(self, *, afresh: bool = False) -> Publisher:
        """A publisher that knows nothing from before, as after a kill or a restart."""
        remote = Remote.of(Repository.containing(self.clone), "origin", "main")
        self.publisher = Publisher(
            remote, self.site, self._build, clock=self.clock, tell=self._tell, over=lambda: False, afresh=afresh
        )
        return self.publisher

    def _tell(self, event: Happening) -> None:
        self.events.append(event)
        print("   ", event.what, dict(event.values), event.lines, event.failure)  # noqa: T201  (shown when a test fails)

    # ── building ─────────────────────────────────────────────────────────────────────────────────

    def _build(self, order: Order) -> Built:
        self.builds.append(order.arguments)
        run = self._here.run(*order.arguments, "--lang", "en")
        return Built(run.status, tuple(run.err.splitlines()))

    def _render(self, stage: Stage, target: Path) -> None:
        files = _pages(stage.edition)
        for number, (path, data) in enumerate(files.items()):
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(data)
            if number == len(files) // 2:
                self.fault()

    # ── running ──────────────────────────────────────────────────────────────────────────────────

    def settle(self, seconds: float = 2.0) -> None:
        """Look once, then do all that is to be done within so many seconds."""
        while not self.publisher.look():
            self.publisher.act()
        end = self.clock.ticks() + seconds
        while self.clock.ticks() <= end:
            done = self.publisher.act()
            if isinstance(done, float):
                self.clock.sleep(min(done, max(end - self.clock.ticks(), 0) + 0.1))

    # ── judging ──────────────────────────────────────────────────────────────────────────────────

    @property
    def published(self) -> Published:
        """What stands in the folder."""
        return read_published((self.site / "board.json").read_bytes())

    def tree(self) -> dict[str, bytes]:
        """Every file of the folder."""
        return {
            path.relative_to(self.site).as_posix(): path.read_bytes() for path in self.site.rglob("*") if path.is_file()
        }

    def must_be_whole(self) -> None:
        """Fail unless the folder is, file by file, the edition that its board.json names."""
        board, found = self.published, self.tree()
        stamp = f"{board.revision} {board.at.isoformat()}".encode()
        pages = {path: data for path, data in found.items() if path != "board.json"}
        assert all(data.startswith(stamp) for data in pages.values()), "pages of different boards"
        assert {path.removesuffix("/index.html").removeprefix("notices/") for path in pages} - {"index.html"} == set(
            board.notices
        )
        key = (board.revision, board.at)
        with open_snapshot(self.clone, board.revision) as snapshot:
            if record_tips(snapshot.repository) != board.records:
                return
            if key not in self._expected:
                self._expected[key] = _pages(compose(snapshot, board.at))
        assert found == self._expected[key]


def _pages(edition: Any) -> dict[str, bytes]:
    """A board without MkDocs: every page names the board that it is of."""
    stamp = f"{edition.revision} {edition.at.isoformat()}"
    listed = "\n".join(entry.id for entry in edition.live)
    pages = {f"notices/{entry.id}/index.html": f"{stamp}\n{entry.id}\n".encode() for entry in edition.live}
    return {"index.html": f"{stamp}\n{listed}\n".encode(), **pages, "board.json": manifest(edition)}


def no_space() -> None:
    """The disk is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "page.html")


__all__ = ["SLUGS", "START", "FakeClock", "Forge", "World", "git", "no_space"]
