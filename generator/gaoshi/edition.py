"""The one pipeline: from a snapshot of the repository and an instant to an edition of the board."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from gaoshi.core.approval import NOTHING, Standing, Verdict
from gaoshi.core.board import Board
from gaoshi.core.edition import Edition, Entry
from gaoshi.core.finding import Finding, Position
from gaoshi.core.lateness import late_from, lateness, public_by
from gaoshi.core.log import believed
from gaoshi.core.notice import ROOT, Notice, Problem
from gaoshi.core.record import edges_of
from gaoshi.core.roster import Roster, judge_request
from gaoshi.core.schedule import State, boundaries, in_urgent_lane, is_overdue, outcome_at, window
from gaoshi.rules.registry import RULES, Case, judge
from gaoshi.rules.surroundings import judge_stray
from gaoshi.sources.cache import Cache
from gaoshi.sources.docket import Begin, open_cache, read_docket
from gaoshi.sources.history import History, walking
from gaoshi.sources.notices import Shelf, read_shelf
from gaoshi.sources.proof import Proof, Trust
from gaoshi.sources.records import Log, read_log
from gaoshi.sources.rendering import Renderer
from gaoshi.sources.settings import Settings, read_settings
from gaoshi.sources.snapshot import SETTINGS, Snapshot
from gaoshi.sources.versions import history_of

TOLD = ("occurred_at", "reported_at", "weather.issued_at", "register.received")
"""When something happened, or when we were told of it."""


_RENDERED = frozenset({State.LIVE, State.UPCOMING})
"""What is shown now, and what screens hold ready."""

SEVERAL = 5
"""So many of a notice's twins are named."""


class Scope(Enum):
    """Which notices are read: all, or only those that can still matter to the board."""

    ALL = "all"
    CURRENT = "current"


def compose(
    snapshot: Snapshot,
    at: datetime,
    *,
    scope: Scope = Scope.CURRENT,
    only: Iterable[str] | None = None,
    render: bool = False,
    preview: bool = False,
    proven: bool = True,
    trust: Trust | None = None,
    afresh: bool = False,
    newest: bool = False,
) -> Edition:
    """The edition at the aware instant `at`.

    `only`: judge just these notices (and whatever they refer to). `render`: with the texts as HTML,
    of live notices and those to come, or in a `preview` of all. `proven`: judge approval by what was signed; without it
    only by whom the notice asks, which is enough to check a text. `trust`: what is known from before. `afresh`:
    believe nothing that was kept. `newest`: show each notice as it is now, approved or not, as somebody
    must see it who is to approve it.

    Raises SettingsError when the estate's settings cannot be read, GitError when git cannot (or
    records were taken back), SignError without ssh-keygen.
    """
    only = None if only is None else list(dict.fromkeys(only))
    with closing(Cache(None, "") if afresh else open_cache(snapshot)) as cache, ExitStack() as stack:
        renderer = Renderer(cache, at, stack)
        bench = _bench(
            snapshot,
            cache,
            only=only,
            settled_by=at if scope is Scope.CURRENT and only is None else None,
            at=at,
            proven=proven and snapshot.revision is not None,
            trust=trust or Trust(),
            preview=preview or newest,
            begin=renderer.begin if render else None,
        )
        entries = bench.judge(at)
        if preview:
            changed = _proposed(snapshot)
            entries = {
                key: replace(entry, proposed=True) if key in changed or _awaits_approval(entry) else entry
                for key, entry in entries.items()
            }
        whole = only is None and (preview or scope is Scope.CURRENT)
        next_change = bench.next_change(entries, at) if whole else None
        if render:
            shown = [entry for entry in entries.values() if preview or newest or entry.state in _RENDERED]
            entries |= renderer.finish(shown)
    return _edition(bench, entries, at, snapshot.revision, next_change, preview=preview)


def _awaits_approval(entry: Entry) -> bool:
    return entry.standing is not None and not entry.standing.current


def _bench(
    snapshot: Snapshot,
    cache: Cache,
    *,
    only: list[str] | None,
    settled_by: datetime | None,
    at: datetime,
    proven: bool,
    trust: Trust,
    preview: bool,
    begin: Begin | None,
) -> _Bench:
    """All that is read, in the order in which one thing needs the other."""
    if not proven:
        settings = read_settings(snapshot)
        with walking(snapshot, only, cache) as walk:
            shelf = read_shelf(snapshot, settings.board, cache, only=only, settled_by=settled_by)
            history = _history(snapshot, walk())
        return _Bench.of(snapshot, settings, shelf, history)
    docket = read_docket(snapshot, at, cache, trust, only=only, settled_by=settled_by, begin=begin)
    settings = Settings(docket.board, docket.reign.roster, docket.problems)
    history = _history(snapshot, history_of(docket.versions, docket.notices.keys()))
    return replace(_Bench.of(snapshot, settings, docket.shelf, history), proof=docket.proof, preview=preview)


