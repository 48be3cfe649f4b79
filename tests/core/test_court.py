"""Whether one record counts: the hand, the key, the role and the place, each to the second. Without any files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gaoshi.core.approval import Matter, Question, Version, sort_out
from gaoshi.core.record import Court, Given, Objection, Record, SignedReceipt, by_folder, edges
from gaoshi.core.roster import WITNESS, Deputation, Key, Person, Policy, Roster, Term, Witness
from gaoshi.core.statement import Decision, How, Receipt, Stage, Statement, Subject

AT = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
SIGNED = AT - HOUR
"""When everything here says that it was signed."""
A, DIGEST, BOARD, PUBLISHER = "2026-11/a", "f" * 64, "cloudtop", "publisher"
SINCE, UNTIL = AT - 9 * DAY, AT + 9 * DAY
"""The term of everybody's roles and keys."""


def term(role: str, department: str | None = None) -> Term:
    return Term(role, department, SINCE, UNTIL)


def key(holder: str) -> Key:
    return Key(f"key of {holder}", "", SINCE, UNTIL)


def person(name: str, *terms: Term) -> Person:
    return Person(name, name, {}, terms, frozenset(), (key(name),))


PEOPLE = (
    person("head", term("service-centre-head"), term(WITNESS)),
    person("security", term("department-head", "security")),
    person("officer", term(WITNESS)),
    person("clerk", term("publisher")),
)
ROSTER = Roster(
    {one.id: one for one in PEOPLE},
    Policy({Stage.CONTENT: ("department-head",), Stage.PUBLISH: ("service-centre-head", "deputy")}),
    {PUBLISHER: Witness(PUBLISHER, (key(PUBLISHER),))},
)
STATEMENT = Statement(BOARD, Subject(A, "0" * 40), Stage.PUBLISH, Decision.APPROVE, "head", SIGNED)
RECORD = Record("", A, DIGEST, STATEMENT, signer="key of head")
PAPER: dict[str, Any] = {"how": How.PAPER, "given": {"witness": "officer"}}
CLICK: dict[str, Any] = {"how": How.FORGE, "given": {"witness": PUBLISHER}}


def stated(signer: str = "head", **fields: Any) -> Record:
    """RECORD with another statement in it, signed with somebody's key."""
    return replace(RECORD, statement=replace(STATEMENT, **fields), signer=f"key of {signer}")


def received(at: datetime, signer: str = PUBLISHER, **fields: Any) -> SignedReceipt:
    """A receipt for RECORD."""
    return SignedReceipt(replace(Receipt(BOARD, DIGEST, at, PUBLISHER), **fields), f"key of {signer}")


def with_person(name: str, **fields: Any) -> Roster:
    """ROSTER with somebody changed."""
    return replace(ROSTER, people={**ROSTER.people, name: replace(ROSTER.people[name], **fields)})


def with_key(name: str, **fields: Any) -> Roster:
    """ROSTER with somebody's key changed: a person's or the publisher's."""
    changed = (replace(key(name), **fields),)
    return (
        replace(ROSTER, witnesses={name: Witness(name, changed)})
        if name == PUBLISHER
        else with_person(name, keys=changed)
    )


def with_term(name: str, role: str, since: datetime | None = SINCE, until: datetime | None = UNTIL) -> Roster:
    """ROSTER with somebody's one role held for another time."""
    return with_person(name, terms=(Term(role, None, since, until),))


def weighed(record: Record, roster: Roster = ROSTER) -> Given | Objection:
    return Court(roster, BOARD, AT).weigh(record, "security")


