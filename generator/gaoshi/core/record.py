"""Does a record count: whose hand signed it, in which role and term, about what. One record, by itself.

Sources: P-2.t2, P-7.1, P-3.1, C-2.3; docs/approval.md. What records on a version add up to is
`core/approval.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gaoshi.core.roster import WITNESS, Person, Roster
from gaoshi.core.statement import How, Receipt, Stage, Statement, short_number


class Objection(StrEnum):
    """Why a record does not count."""

    BROKEN = "broken"
    BAD_SIGNATURE = "bad-signature"
    OTHER_BOARD = "other-board"
    OTHER_PLACE = "other-place"
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
    `receipts` are all for these bytes, whosever signature they are about; `sole` says that no other key's
    good signature of the same bytes was ever found there.
    """

    path: str
    folder: str
    digest: str
    statement: Statement | None = None
    broken: str = ""
    signer: str | None = None
    receipts: tuple[SignedReceipt, ...] = ()
    sole: bool = True

    @property
    def number(self) -> str:
        """Its number for people."""
        return short_number(self.digest)


@dataclass(frozen=True, slots=True)
class Given:
    """A record that counts: by whom, in which role, first seen when (None without a receipt).

    `recorder` is the person who recorded an approval on paper.
    """

    record: Record
    statement: Statement
    person: Person
    role: str
    seen: datetime | None
    recorder: Person | None = None

    @property
    def stage(self) -> Stage:
        """The stage it was given for."""
        return self.statement.stage


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that does not count, and why."""

    record: Record
    why: Objection


@dataclass(frozen=True, slots=True)
class Court:
    """All that is the same for every record of a board: roster, board id, instant."""

    roster: Roster
    board: str
    at: datetime

    def seen(self, record: Record) -> datetime | None:
        """When the publisher first saw a record, by a receipt that counts; None without one."""
        return min((receipt.at for receipt in self._receipts(record)), default=None)

    def is_received(self, record: Record) -> bool:
        """Whether a receipt that counts names the key that signed: no other signature takes that one away."""
        return any(receipt.key for receipt in self._receipts(record))

    def knows_hand(self, record: Record) -> bool:
        """Whether the key that signed may, at the court's instant, speak for the person whom the statement names."""
        statement, signer = record.statement, record.signer
        person = self.roster.people.get(statement.approver) if statement is not None else None
        if statement is None or signer is None or person is None:
            return False
        return self._refused_hand(statement, signer, person, self.at) is None

    def weigh(self, record: Record, department: str) -> Given | Objection:
        """A record by itself: who gave it in which role, or why it does not count."""
        statement = record.statement
        if statement is None or record.signer is None:
            return Objection.BROKEN if statement is None else Objection.BAD_SIGNATURE
        person = self.roster.people.get(statement.approver)
        if person is None:
            return Objection.UNKNOWN_PERSON
        seen = self.seen(record)
        judged = seen or self.at
        refusal = self._refused_claim(record, statement) or self._refused_hand(statement, record.signer, person, judged)
        if refusal is not None:
            return refusal
        role = self.roster.role_for(person.id, statement.stage, department, judged)
        if role is None or self.roster.role_for(person.id, statement.stage, department, statement.at) is None:
            return Objection.NO_ROLE
        recorder = self.roster.people.get(statement.given.get("witness", ""))
        return Given(record, statement, person, role, seen, recorder)

    def _receipts(self, record: Record) -> Iterator[Receipt]:
        """The receipts of a record that count."""
        for receipt, signer in ((signed.receipt, signed.signer) for signed in record.receipts):
            if (
                record.statement is not None
                and receipt.statement == record.digest
                and receipt.board == self.board
                and _is_about(receipt, record)
                and record.statement.at <= receipt.at <= self.at
                # Whoever holds a revoked key may date receipts as he likes, so that none of them counts any more.
                and self._is_witness(receipt.witness, signer, held=receipt.at, unrevoked=self.at)
            ):
                yield receipt

    def _refused_claim(self, record: Record, statement: Statement) -> Objection | None:
        """Why what the statement says of itself does not hold here and now."""
        if statement.board != self.board:
            return Objection.OTHER_BOARD
        if statement.subject.folder != record.folder:
            return Objection.OTHER_PLACE
        return Objection.FUTURE if statement.at > self.at else None

    def _refused_hand(self, statement: Statement, signer: str, person: Person, judged: datetime) -> Objection | None:
        """Why this key may not speak for this person, in the way that the statement says it was given."""
        if statement.how is How.FORGE:
            witness = statement.given.get("witness", "")
            held = self._is_witness(witness, signer, held=judged, unrevoked=judged)
            return None if held else self._stranger(signer)
        if statement.how is How.PAPER:
            recorder = self.roster.people.get(statement.given.get("witness", ""))
            if recorder is None or recorder is person:
                return Objection.NO_WITNESS
            if not all(self._holds_role(recorder, WITNESS, instant) for instant in (statement.at, judged)):
                return Objection.NO_WITNESS
            return self._refused_key(recorder, signer, statement.at, judged)
        return self._refused_key(person, signer, statement.at, judged)

    def _refused_key(self, person: Person, signer: str, *instants: datetime) -> Objection | None:
        key = next((key for key in person.keys if key.fingerprint == signer), None)
        if key is None:
            return self._stranger(signer)
        if any(key.is_revoked(instant) for instant in instants):
            return Objection.KEY_REVOKED
        return None if all(key.holds(instant) for instant in instants) else Objection.KEY_OUT_OF_TERM

    def _stranger(self, signer: str) -> Objection:
        """A key that is not this person's: another's on the roster, or nobody's."""
        keys = [key for person in self.roster.people.values() for key in person.keys]
        keys += [key for witness in self.roster.witnesses.values() for key in witness.keys]
        return Objection.OTHER_HAND if any(key.fingerprint == signer for key in keys) else Objection.UNKNOWN_KEY

    def _is_witness(self, witness_id: str, signer: str, *, held: datetime, unrevoked: datetime) -> bool:
        witness = self.roster.witnesses.get(witness_id)
        return witness is not None and any(
            key.fingerprint == signer and key.holds(held) and not key.is_revoked(unrevoked) for key in witness.keys
        )

    def _holds_role(self, person: Person, role: str, at: datetime) -> bool:
        return any(term.role == role for term in self.roster.terms(person.id, at))


def _is_about(receipt: Receipt, record: Record) -> bool:
    """Whether it was this record's signature that was seen, and not another one of the same bytes.

    A receipt that names no key was given for a signature that lay there, and nothing that lay there is ever
    forgotten: with a single one it was that one. With several nobody can tell, since the order of commits and
    their dates are whatever their author makes them; then it is about none.
    """
    return receipt.key == record.signer if receipt.key else record.sole


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
            yield from edges_of(roster, person_id)


def edges_of(roster: Roster, person_id: str) -> Iterator[datetime]:
    """Every instant at which what a person may approve, himself or for somebody absent, could change."""
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
