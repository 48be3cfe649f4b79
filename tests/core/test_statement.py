"""Statements and receipts: what is written reads back the same, and whatever else looks like one is refused."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gaoshi.core.record import Objection
from gaoshi.core.statement import (
    MOST_BYTES,
    ROSTER_SUBJECT,
    Decision,
    How,
    NotAStatement,
    Receipt,
    Stage,
    Statement,
    Subject,
    digest_of,
    encode_receipt,
    encode_statement,
    parse_receipt,
    parse_statement,
    short_number,
)

I18N = Path(__file__).parents[2] / "site_templates" / "i18n"
AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SLUGS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
DIGESTS = st.from_regex(r"[0-9a-f]{40}|[0-9a-f]{64}", fullmatch=True)
FINGERPRINTS = st.from_regex(r"SHA256:[A-Za-z0-9+/]{43}", fullmatch=True)
NOTICES = st.builds(Subject, st.from_regex(r"20[0-9]{2}-(0[1-9]|1[0-2])/[a-z]{1,9}", fullmatch=True), DIGESTS)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=200).map(lambda t: unicodedata.normalize("NFC", t))
OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1971, 1, 2), datetime(2998, 12, 30), timezones=OFFSETS).map(
    lambda at: at.replace(microsecond=0)
)


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    """Any statement that could be made."""
    decision = draw(st.sampled_from(Decision))
    stage = draw(st.sampled_from(Stage))
    on_roster = stage is Stage.ROSTER
    reason = draw(TEXTS)
    if decision is Decision.REJECT and not reason.strip():
        reason = "日期不对"
    return Statement(
        board=draw(SLUGS),
        subject=Subject(ROSTER_SUBJECT, draw(DIGESTS)) if on_roster else draw(NOTICES),
        stage=stage,
        decision=decision,
        approver=draw(SLUGS),
        at=draw(INSTANTS),
        how=draw(st.sampled_from(How)),
        reason=reason,
        given=draw(st.dictionaries(SLUGS.filter(lambda key: key != "how"), TEXTS, max_size=3)),
    )


@settings(deadline=None)
@given(statements())
def test_what_is_written_reads_back_the_same(statement: Statement) -> None:
    """A statement is its bytes: written and read it is the same, and written again byte for byte."""
    payload = encode_statement(statement)
    read = parse_statement(payload)
    assert read == statement
    assert encode_statement(read) == encode_statement(
        Statement(**{**{name: getattr(statement, name) for name in Statement.__slots__}, "at": read.at})
    )


@settings(deadline=None)
@given(SLUGS, st.from_regex(r"[0-9a-f]{64}", fullmatch=True), INSTANTS, SLUGS, FINGERPRINTS | st.just(""))
def test_a_receipt_reads_back_the_same(board: str, statement: str, at: datetime, witness: str, key: str) -> None:
    """A receipt names the statement, its signer's key or none, the instant and the witness, and nothing is lost."""
    receipt = Receipt(board, statement, at, witness, key)
    assert parse_receipt(encode_receipt(receipt)) == receipt


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_bytes_break_the_reader(payload: bytes) -> None:
    """Whatever lies in records is a statement or is refused with a word; nothing else happens."""
    for parse in (parse_statement, parse_receipt):
        with pytest.raises(NotAStatement):
            parse(payload)


def sound(**changes: Any) -> dict[str, Any]:
    """The JSON of a sound statement, with parts of its predicate changed (`...` takes one out)."""
    statement = Statement("cloudtop", Subject("2026-11/a", "1" * 40), Stage.PUBLISH, Decision.APPROVE, "yun-lichun", AT)
    data: dict[str, Any] = json.loads(encode_statement(statement))
    data["predicate"] |= changes
    data["predicate"] = {key: value for key, value in data["predicate"].items() if value is not ...}
    return data


def outer(**changes: Any) -> dict[str, Any]:
    """The same with parts around the predicate changed."""
    return {key: value for key, value in (sound() | changes).items() if value is not ...}


def about(name: object, digest: object) -> dict[str, Any]:
    """The same about something else."""
    return outer(subject=[{"name": name, "digest": digest}])


