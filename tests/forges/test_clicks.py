"""Which clicks count, and what they come to: the pure part, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gaoshi.core.approval import Matter
from gaoshi.core.clicks import (
    Account,
    Asked,
    Ignored,
    Mark,
    PullRequest,
    Review,
    Seen,
    judge_review,
    judge_writing,
    last_decisions,
    stages_asked,
)
from gaoshi.core.roster import Account as Listed
from gaoshi.core.roster import Deputation, Person, Policy, Roster, Term
from gaoshi.core.statement import Decision, How, Stage, Subject, encode_statement, parse_statement
from gaoshi.sources.rosters import DEFAULT_STAGES

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
AT = NOON + timedelta(days=1)
NEWEST, OLDER = "a" * 40, "b" * 40
HEAD, BEFORE, OTHER, GONE = "1" * 40, "2" * 40, "3" * 40, "4" * 40
HUMAN = Account(7, "head", human=True)
FULL = (Stage.CONTENT, Stage.PUBLISH)
SEEN = {
    HEAD: Seen(there=True, content=NEWEST, touches=True),
    BEFORE: Seen(there=True, content=OLDER, touches=True),
    OTHER: Seen(there=True, content=NEWEST, touches=False),
    GONE: Seen(there=False),
}


def person(person_id: str, number: int, *terms: Term) -> Person:
    return Person(
        person_id,
        person_id,
        {},
        terms,
        frozenset({f"{person_id}@x.example"}),
        (),
        (Listed("github", number, person_id),),
    )


def term(role: str, department: str | None = None, until: datetime | None = None) -> Term:
    return Term(role, department, None, until)


ROSTER = Roster(
    {
        "head": person("head", 7, term("department-head", "security")),
        "both": person("both", 8, term("department-head", "security"), term("deputy")),
        "leaver": person("leaver", 9, term("deputy", until=NOON + timedelta(hours=1))),
        "stranger": person("stranger", 10, term("department-head", "cleaning")),
        "centre": person("centre", 11, term("service-centre-head")),
    },
    Policy(DEFAULT_STAGES),
)
PULL = PullRequest(12, Account(99, "writer", human=True), HEAD, BEFORE, OTHER, NOON + timedelta(minutes=30))
ASKED = Asked(
    "b-1", Subject("2026-11/a", NEWEST), FULL, "security", ROSTER, AT, "github", "o/r", "publisher", "no reason given"
)


def review(**fields: Any) -> Review:
    return replace(Review(345, HUMAN, Mark.APPROVED, HEAD, NOON), **fields)


def judged(asked: Asked = ASKED, **fields: Any) -> Any:
    return judge_review(asked, PULL, review(**fields), SEEN.__getitem__)


# ── the last decision ────────────────────────────────────────────────────────────────────────────

A, R, D, C, P = Mark.APPROVED, Mark.CHANGES_REQUESTED, Mark.DISMISSED, Mark.COMMENTED, Mark.PENDING


@pytest.mark.parametrize(
    ("marks", "last"),
    [
        ([A], A),
        ([A, C], A),
        ([A, P], A),
        ([A, R], R),
        ([R, A], A),
        ([R, C, C], R),
        ([A, D], D),
        ([D, A], A),
        ([R, A, D], D),
        ([C], None),
        ([P], None),
        ([], None),
    ],
)
def test_the_last_decision_counts_and_comments_are_none(marks: list[Mark], last: Mark | None) -> None:
    """Approving, asking for changes and dismissing decide; commenting does not, whenever it comes."""
    reviews = [
        review(number=number, mark=mark, at=NOON + timedelta(minutes=number)) for number, mark in enumerate(marks)
    ]
    for order in (reviews, reviews[::-1]):
        assert [found.mark for found in last_decisions(order)] == ([last] if last else [])


def test_of_one_second_the_later_number_counts() -> None:
    """Reviews of the same second come in the order of their numbers; what was never submitted is none."""
    same = [review(number=2, mark=R), review(number=1, mark=A), review(number=3, at=None)]
    assert [found.number for found in last_decisions(same)] == [2]


def test_everybody_has_a_last_decision_and_deleted_accounts_are_not_one_person() -> None:
    """One reviewer's decision does not touch another's, and nobody is not somebody."""
    reviews = [review(number=1), review(number=2, account=Account(8, "head", human=True))]
    reviews += [review(number=3, account=None), review(number=4, account=None, mark=R)]
    assert [found.number for found in last_decisions(reviews)] == [1, 2, 3, 4]


def test_a_renamed_account_is_still_the_same_reviewer() -> None:
    """Decisions are grouped by the account's number, so a new name does not leave the old decision standing."""
    reviews = [review(number=1), review(number=2, mark=R, account=Account(7, "new-name", human=True))]
    assert [found.number for found in last_decisions(reviews)] == [2]


