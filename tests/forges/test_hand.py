"""The witness's hand: which key may sign for the publisher, what gets a receipt, and that nothing is overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from forge_server import make_key

from gaoshi.core.instants import parse_exact
from gaoshi.core.record import Court, Record, SignedReceipt
from gaoshi.core.roster import Key, Person, Policy, Roster, Witness
from gaoshi.core.statement import Decision, Receipt, Stage, Statement, Subject
from gaoshi.sources.hand import Document, NotAWitness, laid_out, without_receipt, witness_hand
from gaoshi.sources.signatures import fingerprint_of

AT = parse_exact("2026-11-24T00:00:00Z")
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "witness"
    make_key(path)
    return path


def roster(key: Path, **term: Any) -> Roster:
    line = key.with_name("witness.pub").read_text().strip()
    fingerprint = fingerprint_of(line)
    assert fingerprint is not None
    head = Person("head", "head", {}, (), frozenset(), (Key("SHA256:x", ""),))
    return Roster({"head": head}, Policy({}), {"publisher": Witness("publisher", (Key(fingerprint, line, **term),))})


def test_the_witness_whose_key_it_is_signs(key: Path) -> None:
    """Without a name the key says who signs; with one both must agree."""
    assert witness_hand(roster(key), "b", key, None, AT).witness == "publisher"
    assert witness_hand(roster(key), "b", key, "publisher", AT).witness == "publisher"


@pytest.mark.parametrize(
    ("term", "witness", "what"),
    [
        ({}, "another", "another"),
        ({"since": AT + DAY}, None, "out-of-term"),
        ({"until": AT}, None, "out-of-term"),
        ({"revoked": AT}, None, "out-of-term"),
    ],
)
def test_a_key_out_of_its_term_does_not_sign(key: Path, term: dict[str, Any], witness: str | None, what: str) -> None:
    """Not before it holds, not after, not once revoked, and not under another name."""
    with pytest.raises(NotAWitness) as caught:
        witness_hand(roster(key, **term), "b", key, witness, AT)
    assert caught.value.what == what


def test_a_stranger_does_not_sign(key: Path) -> None:
    """A key that the roster in force gives to no witness is nobody's."""
    with pytest.raises(NotAWitness) as caught:
        witness_hand(Roster({}, Policy({})), "b", key, None, AT)
    assert caught.value.what == "stranger"


STATEMENT = Statement("b", Subject("2026-11/a", "a" * 40), Stage.CONTENT, Decision.APPROVE, "head", AT - DAY)
RECORD = Record("p", "2026-11/a", "d" * 64, STATEMENT, signer="SHA256:x")


@pytest.mark.parametrize(
    ("record", "received"),
    [
        (RECORD, True),
        (replace(RECORD, statement=replace(STATEMENT, at=AT)), True),
        (replace(RECORD, statement=replace(STATEMENT, at=AT + timedelta(seconds=1))), False),
        (replace(RECORD, statement=replace(STATEMENT, board="other")), False),
        (replace(RECORD, statement=None, broken="form"), False),
        (replace(RECORD, signer=None), False),
        (replace(RECORD, signer="SHA256:stranger"), False),
        (replace(RECORD, statement=replace(STATEMENT, approver="somebody")), False),
        (replace(RECORD, receipts=(SignedReceipt(Receipt("b", "d" * 64, AT, "publisher"), "SHA256:forged"),)), True),
    ],
)
def test_what_gets_a_receipt(key: Path, record: Record, received: bool) -> None:
    """Every statement signed by whom it names, of this board and not from the future; a forged receipt is none."""
    assert list(without_receipt(Court(roster(key), "b", AT), [record])) == ([record] if received else [])


@pytest.mark.parametrize(
    ("named", "record", "received"),
    [
        ("SHA256:x", RECORD, False),
        ("", RECORD, True),
        ("SHA256:stranger", RECORD, True),
        ("SHA256:stranger", replace(RECORD, signer="SHA256:stranger"), False),
    ],
)
def test_what_has_a_receipt_that_names_its_key_gets_no_other(
    key: Path, named: str, record: Record, received: bool
) -> None:
    """One that names no key, or another one, is not enough."""
    held = roster(key)
    receipt = Receipt("b", "d" * 64, AT, "publisher", named)
    signed = SignedReceipt(receipt, held.witnesses["publisher"].keys[0].fingerprint)
    record = replace(record, receipts=(signed,))
    assert list(without_receipt(Court(held, "b", AT), [record])) == ([record] if received else [])


def test_who_was_known_to_a_former_roster_gets_his_receipt(key: Path) -> None:
    """What was signed under a roster that has been replaced since is received; a stranger's is not."""
    held = roster(key)
    court = Court(replace(held, people={}), "b", AT)
    records = [RECORD, replace(RECORD, signer="SHA256:stranger")]
    assert list(without_receipt(court, records)) == []
    assert list(without_receipt(court, records, [held])) == [RECORD]


@pytest.mark.parametrize(
    ("taken", "path"),
    [
        (set(), "r/a.json"),
        ({"r/a.json"}, "r/a-2.json"),
        ({"r/a.json.sig"}, "r/a-2.json"),
        ({"r/a.json", "r/a-2.json"}, "r/a-3.json"),
    ],
)
def test_nothing_is_lost_to_a_name_that_is_taken(taken: set[str], path: str) -> None:
    """Where something else lies under a name, the next free one is used: a squatter keeps no statement out."""
    assert laid_out([Document("r/a.json", b"1", b"s")], taken) == {path: b"1", f"{path}.sig": b"s"}


def test_two_documents_of_one_name_are_both_kept() -> None:
    """Two clicks of one person in one second on two pull requests are two files."""
    both = laid_out([Document("r/a.json", b"1", b"s"), Document("r/a.json", b"2", b"t")], set())
    assert both == {"r/a.json": b"1", "r/a.json.sig": b"s", "r/a-2.json": b"2", "r/a-2.json.sig": b"t"}
