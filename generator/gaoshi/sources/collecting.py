"""Collecting approvals: asks the forge about each version that lacks one, and signs what follows.

A version is asked about once for every roster that comes into force, unless something failed: then
nothing is kept of it, and the next run asks again.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gaoshi.core.clicks import (
    Asked,
    Ignored,
    PullRequest,
    Review,
    Seen,
    judge_review,
    judge_writing,
    last_decisions,
    stages_asked,
)
from gaoshi.core.notice import ROOT
from gaoshi.core.record import Record
from gaoshi.core.statement import ROSTER_SUBJECT, How, Stage, Statement, Subject, digest_of, encode_statement
from gaoshi.sources.docket import Docket
from gaoshi.sources.forges import Forge, ForgeError
from gaoshi.sources.git.command import GitError
from gaoshi.sources.hand import Document, Hand, laid_out, without_receipt
from gaoshi.sources.ledger import ROSTER_FOLDER
from gaoshi.sources.snapshot import RECORDS

ASKED = f"{RECORDS}/asked"
FORMAT = 1
_MOST_COMMITS = 20
"""So many commits of one merge are asked about at most."""
_LAG = timedelta(days=1)
"""A forge may learn of a commit's pull request after the push: for so long none is not taken for an answer."""
_ENOUGH = 12
"""So many digits of the roster's id are in the name of a note that something was asked."""


@dataclass(frozen=True, slots=True)
class Made:
    """A statement that was made, and its file."""

    statement: Statement
    document: Document


@dataclass(frozen=True, slots=True)
class Dropped:
    """A click that does not count: on what, in which pull request, whose, and why."""

    folder: str
    pull_request: int
    review: Review
    why: Ignored


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be asked about, and why: a key of the catalogues' `cli.collect.failed`, and details."""

    folder: str
    what: str
    detail: str


@dataclass(slots=True)
class Collected:
    """What a run found: folders asked about and those without a pull request, and what came of it.

    `files` is what is to be added to the branch `records`, by path.
    """

    asked: list[str] = field(default_factory=list)
    unbrought: list[str] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    receipts: list[Document] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    files: Mapping[str, bytes] = field(default_factory=dict)


def collect(
    docket: Docket, forge: Forge | None, hand: Hand, *, remote: str | None, again: bool, unsaid: str
) -> Collected:
    """Ask about every version that lacks approval, and receive every statement that has no receipt.

    Without a forge nothing is asked.

    `remote` is fetched from for what was reviewed and is not here; `again` asks also about what was
    asked before; `unsaid` stands for the reason of a rejection that gives none. Raises SignError.
    """
    found = Collected()
    statements: list[Statement] = []
    notes: dict[str, bytes] = {}
    for item, answer in _answers(docket, forge, hand, found, remote=remote, again=again, unsaid=unsaid):
        found.asked.append(item.folder)
        found.dropped += answer.dropped
        statements += _new(docket, item, answer.statements)
        if answer.settled:
            notes[item.note] = _note(docket.at, answer.pulls)
        if not answer.pulls:
            found.unbrought.append(item.folder)
    found.made = [Made(statement, hand.state(statement)) for statement in statements]
    found.receipts = list(_receipts(docket, hand, found.made))
    documents = [*(made.document for made in found.made), *found.receipts]
    taken = _there(docket, {document.path.rpartition("/")[0] for document in documents})
    found.files = {**laid_out(documents, taken), **notes}
    return found


def _answers(
    docket: Docket, forge: Forge | None, hand: Hand, found: Collected, *, remote: str | None, again: bool, unsaid: str
) -> Iterator[tuple[_Item, _Answer]]:
    if forge is not None:
        items = list(_items(docket, forge, hand, unsaid))
        before = set() if again else _there(docket, [item.note for item in items])
        yield from _ask_all(_Clerk(docket, forge, remote), items, before, found)


def as_if_merged(docket: Docket, forge: Forge, number: int, *, unsaid: str) -> Docket:
    """The docket as it would be if pull request `number`, which its revision merges for a trial, were merged now.

    Its reviews count as they would then; nothing is signed. Raises ForgeError and GitError.
    """
    witness = next((one for one in docket.reign.roster.witnesses.values() if one.keys), None)
    if witness is None:
        return docket
    pull = replace(forge.pull_request(number, docket.at), merged_as=docket.snapshot.revision)
    clerk = _Clerk(docket, forge, None)
    records = dict(docket.proof.ledger.records)
    for item in _items(docket, forge, Hand(witness.id, Path(), witness.keys[0].fingerprint, docket.board.id), unsaid):
        answer = _Answer([pull], settled=True)
        clerk.look_at(item, pull, answer)
        records[item.folder] = [
            *records.get(item.folder, ()),
            *(
                Record("", item.folder, digest_of(encode_statement(one)), one, signer=witness.keys[0].fingerprint)
                for one in answer.statements
            ),
        ]
    proof = docket.proof
    return replace(docket, proof=replace(proof, ledger=replace(proof.ledger, records=records)))


