"""`gaoshi approve --reject` sends a notice back, until who did so approves it."""

from __future__ import annotations

from typing import Any

from signing import BAILU, LICHUN, NOON, WITNESS, A, nothing_written, sign, state, statements


def test_a_rejection_needs_a_reason_and_stands_until_its_author_approves(asked: Any) -> None:
    """Empty words are no reason; the state tells who sent it back and why, until he approves himself."""
    assert sign(asked, BAILU, "--reject", "  ").status == 2
    assert sign(asked, BAILU, "--reject", "时间写错了", at="2026-11-24 09:00").status == 0
    asked.commit(approved=False)
    listed = asked.run("approvals", A, "--at", NOON, "--lang", "zh").out
    assert "云白露" in listed
    assert "时间写错了" in listed
    assert sign(asked, BAILU, at="2026-11-24 09:10").status == 0
    asked.commit(approved=False)
    assert sign(asked, LICHUN, at="2026-11-24 09:20").status == 0
    asked.commit(approved=False)
    assert state(asked) == "live"


def test_who_approved_and_then_sent_it_back_approves_again(asked: Any) -> None:
    """His own rejection is what he takes back, though his stage had been given; others go on with theirs."""
    for who, more, at in (
        (BAILU, (), "2026-11-24 09:00"),
        (BAILU, ("--reject", "时间写错了"), "2026-11-24 09:05"),
        (LICHUN, (), "2026-11-24 09:10"),
    ):
        assert sign(asked, who, *more, at=at).status == 0
        asked.commit(approved=False)
    assert state(asked) == "withheld"
    assert sign(asked, BAILU, at="2026-11-24 09:15").status == 0
    asked.commit(approved=False)
    assert state(asked) == "live"
    said = sorted(statements(asked), key=lambda said: said["at"])
    assert [one["stage"] for one in said] == ["content", "content", "publish", "content"]


def test_what_is_public_is_sent_back_by_whoever_may_approve_it(estate: Any) -> None:
    """Nothing is missing to it, and one word takes it from the board."""
    estate.notice(A)
    estate.commit()
    assert state(estate) == "live"
    assert sign(estate, BAILU, "--reject", "时间写错了").status == 0
    estate.commit(approved=False)
    assert state(estate) == "withheld"


def test_who_may_approve_nothing_sends_nothing_back(asked: Any) -> None:
    """He is told who may."""
    run = sign(asked, WITNESS, "--reject", "时间写错了")
    assert (run.status, nothing_written(asked)) == (2, True)
    assert "These can: 云白露 (yun-bailu)" in run.err
