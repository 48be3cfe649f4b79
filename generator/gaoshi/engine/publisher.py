"""The publisher: follows a remote, has boards built when they are due, and keeps the last good one.

What to do next is decided in `core/watching`; here it is done. Nothing is remembered that a restart must not
forget: what is published stands in the folder, what is known of the remote in git's references.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from gaoshi.core.failure import Failure
from gaoshi.core.published import MANIFEST, NotABoard, Published, read_published
from gaoshi.core.watching import Build, Failed, Health, Occasion, Scene, Source, decide, state_of
from gaoshi.engine.afterwards import Afterwards
from gaoshi.engine.news import news
from gaoshi.engine.order import Built, Happening, Order
from gaoshi.sources.child import Patience
from gaoshi.sources.git.command import GitError
from gaoshi.sources.remote import Remote, RemoteError

FETCH_SECONDS = 120.0
BUILD_SECONDS = 900.0
_TIDY_EVERY = 86400.0
_SHORT = 12
_MOVED = 2.0
"""A clock that differs by so many seconds from one that nobody sets has been moved."""
_SHORTEST_LEAD, _LONGEST_LEAD = timedelta(seconds=3), timedelta(minutes=2)


class Clock(Protocol):
    """Two clocks: `now` may be set by anybody, `ticks` (seconds) only runs on."""

    def now(self) -> datetime:
        """The instant, UTC."""

    def ticks(self) -> float:
        """Seconds since some beginning, time asleep included."""


@dataclass(frozen=True, slots=True)
class Mishap:
    """The last build that failed: when, of what, and how."""

    at: datetime
    source: Source
    built: Built


class Publisher:
    """Keeps the board in `folder` as the remote has it, and on time.

    `build` has a board built and says how that went; `tell` hears of every event; `over`, asked ten times a
    second while something is waited for, says whether to stop. `afresh`: build once even if nothing has changed.
    `afterwards`: what is done for each board that stands (None: nothing).
    """

    def __init__(
        self,
        remote: Remote,
        folder: Path,
        build: Callable[[Order], Built],
        *,
        clock: Clock,
        tell: Callable[[Happening], None],
        over: Callable[[], bool],
        afresh: bool = True,
        afterwards: Afterwards | None = None,
    ) -> None:
        self.afterwards = afterwards
        self.remote = remote
        self.newest: Source | None = None
        self.trouble: Failure | None = None
        self.trouble_since: datetime | None = None
        self.mishap: Mishap | None = None
        self.last_fetch: datetime | None = None
        self._folder = folder
        self._build = build
        self._clock = clock
        self._tell = tell
        self._over = over
        self._afresh = afresh
        self._dated: datetime | None = None
        self._read: tuple[object, Published | None] = (None, None)
        self._failed: dict[Source, Failed] = {}
        self._lead = _SHORTEST_LEAD
        self._reached: float | None = None
        self._tidied = clock.ticks()
        self._said: tuple[str, ...] = ()
        self._distrusted = False
        self._clocks = (clock.now(), clock.ticks())
        self._be_in(self._know())

    # ── what is known ────────────────────────────────────────────────────────────────────────────

    def scene(self) -> Scene:
        """All that is known now."""
        return Scene(
            now=self._clock.now(),
            ticks=self._clock.ticks(),
            newest=self.newest,
            dated=self._dated,
            published=self.published(),
            failed=self._failed,
            afresh=self._afresh and self._reached is not None,
            lead=self._lead,
        )

    def published(self) -> Published | None:
        """What stands in the folder; read again when it has been exchanged."""
        path = self._folder / MANIFEST
        try:
            found = path.stat()
            key = (found.st_ino, found.st_mtime_ns, found.st_size)
            if key != self._read[0]:
                self._read = (key, read_published(path.read_bytes()))
        except (OSError, NotABoard):
            return None
        return self._read[1]

    def state(self) -> Health:
        """How the board stands."""
        silent = None if self._reached is None else self._clock.ticks() - self._reached
        return state_of(self.scene(), silent, refused=isinstance(self.trouble, RemoteError))

    # ── looking ──────────────────────────────────────────────────────────────────────────────────

    def look(self) -> bool:
        """Ask the remote what it has; False when that was broken off, because there was something to build."""
        trouble: Failure | None = None
        try:
            self.remote.look(self.published(), Patience(FETCH_SECONDS, self._pressing))
        except (GitError, RemoteError) as error:
            if error.what == "broken-off":
                return False
            trouble = error
        if not isinstance(trouble, GitError):
            self.last_fetch, self._reached = self._clock.now(), self._clock.ticks()
        unknown = self._know()
        self._be_in(trouble or unknown)
        return True

    def _be_in(self, trouble: Failure | None) -> None:
        """Remember what keeps us from following the remote (None: nothing), and tell it when it is something new."""
        before, self.trouble = self.trouble, trouble
        if str(trouble) == str(before):
            return
        self.trouble_since = self._clock.now() if trouble is not None else None
        if trouble is None:
            self._tell(Happening("info", "reachable", {"remote": self.remote.name}))
        else:
            self._tell(Happening("error", "not-followed", {"remote": self.remote.name}, failure=trouble))

    def _pressing(self) -> bool:
        return self._over() or isinstance(decide(self.scene()), Build)

    def _know(self) -> Failure | None:
        """Read from git what is known of the remote now; what went wrong with that, if anything."""
        try:
            newest = self.remote.newest()
            board = self.published()
            dated = self.remote.dated(newest) if newest is not None else None
        except GitError as error:
            return error
        if newest is not None and newest != self.newest:
            self._tell(Happening("info", "newest", {"revision": newest.revision[:_SHORT]}))
            self._forget(newest, board)
        self.newest, self._dated = newest, dated
        return None

    def _forget(self, newest: Source, board: Published | None) -> None:
        """What no longer comes into question need not be remembered."""
        possible = {newest, Source(board.revision if board is not None else "", newest.records)}
        self._failed = {source: how for source, how in self._failed.items() if source in possible}
        if self.mishap is not None and self.mishap.source not in possible:
            self.mishap = None

    def notice_clock(self) -> bool:
        """Whether the clock has been moved since it was looked at last; that is told."""
        now, ticks = self._clock.now(), self._clock.ticks()
        moved = (now - self._clocks[0]).total_seconds() - (ticks - self._clocks[1])
        self._clocks = (now, ticks)
        if abs(moved) < _MOVED:
            return False
        what = "clock-forward" if moved > 0 else "clock-back"
        self._tell(Happening("warning", what, {"seconds": round(abs(moved))}))
        return True

    # ── acting ───────────────────────────────────────────────────────────────────────────────────

    def act(self) -> Built | float:
        """Do what is to be done next: how the build ended, or for how many seconds nothing is to be done."""
        self.notice_clock()
        scene = self.scene()
        self._judge_clock(scene)
        step = decide(scene)
        if isinstance(step, Build):
            return self._do(step)
        again = self._look_after(scene)
        return step.seconds if again is None else min(step.seconds, again)

    def _look_after(self, scene: Scene) -> float | None:
        """Confirm and log what is published, unless the clock is out of its mind; in how many seconds to come back."""
        if self.afterwards is None or not scene.believable:
            return None
        return self.afterwards.act(scene.published, self._clock.ticks, self._pressing)

    def _judge_clock(self, scene: Scene) -> None:
        if not scene.believable and not self._distrusted:
            what = "clock-unbelievable" if scene.published is not None else "clock-before-commits"
            self._tell(Happening("error", what, {"now": scene.now}))
        self._distrusted = not scene.believable

    def _do(self, step: Build) -> Built:
        if step.why is Occasion.CORRECTED:
            self._tell(Happening("warning", "clock-corrected"))
        began, ahead = self._clock.ticks(), step.at > self._clock.now()
        patience = Patience(BUILD_SECONDS, lambda: self._over() or self.notice_clock())
        built = self._build(Order(self._arguments(step), patience))
        if built.broken_off:
            return built
        published = self.published()
        if (
            built.good
            and published is not None
            and (published.revision, published.at) == (step.source.revision, step.at)
        ):
            if not ahead or self._clock.now() - step.at > timedelta(seconds=1):
                self._learn_lead(self._clock.ticks() - began)
            self._succeed(step, built)
        else:
            self._fail(step, built)
        return built

    def _arguments(self, step: Build) -> tuple[str, ...]:
        at = step.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        before = ("--after", str(self._folder / MANIFEST)) if self.published() is not None else ()
        where = ("--project", str(self.remote.repository.root), "--output", str(self._folder))
        return ("build", "--rev", step.source.revision, "--at", at, "--on-time", *before, *where)

    def _learn_lead(self, seconds: float) -> None:
        """Begin the next board so long before it is due that it will be done."""
        self._lead = min(max(timedelta(seconds=1.5 * seconds + 1), _SHORTEST_LEAD), _LONGEST_LEAD)

    def _succeed(self, step: Build, built: Built) -> None:
        self._afresh = False
        self._failed.pop(step.source, None)
        if not step.last_good:
            self.mishap = None
        said, summary = built.said[:-1], built.said[-1:]
        new, self._said = news(self._said, said), said
        what = "published-last-good" if step.last_good else "published"
        values = {"revision": step.source.revision[:_SHORT], "why": step.why}
        level = "warning" if built.status or step.last_good else "info"
        self._tell(Happening(level, what, values, lines=(*new.lines, *summary), same=new.same, gone=new.gone))

    def _fail(self, step: Build, built: Built) -> None:
        before = self._failed.get(step.source, Failed(0, 0))
        failed = self._failed[step.source] = Failed(before.times + 1, self._clock.ticks())
        self.mishap = Mishap(self._clock.now(), step.source, built)
        wait = round(failed.again - failed.at)
        values = {"revision": step.source.revision[:_SHORT], "why": step.why, "seconds": wait}
        what = "too-slow" if built.status is None else "killed" if built.status < 0 else "not-built"
        self._tell(Happening("error", what, values, lines=built.said))

    def tidy(self) -> None:
        """Once a day, let git put its own house in order; nothing depends on it."""
        if self._clock.ticks() - self._tidied < _TIDY_EVERY:
            return
        self._tidied = self._clock.ticks()
        try:
            self.remote.tidy(Patience(BUILD_SECONDS, self._pressing))
        except GitError as error:
            if error.what != "broken-off":
                self._tell(Happening("warning", "not-tidied", failure=error))
