"""Events that are forged, broken, doubled or dated ahead hide nothing and hold up nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import closing
from typing import Any

import pytest
from log_world import FAULT, NOW, A, B, an_event, listed, on_branch, public, publish, sign_on

from gaoshi.sources import records
from gaoshi.sources.docket import open_cache
from gaoshi.sources.git.repository import Repository
from gaoshi.sources.snapshot import open_snapshot

GONE = "2026-11/gone"
LEFT_AT_ITS_END = f"records/log/{A}/20261130T100000Z-left.json"
BROKEN: dict[str, bytes] = {
    "nothing": b"",
    "cut off": an_event("2026-11-30T18:00:00+08:00", "left")[:-20],
    "another notice's": an_event("2026-11-30T18:00:00+08:00", "left", B),
    "another event": an_event("2026-11-30T18:00:00+08:00", "appeared"),
    "too large": an_event("2026-11-30T18:00:00+08:00", "left").ljust(70_000),
    "without offset": an_event("2026-11-30T18:00:00", "left"),
    "half a character in its note": an_event("2026-11-30T18:00:00+08:00", "left", note="\ud800"),
    "half a character in who says so": an_event("2026-11-30T18:00:00+08:00", "left", by="\udfff"),
    "half a character in why": an_event("2026-11-30T18:00:00+08:00", "left", why="x\ud800"),
    "half a character in its reason": an_event(
        "2026-11-30T18:00:00+08:00",
        "left",
        late={"timeliness": "general", "limit": "2026-11-24T00:00:00+08:00", "reason": "\udc00\ud800"},
    ),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_neither_hides_what_happens_nor_takes_its_place(two: Any, data: bytes) -> None:
    """Where the event of leaving will lie, a file lies already: it is told and passed by, and the event is written."""
    two.record({LEFT_AT_ITS_END: data})
    added, said = publish(two, NOW)
    assert [one[:2] for one in added] == [(A, "appeared"), (B, "appeared")]
    assert said.startswith(f"{LEFT_AT_ITS_END}:1: E102 ")
    assert said.count("\n") == 1
    added, said = publish(two, "2026-12-01 08:00")
    assert added == [(one, "left", "2026-11-30T18:00:00+08:00") for one in (A, B)]
    assert f"records/log/{A}/20261130T100000Z-again-left.json" in on_branch(two)
    assert publish(two, "2026-12-01 08:15")[0] == []
    assert len(listed(two)) == 4


def test_a_file_that_is_named_for_another_instant_than_its_own_hides_nothing(two: Any) -> None:
    """An old event of leaving in a file with a late name does not make anybody believe that the notice is gone."""
    publish(two, NOW)
    two.record({LEFT_AT_ITS_END: an_event("2026-11-20T18:00:00+08:00", "left")})
    assert publish(two, "2026-12-01 08:00") == ([(one, "left", "2026-11-30T18:00:00+08:00") for one in (A, B)], "")
    assert publish(two, "2026-12-01 08:15") == ([], "")


def test_leaving_by_another_channel_hides_nothing(two: Any) -> None:
    """Said to have left the owners' group, and whatever else is no channel of the board: it is on the board still."""
    publish(two, NOW)
    path = f"records/log/{A}/20261130T100000Z-sms-left.json"
    two.record({path: an_event("2026-11-30T18:00:00+08:00", "left", channel="sms")})
    assert publish(two, "2026-12-01 08:00") == ([(one, "left", "2026-11-30T18:00:00+08:00") for one in (A, B)], "")


def test_a_broken_file_that_is_named_for_long_ago_hides_nothing(two: Any) -> None:
    """However old the leaving is by its file's name: it says nothing, is told, and what really happened is written."""
    publish(two, NOW)
    garbage = f"records/log/{A}/20261125T000000Z-left.json"
    two.record({garbage: b"{"})
    added, said = publish(two, "2027-03-15 08:00")
    assert added == [(one, "left", "2026-11-30T18:00:00+08:00") for one in (A, B)]
    assert said.startswith(f"{garbage}:1: E102 ")
    assert publish(two, "2027-03-15 08:15") == ([], "")