# ── what follows from it ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"account": None}, Ignored.NOBODY),
        ({"account": Account(7, "head", human=False)}, Ignored.MACHINE),
        ({"account": Account(70, "head", human=True)}, Ignored.UNKNOWN_ACCOUNT),
        ({"mark": D}, Ignored.DISMISSED),
        ({"commit": None}, Ignored.NO_COMMIT),
        ({"commit": None, "mark": R}, Ignored.NO_COMMIT),
        ({"commit": GONE}, Ignored.COMMIT_GONE),
        ({"commit": OTHER}, Ignored.UNTOUCHED),
        ({"commit": BEFORE}, Ignored.OTHER_CONTENT),
        ({"account": Account(10, "stranger", human=True)}, Ignored.NO_STAGE),
        ({"account": Account(9, "leaver", human=True)}, Ignored.NO_STAGE),
    ],
)
def test_a_click_that_does_not_count_says_why(fields: dict[str, Any], why: Ignored) -> None:
    """Every click that comes to nothing has one plain reason."""
    assert judged(**fields) is why


def test_another_forges_account_of_the_same_number_is_another_person() -> None:
    """Numbers are unique on one forge only."""
    assert judged(replace(ASKED, forge="gitea")) is Ignored.UNKNOWN_ACCOUNT


def test_an_approval_says_all_that_is_known_of_it() -> None:
    """The statement names pull request, review, commit, account, opener and witness, and can be read back."""
    (statement,) = judged(account=Account(7, "renamed", human=True), text=" 可以 ")
    assert (statement.stage, statement.decision, statement.approver) == (Stage.CONTENT, Decision.APPROVE, "head")
    assert (statement.at, statement.how, statement.reason) == (NOON, How.FORGE, "可以")
    assert statement.given == {
        "forge": "github",
        "repository": "o/r",
        "pull_request": "12",
        "review": "345",
        "commit": HEAD,
        "account": "7",
        "opened_by": "github:99",
        "witness": "publisher",
    }
    assert parse_statement(encode_statement(statement)) == statement


@pytest.mark.parametrize(
    ("opener", "name"),
    [(Account(8, "x", human=True), "both"), (Account(8, "x", human=False), "github:8"), (None, "github:unknown")],
)
def test_who_opened_it_is_named(opener: Account | None, name: str) -> None:
    """A person by id, everybody else by number."""
    found = judge_review(ASKED, replace(PULL, opener=opener), review(), SEEN.__getitem__)
    assert isinstance(found, tuple)
    assert found[0].given["opened_by"] == name


def test_who_may_give_two_stages_gives_both() -> None:
    """One click of somebody with two roles makes a statement for each; the court lets a person fill only one."""
    found = judged(account=Account(8, "both", human=True))
    assert [statement.stage for statement in found] == [Stage.CONTENT, Stage.PUBLISH]


def test_a_deputy_counts_during_the_leave_only() -> None:
    """A deputation must hold when it was clicked, and still when it is collected."""
    for until, stages in ((AT + timedelta(days=1), [Stage.PUBLISH]), (NOON + timedelta(minutes=1), [])):
        roster = replace(ROSTER, deputations=(Deputation("centre", "stranger", None, until),))
        found = judged(replace(ASKED, roster=roster), account=Account(10, "stranger", human=True))
        assert [statement.stage for statement in found if not isinstance(found, Ignored)] == stages


