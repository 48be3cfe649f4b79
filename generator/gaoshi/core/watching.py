"""What the publisher does next, and how the board stands, given what is known. Pure: both clocks are arguments.

`now` is the clock on the wall, an aware instant that anybody may set; `ticks` are seconds of a clock that
only runs on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from gaoshi.core.published import Published

LONGEST_WAIT = 3600.0
JITTER = timedelta(seconds=5)
"""A clock that goes back by no more than this is being adjusted; one waits until it has caught up."""
UNDATED = timedelta(minutes=1)
"""A board that says it is due before it was made is made anew after so long."""
GRACE = timedelta(minutes=1)
"""A board may be so long past its due before that is called a failure: it is being built."""
SILENCE = 300.0
"""So many seconds a remote may be unreachable before the board is called stale."""
FIRST_RETRY, LAST_RETRY = 15.0, 900.0
WITNESSES = 9
"""So many of the branch's newest commits are asked for their dates."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a board is made of: a commit of the branch, and the commits that the branch `records` stands at."""

    revision: str
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """How often building a source has failed in a row, and when last, in ticks."""

    times: int
    at: float

    @property
    def again(self) -> float:
        """When to try again, in ticks: after 15 seconds, then twice as long each time, up to 15 minutes."""
        return self.at + min(FIRST_RETRY * 2.0 ** min(self.times - 1, 10), LAST_RETRY)


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the decision rests on.

    `newest` is what the remote had when it was last reached, `dated` what its commits say of the time
    (`witnessed`). `published` is what stands in the folder, None when no board does. `failed` holds the sources
    that could not be built. `afresh`: build once, even though nothing has changed. `lead` is how long before its
    due a board is begun, so that it is done in time.
    """

    now: datetime
    ticks: float
    newest: Source | None
    dated: datetime | None
    published: Published | None
    failed: Mapping[Source, Failed] = field(default_factory=dict)
    afresh: bool = False
    lead: timedelta = timedelta()

    @property
    def standing(self) -> Source | None:
        """What the published board was made of."""
        return Source(self.published.revision, self.published.records) if self.published is not None else None

    @property
    def due(self) -> datetime | None:
        """When the published board must be made anew; it cannot have been due before it was made."""
        if self.published is None:
            return None
        late = self.published.due <= self.published.at
        return self.published.at + UNDATED if late else self.published.due

    @property
    def behind(self) -> timedelta:
        """How far the clock is behind the published board."""
        return self.published.at - self.now if self.published is not None else timedelta()

    @property
    def adjusting(self) -> bool:
        """Whether the clock has still to pass the second of the published board, and is about to."""
        return self.published is not None and -timedelta(seconds=1) < self.behind <= JITTER

    @property
    def believable(self) -> bool:
        """Whether the clock may be right: not behind the published board, or at least not behind the newest commits.

        A clock between the two was too far ahead when the board was made, and has been corrected.
        """
        if self.published is not None and self.behind <= JITTER:
            return True
        return self.published is None if self.dated is None else self.dated <= self.now


def witnessed(dates: Sequence[datetime]) -> datetime | None:
    """Before which instant, by the dates of the newest commits, it cannot be: the middle one, of two the earlier.

    So one commit that is dated wrongly, or four of nine, bear no weight. None where there is no commit.
    """
    return sorted(dates)[(len(dates) - 1) // 2] if dates else None


class Occasion(Enum):
    """Why a board is built."""

    FIRST = "first"
    CHANGED = "changed"
    DUE = "due"
    CORRECTED = "clock-corrected"
    AFRESH = "afresh"
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class Build:
    """Build this source now, as at the whole second `at`, and let it stand from then on.

    `last_good`: it is not the newest, which cannot be built.
    """

    source: Source
    at: datetime
    why: Occasion
    last_good: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is to be done for so many seconds, unless something changes."""

    seconds: float


def decide(scene: Scene) -> Build | Wait:
    """What to do next: build the newest source, or the last one that could be built, or wait."""
    if not scene.believable:
        return Wait(JITTER.total_seconds())
    if scene.adjusting:
        return Wait((scene.behind + timedelta(seconds=1)).total_seconds())  # two boards never bear the same second
    retries = []
    for number, source in enumerate(_candidates(scene)):
        why = _reason(scene, source)
        if why is None:
            break
        failed = scene.failed.get(source)
        if failed is None or failed.again <= scene.ticks:
            return Build(source, _at(scene), why if failed is None else Occasion.RETRY, last_good=number > 0)
        retries.append(failed.again - scene.ticks)
    return Wait(min([*retries, *_until_due(scene), LONGEST_WAIT]))


def _candidates(scene: Scene) -> Iterable[Source]:
    """The newest source, and the published revision with the newest records."""
    if scene.newest is None:
        if scene.standing is not None:
            yield scene.standing
        return
    yield scene.newest
    if scene.published is not None and scene.published.revision != scene.newest.revision:
        yield Source(scene.published.revision, scene.newest.records)


def _reason(scene: Scene, source: Source) -> Occasion | None:
    """Why `source` should be built; None when the published board is what it would be."""
    if scene.due is None:
        return Occasion.FIRST
    if scene.behind > JITTER:
        return Occasion.CORRECTED
    if source != scene.standing:
        return Occasion.CHANGED
    if scene.due - scene.lead <= scene.now:
        return Occasion.DUE
    return Occasion.AFRESH if scene.afresh else None


def _at(scene: Scene) -> datetime:
    """Now, or when the board is due if that is so near that one build does for both."""
    now = scene.now.replace(microsecond=0)
    if scene.due is not None and scene.behind <= JITTER and now < scene.due <= scene.now + scene.lead:
        return scene.due
    return now


def _until_due(scene: Scene) -> Iterable[float]:
    if scene.due is not None and scene.due - scene.lead > scene.now:
        yield (scene.due - scene.lead - scene.now).total_seconds()


# ── how it stands ────────────────────────────────────────────────────────────────────────────────


class Health(Enum):
    """How the board stands: `docs/formats.md` says what each means."""

    OK = "ok"
    STALE = "stale"
    FAILING = "failing"
    WAITING = "waiting"
    STOPPED = "stopped"


def state_of(scene: Scene, silent: float | None, *, refused: bool) -> Health:
    """How the board stands.

    `silent`: since how many seconds the remote has not answered, None when it never has; `refused`: what it
    has now is not taken.
    """
    if not scene.believable:
        return Health.WAITING
    if scene.due is None or scene.due + GRACE <= scene.now:
        return Health.FAILING
    if refused or silent is None or silent > SILENCE:
        return Health.STALE
    return Health.OK if scene.newest == scene.standing else Health.STALE
