"""The publisher's own hand: signs what it saw on a forge, and when it first saw each statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from gaoshi.core.failure import Failure
from gaoshi.core.record import Court, Record
from gaoshi.core.roster import Roster
from gaoshi.core.statement import Receipt, Statement, Subject, digest_of
from gaoshi.sources.ledger import SIGNATURE
from gaoshi.sources.signatures import fingerprint_of, public_line
from gaoshi.sources.witness import signed_receipt, signed_statement


class NotAWitness(Failure):
    """A key that may not sign for the publisher; `what` is a key of the catalogues' `cli.collect.witness`."""

    family = "collect.witness"


@dataclass(frozen=True, slots=True)
class Hand:
    """A witness on the roster, the file of its private key with its fingerprint, and the board it signs for."""

    witness: str
    key: Path
    fingerprint: str
    board: str

    def state(self, statement: Statement) -> Document:
        """A statement, signed. Raises SignError."""
        return _document(signed_statement(statement, self.key))

    def receive(self, subject: Subject, digest: str, signer: str, at: datetime) -> Document:
        """A receipt for `signer`'s signature of the statement about `subject` with this SHA-256. Raises SignError.

        `signer` is the fingerprint of a key.
        """
        return _document(signed_receipt(Receipt(self.board, digest, at, self.witness, signer), subject, self.key))


@dataclass(frozen=True, slots=True)
class Document:
    """What is to lie at `path`, with its signature beside it."""

    path: str
    payload: bytes
    signature: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes, hexadecimal."""
        return digest_of(self.payload)


def _document(files: Mapping[str, bytes]) -> Document:
    (path,) = (path for path in files if not path.endswith(SIGNATURE))
    return Document(path, files[path], files[path + SIGNATURE])


def witness_hand(roster: Roster, board: str, key: Path, witness: str | None, at: datetime) -> Hand:
    """The hand that signs with the key in file `key`, as `witness` (None: as the one whose key it is).

    Raises NotAWitness when the roster in force has this key for no witness, for another, or not at
    `at`; SignError when the file holds no key.
    """
    fingerprint = fingerprint_of(public_line(key)) or ""
    owner = next(
        (owner for owner in roster.witnesses.values() if any(kept.fingerprint == fingerprint for kept in owner.keys)),
        None,
    )
    if owner is None:
        raise NotAWitness("stranger", fingerprint)
    if witness is not None and witness != owner.id:
        raise NotAWitness("another", owner.id)
    if not any(kept.fingerprint == fingerprint and kept.holds(at) for kept in owner.keys):
        raise NotAWitness("out-of-term", owner.id)
    return Hand(owner.id, key, fingerprint, board)


def without_receipt(court: Court, records: Iterable[Record], former: Iterable[Roster] = ()) -> Iterator[Record]:
    """The statements about this board, signed by those they name, that no receipt with the key says were seen.

    Whoever else signs a copy gets nothing for it. Statements on the roster were given under `former` ones, too:
    who approves a change that takes his own key away has approved it all the same, and it matters when. What has
    a receipt from before keys were named gets another, which no copy that is signed later can make doubtful.
    """
    courts = [court, *(replace(court, roster=roster) for roster in former)]
    for record in records:
        statement = record.statement
        if statement is None or statement.board != court.board or statement.at > court.at:
            continue
        if not court.is_received(record) and any(one.knows_hand(record) for one in courts):
            yield record


def laid_out(documents: Iterable[Document], taken: Collection[str]) -> Mapping[str, bytes]:
    """Files by path: each document with its signature, beside whatever else has its name already."""
    files: dict[str, bytes] = {}
    for document in documents:
        path = _free(document.path, {*taken, *files})
        files[path] = document.payload
        files[path + SIGNATURE] = document.signature
    return files


def _free(path: str, taken: Collection[str]) -> str:
    """`path`, or with a number the first like it that nothing lies at."""
    stem, number, free = path.removesuffix(".json"), 1, path
    while free in taken or free + SIGNATURE in taken:
        number += 1
        free = f"{stem}-{number}.json"
    return free