@pytest.mark.parametrize(
    ("record", "by", "role", "recorder"),
    [
        (RECORD, "head", "service-centre-head", None),
        (stated(at=AT), "head", "service-centre-head", None),
        (stated("security", stage=Stage.CONTENT, approver="security"), "security", "department-head", None),
        (stated("officer", **PAPER), "head", "service-centre-head", "officer"),
        (stated(PUBLISHER, **CLICK), "head", "service-centre-head", None),
    ],
)
def test_a_record_counts_for_who_gave_it(record: Record, by: str, role: str, recorder: str | None) -> None:
    """By his own key, on paper before a witness, or by a click that the publisher saw."""
    given = weighed(record)
    assert isinstance(given, Given)
    assert (given.person.id, given.role, given.recorder and given.recorder.id) == (by, role, recorder)
    assert given.stage is record.statement.stage  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("record", "objection"),
    [
        (replace(RECORD, statement=None, broken="unreadable"), Objection.BROKEN),
        (replace(RECORD, statement=None, broken="unreadable", signer=None), Objection.BROKEN),
        (replace(RECORD, signer=None), Objection.BAD_SIGNATURE),
        (stated(approver="somebody"), Objection.UNKNOWN_PERSON),
        (stated(board="elsewhere"), Objection.OTHER_BOARD),
        (replace(RECORD, folder="2026-11/b"), Objection.OTHER_PLACE),
        (stated(at=AT + SECOND), Objection.FUTURE),
        (stated("nobody"), Objection.UNKNOWN_KEY),
        (stated("security"), Objection.OTHER_HAND),
        (stated(PUBLISHER), Objection.OTHER_HAND),
        (stated("clerk", approver="clerk"), Objection.NO_ROLE),
        (stated("security", approver="security"), Objection.NO_ROLE),
        (stated("head", **PAPER), Objection.OTHER_HAND),
        (stated("nobody", **PAPER), Objection.UNKNOWN_KEY),
        (stated("clerk", how=How.PAPER, given={"witness": "clerk"}), Objection.NO_WITNESS),
        (stated("head", how=How.PAPER, given={"witness": "head"}), Objection.NO_WITNESS),
        (stated("head", how=How.PAPER, given={"witness": "somebody"}), Objection.NO_WITNESS),
        (stated("head", how=How.PAPER), Objection.NO_WITNESS),
        (stated("head", **CLICK), Objection.OTHER_HAND),
        (stated("nobody", **CLICK), Objection.UNKNOWN_KEY),
        (stated("officer", how=How.FORGE, given={"witness": "officer"}), Objection.OTHER_HAND),
        (stated(PUBLISHER, how=How.FORGE, given={"witness": "officer"}), Objection.OTHER_HAND),
        (stated(PUBLISHER, how=How.FORGE), Objection.OTHER_HAND),
    ],
)
def test_a_record_that_does_not_count_is_told_by_what_is_wrong_with_it(record: Record, objection: Objection) -> None:
    """Another's hand, another's place, no office: each has a word of its own."""
    assert weighed(record) is objection


GOOD = None


