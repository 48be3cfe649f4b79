"""The whole board at one instant. Everything that is published is a function of an edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gaoshi.core.approval import Standing, Verdict
from gaoshi.core.board import Board
from gaoshi.core.finding import Finding
from gaoshi.core.lateness import Lateness
from gaoshi.core.notice import Notice, Outcome
from gaoshi.core.reign import Reign
from gaoshi.core.schedule import State, Window
from gaoshi.core.standard import Kind


@dataclass(frozen=True, slots=True)
class Entry:
    """A notice as it stands at the edition's instant.

    `verdict` is on the version that is shown; `standing` also tells how the newest one stands (None
    where approval was not judged by proof).

    `outcome` and `overdue` are what is known then; `late` is how late it came, None when in time;
    `public_by` the limit that is still ahead of one that owners have not been told of;
    `ended_at` is when it left the board, `came_at` when it came to the branch and was approved, or was seen
    (None where nobody knows); `superseded_by` the notice that took its place. `authors` are the
    addresses of all who wrote it. `html` is its sanitised text by language, there when the edition was
    composed to be shown. `proposed`, in a
    preview: it is not on the branch as it is here, or not approved as it is. `then`, of one live or to come: how
    it will stand when it leaves, where that is known already and is not simply the end of its window.
    """

    notice: Notice
    kind: Kind | None
    state: State
    window: Window
    public_at: datetime
    verdict: Verdict
    findings: tuple[Finding, ...]
    standing: Standing | None = None
    urgent: bool = False
    overdue: bool = False
    outcome: Outcome | None = None
    late: Lateness | None = None
    public_by: datetime | None = None
    came_at: datetime | None = None
    ended_at: datetime | None = None
    superseded_by: str | None = None
    proposed: bool = False
    authors: frozenset[str] = frozenset()
    html: Mapping[str, str] = field(default_factory=dict)
    then: Entry | None = None

    @property
    def id(self) -> str:
        """The notice's id."""
        return self.notice.id

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """The findings that withhold it."""
        return tuple(finding for finding in self.findings if finding.blocks)

    @property
    def importance(self) -> str:
        """Stated importance, or its kind's."""
        stated = self.notice.values.get("importance")
        return stated or (self.kind.importance if self.kind else "general")

    @property
    def channels(self) -> tuple[str, ...]:
        """Stated channels, or its kind's."""
        return self.notice.lists.get("channels") or (self.kind.channels if self.kind else ())

    @property
    def leaves_at(self) -> datetime | None:
        """The instant at which one that is live or to come leaves the board, for all that is known; None: never."""
        if self.state not in {State.LIVE, State.UPCOMING}:
            return None
        return self.then.ended_at if self.then is not None else self.window.end

    @property
    def rank(self) -> int:
        """0: urgent and not over, 1: major, 2: changed by an outcome, 3: any other, 4: standing."""
        if self.outcome is not None:
            return 2
        if self.urgent:
            return 0
        if self.importance == "major":
            return 1
        return 4 if self.kind is not None and self.kind.standing else 3

    @property
    def matters_at(self) -> datetime:
        """When it matters: its outcome's instant, when its matter begins or happened, else its end."""
        if self.outcome is not None:
            return self.outcome.at
        for name in ("occurred_at", "starts_at", "weather.issued_at"):
            instant = self.notice.instant(name)
            if instant is not None:
                return instant
        return self.window.end or self.public_at


@dataclass(frozen=True, slots=True)
class Edition:
    """The board at `at`: what is live, upcoming, ended lately and withheld, each in a fixed order.

    `kept` is all that ended so recently that its address still stands, `ended` what of it is still listed.

    `entries` are all notices that were read, by id; `findings` what was found besides them (in the
    settings, in stray files). `next` is the next instant at which the board changes by itself. `records` are
    the tips of the branch `records` that were read, `reign` the roster in force (both where approval was judged).
    """

    board: Board
    at: datetime
    revision: str | None
    entries: Mapping[str, Entry]
    live: tuple[Entry, ...]
    upcoming: tuple[Entry, ...]
    ended: tuple[Entry, ...]
    withheld: tuple[Entry, ...]
    kept: tuple[Entry, ...] = ()
    findings: tuple[Finding, ...] = ()
    next: datetime | None = None
    preview: bool = False
    records: tuple[str, ...] = ()
    reign: Reign | None = None

    @property
    def due(self) -> datetime:
        """When the board must be made anew at the latest: at its next change, or when it has stood long enough."""
        latest = self.at + self.board.standard.rebuilt_within
        return min(self.next, latest) if self.next is not None else latest

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Every finding, those of notices and those of everything else, by place."""
        found = [*self.findings, *(finding for entry in self.entries.values() for finding in entry.findings)]
        return tuple(sorted(found, key=lambda finding: (finding.position, finding.code, finding.variant)))

    @property
    def clean(self) -> bool:
        """Whether nothing is withheld and nothing blocks."""
        return not self.withheld and not any(finding.blocks for finding in self.findings)


def is_kept(entry: Entry, board: Board, at: datetime) -> bool:
    """Whether a notice that has ended keeps its address: never one that nobody could read before it ended."""
    if entry.state not in {State.EXPIRED, State.SUPERSEDED, State.WITHDRAWN} or entry.ended_at is None:
        return False
    began = entry.window.start is None or entry.window.start < entry.ended_at
    came = entry.came_at is None or entry.came_at <= entry.ended_at
    return began and came and at < entry.ended_at + board.standard.ended_kept_for


def is_listed(entry: Entry, board: Board, at: datetime) -> bool:
    """Whether a notice whose address is kept is still in the list of what ended lately."""
    return entry.ended_at is not None and at < entry.ended_at + board.standard.ended_listed_for


def is_held_back(entry: Entry, at: datetime) -> bool:
    """Whether a notice is withheld that would otherwise be on the board, or still come onto it."""
    return entry.state is State.WITHHELD and entry.window.state(at) is not State.EXPIRED