@pytest.mark.parametrize(("commit", "reviewed"), [(HEAD, None), (BEFORE, OLDER), (GONE, None)])
def test_requested_changes_reject_what_came_of_the_pull_request(commit: str, reviewed: str | None) -> None:
    """A no stands for what main has, on whatever commit it was said; another content that was seen is named."""
    (statement,) = judged(mark=R, commit=commit)
    assert (statement.decision, statement.reason) == (Decision.REJECT, "no reason given")
    assert statement.subject.digest == NEWEST
    assert statement.given.get("reviewed") == reviewed


def test_requested_changes_elsewhere_reject_nothing_here() -> None:
    """A no in a pull request that does not change the folder is about something else."""
    seen = {HEAD: Seen(there=True, content=NEWEST), BEFORE: Seen(there=True, content=OLDER)}
    assert judge_review(ASKED, PULL, review(mark=R, commit=BEFORE), seen.__getitem__) is Ignored.UNTOUCHED


@pytest.mark.parametrize("text", ["x" * 70000, "\x00" * 70000, "字" * 70000, "\ud800", "\u2260" * 5000, "👍" * 5000])
def test_any_words_fit_into_a_statement(text: str) -> None:
    """However long or odd a review is, the statement can be written, and read again."""
    (statement,) = judged(mark=R, text=text)
    assert parse_statement(encode_statement(statement)) == statement


# ── by writing ───────────────────────────────────────────────────────────────────────────────────

MINE = replace(PULL, opener=HUMAN)


@pytest.mark.parametrize(
    ("pull", "authors", "head", "counts"),
    [
        (MINE, ["head@x.example"], HEAD, True),
        (MINE, ["HEAD@X.example", " head@x.example"], HEAD, True),
        (MINE, ["head@x.example", "1+dependabot[bot]@users.noreply.github.com"], HEAD, True),
        (MINE, ["1+dependabot[bot]@users.noreply.github.com"], HEAD, False),
        (MINE, ["head@x.example", "writer@x.example"], HEAD, False),
        (MINE, [], HEAD, False),
        (MINE, ["head@x.example"], BEFORE, False),
        (MINE, ["head@x.example"], OTHER, False),
        (PULL, ["head@x.example"], HEAD, False),
        (replace(PULL, opener=Account(11, "centre", human=True)), ["centre@x.example"], HEAD, False),
        (replace(PULL, opener=Account(10, "stranger", human=True)), ["stranger@x.example"], HEAD, False),
        (replace(PULL, opener=Account(7, "head", human=False)), ["head@x.example"], HEAD, False),
    ],
)
def test_writing_is_reviewing_for_the_head_who_wrote_all_of_it(
    pull: PullRequest, authors: list[str], head: str, counts: bool
) -> None:
    """The head of the very department, who opened it and wrote every commit, gives the content stage so."""
    statement = judge_writing(ASKED, pull, SEEN[head], lambda: authors)
    assert (statement is not None) is counts
    if statement is not None:
        assert (statement.stage, statement.given["act"], statement.at) == (Stage.CONTENT, "wrote", pull.merged_at)
        assert parse_statement(encode_statement(statement)) == statement


# ── stages ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "countersign", "stages"),
    [
        ({}, False, {*FULL}),
        ({"company": True}, False, {*FULL, Stage.COMPANY}),
        ({"legal": True}, False, {*FULL, Stage.LEGAL}),
        ({"amends": True}, False, {*FULL, Stage.AMENDMENT}),
        ({"known_kind": False}, False, {*FULL, Stage.COMPANY, Stage.LEGAL}),
        ({"urgent": True}, False, {*FULL, Stage.URGENT, Stage.COUNTERSIGN}),
        ({}, True, {*FULL, Stage.COUNTERSIGN}),
    ],
)
def test_only_stages_that_the_policy_has_are_asked_for(
    fields: dict[str, Any], countersign: bool, stages: set[Stage]
) -> None:
    """A click is no statement for a stage that nobody asked for."""
    urgent = fields.pop("urgent", False)
    matter = Matter(
        **({"department": "x", "known_kind": True, "company": False, "legal": False} | fields), urgent=lambda _: urgent
    )
    asked = stages_asked(matter, AT, countersign=countersign)
    assert (set(asked), len(asked)) == (stages, len(stages))