# ── what is asked about ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Item:
    """A version that is asked about: its `path`, the commit on main that brought it, and that commit's date.

    `note` is the path of the file that says that it was asked about.
    """

    asked: Asked
    path: str
    commit: str
    since: datetime
    note: str

    @property
    def folder(self) -> str:
        """Where its records lie."""
        return self.asked.subject.folder


def _items(docket: Docket, forge: Forge, hand: Hand, unsaid: str) -> Iterator[_Item]:
    """What main has that is not approved and has not expired: the roster first, then notices by id."""
    ask = functools.partial(_item, docket, forge, hand, unsaid)
    if docket.reign.pending is not None:
        brought = docket.snapshot.repository.mainline(docket.snapshot.revision or "", ROSTER_SUBJECT)
        commit = next((c.id for c in brought if any(change.new == docket.reign.pending for change in c.changes)), None)
        if commit is not None:
            yield ask(Subject(ROSTER_SUBJECT, docket.reign.pending), ROSTER_SUBJECT, commit, "", (Stage.ROSTER,))
    for notice_id in sorted(docket.running()):
        version, standing = docket.newest(notice_id), docket.standing(notice_id)
        due = standing.newest.countersign_due is not None
        if version is None or version.content_id is None or (standing.newest.approved and not due):
            continue
        stages = stages_asked(docket.matter(notice_id, standing), docket.at, countersign=due)
        subject = Subject(notice_id, version.content_id)
        yield ask(subject, f"{ROOT}/{notice_id}", version.commit, docket.notices[notice_id].department, stages)


def _item(
    docket: Docket,
    forge: Forge,
    hand: Hand,
    unsaid: str,
    subject: Subject,
    path: str,
    commit: str,
    department: str,
    stages: tuple[Stage, ...],
) -> _Item:
    asked = Asked(
        board=docket.board.id,
        subject=subject,
        stages=stages,
        department=department,
        roster=docket.reign.roster,
        at=docket.at,
        forge=forge.name,
        repository=forge.repository,
        witness=hand.witness,
        unsaid=unsaid,
    )
    # Another roster maps accounts otherwise, so that a version is asked about once for each.
    note = f"{ASKED}/{subject.folder}/{subject.digest}-{docket.reign.blob[:_ENOUGH]}.json"
    return _Item(asked, path, commit, docket.snapshot.repository.committed(commit), note)


def _note(at: datetime, pulls: Iterable[PullRequest]) -> bytes:
    data = {
        "format": FORMAT,
        "pull_requests": [pull.number for pull in pulls],
        "at": at.astimezone(UTC).isoformat(timespec="seconds"),
    }
    return (json.dumps(data, indent=1) + "\n").encode()


def _there(docket: Docket, paths: Iterable[str]) -> set[str]:
    """What lies at or below these paths in the revision or on the branch `records`."""
    wanted = sorted(set(paths))
    if not wanted:
        return set()
    trees = (docket.snapshot.tree, *docket.proof.ledger.tips)
    return {entry.path for tree in trees for entry in docket.snapshot.repository.list_tree(tree, *wanted)}


# ── asking ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Answer:
    """What the pull requests that brought a version say of it; not `settled` while it may soon be another answer."""

    pulls: Sequence[PullRequest]
    settled: bool
    statements: list[Statement] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)


def _ask_all(
    clerk: _Clerk, items: Iterable[_Item], before: set[str], found: Collected
) -> Iterator[tuple[_Item, _Answer]]:
    """The answers, one item at a time and each whole; what fails is added to `found`, and the rest goes on."""
    stopped: ForgeError | None = None
    for item in items:
        if item.note in before:
            continue
        try:
            if stopped is not None:
                raise stopped
            answer = clerk.ask(item)
        except ForgeError as error:
            found.failures.append(Failure(item.folder, error.what, error.detail))
            stopped = error if error.lasting else None
        except GitError as error:
            found.failures.append(Failure(item.folder, "git", error.detail))
        else:
            yield item, answer


