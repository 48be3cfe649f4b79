"""The publication log tells of every public board what changed, once, in order, and forgives nothing it reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaoshi.core.lateness import Lateness
from gaoshi.core.log import (
    BOARD,
    MOST_BYTES,
    Ending,
    LogEntry,
    NotAnEvent,
    Seen,
    What,
    encode_event,
    in_order,
    missing,
    named,
    parse_event,
    path_of,
)
from gaoshi.core.published import Foreseen, Published, Shown
from gaoshi.core.schedule import State

ZONE = ZoneInfo("Asia/Shanghai")
T = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
A, B = "2026-11/a", "2026-11/b"
ONE, TWO = "1" * 40, "2" * 40
LOG = "records/log"


def shown(
    notice_id: str = A,
    content: str = ONE,
    until: datetime | None = None,
    start: datetime | None = None,
    foreseen: Foreseen | None = None,
) -> Shown:
    """A notice as a board shows it."""
    return Shown(notice_id, content, "", {}, {}, start, until, foreseen)


def board(at: datetime, *notices: Shown) -> Published:
    """A public board, made at `at`."""
    return Published("small", at, "a" * 40, (), "", None, at, {one.id: one for one in notices})


class Book:
    """A log that is written as the command writes it: a path that is there stays as it is."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def history(self) -> dict[str, list[LogEntry]]:
        """All that was written, read back."""
        history: dict[str, list[LogEntry]] = {}
        for path, data in self.files.items():
            notice_id, what = named(path, LOG) or ("", What.LEFT)
            history.setdefault(notice_id, []).append(parse_event(data, notice_id, what))
        return history

    def see(self, public: Published, seen: datetime) -> list[LogEntry]:
        """Log a board; what was added."""
        events = missing(self.history(), public, seen, "publisher")
        for event in events:
            assert path_of(event, LOG) not in self.files
            self.files[path_of(event, LOG)] = encode_event(event, ZONE)
        return events


def said(events: Iterable[LogEntry]) -> list[tuple[str, datetime]]:
    return [(event.what.value, event.at) for event in events]


# ── what is written ──────────────────────────────────────────────────────────────────────────────


def test_a_notice_appeared_when_it_was_seen_not_when_its_board_was_made() -> None:
    """Owners could read it when the public board was seen, however long that board took to get there."""
    [event] = Book().see(board(T, shown()), T + 20 * MINUTE)
    assert (event.what, event.at, event.content_id, event.seen) == (
        What.APPEARED,
        T + 20 * MINUTE,
        ONE,
        Seen(T, "a" * 40),
    )


@pytest.mark.parametrize(
    ("seen", "start", "expected"),
    [
        (T, None, T),
        (T - MINUTE, None, T),  # a clock that is behind
        (T + MINUTE, T - MINUTE, T + MINUTE),
        (T, T + MINUTE, T + MINUTE),
    ],
)
def test_nothing_appears_before_its_board_or_its_start(
    seen: datetime, start: datetime | None, expected: datetime
) -> None:
    """An appearance is never earlier than the board that shows it, nor than the notice's own start."""
    assert said(Book().see(board(T, shown(start=start)), seen)) == [("appeared", expected)]


def test_seen_again_nothing_is_added() -> None:
    """The same board, or a newer one that shows the same, adds nothing."""
    book = Book()
    book.see(board(T, shown()), T)
    assert book.see(board(T, shown()), T + MINUTE) == []
    assert book.see(board(T + MINUTE, shown()), T + 2 * MINUTE) == []


def test_another_content_is_a_correction() -> None:
    """When the content id on the board changes, owners read something else from then on."""
    book = Book()
    book.see(board(T, shown()), T)
    [event] = book.see(board(T + MINUTE, shown(content=TWO)), T + 2 * MINUTE)
    assert (event.what, event.at, event.content_id) == (What.CORRECTED, T + 2 * MINUTE, TWO)


@pytest.mark.parametrize(
    ("seconds", "expected"), [(-1, []), (0, [("left", T + 5 * MINUTE)]), (600, [("left", T + 5 * MINUTE)])]
)
def test_a_notice_leaves_at_its_end_to_the_second(seconds: int, expected: list[Any]) -> None:
    """Pages drop what ends at that second by themselves: it left then, even if no board was made since."""
    book = Book()
    public = board(T, shown(until=T + 5 * MINUTE))
    book.see(public, T)
    assert said(book.see(public, T + 5 * MINUTE + timedelta(seconds=seconds))) == expected
    assert book.see(public, T + timedelta(hours=1)) == [] or not expected


