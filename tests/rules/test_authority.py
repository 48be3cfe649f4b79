"""Nothing unapproved is public, in any lane; and who is asked could approve, or it is said who could."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from rule_corpus import APPROVED, LACKING, OLDER, OVERDUE

from conftest import FAULT, PLANNED, ROSTER
from gaoshi.core.approval import NOTHING, Standing, Verdict
from gaoshi.core.roster import Person, Refusal, Request, Roster, Term, judge_request


@pytest.mark.parametrize("base", [PLANNED, FAULT])
@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_withholds(bench: Any, base: dict[str, Any], refusal: Refusal) -> None:
    """What asks somebody who could not approve says so once, urgent or not, and nothing waives it.

    Who wrote it at some time may have been approved since: without proof at hand that is a warning.
    """
    person = None if refusal is Refusal.UNKNOWN else ROSTER.people["yun-xiaoman"]
    request = Request(False, person, refusal=refusal, needed=("service-centre-head",))
    allow = "[{code: A101, reason: x}, {code: A102, reason: x}, {code: A103, reason: x}, {code: A105, reason: x}]"
    found = [
        finding
        for finding in bench.findings({"approver": "nobody", "allow": allow}, base=base, request=request)
        if finding.code.startswith("A")
    ]
    assert len(found) == 1
    assert found[0].blocks is (refusal is not Refusal.AUTHOR)


@pytest.mark.parametrize("base", [PLANNED, FAULT])
@pytest.mark.parametrize("variant", LACKING)
def test_what_nobody_has_approved_is_withheld(bench: Any, base: dict[str, Any], variant: str) -> None:
    """Whom a notice asks is no evidence: without a version that is approved it is withheld, and nothing waives that."""
    allow = "[{code: A106, reason: x}]"
    board = replace(bench.board, rules={"A106": "off"})
    standing = Standing(LACKING[variant], None, NOTHING)
    [found] = bench.only("A106", {"allow": allow}, base=base, standing=standing, board=board)
    assert (found.variant, found.blocks) == (variant, True)


@pytest.mark.parametrize("variant", LACKING)
def test_a_change_that_waits_withholds_nothing(bench: Any, variant: str) -> None:
    """While the approved version shows, the one that waits is a warning, and whom it asks is not spoken of."""
    refused = Request(False, None, refusal=Refusal.UNKNOWN)
    standing = Standing(LACKING[variant], OLDER, APPROVED)
    [found] = bench.findings(standing=standing, request=refused)
    assert (found.code, found.variant, found.blocks) == ("A107", variant, False)


@pytest.mark.parametrize(("at", "code"), [("2026-11-20 09:39:59", []), ("2026-11-20 09:40:00", ["A108"])])
def test_a_countersignature_is_overdue_to_the_second(bench: Any, at: str, code: list[str]) -> None:
    """A duty officer's approval is spoken of from the second on by which a head should have countersigned it."""
    standing = Standing(OVERDUE, OLDER, OVERDUE)
    found = bench.findings(standing=standing, at=at)
    assert [(finding.code, finding.blocks) for finding in found] == [(name, False) for name in code]
    assert all("yun-lichun" in finding.values["people"] for finding in found)


@pytest.mark.parametrize("verdict", [NOTHING, *LACKING.values()])
def test_a_preview_asks_for_no_proof(bench: Any, verdict: Verdict) -> None:
    """Whoever looks at his draft is not told that nobody has approved it: he has not asked anybody yet."""
    assert bench.findings(standing=Standing(verdict, None, verdict), preview=True) == ()
    assert bench.findings(standing=None) == ()


def test_an_approval_is_no_finding(bench: Any) -> None:
    """What is approved is not spoken of."""
    assert bench.findings(standing=Standing(APPROVED, OLDER, APPROVED)) == ()


def test_a_refusal_names_who_could_approve(bench: Any) -> None:
    """The finding names the roles it takes, and who holds one of them now."""
    request = judge_request(
        ROSTER,
        approver="yun-xiaoman",
        authors=frozenset(),
        company=False,
        urgent=False,
        at=bench.instant("2026-11-20 10:00"),
    )
    [found] = bench.findings({"approver": "yun-xiaoman"}, request=request)
    assert found.key == "A103"
    assert found.values["needed"] == "service-centre-head, deputy"
    assert "yun-lichun" in found.values["people"]
    assert found.position.line == 5


@pytest.mark.parametrize(
    ("at", "key"),
    [("2026-11-20 09:59:59", None), ("2026-11-20 10:00:00", "A102")],
)
def test_a_term_ends_to_the_second(bench: Any, at: str, key: str | None) -> None:
    """An approver in the last second of a term is in office, and in the next is not."""
    term = Term("service-centre-head", None, None, bench.instant("2026-11-20 10:00"))
    roster = Roster({"a": Person("a", "甲", {}, (term,), frozenset())}, ROSTER.policy)
    request = judge_request(
        roster, approver="a", authors=frozenset(), company=False, urgent=False, at=bench.instant(at)
    )
    assert bench.keys({"approver": "a"}, request=request, roster=roster) == ({key} if key else set())


def test_the_companys_name_takes_its_leader(bench: Any) -> None:
    """The service-centre head cannot approve what is issued in the company's name."""
    request = judge_request(
        ROSTER,
        approver="yun-lichun",
        authors=frozenset(),
        company=True,
        urgent=False,
        at=bench.instant("2026-11-20 10:00"),
    )
    assert bench.keys({"issued_as": "company"}, request=request) == {"A104"}
