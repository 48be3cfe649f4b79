"""The judging of notices: how each stands at an instant, and when that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from gaoshi.core.approval import NOTHING, Standing, Verdict
from gaoshi.core.board import Board
from gaoshi.core.edition import Entry, is_held_back, is_kept, is_listed
from gaoshi.core.lateness import late_from, lateness, public_by
from gaoshi.core.log import believed
from gaoshi.core.notice import Notice
from gaoshi.core.record import edges_of
from gaoshi.core.roster import Roster, judge_request
from gaoshi.core.schedule import State, boundaries, in_urgent_lane, is_overdue, outcome_at, window
from gaoshi.rules.registry import Case, judge
from gaoshi.sources.history import History
from gaoshi.sources.notices import Shelf
from gaoshi.sources.proof import Proof
from gaoshi.sources.records import Log, read_log
from gaoshi.sources.settings import Settings
from gaoshi.sources.snapshot import Snapshot

TOLD = ("occurred_at", "reported_at", "weather.issued_at", "register.received")
"""When something happened, or when we were told of it."""

SEVERAL = 5
"""So many of a notice's twins are named."""


@dataclass(frozen=True, slots=True)
class Bench:
    """All that judging needs and that does not depend on the instant, which is an aware argument everywhere.

    `twins` are the notices with the very same content, by id. Without `proof` approval is judged by whom a notice
    asks. In a `preview` the newest version of a notice counts, approved or not.
    """

    settings: Settings
    shelf: Shelf
    log: Log
    history: History
    twins: Mapping[str, tuple[str, ...]]
    proof: Proof | None = None
    preview: bool = False
    _claimants: Mapping[str, tuple[str, ...]] = field(init=False)
    _claiming: frozenset[str] = field(init=False)
    _kept: dict[tuple[str, datetime], str | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        versions = self.proof.notices.values() if self.proof is not None else ()
        object.__setattr__(self, "_claimants", _claimants((*self.shelf.notices.values(), *versions)))
        object.__setattr__(self, "_claiming", frozenset().union(*self._claimants.values()))

    @classmethod
    def of(cls, snapshot: Snapshot, settings: Settings, shelf: Shelf, history: History) -> Bench:
        """The bench for what was read; without proof, until somebody adds it."""
        return cls(
            settings=settings,
            shelf=shelf,
            log=read_log(snapshot, shelf.notices.keys(), settings.board.standard.channels),
            history=history,
            twins=_twins(shelf),
        )

    @property
    def board(self) -> Board:
        return self.settings.board

    @property
    def roster(self) -> Roster:
        return self.settings.roster

    def judge(self, at: datetime) -> dict[str, Entry]:
        """Every notice as it stands at `at`."""
        alone = {notice_id: self.judge_alone(notice_id, at) for notice_id in self.shelf.notices}
        judged = {}
        for notice_id, entry in alone.items():
            successors = [alone[by] for by in self._successors(notice_id, at)]
            judged[notice_id] = self._foreseen(_replaced(entry, successors, at), successors, at)
        return judged

    def _foreseen(self, entry: Entry, successors: Iterable[Entry], at: datetime) -> Entry:
        """A notice that is live or to come, with how it will stand when it leaves, where not just its end says when.

        What is written already, an outcome to come or a notice that will take its place, takes it off pages that
        nobody has made anew by then, too. What is under embargo is not told by that either.
        """
        if entry.state not in {State.LIVE, State.UPCOMING}:
            return entry
        instants = {by.window.start for by in successors if by.state is State.UPCOMING}
        outcome = entry.notice.outcome
        if outcome is not None and outcome.at > at:
            instants |= {outcome.at, window(entry.notice, entry.kind, self.board.standard, outcome.at).end}
        if instants:  # what only comes after its own end does not end it
            instants.add(entry.window.end)
        for instant in sorted(instant for instant in instants if instant is not None and instant > at):
            public = (by for by in self._judged_successors(entry.id, instant) if not _is_secret(by, at))
            then = _replaced(self.judge_alone(entry.id, instant), public, instant)
            if then.state in {State.EXPIRED, State.WITHDRAWN, State.SUPERSEDED}:
                return replace(entry, then=then)
        return entry

    def _could_appear(self, notice: Notice, at: datetime) -> datetime:
        """When a notice that the log does not know of yet appears, or could have appeared.

        That is the later of its start and `at`; once it has come to the branch, of its start and that
        instant. Otherwise a notice that came in time, and whose appearance nobody has logged, would
        become late while it is live. It cannot have told of what had not happened yet.
        """
        came = min(self.history.arrived.get(notice.id, at), at)
        known = [instant for name in TOLD if (instant := notice.instant(name)) is not None and instant <= at]
        return max([came, *known, notice.instant("valid_from") or came])

    def _told(self, notice: Notice, at: datetime) -> tuple[datetime, ...]:
        """When owners were told of a notice by any channel, the board among them, as the log knows at `at`."""
        return tuple(instant for instant in self.log.told.get(notice.id, ()) if instant <= at)

    def _came_at(self, notice_id: str, standing: Standing | None, at: datetime) -> datetime | None:
        """When it came to the branch and its first version was approved; or when it appeared, where that is known."""
        appeared = self.log.appeared.get(notice_id)
        if appeared is not None and appeared <= at:
            return appeared
        steps = (self.history.arrived.get(notice_id), standing.since if standing is not None else None)
        return max((step for step in steps if step is not None), default=None)

    def judge_one(self, notice_id: str, at: datetime) -> Entry:
        """One notice as it stands at `at`."""
        return _replaced(self.judge_alone(notice_id, at), self._judged_successors(notice_id, at), at)

    def _judged_successors(self, notice_id: str, at: datetime) -> Iterator[Entry]:
        """What says at `at` that it replaces a notice, each as it stands then by itself."""
        return (self.judge_alone(by, at) for by in self._successors(notice_id, at))

    def _standing(self, notice_id: str, at: datetime) -> Standing | None:
        """How its approval stands, None when it is not judged by proof."""
        if self.proof is None:
            return None
        return self.proof.stand(notice_id, self.proof.reign(at).roster, at)

    def _version(self, notice_id: str, standing: Standing | None) -> Notice:
        """What is to be shown of a notice: its approved version; in a preview, and without one, the newest."""
        newest = self.shelf.notices[notice_id]
        if self.proof is None or self.preview or standing is None or standing.public is None:
            return newest
        return self.proof.notices.get((notice_id, standing.public.content_id or ""), newest)

    def _replaces(self, notice_id: str, at: datetime) -> str | None:
        """Which notice one replaces at `at`: its approved version says so, not what somebody proposes."""
        if notice_id not in self._claiming:
            return None
        if (notice_id, at) not in self._kept:
            standing = self._standing(notice_id, at)
            counts = self.proof is None or self.preview or (standing is not None and standing.public is not None)
            self._kept[notice_id, at] = self._version(notice_id, standing).supersedes if counts else None
        return self._kept[notice_id, at]

    def _successors(self, notice_id: str, at: datetime) -> tuple[str, ...]:
        """Which notices say at `at` that they replace one. In a circle nobody is replaced, or all would vanish."""
        claimants = self._claimants.get(notice_id)
        if not claimants:
            return ()
        chain = {notice_id}
        following = self._replaces(notice_id, at)
        while following is not None and following not in chain:
            chain.add(following)
            following = self._replaces(following, at)
        return tuple(new for new in claimants if new not in chain and self._replaces(new, at) == notice_id)

    def _verdict(self, standing: Standing | None) -> Verdict:
        """The verdict on the version that is shown."""
        if standing is None:
            return NOTHING
        return standing.newest if self.preview else standing.verdict

    def judge_alone(self, notice_id: str, at: datetime) -> Entry:
        """A notice as it stands at `at`, not yet looking at what may have replaced it."""
        standing = self._standing(notice_id, at)
        notice = self._version(notice_id, standing)
        standard = self.board.standard
        kind = standard.kind_for(notice.kind, unplanned=notice.unplanned, values=notice.values)
        appeared = self.log.appeared.get(notice.id)
        is_public = appeared is not None and appeared <= at
        could = self._could_appear(notice, at)
        public_at = appeared if appeared is not None and is_public else could
        told = self._told(notice, at)
        believable = believed(notice, told)
        # Owners read any channel of the standard. Whether the notice is public, and by which lane, is the board's.
        told_at = min(believable) if believable and is_public else min([*believable, could])
        urgent = in_urgent_lane(notice, kind, standard, public_at)
        request = judge_request(
            self.roster,
            approver=notice.approver,
            authors=self.history.authors.get(notice.id, frozenset()),
            company=notice.values.get("issued_as") == "company",
            urgent=urgent,
            at=at,
        )
        case = Case(
            notice=notice,
            kind=kind,
            board=self.board,
            roster=self.roster,
            at=at,
            public_at=public_at,
            is_public=is_public,
            urgent=urgent,
            request=request,
            told_at=told_at,
            told=told,
            renewed_at=max((one for one in self.log.shown.get(notice.id, ()) if one <= at), default=None),
            standing=standing,
            preview=self.preview,
            known=self.shelf.known,
            replaces=partial(self._replaces, at=at),
            twins=self.twins.get(notice.id, ()),
        )
        findings = judge(case)
        span = window(notice, kind, standard, at)
        outcome = outcome_at(notice, at)
        state = span.state(at)
        if any(finding.blocks for finding in findings):
            state = State.WITHHELD
        elif outcome is not None and outcome.what == "withdrawn":
            state = State.WITHDRAWN
        ended = state in {State.EXPIRED, State.WITHDRAWN}
        late = lateness(notice, kind, standard, self.board.zone, told_at)
        settled = is_public or bool(believable) or ended or span.state(at) is State.EXPIRED
        awaited = not settled and (late is None or late.may_be_worse)
        return Entry(
            notice=notice.limited_to(self.board.languages, self.board.places),
            kind=kind,
            state=state,
            window=span,
            public_at=public_at,
            verdict=self._verdict(standing),
            standing=standing,
            findings=findings,
            urgent=urgent,
            overdue=is_overdue(notice, kind, at),
            outcome=outcome,
            late=late,
            public_by=public_by(notice, kind, standard, self.board.zone, at) if awaited else None,
            came_at=self._came_at(notice_id, standing, at),
            ended_at=span.end if ended else None,
            authors=self.history.authors.get(notice.id, frozenset()),
        )

    def next_change(self, entries: Mapping[str, Entry], at: datetime) -> datetime | None:
        """The first instant after `at` at which any notice looks or stands differently.

        A notice changes only at its own boundaries and at those of what may replace it; so they are
        tried in the order of time, and the first at which its notice looks different is the answer.
        """
        candidates = sorted(
            (instant, entry.id) for entry in entries.values() for instant in self._instants(entry, entries, at)
        )
        for instant, notice_id in candidates:
            now = _looks(entries[notice_id], self.board, at)
            if _looks(self.judge_one(notice_id, instant), self.board, instant) != now:
                return instant
        return None

    def _instants(self, entry: Entry, entries: Mapping[str, Entry], at: datetime) -> set[datetime]:
        """Instants after `at` at which this notice could change."""
        instants = self._own_instants(entry)
        for new in self._claimants.get(entry.id, ()):
            instants |= self._own_instants(entries[new])
        return {instant for instant in instants if instant > at}

    def _own_instants(self, entry: Entry) -> set[datetime]:
        standard = self.board.standard
        instants = boundaries(entry.notice, entry.kind, standard)
        instants |= late_from(entry.notice, entry.kind, standard, self.board.zone)
        if entry.ended_at is not None:
            instants |= {entry.ended_at + standard.ended_listed_for, entry.ended_at + standard.ended_kept_for}
        if entry.state is State.WITHHELD:  # its reasons say whether anybody could approve it
            instants |= self.roster.edges()
        person = self.roster.people.get(entry.notice.approver)
        for term in person.terms if person else ():
            instants |= {edge for edge in (term.since, term.until) if edge is not None}
        if self.proof is not None:
            instants |= set(self.proof.edges(entry.id, self.roster))
        if entry.standing is not None and entry.standing.newest.missing:  # who could still give it is told, too
            instants |= {edge for person in self.roster.people for edge in edges_of(self.roster, person)}
        instants |= {came for came in (self.history.arrived.get(entry.id),) if came is not None}
        return instants | set(self.log.edges(entry.id))


def _replaced(old: Entry, successors: Iterable[Entry], at: datetime) -> Entry:
    """`old` as it stands beside what says it replaces it: from the first that began on, for good."""
    begun = sorted((since, entry.id) for entry in successors if (since := _began(entry, at)) is not None)
    if not begun:
        return old
    since, successor = begun[0]
    ended_at = min(since, old.ended_at) if old.ended_at else since
    state = old.state if old.state in {State.WITHHELD, State.WITHDRAWN} else State.SUPERSEDED
    return replace(old, state=state, ended_at=ended_at, superseded_by=successor)


def _is_secret(entry: Entry, at: datetime) -> bool:
    """Whether nothing of a notice may be told at `at`: it is under embargo until it begins."""
    return "embargo" in entry.notice.flags and entry.window.start is not None and entry.window.start > at


def _began(entry: Entry, at: datetime) -> datetime | None:
    """Since when a notice has been public by `at`; None when it never was (not yet, or over before its start)."""
    if entry.state is State.WITHHELD:
        return None
    start, end = entry.window.start, entry.window.end
    if start is None:
        return min(entry.public_at, end) if end is not None else entry.public_at
    return start if start <= at and (end is None or start < end) else None


def _looks(entry: Entry, board: Board, at: datetime) -> tuple[object, ...]:
    """What of an entry the board shows, or says about it."""
    shown = (entry.urgent, entry.overdue, entry.outcome, entry.late)
    kept = is_kept(entry, board, at)
    return (
        entry.state,
        shown if entry.state is State.LIVE else None,
        (entry.overdue, entry.outcome, is_listed(entry, board, at)) if kept else None,
        [finding.key for finding in entry.reasons] if is_held_back(entry, at) else None,
        entry.superseded_by,
        entry.notice.content_id if kept or entry.state is State.LIVE else None,
    )


def _claimants(notices: Iterable[Notice]) -> dict[str, tuple[str, ...]]:
    """By notice which others say, in any of their versions, that they replace it; of most nobody does."""
    claimants: dict[str, dict[str, None]] = {}
    for notice in notices:
        if notice.supersedes is not None:
            claimants.setdefault(notice.supersedes, {})[notice.id] = None
    return {old: tuple(news) for old, news in claimants.items()}


def _twins(shelf: Shelf) -> dict[str, tuple[str, ...]]:
    """Notices with the very same content, by id; of many a few."""
    by_content: dict[str, list[str]] = {}
    for notice_id, content_id in shelf.content_ids.items():
        by_content.setdefault(content_id, []).append(notice_id)
    return {
        notice_id: tuple(other for other in ids[:SEVERAL] if other != notice_id)
        for notice_id in shelf.notices
        if len(ids := by_content[shelf.content_ids[notice_id]]) > 1
    }
