"""`gaoshi approve roster`: a keeper puts a change of the roster in force."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from signing import BAILU, LEADER, LICHUN, NOON, UNCOMMITTED, sign

ROSTER = ".github/approvers.yml"


def test_a_keeper_approves_a_change_of_the_roster(asked: Any) -> None:
    """Until then the roster before it holds; the keeper sees the change before he signs."""
    asked.commit()
    asked.edit(ROSTER, "name: 云白露", "name: 云白露露")
    asked.commit(approved=False)
    assert asked.edition(NOON).reign.roster.people[BAILU].name == "云白露"
    run = sign(asked, LEADER, subject="roster")
    assert run.status == 0
    assert "云白露露" in run.out
    asked.commit(approved=False)
    assert asked.edition(NOON).reign.roster.people[BAILU].name == "云白露露"


def test_a_roster_that_lies_changed_on_disk_is_pointed_out(asked: Any) -> None:
    """What the keeper approves is the one that is committed."""
    asked.commit()
    asked.edit(ROSTER, "name: 云白露", "name: 云白露露")
    asked.commit(approved=False)
    asked.edit(ROSTER, "name: 云白露露", "name: 云白露露露")
    assert f"{ROSTER} has {UNCOMMITTED}" in sign(asked, LEADER, subject="roster").out


def test_nobody_else_approves_the_roster(asked: Any) -> None:
    """The head of the centre is no keeper."""
    asked.edit(ROSTER, "name: 云白露", "name: 云白露露")
    asked.commit(approved=False)
    assert sign(asked, LICHUN, subject="roster").status == 2
    assert not (asked.root / "records/approvals/roster").exists()


def without_keeper(text: str) -> str:
    return text.replace("role: roster-keeper", "role: company-leader")


def broken(_text: str) -> str:
    return "people: [\n"


@pytest.mark.parametrize("change", [without_keeper, broken])
def test_a_roster_that_nobody_could_change_again_is_not_approved(asked: Any, change: Callable[[str], str]) -> None:
    """Without a keeper, or unreadable, it must not come into force."""
    path = asked.root / ROSTER
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    asked.commit(approved=False)
    run = sign(asked, LEADER, subject="roster")
    assert run.status == 2
    assert not (asked.root / "records/approvals/roster").exists()
