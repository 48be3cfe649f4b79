"""When a notice left the board: at the end that was in force, where it can have been there until then; else when seen."""

from __future__ import annotations

from typing import Any

import pytest
from log_world import FAULT, NOW, A, B, an_event, log, public


def left(estate: Any, made: str, seen: str) -> tuple[str, str]:
    """Why and when A left (time of day, on another day than the 24th with that), by a board made at `made`."""
    [event] = [one for one in log(estate, public(estate, made), seen) if one["id"] == A]
    assert event["event"] == "left"
    return event["why"], event["at"].removeprefix("2026-11-24T").removesuffix("+08:00")


@pytest.mark.parametrize(
    ("known", "seen", "at"),
    [
        ("17:59:59", "18:00:00", "18:00:00"),
        ("17:59:59", "20:00:00", "18:00:00"),
        ("10:00:00", "20:00:00", "18:00:00"),
        ("18:00:00", "20:00:00", "20:00:00"),
        ("18:00:01", "20:00:00", "20:00:00"),
        ("19:59:59", "20:00:00", "20:00:00"),
    ],
)
@pytest.mark.parametrize("told", [{}, {"valid_until": "2026-11-24T18:00:00+08:00"}])
def test_what_ended_left_at_its_end(estate: Any, known: str, seen: str, at: str, told: dict[str, str]) -> None:
    """It left at its end, though its last event does not tell it; but not before it is known to have been there."""
    estate.notice(A, valid_until="2026-11-24 18:00")
    estate.commit()
    event = an_event(f"2026-11-24T{known}+08:00", **told)
    estate.record({f"records/log/{A}/x-appeared.json": event})
    assert left(estate, f"2026-11-24 {max(seen[:5], '18:00')}", f"2026-11-24 {seen}") == ("expired", at)


@pytest.mark.parametrize(
    ("end", "at"),
    [
        ("09:00:00", "20:30:00"),
        ("10:00:00", "20:30:00"),
        ("10:00:01", "10:00:01"),
        ("12:00:00", "12:00:00"),
        ("20:00:00", "20:00:00"),
        ("20:30:00", "20:30:00"),
    ],
)
def test_an_end_that_was_changed_unseen_counts(estate: Any, end: str, at: str) -> None:
    """A correction that nobody saw on the board moved its end: the new one counts, earlier or later."""
    estate.notice(A, valid_until="2026-11-24 18:00")
    estate.commit()
    log(estate, public(estate), "2026-11-24 10:00")
    estate.notice(A, valid_until=f"2026-11-24 {end}", valid_from="2026-11-20 09:00")
    estate.commit()
    assert left(estate, "2026-11-24 20:30", "2026-11-24 20:30") == ("expired", at)


def test_an_end_that_was_changed_counts_though_the_notice_was_gone_before_the_old_one(estate: Any) -> None:
    """Ended at noon by a correction and seen to be gone before its old end, it left at noon."""
    estate.notice(A, valid_until="2026-11-24 18:00")
    estate.commit()
    log(estate, public(estate), "2026-11-24 10:00")
    estate.notice(A, valid_until="2026-11-24 12:00")
    estate.commit()
    assert left(estate, "2026-11-24 13:00", "2026-11-24 13:02") == ("expired", "12:00:00")


def test_what_an_outcome_ended_left_when_that_ended(estate: Any) -> None:
    """News of an outcome stands for 24 hours: nobody saw them, and it left when they were over."""
    estate.notice(A, FAULT, approver="yun-mangzhong")
    estate.commit(when="2026-11-24 02:50")
    log(estate, public(estate, "2026-11-24 03:00"), "2026-11-24 03:00")
    estate.notice(A, FAULT, approver="yun-mangzhong", outcome={"is": "resolved", "at": "2026-11-24 05:00"})
    estate.commit(when="2026-11-24 05:10")
    assert left(estate, "2026-11-26 08:00", "2026-11-26 08:00") == ("expired", "2026-11-25T05:00:00")


WITHDRAWN = {"is": "withdrawn", "at": "2026-11-24 15:00", "note": "x"}


@pytest.mark.parametrize(
    ("prolonged", "expected"), [(False, ("expired", "12:00:00")), (True, ("withdrawn", "15:32:00"))]
)
def test_what_was_withdrawn_had_ended_before_or_not(estate: Any, prolonged: bool, expected: tuple[str, str]) -> None:
    """Withdrawn at three, it had ended at noon; unless its end had been put off, which nobody saw."""
    estate.notice(A, valid_until="2026-11-24 12:00")
    estate.commit()
    log(estate, public(estate), "2026-11-24 10:00")
    estate.notice(A, valid_until="2026-11-24 20:00" if prolonged else "2026-11-24 12:00", outcome=WITHDRAWN)
    estate.commit()
    assert left(estate, "2026-11-24 15:30", "2026-11-24 15:32") == expected


@pytest.mark.parametrize(
    ("end", "expected"), [("12:00", ("expired", "12:00:00")), ("20:00", ("superseded", "15:32:00"))]
)
@pytest.mark.parametrize("told", [{}, {"valid_until": "2026-11-24T12:00:00+08:00"}])
def test_what_was_replaced_had_ended_before_or_not(
    estate: Any, end: str, expected: tuple[str, str], told: dict[str, str]
) -> None:
    """Replaced at three, it had ended at noon or was still there, by the end in force and not by the one in the log."""
    estate.notice(A, valid_until=f"2026-11-24 {end}")
    estate.notice(B, supersedes=A, valid_from="2026-11-24 15:00")
    estate.commit()
    estate.record({f"records/log/{A}/x-appeared.json": an_event("2026-11-24T10:00:00+08:00", **told)})
    assert left(estate, "2026-11-24 15:30", "2026-11-24 15:32") == expected


def test_what_was_removed_before_its_end_left_when_that_was_seen(estate: Any) -> None:
    """Without its folder nobody knows its end but the log; and that lies ahead."""
    estate.notice(A, valid_until="2026-11-24 18:00")
    estate.commit()
    log(estate, public(estate), "2026-11-24 10:00")
    (estate.root / "notices" / A / "notice.md").unlink()
    estate.commit()
    assert left(estate, "2026-11-24 17:59", "2026-11-24 17:59:59") == ("removed", "17:59:59")


def test_what_ended_long_ago_left_then(estate: Any) -> None:
    """A notice that was over for so long that no board is concerned with it any more left at its end all the same."""
    estate.notice(A, valid_from="2026-07-01 09:00", valid_until="2026-07-20 18:00")
    estate.commit(when="2026-07-01 08:00")
    estate.record({f"records/log/{A}/x-appeared.json": an_event("2026-07-01T09:00:00+08:00")})
    assert left(estate, "2026-11-24 10:00", "2026-11-24 10:00") == ("expired", "2026-07-20T18:00:00")


def test_what_is_withheld_again_left_for_that(estate: Any) -> None:
    """A public notice that a rule now withholds is said to have been withheld."""
    estate.notice(A, importance="important")
    estate.commit()
    log(estate, public(estate), NOW)
    estate.notice(A, importance="huge")
    estate.commit()
    assert left(estate, "2026-11-24 11:30", "2026-11-24 11:32") == ("withheld", "11:32:00")
