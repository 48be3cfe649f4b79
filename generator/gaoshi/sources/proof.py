"""Everything that approval is judged by: versions, records, rosters; read once, judged at any instant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from gaoshi.core.amendment import is_amendment
from gaoshi.core.approval import NOTHING, Matter, Standing, stand
from gaoshi.core.board import Board
from gaoshi.core.finding import Position
from gaoshi.core.notice import Notice, Problem
from gaoshi.core.record import Court, Record, edges
from gaoshi.core.reign import Reign, RosterVersion, has_keeper, reign
from gaoshi.core.roster import Roster
from gaoshi.core.schedule import in_urgent_lane
from gaoshi.sources.cache import Cache
from gaoshi.sources.ledger import ROSTER_FOLDER, Ledger, TakenAway, read_ledger
from gaoshi.sources.notices import read_folders
from gaoshi.sources.rosters import parse_roster
from gaoshi.sources.settings_reader import SettingsError
from gaoshi.sources.snapshot import ROSTER, Snapshot
from gaoshi.sources.versions import Versions, moved_from


@dataclass(frozen=True, slots=True)
class Trust:
    """What somebody who judges a board knows from before.

    `root` is the blob id of the roster that trust begins with (None: the first that could), `after` are
    tips of the branch `records` that have been seen, so that nothing can be taken away.
    """

    root: str | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What was read; `notices` are the versions that somebody has signed something about."""

    board: Board
    versions: Versions
    ledger: Ledger
    rosters: tuple[RosterVersion, ...]
    root: str | None
    notices: Mapping[tuple[str, str], Notice] = field(default_factory=dict)
    movers: Mapping[str, Mapping[int, frozenset[str]]] = field(default_factory=dict)
    _reigns: dict[datetime, Reign] = field(default_factory=dict, compare=False)

    def reign(self, at: datetime) -> Reign:
        """The roster in force. Raises SettingsError when the history holds no beginning for one."""
        if at not in self._reigns:
            self._reigns[at] = self._judge_rosters(at)
        return self._reigns[at]

    def _judge_rosters(self, at: datetime) -> Reign:
        found = reign(self.rosters, self.ledger.of(ROSTER_FOLDER), self.board.id, at, self.root)
        if found is None:
            raise SettingsError("no-root", Position(ROSTER), path=ROSTER, value=self.root or "")
        return found

    def stand(self, notice_id: str, roster: Roster, at: datetime) -> Standing:
        """How a notice stands: which version is approved, and what the newest one lacks."""
        versions = self.versions.notices.get(notice_id, ())
        if not versions:
            return Standing(NOTHING, None, NOTHING)
        moved = self.movers.get(notice_id)
        if moved:  # who wrote it where it was before wrote it here too
            versions = tuple(
                replace(version, authors=version.authors | moved.get(number, frozenset()))
                for number, version in enumerate(versions)
            )

        def matter(content_id: str, approved: str | None) -> Matter | None:
            return self._matter(notice_id, content_id, approved)

        return stand(Court(roster, self.board.id, at), versions, self.ledger.of(notice_id), matter)

    def _matter(self, notice_id: str, content_id: str, approved: str | None) -> Matter | None:
        notice = self.notices.get((notice_id, content_id))
        if notice is None:
            return None
        before = self.notices.get((notice_id, approved)) if approved is not None else None
        amends = before is not None and is_amendment(before, notice, self.board.language)
        return matter_of(notice, self.board, amends=amends)

    def edges(self, notice_id: str, roster: Roster) -> Iterator[datetime]:
        """Every instant at which the notice's standing could change by itself."""
        yield from edges(self.ledger.of(notice_id), roster)
        yield from edges(self.ledger.of(ROSTER_FOLDER), roster)

    def problems(self, at: datetime) -> Iterator[Problem]:
        """What is wrong with the records and the roster, for people."""
        yield from self.ledger.problems
        found = self.reign(at)
        if found.pending is not None:
            yield Problem("roster-not-in-force", Position(ROSTER), {"value": found.pending[:12]})
        if not has_keeper(found.roster):
            yield Problem("roster-without-keeper", Position(ROSTER))


def matter_of(notice: Notice, board: Board, *, amends: bool) -> Matter:
    """What the policy asks about a notice."""
    kind = board.standard.kind_for(notice.kind, unplanned=notice.unplanned, values=notice.values)

    def urgent(when: datetime) -> bool:
        # What is still to begin was planned, whatever else the notice says has happened.
        starts_at = notice.instant("starts_at")
        planned = starts_at is not None and starts_at > when
        return not planned and in_urgent_lane(notice, kind, board.standard, when)

    return Matter(
        department=notice.department,
        known_kind=kind is not None,
        company=notice.values.get("issued_as") == "company",
        legal="legal" in notice.flags,
        urgent=urgent,
        amends=amends,
    )


def read_rosters(
    snapshot: Snapshot, board: Board, versions: Versions, here: bytes | None
) -> tuple[tuple[RosterVersion, ...], tuple[Problem, ...]]:
    """Every version that main has had of the roster, and what is wrong with the one that lies `here`.

    Where nothing is committed yet, what lies here is the first. Raises SettingsError when there is no
    version at all that can be read.
    """
    blobs = dict(snapshot.repository.blobs(versions.roster))
    read = tuple(RosterVersion(blob, _parsed(blobs.get(blob), board)) for blob in versions.roster)
    try:
        roster, problems = parse_roster(here, board.zone, board.language)
    except SettingsError as error:
        if not any(version.roster for version in read):
            raise
        values = {**error.values, "what": error.what}
        return read, (Problem("settings-roster-unreadable", error.position, values),)
    return read or (RosterVersion("", roster),), problems


def _parsed(data: bytes | None, board: Board) -> Roster | None:
    try:
        return parse_roster(data, board.zone, board.language)[0]
    except SettingsError:
        return None


def read_proof(
    snapshot: Snapshot,
    board: Board,
    notices: Mapping[str, Notice],
    versions: Versions,
    rosters: tuple[RosterVersion, ...],
    cache: Cache,
    trust: Trust,
    taken_away: TakenAway,
) -> Proof:
    """The proof for `notices`, which are their newest versions.

    Raises GitError (`records-rewound`) and SignError as read_ledger does.
    """
    ledger = read_ledger(snapshot, {ROSTER_FOLDER, *notices}, cache, taken_away, after=trust.after)
    readings = {(notice_id, notice.content_id): notice for notice_id, notice in notices.items()}
    wanted = [
        pair
        for notice_id in notices
        for pair in _signed_versions(notice_id, versions, ledger.of(notice_id))
        if pair not in readings
    ]
    readings |= read_folders(snapshot, wanted, board, cache)
    return Proof(board, versions, ledger, rosters, trust.root, readings, moved_from(versions, notices.keys()))


def _signed_versions(notice_id: str, versions: Versions, records: list[Record]) -> Iterator[tuple[str, str]]:
    """The versions of a notice that somebody has signed something about, and the newest on main."""
    had = [version.content_id for version in versions.notices.get(notice_id, ()) if version.content_id is not None]
    signed = {record.statement.subject.digest for record in records if record.statement is not None}
    yield from ((notice_id, content) for content in dict.fromkeys(had) if content in signed or content == had[-1])