@pytest.mark.parametrize(
    ("record", "roster", "objection"),
    [
        # Without a receipt, everything has to hold when it was signed and now.
        (RECORD, with_key("head", since=SIGNED), GOOD),
        (RECORD, with_key("head", since=SIGNED + SECOND), Objection.KEY_OUT_OF_TERM),
        (RECORD, with_key("head", until=AT + SECOND), GOOD),
        (RECORD, with_key("head", until=AT), Objection.KEY_OUT_OF_TERM),
        (RECORD, with_key("head", revoked=AT + SECOND), GOOD),
        (RECORD, with_key("head", revoked=AT), Objection.KEY_REVOKED),
        (RECORD, with_key("head", revoked=SINCE), Objection.KEY_REVOKED),
        (RECORD, with_term("head", "deputy", since=SIGNED), GOOD),
        (RECORD, with_term("head", "deputy", since=SIGNED + SECOND), Objection.NO_ROLE),
        (RECORD, with_term("head", "deputy", until=AT + SECOND), GOOD),
        (RECORD, with_term("head", "deputy", until=AT), Objection.NO_ROLE),
        (stated("officer", **PAPER), with_term("officer", WITNESS, since=SIGNED), GOOD),
        (stated("officer", **PAPER), with_term("officer", WITNESS, since=SIGNED + SECOND), Objection.NO_WITNESS),
        (stated("officer", **PAPER), with_term("officer", WITNESS, until=AT), Objection.NO_WITNESS),
        (stated("officer", **PAPER), with_key("officer", since=SIGNED + SECOND), Objection.KEY_OUT_OF_TERM),
        (stated("officer", **PAPER), with_key("officer", until=AT), Objection.KEY_OUT_OF_TERM),
        (stated("officer", **PAPER), with_key("officer", revoked=AT), Objection.KEY_REVOKED),
        (stated("officer", **PAPER), with_key("head", revoked=SINCE), GOOD),
        (stated(PUBLISHER, **CLICK), with_key(PUBLISHER, until=AT + SECOND), GOOD),
        (stated(PUBLISHER, **CLICK), with_key(PUBLISHER, until=AT), Objection.OTHER_HAND),
        (stated(PUBLISHER, **CLICK), with_key(PUBLISHER, revoked=AT), Objection.OTHER_HAND),
        (stated(PUBLISHER, **CLICK), with_key("head", revoked=SINCE), GOOD),
    ],
)
def test_terms_and_keys_are_judged_when_it_was_signed_and_now(
    record: Record, roster: Roster, objection: Objection | None
) -> None:
    """To the second: what has ended or has been revoked since counts no more where no receipt says when it was seen."""
    found = weighed(record, roster)
    assert (None if isinstance(found, Given) else found) is objection


@pytest.mark.parametrize(
    ("roster", "objection"),
    [
        (with_key("head", until=AT), GOOD),
        (with_key("head", revoked=AT), GOOD),
        (with_key("head", revoked=SIGNED + SECOND), Objection.KEY_REVOKED),
        (with_key("head", revoked=SIGNED + 2 * SECOND), GOOD),
        (with_term("head", "deputy", until=AT), GOOD),
        (with_term("head", "deputy", until=SIGNED + SECOND), Objection.NO_ROLE),
    ],
)
def test_what_was_seen_in_time_counts_for_ever(roster: Roster, objection: Objection | None) -> None:
    """With a receipt everything has to hold when it was seen, whatever ended or was revoked afterwards."""
    found = weighed(replace(RECORD, receipts=(received(SIGNED + SECOND),)), roster)
    assert (None if isinstance(found, Given) else found) is objection


@pytest.mark.parametrize(
    ("receipt", "roster"),
    [
        (received(SIGNED + SECOND, statement="e" * 64), ROSTER),
        (received(SIGNED + SECOND, board="elsewhere"), ROSTER),
        (received(SIGNED - SECOND), ROSTER),
        (received(AT + SECOND), ROSTER),
        (received(SIGNED + SECOND, "head"), ROSTER),
        (received(SIGNED + SECOND, "officer", witness="officer"), ROSTER),
        (received(SIGNED + SECOND, witness="somebody"), ROSTER),
        (received(SIGNED + SECOND), with_key(PUBLISHER, since=SIGNED + 2 * SECOND)),
        (received(SIGNED + SECOND), with_key(PUBLISHER, until=SIGNED + SECOND)),
        (received(SIGNED + SECOND), with_key(PUBLISHER, revoked=AT)),
    ],
)
def test_a_receipt_that_proves_nothing_is_none(receipt: SignedReceipt, roster: Roster) -> None:
    """For something else, from before it was signed or from time to come, by another hand, or by a key revoked since."""
    court = Court(roster, BOARD, AT)
    assert court.seen(replace(RECORD, receipts=(receipt,))) is None
    assert Court(ROSTER, BOARD, AT).seen(replace(RECORD, receipts=(received(SIGNED + SECOND),))) == SIGNED + SECOND