def test_what_is_gone_before_its_end_left_when_that_was_seen() -> None:
    """A notice that was taken off the board left when the board was seen without it; why is told by others."""
    book = Book()
    book.see(board(T, shown(until=T + 60 * MINUTE)), T)
    [event] = book.see(board(T + MINUTE), T + 2 * MINUTE)
    assert (event.what, event.at, event.why, event.content_id) == (What.LEFT, T + 2 * MINUTE, Ending.REMOVED, ONE)


def test_what_was_over_before_anybody_looked_is_logged_with_its_board() -> None:
    """A notice that appeared and ended between two looks appeared with its board and left at its end."""
    events = Book().see(board(T, shown(until=T + 5 * MINUTE)), T + 60 * MINUTE)
    assert said(events) == [("appeared", T), ("left", T + 5 * MINUTE)]
    assert events[1].why == Ending.EXPIRED


def test_a_cache_that_lags_says_nothing() -> None:
    """A board that is older than the one an event was seen on neither takes a notice off nor corrects it."""
    book = Book()
    book.see(board(T, shown(content=TWO)), T)
    assert book.see(board(T - MINUTE), T + MINUTE) == []
    assert book.see(board(T - MINUTE, shown()), T + MINUTE) == []


def test_a_notice_that_comes_back_appears_again() -> None:
    """Taken off and put up again, a notice has two stays; lateness looks at the first."""
    book = Book()
    for minute, notices in enumerate([(shown(),), (), (shown(),)]):
        book.see(board(T + minute * MINUTE, *notices), T + minute * MINUTE)
    assert [event.what for event in in_order(book.history()[A])] == [What.APPEARED, What.LEFT, What.APPEARED]


def test_another_channel_is_not_the_board() -> None:
    """Owners told in their group have not seen the board: its appearance is logged all the same."""
    told = LogEntry(What.APPEARED, A, T - MINUTE, ONE, "owners-group")
    assert said(missing({A: [told]}, board(T, shown()), T, "p")) == [("appeared", T)]
    assert missing({A: [told]}, board(T), T, "p") == []


LOOKS = st.lists(
    st.tuples(
        st.integers(-3, 12),
        st.integers(-2, 6),
        st.lists(
            st.builds(
                shown,
                st.sampled_from((A, B)),
                st.sampled_from((ONE, TWO)),
                st.none() | st.integers(1, 40).map(lambda minutes: T + minutes * MINUTE),
                st.none(),
                st.none()
                | st.builds(
                    Foreseen,
                    st.sampled_from((State.SUPERSEDED, State.WITHDRAWN)),
                    st.integers(1, 40).map(lambda minutes: T + minutes * MINUTE),
                ),
            ),
            max_size=3,
        ),
    ),
    max_size=14,
)


@settings(max_examples=200, deadline=None)
@given(LOOKS)
def test_any_sequence_of_boards_makes_a_log_without_contradictions(looks: list[Any]) -> None:
    """Whatever boards are seen, in whatever order: each stay begins once and ends once, one after the other."""
    book, made = Book(), T
    for step, lag, notices in looks:
        made += step * MINUTE  # now and then a cache's older board
        public, seen = board(made, *notices), made + lag * MINUTE
        before = book.history()
        added = book.see(public, seen)
        assert book.see(public, seen) == []
        for event in added:
            earlier = [one.at for one in before.get(event.id, ())]
            assert not earlier or event.at > max(earlier)
            assert event.board_at == made
        for notice_id, events in book.history().items():
            ordered = in_order(events)
            assert ordered[0].what is What.APPEARED
            for one, other in pairwise(ordered):
                assert (one.what is What.LEFT) == (other.what is What.APPEARED), notice_id
                if other.what is What.CORRECTED:
                    assert (one.content_id, one.leaves, one.ending) != (other.content_id, other.leaves, other.ending)
    for notice_id, events in book.history().items():
        newest = in_order(events)[-1]
        if newest.board_at == made:
            there = public.notices.get(notice_id)
            on = there is not None and (there.leaves is None or there.leaves > seen)
            assert (newest.what is not What.LEFT) == on
            if on and there is not None:
                assert (newest.content_id, newest.leaves) == (there.content_id, there.leaves)


# ── what is read ─────────────────────────────────────────────────────────────────────────────────

FULL = LogEntry(
    What.APPEARED,
    A,
    T,
    ONE,
    BOARD,
    "publisher",
    T + MINUTE,
    Seen(T - MINUTE, TWO),
    "",
    Lateness("urgent", T - MINUTE, "weather"),
    "备注",
    Foreseen(State.SUPERSEDED, T + MINUTE),
)


@pytest.mark.parametrize(
    "event",
    [
        FULL,
        LogEntry(What.LEFT, A, T, ONE, why=Ending.WITHDRAWN),
        LogEntry(What.APPEARED, A, T, ONE, "sms", "yun-lichun"),
        LogEntry(What.CORRECTED, A, T),
    ],
)
def test_what_is_written_is_read_back(event: LogEntry) -> None:
    """An event says the same after it was kept, wherever its instants were written."""
    path = path_of(event, LOG)
    assert named(path, LOG) == (A, event.what)
    assert parse_event(encode_event(event, ZONE), A, event.what) == event


