"""When nobody has logged a notice's appearance, its coming to the branch stands in for it."""

from __future__ import annotations

from typing import Any

import pytest

A = "2026-11/a"
PLANNED = {"type": "works", "starts_at": "2026-11-25 09:00", "ends_at": "2026-11-25 17:00", "works": {"by": "云上园艺"}}


@pytest.mark.parametrize(
    ("came", "state"),
    [
        ("2026-11-22 08:00", "live"),
        ("2026-11-23 23:59:59", "live"),
        ("2026-11-24 00:00", "withheld"),
        ("2026-11-24 09:00", "withheld"),
    ],
)
def test_a_planned_notice_is_in_time_by_the_day_it_came(estate: Any, came: str, state: str) -> None:
    """What came to the branch two calendar days ahead or earlier is in time (P-4.3); the day after is late."""
    estate.notice(A, PLANNED | {"starts_at": "2026-11-25 09:00"}, valid_from=None, valid_until="2026-11-25 20:00")
    estate.commit(when=came)
    assert estate.edition("2026-11-24 10:00").entries[A].state == state


def test_a_notice_in_time_stays_up_until_its_end(estate: Any) -> None:
    """A planned notice that came in time does not vanish on the eve of its matter because nobody logged it."""
    estate.notice(A, PLANNED, valid_from="2026-11-22 18:00", valid_until="2026-11-25 20:00")
    estate.commit(when="2026-11-22 17:00")
    for at in ("2026-11-22 18:00", "2026-11-24 00:00", "2026-11-25 09:00", "2026-11-25 19:59:59"):
        assert estate.edition(at).entries[A].state == "live", at


def test_an_urgent_notice_stays_up_after_a_day(estate: Any) -> None:
    """One that a duty officer let out in time is not withheld when its event is more than 24 hours old."""
    fields = {"type": "emergency", "occurred_at": "2026-11-24 09:40", "valid_from": None, "valid_until": None}
    estate.notice(A, fields, approver="yun-mangzhong")
    estate.commit(when="2026-11-24 09:50")
    assert estate.edition("2026-11-26 10:00").entries[A].state == "live"


def test_the_log_goes_before_the_branch(estate: Any) -> None:
    """What the log says of a first appearance counts, whatever the commit's date."""
    estate.notice(A, PLANNED, valid_from=None, valid_until="2026-11-25 20:00")
    estate.appeared(A, "2026-11-22 18:00")
    estate.commit(when="2026-11-24 09:00")
    entry = estate.edition("2026-11-24 10:00").entries[A]
    assert (entry.state, entry.public_at) == ("live", estate.instant("2026-11-22 18:00"))


def test_a_merge_counts_not_the_commits_it_brings(estate: Any) -> None:
    """What was written on a branch in time and merged too late is late."""
    estate.commit()
    estate.git("checkout", "-q", "-b", "draft")
    estate.notice(A, PLANNED, valid_from=None, valid_until="2026-11-25 20:00")
    estate.commit(when="2026-11-20 09:00")
    estate.git("checkout", "-q", "-")
    date = estate.instant("2026-11-24 09:00").isoformat()
    estate.git("merge", "-q", "--no-ff", "-m", "merge", "draft", GIT_COMMITTER_DATE=date)
    assert estate.edition("2026-11-24 10:00").entries[A].state == "withheld"


def test_what_is_only_proposed_is_judged_now(estate: Any) -> None:
    """In the working tree a planned notice is late as soon as its last good day is over."""
    estate.commit()
    estate.notice(A, PLANNED, valid_from=None, valid_until="2026-11-25 20:00")
    states = {at: estate.edition(at, rev=None).entries[A].state for at in ("2026-11-23 23:59:59", "2026-11-24 00:00")}
    assert list(states.values()) == ["live", "withheld"]
