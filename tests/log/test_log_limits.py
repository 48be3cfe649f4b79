"""Each limit of P-4 to the second, as the log judges it: seen on the board, or told in the owners' group before."""

from __future__ import annotations

from typing import Any

import pytest
from log_world import FAULT, NOW, A, public, sign_on

EVENT = {"type": "notice", "occurred_at": "2026-11-24 02:40", "valid_from": None}
PLANNED = {
    "type": "works",
    "starts_at": "2026-11-25 09:00",
    "ends_at": "2026-11-25 17:00",
    "valid_from": None,
    "valid_until": "2026-11-25 20:00",
    "works": {"by": "云上园艺"},
    "late_reason": {"is": "weather"},
}
ACTIVITY = {
    "type": "community-activity",
    "starts_at": "2026-11-30 14:00",
    "ends_at": "2026-11-30 16:00",
    "valid_from": None,
    "valid_until": "2026-11-30 18:00",
    "activity": {"theme": "包饺子", "participants": "业主", "sign_up": "前台", "rain": "照常"},
    "late_reason": {"is": "weather"},
}
LIMITS = [
    (FAULT, "urgent", "2026-11-24 03:10:00", "2026-11-24 03:10:01"),
    (FAULT | {"reported_at": "2026-11-24 02:50"}, "urgent", "2026-11-24 03:20:00", "2026-11-24 03:20:01"),
    (EVENT, "event", "2026-11-24 06:40:00", "2026-11-24 06:40:01"),
    (PLANNED, "general", "2026-11-23 23:59:59", "2026-11-24 00:00:00"),
    (ACTIVITY, "activity", "2026-11-23 23:59:59", "2026-11-24 00:00:00"),
]
NAMES = ["urgent from the event", "urgent from its report", "event", "general", "activity"]


def late(estate: Any, made: str, seen: str) -> str | None:
    """Of which class the log says A was late, of a board made at `made`; None when it came in time."""
    arguments = ("--board", str(public(estate, made)), "--at", seen, "--format", "json")
    [event] = estate.run("log", "published", *arguments).data["events"]
    found: dict[str, str] = event.get("late", {})
    return found.get("timeliness")


@pytest.mark.parametrize("good", [True, False], ids=["last good", "first bad"])
@pytest.mark.parametrize(("fields", "name", "last_good", "first_bad"), LIMITS, ids=NAMES)
def test_seen_on_the_board(
    estate: Any, fields: dict[str, Any], name: str, last_good: str, first_bad: str, good: bool
) -> None:
    """Seen at the last good second it is in time, and a second later it is late: when it was seen counts."""
    estate.notice(A, fields, approver="yun-mangzhong" if "occurred_at" in fields else "yun-lichun")
    estate.commit(when="2026-11-23 09:00")
    assert late(estate, last_good, last_good if good else first_bad) == (None if good else name)


@pytest.mark.parametrize("good", [True, False], ids=["last good", "first bad"])
@pytest.mark.parametrize(("fields", "name", "last_good", "first_bad"), LIMITS, ids=NAMES)
def test_told_in_the_owners_group_before(
    estate: Any, fields: dict[str, Any], name: str, last_good: str, first_bad: str, good: bool
) -> None:
    """On the board too late, but told in the group at the last good second: in time; a second later: late."""
    estate.notice(A, fields, approver="yun-mangzhong" if "occurred_at" in fields else "yun-lichun")
    estate.commit(when="2026-11-24 09:30")
    at = last_good if good else first_bad
    sign_on(estate)
    run = estate.run("log", "appeared", A, "--channel", "owners-group", "--at", at)
    assert run.status == 0, run.err
    assert late(estate, NOW, NOW) == (None if good else name)
    found = estate.edition(NOW).entries[A].late
    assert (found.name if found else None) == (None if good else name)


def test_told_first_counts_whatever_is_logged_first(estate: Any) -> None:
    """Of several times the earliest counts, in whatever order they were logged."""
    estate.notice(A, FAULT, approver="yun-mangzhong")
    estate.commit(when="2026-11-24 09:30")
    for at, in_time in (("03:30", False), ("03:10:01", False), ("03:10:00", True), ("04:00", True)):
        arguments = ("--channel", "owners-group", "--at", f"2026-11-24 {at}", "--by", "yun-lichun")
        sign_on(estate)
        assert estate.run("log", "appeared", A, *arguments).status == 0
        assert (estate.edition(NOW).entries[A].late is None) == in_time, at
