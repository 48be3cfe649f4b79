"""What main has at a revision, and how each notice stands: what editions are made of and collecting begins with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gaoshi.core.amendment import is_amendment
from gaoshi.core.approval import Matter, Standing, Version
from gaoshi.core.board import Board
from gaoshi.core.notice import Notice, Problem
from gaoshi.core.record import Court, Record
from gaoshi.core.reign import Reign
from gaoshi.core.schedule import State, window
from gaoshi.sources.cache import Cache, code_digest
from gaoshi.sources.ledger import watching_losses
from gaoshi.sources.notices import Shelf, read_shelf
from gaoshi.sources.proof import Proof, Trust, matter_of, read_proof, read_rosters
from gaoshi.sources.settings import parse_board
from gaoshi.sources.snapshot import ROSTER, SETTINGS, Snapshot
from gaoshi.sources.versions import Versions, contents, read_versions

Begin = Callable[[Board, Shelf], None]


@dataclass(frozen=True, slots=True)
class Docket:
    """A revision, what proves its notices, the roster in force at `at`, and the newest version of each notice.

    `problems` are what is wrong with settings, roster and records.
    """

    snapshot: Snapshot
    at: datetime
    board: Board
    shelf: Shelf
    versions: Versions
    proof: Proof
    reign: Reign
    problems: tuple[Problem, ...]

    @property
    def notices(self) -> Mapping[str, Notice]:
        """The newest version of each notice that was read, by id."""
        return self.shelf.notices

    @property
    def court(self) -> Court:
        """Who judges records here and now."""
        return Court(self.reign.roster, self.board.id, self.at)

    def standing(self, notice_id: str) -> Standing:
        """How a notice stands."""
        return self.proof.stand(notice_id, self.reign.roster, self.at)

    def with_record(self, record: Record) -> Docket:
        """The docket as it would be with one more record."""
        ledger = self.proof.ledger
        records = {**ledger.records, record.folder: [*ledger.of(record.folder), record]}
        return replace(self, proof=replace(self.proof, ledger=replace(ledger, records=records)))

    def newest(self, notice_id: str) -> Version | None:
        """The version that main has now; None when it has none, or what was read is not it."""
        had = self.versions.notices.get(notice_id, ())
        return had[-1] if had and had[-1].content_id == self.notices[notice_id].content_id else None

    def matter(self, notice_id: str, standing: Standing) -> Matter:
        """What the policy asks about the newest version."""
        notice = self.notices[notice_id]
        public = standing.public.content_id if standing.public is not None else None
        before = self.proof.notices.get((notice_id, public)) if public is not None else None
        amends = before is not None and is_amendment(before, notice, self.board.language)
        return matter_of(notice, self.board, amends=amends)

    def running(self) -> Iterator[str]:
        """Ids of the notices that have not expired."""
        standard = self.board.standard
        for notice_id, notice in self.notices.items():
            kind = standard.kind_for(notice.kind, unplanned=notice.unplanned, values=notice.values)
            if window(notice, kind, standard, self.at).state(self.at) is not State.EXPIRED:
                yield notice_id


def read_docket(
    snapshot: Snapshot,
    at: datetime,
    cache: Cache,
    trust: Trust,
    *,
    only: Iterable[str] | None = None,
    settled_by: datetime | None = None,
    begin: Begin | None = None,
) -> Docket:
    """All that a revision holds on approval: of all notices, of `only` these, or without those settled (read_shelf).

    `begin` is told of the notices as soon as they are read, so that other work on them can begin.

    Raises SettingsError, GitError and SignError as edition.compose does.
    """
    board, board_problems = parse_board(snapshot.read(SETTINGS))
    with watching_losses(snapshot, cache) as taken_away:
        versions = read_versions(snapshot, cache)
        rosters, roster_problems = read_rosters(snapshot, board, versions, snapshot.read(ROSTER))
        shelf = read_shelf(snapshot, board, cache, only=only, settled_by=settled_by, versions=contents(versions))
        if begin is not None:
            begin(board, shelf)
        proof = read_proof(snapshot, board, shelf.notices, versions, rosters, cache, trust, taken_away)
    problems = (*board_problems, *roster_problems, *proof.problems(at))
    return Docket(snapshot, at, board, shelf, versions, proof, proof.reign(at), problems)


def open_cache(snapshot: Snapshot) -> Cache:
    """The cache for this code and these settings, the same that an edition is composed with."""
    parts = [code_digest().encode(), snapshot.read(SETTINGS) or b"", snapshot.read(ROSTER) or b""]
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()
    return Cache(snapshot.repository.folder() / "gaoshi" / "cache.sqlite", digest)
