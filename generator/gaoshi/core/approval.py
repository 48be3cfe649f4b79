"""What the statements on a notice add up to: the one decision on what may be public (promise 1).

Everything is judged at an aware instant `at` from the roster in force, the versions that main has had
of a notice, and the records that were found. A record counts only when its signature is good, its
signer held the role and the key, and it is about this board, this notice and this very content.
Sources: P-2.t2, P-7.1, P-3.1, H-8.1, H-10.1, H-6.9, C-2.3; docs/approval.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from gaoshi.core.roster import WITNESS, Person, Roster
from gaoshi.core.statement import Decision, How, Receipt, Stage, Statement, short_number


class Why(StrEnum):
    """Why a record does not count."""

    BROKEN = "broken"
    BAD_SIGNATURE = "bad-signature"
    OTHER_BOARD = "other-board"
    OTHER_PLACE = "other-place"
    OTHER_VERSION = "other-version"
    FUTURE = "future"
    UNKNOWN_PERSON = "unknown-person"
    UNKNOWN_KEY = "unknown-key"
    OTHER_HAND = "other-hand"
    NO_WITNESS = "no-witness"
    KEY_REVOKED = "key-revoked"
    KEY_OUT_OF_TERM = "key-out-of-term"
    NO_ROLE = "no-role"
    CONTRIBUTOR = "contributor"
    VOIDED = "voided"
    NOT_URGENT = "not-urgent"
    NO_AMENDMENT = "no-amendment"
    TOO_EARLY = "too-early"
    NOT_NEEDED = "not-needed"


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """A receipt and the fingerprint of the key whose signature on it is good."""

    receipt: Receipt
    signer: str


@dataclass(frozen=True, slots=True)
class Record:
    """A statement as it was found. `signer` is the fingerprint of the key whose signature is good.

    `folder` is where it lay (a notice's id, or `roster`); `broken` says why the bytes are no statement.
    """

    path: str
    folder: str
    digest: str
    statement: Statement | None = None
    broken: str = ""
    signer: str | None = None
    receipts: tuple[SignedReceipt, ...] = ()

    @property
    def number(self) -> str:
        """Its number for people."""
        return short_number(self.digest)


@dataclass(frozen=True, slots=True)
class Version:
    """What main had of a notice from a commit on: a content id, or None where the folder was removed.

    `at` is the committer's date, UTC; `authors` are addresses of those who wrote the change; `place` is
    the commit's among those of main that changed anything, from 0.
    """

    content_id: str | None
    commit: str
    at: datetime
    authors: frozenset[str] = frozenset()
    place: int = 0


@dataclass(frozen=True, slots=True)
class Matter:
    """What of a version the policy asks about. `urgent` says whether an instant lies in the urgent lane."""

    department: str
    known_kind: bool
    company: bool
    legal: bool
    urgent: Callable[[datetime], bool]
    amends: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A record that counts: by whom, in which role, first seen when (None without a receipt)."""

    record: Record
    statement: Statement
    person: Person
    role: str
    seen: datetime | None

    @property
    def stage(self) -> Stage:
        """The stage it was given for."""
        return self.statement.stage


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that does not count, and why."""

    record: Record
    why: Why


@dataclass(frozen=True, slots=True)
class Missing:
    """A stage that nobody has given yet, and who could."""

    stage: Stage
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the statements on one version add up to.

    `given` is what approved it, or what there is of it so far; `since` the instant from which it was
    approved (also of one that was rejected afterwards). `countersign_due` is when an urgent approval
    must have been countersigned, None when it needs no countersignature or has one.
    """

    approved: bool
    given: tuple[Given, ...] = ()
    missing: tuple[Missing, ...] = ()
    rejected: tuple[Given, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    since: datetime | None = None
    countersign_due: datetime | None = None

    @property
    def deciding(self) -> Given | None:
        """The approval that lets it out: the last stage of the way."""
        outward = (Stage.PUBLISH, Stage.URGENT, Stage.AMENDMENT)
        return next((given for given in self.given if given.stage in outward), None) if self.approved else None

    @property
    def number(self) -> str | None:
        """The approval's number for people."""
        return self.deciding.record.number if self.deciding else None

    @property
    def on_paper(self) -> bool:
        """Whether any of what approved it was given on paper."""
        return any(given.statement.how is How.PAPER for given in self.given)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a notice stands: its newest version's verdict, and which version is public.

    `public` is None when no version is approved; it may be older than the newest.
    """

    newest: Verdict
    public: Version | None
    verdict: Verdict

    @property
    def current(self) -> bool:
        """Whether the newest version is the public one."""
        return self.newest.approved


NOTHING = Verdict(approved=False)


# ── does a record count ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Court:
    """All that is the same for every record of a board: roster, board id, instant."""

    roster: Roster
    board: str
    at: datetime

    def seen(self, record: Record) -> datetime | None:
        """When the publisher first saw a record, by a receipt that counts; None without one."""
        statement = record.statement
        instants = [
            signed.receipt.at
            for signed in record.receipts
            if statement is not None
            and signed.receipt.statement == record.digest
            and signed.receipt.board == self.board
            and statement.at <= signed.receipt.at <= self.at
            # Whoever holds a revoked key may date receipts as he likes, so that none of them counts any more.
            and self._is_witness(signed.receipt.witness, signed.signer, signed.receipt.at, self.at)
        ]
        return min(instants, default=None)

    def weigh(self, record: Record, department: str) -> Given | Why:
        """A record by itself: who gave it in which role, or why it does not count."""
        statement = record.statement
        if statement is None or record.signer is None:
            return Why.BROKEN if statement is None else Why.BAD_SIGNATURE
        person = self.roster.people.get(statement.approver)
        if person is None:
            return Why.UNKNOWN_PERSON
        seen = self.seen(record)
        judged = seen or self.at
        refusal = self._refused_claim(record, statement) or self._refused_hand(statement, record.signer, person, judged)
        if refusal is not None:
            return refusal
        role = self.roster.role_for(person.id, statement.stage, department, judged)
        if role is None or self.roster.role_for(person.id, statement.stage, department, statement.at) is None:
            return Why.NO_ROLE
        return Given(record, statement, person, role, seen)

    def _refused_claim(self, record: Record, statement: Statement) -> Why | None:
        """Why what the statement says of itself does not hold here and now."""
        if statement.board != self.board:
            return Why.OTHER_BOARD
        if statement.subject.folder != record.folder:
            return Why.OTHER_PLACE
        return Why.FUTURE if statement.at > self.at else None

    def _refused_hand(self, statement: Statement, signer: str, person: Person, judged: datetime) -> Why | None:
        """Why this key may not speak for this person, in the way that the statement says it was given."""
        if statement.how is How.FORGE:
            witness = statement.given.get("witness", "")
            return None if self._is_witness(witness, signer, judged) else self._stranger(signer)
        if statement.how is How.PAPER:
            recorder = self.roster.people.get(statement.given.get("witness", ""))
            if recorder is None or recorder is person:
                return Why.NO_WITNESS
            if not all(self._holds_role(recorder, WITNESS, instant) for instant in (statement.at, judged)):
                return Why.NO_WITNESS
            return self._refused_key(recorder, signer, statement.at, judged)
        return self._refused_key(person, signer, statement.at, judged)

    def _refused_key(self, person: Person, signer: str, *instants: datetime) -> Why | None:
        key = next((key for key in person.keys if key.fingerprint == signer), None)
        if key is None:
            return self._stranger(signer)
        if any(key.is_revoked(instant) for instant in instants):
            return Why.KEY_REVOKED
        return None if all(key.holds(instant) for instant in instants) else Why.KEY_OUT_OF_TERM

    def _stranger(self, signer: str) -> Why:
        """A key that is not this person's: another's on the roster, or nobody's."""
        keys = [key for person in self.roster.people.values() for key in person.keys]
        keys += [key for witness in self.roster.witnesses.values() for key in witness.keys]
        return Why.OTHER_HAND if any(key.fingerprint == signer for key in keys) else Why.UNKNOWN_KEY

    def _is_witness(self, witness_id: str, signer: str, at: datetime, unrevoked_at: datetime | None = None) -> bool:
        witness = self.roster.witnesses.get(witness_id)
        return witness is not None and any(
            key.fingerprint == signer and key.holds(at) and not key.is_revoked(unrevoked_at or at)
            for key in witness.keys
        )

    def _holds_role(self, person: Person, role: str, at: datetime) -> bool:
        return any(term.role == role for term in self.roster.terms(person.id, at))


# ── one version ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Question:
    """One version as it comes before the court.

    `contributors` are ids of those who may not approve it. `not_before`: older statements are void,
    because main has had another approved version, or none, since; `again`: main has had this very
    content before, so that a statement of the same second is void too.
    """

    version: Version
    matter: Matter
    contributors: frozenset[str]
    not_before: datetime | None
    again: bool


def ways(matter: Matter) -> list[tuple[Stage, ...]]:
    """The ways to approval, the shortest first. An unknown kind takes the strictest one."""
    full = (Stage.CONTENT, Stage.PUBLISH)
    if not matter.known_kind:
        return [(*full, Stage.COMPANY, Stage.LEGAL)]
    besides = (*((Stage.COMPANY,) if matter.company else ()), *((Stage.LEGAL,) if matter.legal else ()))
    ways: list[tuple[Stage, ...]] = [(Stage.AMENDMENT,)] if matter.amends else []
    return [*ways, (Stage.URGENT, *besides), (*full, *besides)]


def judge_version(
    court: Court, question: _Question, records: Iterable[Record], carried: Iterable[Given] = ()
) -> Verdict:
    """What the records on one version add up to; `carried` are rejections of versions before it."""
    counted, aside = _sort_out(court, question, records)
    rejections = [*carried, *(given for given in counted if given.statement.decision is Decision.REJECT)]
    approvals = [given for given in counted if given.statement.decision is Decision.APPROVE]
    since = _approved_since(question, counted, rejections)
    standing = _standing_rejections(rejections, approvals)
    way, chosen = _best_way(question, approvals, court.at)
    complete = len(chosen) == len(way)
    used = {id(given.record) for given in chosen}
    countersigns = {Stage.COUNTERSIGN, Stage.PUBLISH} if Stage.URGENT in way else set()
    spare = [given for given in approvals if id(given.record) not in used and given.stage not in countersigns]
    return Verdict(
        approved=complete and not standing,
        given=chosen,
        missing=() if complete else _missing(court, question, way, chosen),
        rejected=standing,
        set_aside=(*aside, *(SetAside(given.record, _why_spare(given, chosen)) for given in spare)),
        since=since,
        countersign_due=_countersign_due(court, chosen, approvals) if complete else None,
    )


def _why_spare(given: Given, chosen: Iterable[Given]) -> Why:
    """Why a good approval is not among those that count."""
    return Why.TOO_EARLY if any(_too_early(given, other) for other in chosen) else Why.NOT_NEEDED


def _sort_out(court: Court, question: _Question, records: Iterable[Record]) -> tuple[list[Given], list[SetAside]]:
    """The records that count, in the order of time, and those that do not, with reasons."""
    counted: list[Given] = []
    aside: list[SetAside] = []
    for record in records:
        weighed = court.weigh(record, question.matter.department)
        if isinstance(weighed, Given):
            refusal = _refused_here(question, weighed)
            if refusal is None:
                counted.append(weighed)
                continue
            weighed = refusal
        aside.append(SetAside(record, weighed))
    counted.sort(
        key=lambda given: (given.statement.at, given.statement.decision is Decision.REJECT, given.record.digest)
    )
    return counted, aside


def _refused_here(question: _Question, given: Given) -> Why | None:
    """Why a record that is good in itself does not count for this version."""
    if given.statement.subject.digest != question.version.content_id:
        return Why.OTHER_VERSION
    if question.not_before is not None:
        late_enough = given.statement.at > question.not_before
        if not late_enough and (question.again or given.statement.at < question.not_before):
            return Why.VOIDED
    return None if given.statement.decision is Decision.REJECT else _refused_approval(question, given)


def _refused_approval(question: _Question, given: Given) -> Why | None:
    """Why somebody who may approve in general may not approve this version in this stage."""
    stage, matter = given.stage, question.matter
    # A head who writes has thereby reviewed; nobody approves in any other stage what he wrote (H-6.9).
    if given.person.id in question.contributors and stage is not Stage.CONTENT:
        return Why.CONTRIBUTOR
    if given.statement.how is How.PAPER and given.statement.given.get("witness", "") in question.contributors:
        return Why.CONTRIBUTOR
    if stage is Stage.URGENT and not (matter.known_kind and matter.urgent(given.seen or given.statement.at)):
        return Why.NOT_URGENT
    if stage is Stage.AMENDMENT and not (matter.known_kind and matter.amends):
        return Why.NO_AMENDMENT
    return None


def _standing_rejections(rejections: Sequence[Given], approvals: Sequence[Given]) -> tuple[Given, ...]:
    """Rejections that the same person has not followed by an approval."""
    newest: dict[str, Given] = {}
    for given in rejections:
        old = newest.get(given.person.id)
        if old is None or given.statement.at >= old.statement.at:
            newest[given.person.id] = given
    approved_at: dict[str, datetime] = {}
    for given in approvals:
        approved_at[given.person.id] = max(approved_at.get(given.person.id, given.statement.at), given.statement.at)
    return tuple(
        given
        for person, given in newest.items()
        if person not in approved_at or approved_at[person] <= given.statement.at
    )


def _best_way(
    question: _Question, approvals: Sequence[Given], at: datetime
) -> tuple[tuple[Stage, ...], tuple[Given, ...]]:
    """The way that is complete, or else the one that could still be gone and lacks least; and its approvals."""
    open_ways = [
        way
        for way in ways(question.matter)
        if Stage.URGENT not in way
        or question.matter.urgent(at)
        or any(given.stage is Stage.URGENT for given in approvals)
    ]
    tried = [(way, _fill(way, approvals)) for way in open_ways]
    return min(tried, key=lambda pair: len(pair[0]) - len(pair[1]))


def _fill(way: tuple[Stage, ...], approvals: Sequence[Given]) -> tuple[Given, ...]:
    """The most stages of `way` that can be filled, each by another person; the earliest approvals first."""
    if not way:
        return ()
    stage, rest = way[0], way[1:]
    best = _fill(rest, approvals)
    for given in approvals:
        if given.stage is stage:
            others = [
                other for other in approvals if other.person.id != given.person.id and not _too_early(other, given)
            ]
            filled = (given, *_fill(rest, others))
            # Of two as long, the one with the earlier stage: what follows it can still be given.
            if len(filled) > len(best) or (len(filled) == len(best) and best[0].stage is not stage):
                best = filled
    return best


def _too_early(publish: Given, content: Given) -> bool:
    """Whether publication was approved before the content was reviewed (P-2.t2, then P-7.1).

    Who wrote the content has reviewed it all along, whenever a merge told us so.
    """
    return (
        publish.stage is Stage.PUBLISH
        and content.stage is Stage.CONTENT
        and content.statement.given.get("act") != "wrote"
        and publish.statement.at < content.statement.at
    )


def _approved_since(question: _Question, counted: Sequence[Given], rejections: Sequence[Given]) -> datetime | None:
    """The first instant at which everything was there and no rejection stood, by the signers' own words."""
    for instant in sorted({given.statement.at for given in counted}):
        known = [
            given for given in counted if given.statement.at <= instant and given.statement.decision is Decision.APPROVE
        ]
        against = [given for given in rejections if given.statement.at <= instant]
        if _standing_rejections(against, known):
            continue
        if any(len(_fill(way, known)) == len(way) for way in ways(question.matter)):
            return instant
    return None


def _missing(court: Court, question: _Question, way: tuple[Stage, ...], chosen: Sequence[Given]) -> tuple[Missing, ...]:
    """The stages that lack, each with those who could give it now: not who wrote it, not who gave another."""
    filled = {given.stage for given in chosen}
    busy = {given.person.id for given in chosen}
    missing = []
    for stage in way:
        if stage not in filled:
            barred = busy | (question.contributors if stage is not Stage.CONTENT else frozenset())
            able = court.roster.who_may(stage, question.matter.department, court.at)
            missing.append(Missing(stage, tuple(person for person in able if person.id not in barred)))
    return tuple(missing)


def _countersign_due(court: Court, chosen: Sequence[Given], approvals: Sequence[Given]) -> datetime | None:
    """By when a duty officer's approval must be countersigned; None when a head gave it or has done so."""
    urgent = next((given for given in chosen if given.stage is Stage.URGENT), None)
    heads = court.roster.policy.roles(Stage.COUNTERSIGN)
    if urgent is None or urgent.role in heads:
        return None
    countersigned = any(
        given.stage in {Stage.COUNTERSIGN, Stage.PUBLISH} and given.person.id != urgent.person.id for given in approvals
    )
    return None if countersigned else urgent.statement.at + court.roster.policy.countersign_within


# ── all versions of a notice ─────────────────────────────────────────────────────────────────────


def stand(
    court: Court,
    versions: Sequence[Version],
    records: Sequence[Record],
    matter_of: Callable[[str, str | None], Matter | None],
) -> Standing:
    """How a notice stands: walk its versions from the oldest on (see Standing).

    `matter_of` tells what the policy asks about a content id, given the one approved before it; None
    when it cannot be read. Approving a version voids all statements that are older, so that no earlier
    version can be put back; removing a notice does the same.
    """
    by_content: dict[str, list[Record]] = {}
    strays: list[Record] = []
    for record in records:
        if record.statement is None:
            strays.append(record)
        else:
            by_content.setdefault(record.statement.subject.digest, []).append(record)
    public: tuple[Version, Verdict] | None = None
    newest = NOTHING
    approved_before: str | None = None
    approved_since: dict[str, datetime] = {}
    removed: datetime | None = None
    carried: list[Given] = []
    writers: frozenset[str] = frozenset()
    wrote: dict[str, frozenset[str]] = {}
    for index, version in enumerate(versions):
        last = index == len(versions) - 1
        writers |= version.authors
        content = version.content_id
        if content is None:
            public, approved_before, newest = None, None, NOTHING
            # A date that lies ahead would void what is approved afterwards.
            went = min(version.at, court.at, *(following.at for following in versions[index + 1 : index + 2]))
            removed = went if removed is None else max(removed, went)
            continue
        again = content in wrote
        # Who wrote it once wrote it, also when others bring it back.
        wrote[content] = wrote.get(content, frozenset()) | writers
        about = by_content.get(content, [])
        matter = matter_of(content, approved_before) if about or last else None
        if matter is None:
            newest = NOTHING
            continue
        contributors = court.roster.people_by_emails(wrote[content]) | _openers(court, about, matter)
        # What main never had cannot be put back, so that what was said of it earlier still counts.
        others = (since for other, since in approved_since.items() if again and other != content)
        barriers = [*others, *((removed,) if removed is not None else ())]
        question = _Question(version, matter, contributors, max(barriers, default=None), again)
        newest = judge_version(court, question, about, carried)
        carried = list(newest.rejected)
        if newest.since is not None:
            public = (version, newest) if newest.approved else None
            approved_before = content if newest.approved else None
            approved_since[content] = max(approved_since.get(content, newest.since), newest.since)
            writers = frozenset()
    if strays:
        newest = replace(newest, set_aside=(*newest.set_aside, *(SetAside(record, Why.BROKEN) for record in strays)))
    if public is None:
        return Standing(newest, None, newest)
    version, verdict = public
    return Standing(newest, version, newest if version is versions[-1] else verdict)


def _openers(court: Court, records: Iterable[Record], matter: Matter) -> frozenset[str]:
    """Who opened the pull requests that brought this content, as the forge told the witness."""
    openers = (
        given.statement.given.get("opened_by", "")
        for record in records
        if record.statement is not None
        and record.statement.how is How.FORGE
        and isinstance(given := court.weigh(record, matter.department), Given)
    )
    return frozenset(opener for opener in openers if opener)


# ── the roster itself ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class RosterVersion:
    """A version that main had of the roster: git's blob id, and what it says (None: it cannot be read)."""

    blob: str
    roster: Roster | None


@dataclass(frozen=True, slots=True)
class Reign:
    """Which roster is in force, and what stands in main that is not (None when that is the one in force)."""

    blob: str
    roster: Roster
    pending: str | None = None
    verdict: Verdict = NOTHING


def reign(
    versions: Sequence[RosterVersion], records: Sequence[Record], board: str, at: datetime, root: str | None
) -> Reign | None:
    """The roster in force at `at`: the newest version that a keeper of the one before it approved.

    It begins with the version whose blob id is `root`; without one, with the first that names a keeper
    who can act, since nobody could approve what follows any earlier one. While none does, the newest
    holds. None when there is no such beginning.
    """
    readable = [index for index, version in enumerate(versions) if version.roster is not None]
    start = next((index for index in readable if _can_begin(versions[index], root)), None)
    if start is None:
        if root is not None or not readable:
            return None
        start = readable[-1]
    first = versions[start]
    assert first.roster is not None
    current, since = Reign(first.blob, first.roster), None
    position = start
    while True:
        court = Court(current.roster, board, at)
        had = {version.blob for version in versions[: position + 1]}
        verdicts = [
            (place, version, _judge_roster(court, version, records, since, version.blob in had))
            for place, version in enumerate(versions)
            if place > position and version.blob != current.blob
        ]
        # Of several that this roster's keepers approved, the one that was seen to be approved first: who
        # loses his key by it cannot overtake it afterwards with another.
        approved = [one for one in verdicts if one[2].approved and one[1].roster is not None]
        if not approved:
            break
        position, version, verdict = min(approved, key=lambda one: (*_witnessed(one[2], at), one[0]))
        assert version.roster is not None
        current, since = Reign(version.blob, version.roster), verdict.since
    if not verdicts or versions[-1].blob == current.blob:
        return current
    _, newest, verdict = verdicts[-1]
    return replace(current, pending=newest.blob, verdict=verdict)


def _witnessed(verdict: Verdict, at: datetime) -> tuple[datetime, datetime]:
    """When an approval was first seen (without a receipt: now), and when its signer says that he gave it."""
    given = verdict.given[0]
    return given.seen or at, given.statement.at


def _can_begin(version: RosterVersion, root: str | None) -> bool:
    if version.roster is None:
        return False
    if root is not None:
        return version.blob == root
    return has_keeper(version.roster)


def has_keeper(roster: Roster) -> bool:
    """Whether the roster names somebody who may approve its changes, and who has a key or an account to do so."""
    keepers = roster.policy.roles(Stage.ROSTER)
    return any(
        (person.keys or person.accounts) and any(term.role in keepers for term in person.terms)
        for person in roster.people.values()
    )


def _judge_roster(
    court: Court, version: RosterVersion, records: Iterable[Record], not_before: datetime | None, again: bool
) -> Verdict:
    about = [
        record for record in records if record.statement is not None and record.statement.subject.digest == version.blob
    ]
    matter = Matter("", known_kind=True, company=False, legal=False, urgent=lambda _: False)
    question = _Question(Version(version.blob, "", court.at), matter, frozenset(), not_before, again)
    counted, aside = _sort_out(court, question, about)
    rejections = [given for given in counted if given.statement.decision is Decision.REJECT]
    approvals = [given for given in counted if given.statement.decision is Decision.APPROVE]
    standing = _standing_rejections(rejections, approvals)
    keepers = Missing(Stage.ROSTER, court.roster.who_may(Stage.ROSTER, "", court.at))
    return Verdict(
        approved=bool(approvals) and not standing,
        given=tuple(approvals[:1]),
        missing=() if approvals else (keepers,),
        rejected=standing,
        set_aside=tuple(aside),
        since=approvals[0].statement.at if approvals else None,
    )


def countersign_deadline(verdict: Verdict, at: datetime) -> timedelta | None:
    """How long is left for the countersignature at `at` (negative: overdue); None when none is due."""
    return None if verdict.countersign_due is None else verdict.countersign_due - at


def edges(records: Iterable[Record], roster: Roster) -> Iterator[datetime]:
    """Every instant at which what `records` add up to could change by itself.

    A statement or receipt that lies ahead begins to count; without a receipt, terms and keys are judged
    at the instant of the board, so their edges count too.
    """
    for record in records:
        statement = record.statement
        if statement is None:
            continue
        yield statement.at
        yield from (signed.receipt.at for signed in record.receipts)
        for person_id in {statement.approver, statement.given.get("witness", "")}:
            yield from _edges_of(roster, person_id)


def _edges_of(roster: Roster, person_id: str) -> Iterator[datetime]:
    person = roster.people.get(person_id)
    stands_in = [deputation for deputation in roster.deputations if deputation.by == person_id]
    absent = [roster.people[deputation.of] for deputation in stands_in if deputation.of in roster.people]
    spans: list[datetime | None] = []
    for somebody in [person, *absent]:
        if somebody is not None:
            spans += [edge for term in somebody.terms for edge in (term.since, term.until)]
    if person is not None:
        spans += [edge for key in person.keys for edge in (key.since, key.until, key.revoked)]
    witness = roster.witnesses.get(person_id)
    if witness is not None:
        spans += [edge for key in witness.keys for edge in (key.since, key.until, key.revoked)]
    spans += [edge for deputation in stands_in for edge in (deputation.since, deputation.until)]
    yield from (edge for edge in spans if edge is not None)


def by_folder(records: Iterable[Record]) -> Mapping[str, list[Record]]:
    """Records by the folder in which they lay."""
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record.folder, []).append(record)
    return found