def rewritten(change: Callable[[str], str]) -> bytes:
    """The bytes of a sound statement, changed as a text."""
    before = json.dumps(sound())
    after = change(before)
    assert after != before
    return after.encode()


TREE = {"gitTree": "1" * 40}
MALFORMED: list[tuple[str, Any, str]] = [
    ("empty", b"", "unreadable"),
    ("cut short", rewritten(lambda text: text[:-3]), "unreadable"),
    ("something after it", rewritten(lambda text: text + text), "unreadable"),
    ("a byte order mark", b"\xef\xbb\xbf" + json.dumps(sound()).encode(), "unreadable"),
    ("not utf-8", b'{"_type": "\xff"}', "unreadable"),
    ("too deep", b"[" * 9000, "unreadable"),
    ("too large", json.dumps(sound(extra="x" * MOST_BYTES)).encode(), "too-large"),
    ("a list", [sound()], "form"),
    ("a text", "x", "form"),
    ("another type", outer(_type="https://in-toto.io/Statement/v0.1"), "other-type"),
    ("no type", outer(_type=...), "other-type"),
    ("another predicate", outer(predicateType="https://slsa.dev/provenance/v1"), "other-type"),
    ("no subject", outer(subject=[]), "subject"),
    ("two subjects", outer(subject=sound()["subject"] * 2), "subject"),
    ("subject no list", outer(subject=sound()["subject"][0]), "subject"),
    ("subject a text", outer(subject=["2026-11/a"]), "form"),
    ("predicate no mapping", outer(predicate=[]), "form"),
    ("no name", about(None, TREE), "subject"),
    ("name out of the board", about("../2026-11/a", TREE), "subject"),
    ("name with an end of line", about("2026-11/a\n", TREE), "subject"),
    ("digest too short", about("2026-11/a", {"gitTree": "1" * 39}), "subject"),
    ("digest in capitals", about("2026-11/a", {"gitTree": "A" * 40}), "subject"),
    ("digest with an end of line", about("2026-11/a", {"gitTree": "1" * 40 + "\n"}), "subject"),
    ("digest of a file", about("2026-11/a", {"gitBlob": "1" * 40}), "subject"),
    ("digest of a commit", about("2026-11/a", {"gitCommit": "1" * 40}), "subject"),
    ("two digests", about("2026-11/a", TREE | {"gitBlob": "1" * 40}), "subject"),
    ("digest a text", about("2026-11/a", "1" * 40), "form"),
    ("the roster as a folder", about(ROSTER_SUBJECT, TREE), "subject"),
    ("the roster in a notice's stage", about(ROSTER_SUBJECT, {"gitBlob": "1" * 40}), "stage"),
    ("a notice in the roster's stage", sound(stage="roster"), "stage"),
    ("another format", sound(format=2), "format"),
    ("true for a format", sound(format=True), "format"),
    ("no format", sound(format=...), "format"),
    ("an unknown stage", sound(stage="everything"), "word"),
    ("an unknown decision", sound(decision="maybe"), "word"),
    ("an unknown way", sound(given={"how": "telepathy"}), "word"),
    ("no way", sound(given={}), "word"),
    ("given no mapping", sound(given="signature"), "form"),
    ("given a number", sound(given={"how": "paper", "number": 7}), "form"),
    ("a rejection without reason", sound(decision="reject"), "no-reason"),
    ("a rejection with an empty reason", sound(decision="reject", reason=" \n"), "no-reason"),
    ("a reason without end", sound(decision="reject", reason="x" * 2001), "form"),
    ("no approver", sound(approver=...), "form"),
    ("an approver with a path", sound(approver="../yun-lichun"), "form"),
    ("two approvers", sound(approver=["yun-lichun", "yun-guyu"]), "form"),
    ("no board", sound(board=None), "form"),
    ("an instant without offset", sound(at="2026-11-24T10:00:00"), "instant"),
    ("a day", sound(at="2026-11-24"), "instant"),
    ("no such day", sound(at="2026-02-30T10:00:00Z"), "instant"),
    ("an instant before our time", sound(at="1969-12-31T23:59:59Z"), "instant"),
    ("a number for an instant", sound(at=1795485600), "form"),
    ("a key twice", rewritten(lambda t: t.replace('"stage"', '"decision": "reject", "stage"')), "key-twice"),
    ("a key twice outside", rewritten(lambda t: t.replace('"subject"', '"_type": "x", "subject"', 1)), "key-twice"),
    (
        "a digest twice",
        rewritten(lambda t: t.replace('"gitTree"', f'"gitTree": "{"2" * 40}", "gitTree"', 1)),
        "key-twice",
    ),
]