def test_where_events_lie() -> None:
    """The path tells notice, instant (UTC) and event, and a channel that is not the board's."""
    assert path_of(FULL, LOG) == f"records/log/{A}/20261124T020000Z-appeared.json"
    told = LogEntry(What.APPEARED, A, T, ONE, "owners-group")
    assert path_of(told, LOG) == f"records/log/{A}/20261124T020000Z-owners-group-appeared.json"


@pytest.mark.parametrize(
    "path",
    [
        "records/log/2026-11/a/x.json",
        "records/log/2026-11/a/x-vanished.json",
        "records/log/2026-13/a/x-appeared.json",
        "records/log/2026-11/../x-appeared.json",
        "records/log/2026-11/A/x-appeared.json",
        "records/log/2026-11/a/b/x-appeared.json",
        "records/log/x-appeared.json",
        "records/log/2026-11/a/x-appeared.json.sig",
    ],
)
def test_a_path_of_another_form_is_no_event(path: str) -> None:
    """Only a file in the folder of a notice's id, named for one of the events, is looked at."""
    assert named(path, LOG) is None


GOOD = json.loads(encode_event(FULL, ZONE))


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"format": True},
        {"format": "1"},
        {"event": "left"},
        {"id": B},
        {"id": "../../x"},
        {"at": "2026-11-24T10:00:00"},
        {"at": "2026-11-24"},
        {"at": 5},
        {"at": None},
        {"at": "9999-01-01T00:00:00Z"},
        {"channel": "Owners Group"},
        {"channel": "../x"},
        {"channel": ["board"]},
        {"content_id": "HEAD"},
        {"content_id": 7},
        {"by": "x" * 2001},
        {"by": {}},
        {"valid_until": "soon"},
        {"foreseen": {"is": "superseded"}},
        {"foreseen": {"is": "live", "at": "2026-11-24T18:00:00+08:00"}},
        {"foreseen": "2026-11-24T18:00:00+08:00"},
        {"board": "x"},
        {"board": {}},
        {"board": {"at": "2026-11-24T10:00:00+08:00", "revision": "--help"}},
        {"late": []},
        {"late": {"timeliness": "urgent"}},
        {"late": {"timeliness": "urgent", "limit": "x", "reason": None}},
        {"note": ["x"]},
        {"note": "\ud800"},
        {"note": "\ude00\ud83d"},
    ],
)
def test_what_is_not_of_its_form_is_no_event(change: dict[str, Any]) -> None:
    """One thing that is wrong, and nothing of the file is believed."""
    parse_event(json.dumps(GOOD).encode(), A, "appeared")
    with pytest.raises(NotAnEvent):
        parse_event(json.dumps(GOOD | change).encode(), A, "appeared")


def test_a_character_that_json_writes_in_two_halves_is_one() -> None:
    """What lies beyond the first 65,536 characters is read as it was meant."""
    data = json.dumps(GOOD | {"note": "😀"})
    assert r"\ud83d\ude00" in data
    assert parse_event(data.encode(), A, "appeared").note == "😀"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"[" * 9000,
        b"\xff",
        json.dumps(GOOD).encode()[:-1] + b',"at":"2020-01-01T00:00:00Z"}',
    ],
)
def test_what_is_no_json_object_with_each_key_once_is_no_event(data: bytes) -> None:
    """Broken JSON and a key that stands twice are refused in one way."""
    with pytest.raises(NotAnEvent):
        parse_event(data, A, "appeared")


@pytest.mark.parametrize(("size", "good"), [(MOST_BYTES, True), (MOST_BYTES + 1, False)])
def test_an_event_is_small(size: int, good: bool) -> None:
    """A file of the largest size is read, and one byte more is not."""
    data = json.dumps(GOOD).encode().ljust(size)
    if good:
        assert parse_event(data, A, "appeared").id == A
    else:
        with pytest.raises(NotAnEvent):
            parse_event(data, A, "appeared")


@pytest.mark.parametrize("name", ["format", "event", "id", "at"])
def test_what_an_event_must_have(name: str) -> None:
    """Format, event, id and instant are needed; everything else may be missing."""
    least = {key: GOOD[key] for key in ("format", "event", "id", "at")}
    assert parse_event(json.dumps(least).encode(), A, "appeared") == LogEntry(What.APPEARED, A, T)
    with pytest.raises(NotAnEvent):
        parse_event(json.dumps({key: value for key, value in least.items() if key != name}).encode(), A, "appeared")