# ── judging ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Claims:
    """Which notice replaces which, and by which each is replaced."""

    replaces: Mapping[str, str]
    successors: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Bench:
    """All that judging needs and that does not depend on the instant."""

    settings: Settings
    shelf: Shelf
    log: Log
    history: History
    twins: Mapping[str, tuple[str, ...]]
    proof: Proof | None = None
    preview: bool = False
    _claimed: Mapping[str, frozenset[str]] = field(init=False)
    _kept: dict[datetime, _Claims] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        versions = self.proof.notices.values() if self.proof is not None else ()
        object.__setattr__(self, "_claimed", _claimed((*self.shelf.notices.values(), *versions)))

    @classmethod
    def of(cls, snapshot: Snapshot, settings: Settings, shelf: Shelf, history: History) -> _Bench:
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
            successors = [alone[by] for by in self._claims(at).successors.get(notice_id, ())]
            judged[notice_id] = self._foreseen(_replaced(entry, successors, at), successors, at)
        return judged

    def _foreseen(self, entry: Entry, successors: Iterable[Entry], at: datetime) -> Entry:
        """A live notice with how it will stand when it leaves, where more than its window's end says when.

        What is written already, an outcome to come or a notice that will take its place, takes it off pages that
        nobody has made anew by then, too.
        """
        if entry.state is not State.LIVE:
            return entry
        starts = [by.window.start for by in successors if by.state is State.UPCOMING]
        outcome = entry.notice.outcome
        if outcome is not None and outcome.at > at:
            ending = window(entry.notice, entry.kind, self.board.standard, outcome.at).end
            starts += [outcome.at, ending, entry.window.end]
        for instant in sorted({start for start in starts if start is not None and start > at}):
            then = self.judge_one(entry.id, instant)
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
        successors = [self.judge_alone(by, at) for by in self._claims(at).successors.get(notice_id, ())]
        return _replaced(self.judge_alone(notice_id, at), successors, at)

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

    def _claims(self, at: datetime) -> _Claims:
        """What replaces what at `at`: a notice's approved version says so, not what somebody proposes."""
        if at not in self._kept:
            replaces = {}
            for notice_id in self._claimed:
                standing = self._standing(notice_id, at)
                counts = self.proof is None or self.preview or (standing is not None and standing.public is not None)
                old = self._version(notice_id, standing).supersedes
                if old is not None and counts:
                    replaces[notice_id] = old
            self._kept[at] = _Claims(replaces, _successors(replaces))
        return self._kept[at]

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
            replaces=self._claims(at).replaces,
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
        for new, old in self._claimed.items():
            if entry.id == new or entry.id in old:
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


# ── what surrounds the notices ───────────────────────────────────────────────────────────────────


def _history(snapshot: Snapshot, history: History) -> History:
    """What history says of the notices; in a preview, whoever works here wrote the changes."""
    me = snapshot.repository.setting("user.email") if snapshot.worktree else ""
    if not me:
        return history
    mine = {notice_id: history.authors.get(notice_id, frozenset()) | {me} for notice_id in _proposed(snapshot)}
    return replace(history, authors={**history.authors, **mine})


def _proposed(snapshot: Snapshot) -> frozenset[str]:
    """Ids of notices that are not on the branch as they are in the working tree."""
    if not snapshot.worktree:
        return frozenset()
    if snapshot.revision is None:
        paths = [entry.path for entry in snapshot.entries(ROOT)]
    else:
        paths = snapshot.repository.changed(snapshot.revision, snapshot.tree, ROOT)
    return frozenset("/".join(path.split("/")[1:3]) for path in paths)


def _claimed(notices: Iterable[Notice]) -> dict[str, frozenset[str]]:
    """By notice which others any of its versions says that it replaces; most say so of none."""
    claimed: dict[str, set[str]] = {}
    for notice in notices:
        if notice.supersedes is not None:
            claimed.setdefault(notice.id, set()).add(notice.supersedes)
    return {new: frozenset(old) for new, old in claimed.items()}


def _successors(replaces: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Which notices say that they replace one. In a circle nobody is replaced, or all would vanish."""
    successors: dict[str, list[str]] = {}
    for new, old in replaces.items():
        seen = {old}
        following = replaces.get(old)
        while following is not None and following not in seen:
            seen.add(following)
            following = replaces.get(following)
        if new not in seen:
            successors.setdefault(old, []).append(new)
    return {old: tuple(news) for old, news in successors.items()}


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


# ── the edition ──────────────────────────────────────────────────────────────────────────────────


def _edition(
    bench: _Bench,
    entries: dict[str, Entry],
    at: datetime,
    revision: str | None,
    next_change: datetime | None,
    *,
    preview: bool,
) -> Edition:
    board = bench.board
    kept = [entry for entry in entries.values() if is_kept(entry, board, at)]
    kept.sort(key=lambda entry: (entry.ended_at, entry.id), reverse=True)
    problems = (*bench.settings.problems, *_useless(board), *bench.shelf.strays, *bench.log.problems)
    findings: tuple[Finding, ...] = tuple(judge_stray(problem) for problem in problems)
    return Edition(
        board=board,
        at=at,
        revision=revision,
        entries=entries,
        live=tuple(sorted((e for e in entries.values() if e.state is State.LIVE), key=_by_need)),
        upcoming=tuple(sorted((e for e in entries.values() if e.state is State.UPCOMING), key=_by_start)),
        ended=tuple(entry for entry in kept if is_listed(entry, board, at)),
        kept=tuple(kept),
        withheld=tuple(entry for entry in entries.values() if is_held_back(entry, at)),
        findings=findings,
        next=next_change,
        preview=preview,
        records=bench.proof.ledger.tips if bench.proof else (),
        reign=bench.proof.reign(at) if bench.proof else None,
    )


CHANGED = 2
"""Up to this rank the newest leads: see Entry.rank."""


def _useless(board: Board) -> Iterator[Problem]:
    """Severities that the settings give to rules that do not exist, or that cannot be changed."""
    for code in board.rules:
        if code not in RULES or RULES[code].always:
            what = "settings-unknown-rule" if code not in RULES else "settings-fixed-rule"
            yield Problem(what, board.rule_positions.get(code, Position(SETTINGS)), {"name": code})


def _by_need(entry: Entry) -> tuple[int, float, str]:
    """What is urgent or major first, the newest of it leading; then by when it matters; standing last."""
    moment = entry.matters_at.timestamp()
    return entry.rank, -moment if entry.rank <= CHANGED else moment, entry.id


def _by_start(entry: Entry) -> tuple[datetime, str]:
    return entry.window.start or entry.public_at, entry.id
