"""Who may approve: terms to the second, lanes, and nobody his own notice."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gaoshi.core.roster import Refusal, Request, Roster, judge_request
from gaoshi.core.statement import Stage
from gaoshi.sources.rosters import parse_roster

ZONE = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)
AT = datetime(2026, 11, 24, 10, tzinfo=ZONE)
ROSTER = """
people:
  - id: head
    roles: [{role: service-centre-head, from: 2026-01-01, until: 2026-12-31}]
    emails: [Head@Estate.Example]
  - {id: deputy, roles: [{role: deputy}, {role: department-head, department: security}], emails: []}
  - {id: duty, roles: [duty-officer], emails: [duty@estate.example]}
  - {id: leader, roles: [company-leader], emails: [leader@estate.example]}
  - {id: former, roles: [{role: service-centre-head, until: 2025-12-31}, {role: publisher}]}
  - {id: coming, roles: [{role: deputy, from: 2027-01-01}]}
  - {id: exact, roles: [{role: deputy, from: "2026-11-24 10:00", until: "2026-11-24 18:00"}]}
  - {id: clerk, roles: [publisher]}
  - {id: nobody}
"""


def roster(text: str = ROSTER) -> Roster:
    """The roster that a text describes."""
    return parse_roster(text.encode(), ZONE, "zh")[0]


def judge(
    approver: str, at: datetime = AT, *, authors: str = "", company: bool = False, urgent: bool = False
) -> Request:
    """Whether somebody on ROSTER may approve."""
    return judge_request(
        roster(), approver=approver, authors=frozenset(authors.split()), company=company, urgent=urgent, at=at
    )


@pytest.mark.parametrize(
    ("at", "good"),
    [
        (datetime(2026, 1, 1, tzinfo=ZONE) - SECOND, False),
        (datetime(2026, 1, 1, tzinfo=ZONE), True),
        (datetime(2027, 1, 1, tzinfo=ZONE) - SECOND, True),
        (datetime(2027, 1, 1, tzinfo=ZONE), False),
    ],
)
def test_a_terms_days_are_both_included(at: datetime, *, good: bool) -> None:
    """From the first second of the first day to the last second of the last, in the board's zone (C-2.3)."""
    verdict = judge("head", at)
    assert (verdict.fits, verdict.refusal) == ((True, None) if good else (False, Refusal.OUT_OF_TERM))


@pytest.mark.parametrize(
    ("at", "good"),
    [(AT - SECOND, False), (AT, True), (AT + timedelta(hours=8) - SECOND, True), (AT + timedelta(hours=8), False)],
)
def test_a_term_may_state_instants(at: datetime, *, good: bool) -> None:
    """An instant is taken as it is: from then on, and up to, not including, then."""
    assert judge("exact", at).fits is good


@pytest.mark.parametrize(
    ("approver", "company", "urgent", "roles", "refusal"),
    [
        ("head", False, False, ("service-centre-head",), None),
        ("deputy", False, False, ("deputy",), None),
        ("duty", False, False, (), Refusal.NO_ROLE),
        ("duty", False, True, ("duty-officer",), None),
        ("head", False, True, ("service-centre-head",), None),
        ("leader", False, False, (), Refusal.NO_ROLE),
        ("leader", True, False, ("company-leader",), None),
        ("head", True, False, (), Refusal.NO_ROLE),
        ("duty", True, True, (), Refusal.NO_ROLE),
        ("former", False, False, (), Refusal.OUT_OF_TERM),
        ("coming", False, False, (), Refusal.OUT_OF_TERM),
        ("clerk", False, False, (), Refusal.NO_ROLE),
        ("nobody", False, False, (), Refusal.OUT_OF_TERM),
        ("stranger", False, False, (), Refusal.UNKNOWN),
        ("", False, False, (), Refusal.UNKNOWN),
        ("HEAD", False, False, (), Refusal.UNKNOWN),
    ],
)
def test_a_role_approves_in_its_own_lane(
    approver: str, roles: tuple[str, ...], refusal: Refusal | None, *, company: bool, urgent: bool
) -> None:
    """Head and deputy any notice, a duty officer urgent ones, a company leader what is in the company's name."""
    verdict = judge(approver, company=company, urgent=urgent)
    assert (verdict.fits, verdict.roles, verdict.refusal) == (refusal is None, roles, refusal)


@pytest.mark.parametrize(
    "author", ["head@estate.example", "HEAD@ESTATE.EXAMPLE", " Head@estate.Example ", "x@y head@estate.example"]
)
def test_nobody_approves_what_he_wrote(author: str) -> None:
    """An author's address is the same in any case and among any others (P-7.1, H-6.9)."""
    verdict = judge_request(
        roster(),
        approver="head",
        authors=frozenset([author] if author.startswith(" ") else author.split()),
        company=False,
        urgent=False,
        at=AT,
    )
    assert (verdict.fits, verdict.refusal) == (False, Refusal.AUTHOR)
    assert judge("deputy", authors=author).fits


def test_an_address_names_its_person() -> None:
    """People are found by e-mail address, in any case; nobody by an empty one."""
    people = roster()
    person = people.person_by_email("HEAD@estate.example ")
    assert person is not None
    assert person.id == "head"
    assert people.person_by_email("") is None
    assert people.person_by_email("who@estate.example") is None


def test_the_policy_is_the_estates() -> None:
    """Who approves is what the roster's policy says; lanes that it leaves out are the standard's."""
    text = ROSTER + "policy: {publish: [duty-officer]}\n"
    people = roster(text)
    assert people.policy.roles(Stage.PUBLISH) == ("duty-officer",)
    assert people.policy.roles(Stage.COMPANY) == ("company-leader",)
    assert judge_request(people, approver="duty", authors=frozenset(), company=False, urgent=False, at=AT).fits
