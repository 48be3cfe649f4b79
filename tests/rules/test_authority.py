"""Nothing unapproved is public: each refusal of the roster withholds, in every lane."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import FAULT, PLANNED, ROSTER
from gaoshi.core.roster import Person, Refusal, Roster, Term, Request, judge_request


@pytest.mark.parametrize("base", [PLANNED, FAULT])
@pytest.mark.parametrize("refusal", [None, *Refusal])
def test_every_refusal_withholds(bench: Any, base: dict[str, Any], refusal: Refusal | None) -> None:
    """What is not approved is withheld, urgent or not, for exactly one reason that cannot be waived."""
    person = None if refusal is Refusal.UNKNOWN else ROSTER.people["yun-xiaoman"]
    verdict = Request(False, person, refusal=refusal, needed=("service-centre-head",))
    allow = "[{code: A101, reason: x}, {code: A102, reason: x}, {code: A103, reason: x}, {code: A105, reason: x}]"
    found = [
        finding
        for finding in bench.findings({"approver": "nobody", "allow": allow}, base=base, request=verdict)
        if finding.code.startswith("A")
    ]
    assert len(found) == 1
    assert found[0].blocks


def test_an_approval_is_no_finding(bench: Any) -> None:
    """What is approved is not spoken of."""
    assert bench.findings() == ()


def test_a_refusal_names_who_could_approve(bench: Any) -> None:
    """The finding names the roles it takes, and who holds one of them now."""
    verdict = judge_request(
        ROSTER,
        approver="yun-xiaoman",
        authors=frozenset(),
        company=False,
        urgent=False,
        at=bench.instant("2026-11-20 10:00"),
    )
    [found] = bench.findings({"approver": "yun-xiaoman"}, request=verdict)
    assert found.key == "A103"
    assert found.values["needed"] == "service-centre-head"
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
    verdict = judge_request(
        roster, approver="a", authors=frozenset(), company=False, urgent=False, at=bench.instant(at)
    )
    assert bench.keys({"approver": "a"}, request=verdict, roster=roster) == ({key} if key else set())


def test_the_companys_name_takes_its_leader(bench: Any) -> None:
    """The service-centre head cannot approve what is issued in the company's name."""
    verdict = judge_request(
        ROSTER,
        approver="yun-lichun",
        authors=frozenset(),
        company=True,
        urgent=False,
        at=bench.instant("2026-11-20 10:00"),
    )
    assert bench.keys({"issued_as": "company"}, request=verdict) == {"A104"}
