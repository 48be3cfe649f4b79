"""What was written already takes a notice off pages that nobody made anew: the log tells that instant, and why."""

from __future__ import annotations

from typing import Any

import pytest
from log_world import A, B, an_event, log, public

from gaoshi.sources.records import read_log
from gaoshi.sources.snapshot import open_snapshot

ENDS = "2026-12-04 18:00"
REPLACED = ("left", "2026-11-24T18:00:00+08:00", "superseded")
STAYS = ("corrected", "2026-11-24T12:11:00+08:00", None)


def of_a(events: list[dict[str, Any]]) -> list[tuple[str, str, str | None]]:
    """Of each event of A: what, when, why."""
    return [(event["event"], event["at"], event.get("why")) for event in events if event["id"] == A]


def replaced_at_six(estate: Any, **more: Any) -> None:
    """A is live, and B will replace it at 18:00."""
    estate.notice(A, valid_until=ENDS)
    estate.notice(B, supersedes=A, valid_from="2026-11-24 18:00", valid_until="2026-12-05 20:00", **more)
    estate.commit()


@pytest.mark.parametrize("seen", ["2026-11-24 18:22", "2026-11-27 18:22"])
def test_what_was_replaced_left_when_pages_dropped_it(estate: Any, seen: str) -> None:
    """Open pages dropped the old notice as its successor began, however long the next board took."""
    replaced_at_six(estate)
    [event] = log(estate, public(estate), "2026-11-24 10:01")
    assert event["valid_until"] == "2026-12-04T18:00:00+08:00"
    assert event["foreseen"] == {"is": "superseded", "at": "2026-11-24T18:00:00+08:00"}
    assert of_a(log(estate, public(estate, seen), seen)) == [REPLACED]


def test_an_old_board_tells_why_its_pages_dropped_a_notice(estate: Any) -> None:
    """The board of the morning, looked at in the evening, no longer shows what was replaced; the next one adds nothing."""
    replaced_at_six(estate)
    board = public(estate)
    log(estate, board, "2026-11-24 10:01")
    assert of_a(log(estate, board, "2026-11-24 19:00")) == [REPLACED]
    assert of_a(log(estate, public(estate, "2026-11-24 19:20"), "2026-11-24 19:22")) == []


@pytest.mark.parametrize(
    ("what", "expected"),
    [("withdrawn", "2026-11-24T18:00:00+08:00"), ("cancelled", "2026-11-25T18:00:00+08:00")],
)
@pytest.mark.parametrize("old", [True, False])
def test_what_an_outcome_to_come_ended_left_when_pages_dropped_it(
    estate: Any, what: str, expected: str, old: bool
) -> None:
    """Withdrawn, it left in that instant; called off, when the news of that was over: by the old board as by the next."""
    estate.notice(A, {"outcome": {"is": what, "at": "2026-11-24 18:00", "note": "x"}}, valid_until=ENDS)
    estate.commit()
    board = public(estate)
    log(estate, board, "2026-11-24 10:01")
    if not old:
        board = public(estate, "2026-11-27 19:20")
    why = "withdrawn" if what == "withdrawn" else "expired"
    assert of_a(log(estate, board, "2026-11-27 19:22")) == [("left", expected, why)]


@pytest.mark.parametrize("looks", [["2026-11-24 12:11", "2026-11-26 12:11"], ["2026-11-24 12:11"]])
def test_an_end_that_did_not_come_is_told_to_have_moved(estate: Any, looks: list[str]) -> None:
    """What should have replaced it was removed: the notice stayed, and the log says so until it is really gone."""
    replaced_at_six(estate)
    log(estate, public(estate), "2026-11-24 10:01")
    estate.git("rm", "-rq", f"notices/{B}")
    estate.commit(when="2026-11-24 12:00")
    told = [of_a(log(estate, public(estate, look), look)) for look in looks]
    assert told == [[STAYS], []][: len(looks)]
    estate.git("rm", "-rq", f"notices/{A}")
    estate.commit(when="2026-11-27 12:00")
    gone = of_a(log(estate, public(estate, "2026-11-27 12:10"), "2026-11-27 12:11"))
    assert gone == [("left", "2026-11-27T12:11:00+08:00", "removed")]


