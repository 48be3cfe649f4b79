"""Approving alone, or what one wrote, as a way onto the board; each must fail."""

from __future__ import annotations

from typing import Any

from attacked import BAILU, BOTH, GUYU, LICHUN, MANGZHONG, ROSTER, A, signed, state, whys

import approvals
from approvals import Word

FAULT = {"type": "emergency", "occurred_at": "2026-11-24 09:40", "valid_from": None, "valid_until": None}


def test_nobody_approves_his_own_notice(estate: Any) -> None:
    """As author, as co-author, or as author of any change since the last approved version."""
    mine = "yun.lichun@cloudtop.example"
    estate.notice(A)
    signed(estate, *BOTH, author=mine)
    assert (state(estate), whys(estate)) == ("withheld", {"contributor"})
    estate.notice(A, body="改了。\n")
    signed(estate, *BOTH)
    assert (state(estate), "contributor" in whys(estate)) == ("withheld", True)
    estate.notice(A, body="又改了。\n")
    estate.stage(approved=False)
    estate.approve(A, None, BOTH[0], Word("publish", GUYU))
    estate.commit("x\n\nCo-authored-by: G <YUN.GUYU@cloudtop.example>", approved=False)
    assert (state(estate), "contributor" in whys(estate)) == ("withheld", True)


def test_who_opened_the_pull_request_does_not_approve_it(estate: Any) -> None:
    """What the publisher saw on a forge tells who opened it, and he approves in no way, a signature included."""
    estate.notice(A)
    click = Word(
        "content",
        BAILU,
        how="forge",
        key=approvals.WITNESS,
        given=(("forge", "github"), ("opened_by", LICHUN), ("pull_request", "7"), ("witness", approvals.WITNESS)),
    )
    signed(estate, click, Word("publish", LICHUN))
    assert (state(estate), whys(estate)) == ("withheld", {"contributor"})
    estate.record(Word("publish", GUYU).files(A, estate.contents("HEAD")[A]))
    assert state(estate) == "live"


def test_one_person_does_not_give_two_stages(estate: Any) -> None:
    """Deputy for the department and head at once, he still counts once."""
    estate.edit(
        ROSTER, "{of: yun-hanlu, by: yun-xiaoman, from: 2026-11-20", "{of: yun-bailu, by: yun-lichun, from: 2026-01-01"
    )
    estate.notice(A)
    signed(estate, Word("content", LICHUN), Word("publish", LICHUN))
    assert state(estate) == "withheld"


def test_an_invented_hour_does_not_open_the_urgent_lane(estate: Any) -> None:
    """Something that is still to begin was planned, and lanes are judged when the approval was given."""
    urgent = Word("urgent", MANGZHONG, "2026-11-24T09:50:00+08:00")
    planned = {"starts_at": "2026-11-27 09:00", "ends_at": "2026-11-27 17:00", "valid_until": "2026-11-27 18:00"}
    estate.notice(A, FAULT | planned)
    signed(estate, urgent)
    assert (state(estate), whys(estate)) == ("withheld", {"not-urgent"})
    estate.notice(A, FAULT | {"occurred_at": "2026-11-24 09:55"})
    signed(estate, urgent)
    assert (state(estate), whys(estate) >= {"not-urgent"}) == ("withheld", True)
    estate.notice(A, {"type": "notice", "occurred_at": "2026-11-24 09:40"})
    signed(estate, urgent)
    assert (state(estate), whys(estate) >= {"not-urgent"}) == ("withheld", True)