@dataclass(frozen=True, slots=True)
class _Clerk:
    """Asks forge and git about one version after the other."""

    docket: Docket
    forge: Forge
    remote: str | None

    def ask(self, item: _Item) -> _Answer:
        """What there is about a version. Raises ForgeError and GitError when that cannot be told."""
        pulls = self._pulls(item)
        answer = _Answer(pulls, settled=bool(pulls) or item.since + _LAG <= item.asked.at)
        for pull in pulls:
            if pull.merged_at > item.asked.at:
                answer.settled = False
                continue
            self.look_at(item, pull, answer)
        return answer

    def look_at(self, item: _Item, pull: PullRequest, answer: _Answer) -> None:
        """Add to `answer` what one pull request says of a version."""
        seen = functools.cache(functools.partial(self._seen, item, pull))
        reviews = self.forge.reviews(pull.number)
        known = [review for review in reviews if review.at is None or review.at <= item.asked.at]
        answer.settled = answer.settled and len(known) == len(reviews)
        for review in last_decisions(known):
            judged = judge_review(item.asked, pull, review, seen)
            if isinstance(judged, Ignored):
                answer.dropped.append(Dropped(item.folder, pull.number, review, judged))
            else:
                answer.statements += judged
        if Stage.CONTENT in item.asked.stages and item.asked.person(pull.opener) is not None:
            wrote = judge_writing(item.asked, pull, seen(pull.head), lambda: self._authors(item, pull))
            answer.statements += [wrote] if wrote is not None else []

    def _pulls(self, item: _Item) -> Sequence[PullRequest]:
        """The pull requests that brought a version: by the commit on main, or else by those that it merged."""
        for commit in (item.commit, *self._merged(item)):
            pulls = [pull for pull in self.forge.pull_requests(commit) if self._is_ours(pull)]
            if pulls:
                return sorted(pulls, key=lambda pull: pull.number)
        return ()

    def _merged(self, item: _Item) -> Iterator[str]:
        repository = self.docket.snapshot.repository
        if repository.commit(f"{item.commit}^2") is not None:
            yield from repository.brought(item.commit, item.path)[:_MOST_COMMITS]

    def _is_ours(self, pull: PullRequest) -> bool:
        """Whether what the pull request was merged as is part of main as it is here."""
        revision = self.docket.snapshot.revision or ""
        return pull.merged_as is not None and self.docket.snapshot.repository.descends(revision, pull.merged_as)

    def _seen(self, item: _Item, pull: PullRequest, commit: str) -> Seen:
        """What git says of a commit that was reviewed. Raises GitError when the remote cannot be reached."""
        repository = self.docket.snapshot.repository
        if not repository.bring(self.remote, commit, self.forge.reference(pull.number)):
            return Seen(there=False)
        content = repository.object_at(commit, item.path)
        bases = [self._fork(pull, base, commit) for base in self._bases(pull)]
        touches = all(base is not None and repository.object_at(base, item.path) != content for base in bases)
        return Seen(there=True, content=content, touches=touches)

    def _bases(self, pull: PullRequest) -> Iterator[str]:
        """What the pull request is compared with: its base, and what main was just before it was merged.

        The base alone is not enough: what main had got since, and was merged into the pull request, would
        seem to be its own.
        """
        before = self.docket.snapshot.repository.commit(f"{pull.merged_as}^1")
        yield from (commit for commit in (pull.base, before) if commit is not None)

    def _fork(self, pull: PullRequest, base: str, commit: str) -> str | None:
        """Where `commit` left `base`; None when that cannot be told."""
        repository = self.docket.snapshot.repository
        if not repository.bring(self.remote, base, self.forge.reference(pull.number)):
            return None
        return repository.merge_base(base, commit)

    def _authors(self, item: _Item, pull: PullRequest) -> list[str]:
        """Addresses of those who wrote what the pull request changed at the path."""
        repository = self.docket.snapshot.repository
        before = repository.commit(f"{pull.merged_as}^1") or pull.base
        fork = repository.merge_base(before, pull.head)
        since = f"{fork}..{pull.head}" if fork is not None else pull.head
        with repository.history(since, [item.path]) as walk:
            return [email for commit in walk().commits for email in commit.emails]


# ── what comes of it ─────────────────────────────────────────────────────────────────────────────


def _key(statement: Statement) -> tuple[str, ...]:
    """What makes a click the same click."""
    given = statement.given
    click = given.get("review") or f"{given.get('act', '')} {given.get('pull_request', '')}"
    return (statement.subject.digest, statement.stage, statement.decision, statement.approver, click)


def _new(docket: Docket, item: _Item, statements: Iterable[Statement]) -> list[Statement]:
    """Those of `statements` that no witness has made before, each once."""
    witnesses = {key.fingerprint for witness in docket.reign.roster.witnesses.values() for key in witness.keys}
    made = {
        _key(record.statement)
        for record in docket.proof.ledger.of(item.folder)
        if record.statement is not None and record.statement.how is How.FORGE and record.signer in witnesses
    }
    fresh = {_key(statement): statement for statement in statements}
    return [statement for key, statement in fresh.items() if key not in made]


def _receipts(docket: Docket, hand: Hand, made: Iterable[Made]) -> Iterator[Document]:
    """Receipts for what lies there without one, and for what was just made."""
    for folder in (ROSTER_FOLDER, *sorted(docket.running())):
        former = docket.reign.former if folder == ROSTER_FOLDER else ()
        for record in without_receipt(docket.court, docket.proof.ledger.of(folder), former):
            statement, signer = record.statement, record.signer
            if statement is not None and signer is not None and statement.subject.folder == folder:
                yield hand.receive(statement.subject, record.digest, signer, docket.at)
    for one in made:
        yield hand.receive(one.statement.subject, one.document.digest, hand.fingerprint, docket.at)