def test_what_left_is_read_once(two: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a run reads grows with what is live and what is new, and not with all that ever left."""
    publish(two, NOW)
    publish(two, "2026-12-01 08:00")
    asked: list[set[str]] = []
    contents = records._contents

    def counted(repository: Repository, blobs: Iterable[str]) -> dict[str, bytes]:
        asked.append(set(blobs))
        return contents(repository, asked[-1])

    monkeypatch.setattr(records, "_contents", counted)
    seen = two.instant("2026-12-01 08:15")
    with open_snapshot(two.root, "HEAD") as snapshot, closing(open_cache(snapshot)) as cache:
        assert [records.still_there(snapshot, seen, cache) for _ in range(2)] == [[], []]
        assert [len(blobs) for blobs in asked] == [2, 0]
        two.record({f"records/log/2026-09/old-{number}/20260930T100000Z-left.json": b"{" for number in range(3)})
        assert len(records.still_there(snapshot, seen, cache)) == 3
        assert len(asked[-1]) == 1, "three files of one content, and none that was read before"


@pytest.mark.parametrize("path", [f"records/log/{A}", "records/log/2026-11", "records/log"])
def test_a_file_where_a_folder_belongs_gives_way(two: Any, path: str) -> None:
    """A file in place of a notice's folder, or of one above it, holds up no event."""
    two.record({path: b"x"})
    assert [one[:2] for one in publish(two, NOW)[0]] == [(A, "appeared"), (B, "appeared")]
    assert publish(two, "2026-11-24 10:15") == ([], "")
    assert len(listed(two)) == 2


AHEAD: dict[str, dict[str, Any]] = {
    "left": {"at": "2999-01-01T00:00:00+08:00", "what": "left"},
    "appeared": {"at": "2026-11-24T11:00:01+08:00"},
    "by its board": {
        "at": "2026-11-24T09:00:00+08:00",
        "board": {"at": "2999-01-01T00:00:00+08:00", "revision": "a" * 40},
    },
}


@pytest.mark.parametrize("event", AHEAD.values(), ids=AHEAD.keys())
def test_an_event_from_the_future_is_told_and_hides_nothing(two: Any, event: dict[str, Any]) -> None:
    """More than an hour ahead, or seen on a board that is: one sentence, and the notice is logged as if it were not."""
    what = event.get("what", "appeared")
    two.record({f"records/log/{A}/x-{what}.json": an_event(**event)})
    added, said = publish(two, NOW)
    assert added == [(one, "appeared", "2026-11-24T10:00:00+08:00") for one in (A, B)]
    assert said.startswith(f"{A}: an event of ")
    assert "does not count" in said
    assert said.count("\n") == 1


def test_a_clock_that_was_an_hour_ahead_is_forgiven(two: Any) -> None:
    """An event that lies no more than an hour ahead counts: what it told is not told again."""
    two.record({f"records/log/{A}/x-appeared.json": an_event("2026-11-24T11:00:00+08:00")})
    board = two.run("log", "published", "--board", str(public(two, "2026-11-24 10:00")), "--at", NOW)
    assert board.status == 0
    assert f"  {A}  " not in board.out


def test_a_forged_appearance_from_the_future_does_not_hide_lateness(estate: Any) -> None:
    """Said to have appeared in a year, a late notice is late all the same when it does appear."""
    estate.notice(A, FAULT, approver="yun-mangzhong")
    estate.commit(when="2026-11-24 02:50")
    estate.record({f"records/log/{A}/x-appeared.json": an_event("2027-11-24T10:00:00+08:00")})
    run = estate.run(
        *("log", "published", "--board", str(public(estate, "2026-11-24 03:20")), "--at", "2026-11-24 03:20"),
        *("--format", "json"),
    )
    [event] = run.data["events"]
    assert event["late"]["limit"] == "2026-11-24T03:10:00+08:00"


def test_an_event_that_is_told_twice_counts_once(two: Any) -> None:
    """The same event in two files: nothing is added, it leaves once, and the list shows both files."""
    event = an_event("2026-11-24T09:00:00+08:00", content_id=two.contents()[A])
    two.record({f"records/log/{A}/{name}-appeared.json": event for name in ("x", "y")})
    assert [one[0] for one in publish(two, NOW)[0]] == [B]
    assert publish(two, "2026-12-01 08:00")[0] == [(one, "left", "2026-11-30T18:00:00+08:00") for one in (A, B)]
    assert len([one for one in listed(two) if one[0] == A]) == 3


def test_events_count_in_their_own_order_not_in_that_of_their_names(two: Any) -> None:
    """The last event is the one that happened last, whatever the names of the files."""
    two.record(
        {
            f"records/log/{A}/9-appeared.json": an_event("2026-11-24T08:00:00+08:00"),
            f"records/log/{A}/5-left.json": an_event("2026-11-24T09:00:00+08:00", "left"),
            f"records/log/{B}/1-appeared.json": an_event("2026-11-24T09:30:00+08:00", notice_id=B),
            f"records/log/{B}/7-left.json": an_event("2026-11-24T09:00:00+08:00", "left", B),
        }
    )
    assert publish(two, NOW)[0] == [
        (A, "appeared", "2026-11-24T10:00:00+08:00"),
        (B, "corrected", "2026-11-24T10:00:00+08:00"),
    ]


def test_a_notice_that_does_not_exist_holds_up_nothing(two: Any) -> None:
    """What is said to have appeared and never was is said to be gone, once; the rest is logged, and nothing is public."""
    two.record(
        {
            f"records/log/{GONE}/x-appeared.json": an_event("2026-11-24T09:00:00+08:00", notice_id=GONE),
            "records/log/2026-11/Not An Id/x-appeared.json": an_event("2026-11-24T09:00:00+08:00"),
            "records/log/x-appeared.json": an_event("2026-11-24T09:00:00+08:00"),
        }
    )
    added, said = publish(two, NOW)
    assert added == [
        (A, "appeared", "2026-11-24T10:00:00+08:00"),
        (B, "appeared", "2026-11-24T10:00:00+08:00"),
        (GONE, "left", "2026-11-24T10:00:00+08:00"),
    ]
    assert (said, publish(two, "2026-11-24 10:15")) == ("", ([], ""))
    assert {entry.id for entry in two.edition(NOW).live} == {A, B}


@pytest.mark.parametrize("content", ["x", "HEAD", "../../x", "0" * 39, 7, None])
def test_a_board_with_a_content_that_cannot_be_is_no_board(two: Any, content: object) -> None:
    """An event of it could never be read again, and would be written with every run: nothing is logged."""
    board = public(two)
    said = json.loads(board.read_text())
    said["notices"][0]["content_id"] = content
    board.write_text(json.dumps(said))
    run = two.run("log", "published", "--board", str(board), "--at", NOW)
    assert (run.status != 0, run.out) == (True, "")
    assert str(board) in run.err
    assert two.git("for-each-ref", "refs/heads/records") == ""


@pytest.mark.parametrize(("length", "good"), [(2000, True), (2001, False)])
def test_a_name_that_could_not_be_read_back_is_not_written(two: Any, length: int, good: bool) -> None:
    """Who says so has at most 2000 characters."""
    run = two.run("log", "published", "--board", str(public(two)), "--at", NOW, "--by", "x" * length)
    assert (run.status, bool(two.git("for-each-ref", "refs/heads/records"))) == ((0, True) if good else (2, False))
    assert len(listed(two)) == (2 if good else 0)


def test_a_file_in_the_way_does_not_swallow_what_another_channel_told(two: Any) -> None:
    """Where the event would lie something else lies: the event is written beside it, once."""
    path = f"records/log/{A}/20261124T010000Z-sms-appeared.json"
    two.record({path: b"{"})
    arguments = ("log", "appeared", A, "--channel", "sms", "--at", "2026-11-24 09:00", "--by", "yun-lichun")
    sign_on(two)
    assert (two.run(*arguments).err, "logged before" in two.run(*arguments).err) == ("", True)
    assert listed(two) == [(A, "appeared", "2026-11-24T09:00:00+08:00")]
