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
from gaoshi.core.roster import Key, Policy, Roster, Witness
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
    return Roster({}, Policy({}), {"publisher": Witness("publisher", (Key(fingerprint, line, **term),))})


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
        (replace(RECORD, receipts=(SignedReceipt(Receipt("b", "d" * 64, AT, "publisher"), "SHA256:forged"),)), True),
    ],
)
def test_what_gets_a_receipt(key: Path, record: Record, received: bool) -> None:
    """Every statement that is well signed, of this board and not from the future; a forged receipt is none."""
    assert list(without_receipt(Court(roster(key), "b", AT), [record])) == ([record] if received else [])


def test_what_has_a_receipt_gets_no_other(key: Path) -> None:
    """A receipt that counts is enough."""
    held = roster(key)
    signed = SignedReceipt(Receipt("b", "d" * 64, AT, "publisher"), held.witnesses["publisher"].keys[0].fingerprint)
    assert list(without_receipt(Court(held, "b", AT), [replace(RECORD, receipts=(signed,))])) == []


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