@pytest.mark.parametrize(
    ("named", "sole", "counts"),
    [("key of head", False, True), ("key of nobody", True, False), ("", True, True), ("", False, False)],
)
def test_a_receipt_is_for_the_key_that_it_names(named: str, sole: bool, counts: bool) -> None:
    """For no other signature of the same bytes; one that names no key is for the only one there is, or for none."""
    record = replace(RECORD, receipts=(received(SIGNED, key=named),), sole=sole)
    court = Court(ROSTER, BOARD, AT)
    assert (court.seen(record), court.is_received(record)) == (SIGNED if counts else None, counts and bool(named))


@pytest.mark.parametrize(
    ("record", "roster", "known"),
    [
        (RECORD, ROSTER, True),
        (stated("clerk", approver="clerk"), ROSTER, True),
        (stated("officer", **PAPER), ROSTER, True),
        (stated(PUBLISHER, **CLICK), ROSTER, True),
        (stated("nobody"), ROSTER, False),
        (stated("security"), ROSTER, False),
        (stated(approver="somebody"), ROSTER, False),
        (stated("head", **PAPER), ROSTER, False),
        (stated("head", **CLICK), ROSTER, False),
        (replace(RECORD, signer=None), ROSTER, False),
        (replace(RECORD, statement=None), ROSTER, False),
        (RECORD, with_key("head", revoked=AT), False),
        (RECORD, with_key("head", revoked=AT + SECOND), True),
        (RECORD, with_key("head", since=SIGNED + SECOND), False),
        (stated("officer", **PAPER), with_term("officer", WITNESS, until=AT), False),
    ],
)
def test_the_court_knows_who_may_speak_for_whom(record: Record, roster: Roster, known: bool) -> None:
    """A person's own key, a witness's on paper, the publisher's for a click; each in its time, whatever the role."""
    assert Court(roster, BOARD, AT).knows_hand(record) is known


def test_of_several_receipts_the_first_counts() -> None:
    """From the second of signing to the second of the board."""
    record = replace(RECORD, receipts=(received(AT), received(SIGNED), received(SIGNED + SECOND)))
    assert Court(ROSTER, BOARD, AT).seen(record) == SIGNED
    assert Court(ROSTER, BOARD, AT).seen(replace(record, statement=None)) is None


# ── for one version ──────────────────────────────────────────────────────────────────────────────


def question(*contributors: str, not_before: datetime | None = None, again: bool = False, **matter: Any) -> Question:
    """RECORD's own version as it comes before the court."""
    version = Version(STATEMENT.subject.digest, "", SINCE)
    asked = {"department": "security", "known_kind": True, "company": False, "legal": False} | matter
    return Question(version, Matter(**{"urgent": lambda _: False} | asked), frozenset(contributors), not_before, again)


def urgent_until(instant: datetime) -> Callable[[datetime], bool]:
    """An urgent lane that ends at an instant, itself included."""
    return lambda at: at <= instant


EVERYTHING = replace(ROSTER, policy=Policy(dict.fromkeys(Stage, ("service-centre-head", "department-head"))))
"""A roster by which every head may give every stage."""
URGENT, AMENDMENT = stated(stage=Stage.URGENT), stated(stage=Stage.AMENDMENT)
SEEN_LATER = replace(URGENT, receipts=(received(SIGNED + 2 * SECOND),))