@pytest.mark.parametrize(("payload", "why"), [case[1:] for case in MALFORMED], ids=[case[0] for case in MALFORMED])
def test_what_is_not_exactly_a_statement_is_refused(payload: Any, why: str) -> None:
    """Of anything that readers could take differently nothing is taken, and one word says why."""
    parse_statement(json.dumps(sound()).encode())
    with pytest.raises(NotAStatement) as refused:
        parse_statement(payload if isinstance(payload, bytes) else json.dumps(payload).encode())
    assert refused.value.why == why


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"format": 2}, "format"),
        ({"format": True}, "format"),
        ({"statement": {"sha256": "1" * 63}}, "subject"),
        ({"statement": {"sha1": "1" * 64}}, "subject"),
        ({"statement": "1" * 64}, "form"),
        ({"statement": {"sha256": "1" * 64, "key": "SHA256:short"}}, "key"),
        ({"statement": {"sha256": "1" * 64, "key": ""}}, "key"),
        ({"statement": {"sha256": "1" * 64, "key": None}}, "form"),
        ({"at": "2026-11-24T10:00:00"}, "instant"),
        ({"at": None}, "form"),
        ({"witness": "Publisher"}, "form"),
        ({"witness": None}, "form"),
        ({"board": ""}, "form"),
    ],
)
def test_what_is_not_exactly_a_receipt_is_refused(changes: dict[str, Any], why: str) -> None:
    """A receipt has one form too."""
    data = json.loads(encode_receipt(Receipt("cloudtop", "1" * 64, AT, "publisher")))
    assert parse_receipt(json.dumps(data).encode()).witness == "publisher"
    with pytest.raises(NotAStatement) as refused:
        parse_receipt(json.dumps(data | changes).encode())
    assert refused.value.why == why


def test_a_statement_is_no_receipt_and_a_receipt_no_statement() -> None:
    """Neither passes for the other."""
    with pytest.raises(NotAStatement):
        parse_receipt(json.dumps(sound()).encode())
    with pytest.raises(NotAStatement):
        parse_statement(encode_receipt(Receipt("cloudtop", "1" * 64, AT, "publisher")))


def test_a_statement_is_small_and_lines_are_short_enough_to_read() -> None:
    """A statement with the longest reason still fits; an outsider reads it with his eyes."""
    statement = Statement(
        "cloudtop", Subject("2026-11/a", "1" * 40), Stage.PUBLISH, Decision.REJECT, "yun-lichun", AT, reason="理" * 2000
    )
    payload = encode_statement(statement)
    assert len(payload) < MOST_BYTES
    assert parse_statement(payload).reason == "理" * 2000
    assert payload.endswith(b"}\n")


def test_a_number_for_people_is_the_beginning_of_the_digest() -> None:
    """Anybody can tell which file a number is: it is the first eight digits of its SHA-256."""
    payload = encode_statement(parse_statement(json.dumps(sound()).encode()))
    assert short_number(digest_of(payload)).replace("-", "").lower() == digest_of(payload)[:8]
    assert re.fullmatch("[0-9A-F]{4}-[0-9A-F]{4}", short_number(digest_of(payload)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_reason_not_to_count_has_words(language: str) -> None:
    """What people are told of a record that does not count has words in every language."""
    words = yaml.safe_load((I18N / language / "words.yml").read_text(encoding="utf-8"))
    assert {why.value for why in Objection} == set(words["approval"]["why"])