def test_an_end_that_comes_sooner_is_told(estate: Any) -> None:
    """Replaced, as only a later board says, it leaves then; its content is the same, and its end has moved."""
    estate.notice(A, valid_until=ENDS)
    estate.commit()
    log(estate, public(estate), "2026-11-24 10:01")
    replaced_at_six(estate)
    assert of_a(log(estate, public(estate, "2026-11-24 12:10"), "2026-11-24 12:11")) == [STAYS]
    assert of_a(log(estate, public(estate, "2026-11-27 12:10"), "2026-11-27 12:11")) == [REPLACED]


def test_what_never_came_to_pass_is_not_told(estate: Any) -> None:
    """Foreseen to be replaced, but withdrawn later and unseen: it left when it was seen to be gone, as withdrawn."""
    replaced_at_six(estate)
    log(estate, public(estate), "2026-11-24 10:01")
    estate.git("rm", "-rq", f"notices/{B}")
    estate.notice(A, {"outcome": {"is": "withdrawn", "at": "2026-11-26 18:00", "note": "x"}}, valid_until=ENDS)
    estate.commit(when="2026-11-24 12:00")
    gone = of_a(log(estate, public(estate, "2026-11-27 12:10"), "2026-11-27 12:11"))
    assert gone == [("left", "2026-11-27T12:11:00+08:00", "withdrawn")]


def test_what_replaces_it_in_secret_leaves_with_the_next_board(estate: Any) -> None:
    """Under embargo nothing was foreseen, and pages dropped the old notice with the board that had the new one."""
    replaced_at_six(estate, embargo="true")
    [event] = log(estate, public(estate), "2026-11-24 10:01")
    assert "foreseen" not in event
    gone = of_a(log(estate, public(estate, "2026-11-24 18:00"), "2026-11-24 18:02"))
    assert gone == [("left", "2026-11-24T18:02:00+08:00", "superseded")]


def test_an_end_that_moved_is_no_news_of_an_outcome(estate: Any) -> None:
    """An outcome in the log by its content is told once; that only the end moved makes nobody late, and tells nothing."""
    outcome = {"outcome": {"is": "cancelled", "at": "2026-11-24 09:00", "note": "x"}}
    estate.notice(A, outcome, starts_at="2026-11-26 09:00", valid_until=ENDS)
    estate.commit()
    content_id = estate.contents()[A]
    early = an_event("2026-11-23T10:00:00+08:00", content_id=content_id, valid_until="2026-12-04T18:00:00+08:00")
    estate.record({f"records/log/{A}/20261123T020000Z-appeared.json": early})
    [event] = log(estate, public(estate, "2026-11-24 14:00"), "2026-11-24 14:00")
    assert (event["event"], "late" in event) == ("corrected", False)


def test_another_end_is_nothing_new_to_read(estate: Any) -> None:
    """When the board last got something new of a notice, O109 asks: a moved end is not it, other words and a return are."""
    estate.notice(A)
    estate.commit()
    told = [("10", "appeared", "1"), ("11", "corrected", "1"), ("12", "corrected", "2"), ("13", "corrected", "2")]
    told += [("14", "left", "2"), ("15", "appeared", "2")]
    estate.record(
        {
            f"records/log/{A}/20261124T{hour}0000Z-{what}.json": an_event(
                f"2026-11-24T{hour}:00:00+00:00", what, content_id=digit * 40
            )
            for hour, what, digit in told
        }
    )
    with open_snapshot(estate.root, "HEAD") as snapshot:
        shown = read_log(snapshot, {A}, {"board"}).shown[A]
    assert [instant.hour for instant in shown] == [10, 12, 15]