@pytest.mark.parametrize(
    ("record", "asked", "objection"),
    [
        (RECORD, question(), GOOD),
        (RECORD, question(not_before=SIGNED - SECOND, again=True), GOOD),
        (RECORD, question(not_before=SIGNED), GOOD),
        (RECORD, question(not_before=SIGNED, again=True), Objection.VOIDED),
        (RECORD, question(not_before=SIGNED + SECOND), Objection.VOIDED),
        (stated(decision=Decision.REJECT), question(not_before=SIGNED + SECOND), Objection.VOIDED),
        (RECORD, question("head"), Objection.CONTRIBUTOR),
        (RECORD, question("security"), GOOD),
        (stated(decision=Decision.REJECT), question("head"), GOOD),
        (stated("security", stage=Stage.CONTENT, approver="security"), question("security"), GOOD),
        (stated("officer", **PAPER), question("officer"), Objection.CONTRIBUTOR),
        (stated("officer", **PAPER), question("security"), GOOD),
        (stated(given={"witness": "officer"}), question("officer"), GOOD),
        (stated("officer", **PAPER, decision=Decision.REJECT), question("officer"), GOOD),
        (URGENT, question(), Objection.NOT_URGENT),
        (URGENT, question(urgent=urgent_until(SIGNED)), GOOD),
        (URGENT, question(urgent=urgent_until(SIGNED), known_kind=False), Objection.NOT_URGENT),
        (SEEN_LATER, question(urgent=urgent_until(SIGNED + SECOND)), Objection.NOT_URGENT),
        (SEEN_LATER, question(urgent=urgent_until(SIGNED + 2 * SECOND)), GOOD),
        (AMENDMENT, question(), Objection.NO_AMENDMENT),
        (AMENDMENT, question(amends=True), GOOD),
        (AMENDMENT, question(amends=True, known_kind=False), Objection.NO_AMENDMENT),
    ],
)
def test_what_is_good_in_itself_may_not_count_for_this_version(
    record: Record, asked: Question, objection: Objection | None
) -> None:
    """It is older than what was approved since, by who wrote it, or in a lane that this version may not take."""
    counted, aside = sort_out(Court(EVERYTHING, BOARD, AT), asked, [record])
    assert ([given.record for given in counted], [one.why for one in aside]) == (
        ([record], []) if objection is None else ([], [objection])
    )


# ── when it could change ─────────────────────────────────────────────────────────────────────────


DUTY = Deputation("head", "clerk", AT - 3 * DAY, AT + 3 * DAY)


def in_days(*days: int) -> set[datetime]:
    return {AT + day * DAY for day in days}


@pytest.mark.parametrize(
    ("record", "change", "instants"),
    [
        (replace(RECORD, statement=None, broken="unreadable"), lambda roster: roster, set()),
        (RECORD, lambda roster: roster, {SIGNED, SINCE, UNTIL}),
        (stated(approver="somebody"), lambda roster: roster, {SIGNED}),
        (replace(RECORD, receipts=(received(AT),)), lambda roster: roster, {SIGNED, AT, SINCE, UNTIL}),
        (RECORD, lambda _: with_key("head", revoked=AT + DAY), {SIGNED, SINCE, UNTIL} | in_days(1)),
        (
            stated(PUBLISHER, approver="somebody", **CLICK),
            lambda _: with_key(PUBLISHER, since=AT - 2 * DAY, until=None, revoked=AT + DAY),
            {SIGNED} | in_days(-2, 1),
        ),
        (
            stated("clerk", approver="clerk"),
            lambda _: replace(with_term("head", "deputy", AT - 2 * DAY, AT + 2 * DAY), deputations=(DUTY,)),
            {SIGNED, SINCE, UNTIL} | in_days(-3, -2, 2, 3),
        ),
        (
            stated("clerk", approver="clerk"),
            lambda roster: replace(roster, deputations=(replace(DUTY, of="somebody"),)),
            {SIGNED, SINCE, UNTIL} | in_days(-3, 3),
        ),
        (
            stated("security", approver="security"),
            lambda roster: replace(roster, deputations=(DUTY,)),
            {SIGNED, SINCE, UNTIL},
        ),
    ],
)
def test_every_instant_at_which_a_record_could_begin_or_cease_to_count_is_told(
    record: Record, change: Callable[[Roster], Roster], instants: set[datetime]
) -> None:
    """Those of the statement and its receipts, and of the terms and keys of who gave, recorded or saw it."""
    assert set(edges([record], change(ROSTER))) == instants


def test_records_are_found_by_the_folder_they_lay_in() -> None:
    """In the order in which they came."""
    other, more = replace(RECORD, folder="2026-11/b"), replace(RECORD, digest="e" * 64)
    found: Mapping[str, list[Record]] = by_folder([RECORD, other, more])
    assert found == {A: [RECORD, more], "2026-11/b": [other]}
