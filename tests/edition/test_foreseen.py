"""What a page made now foresees is what the board made then says, whatever is on the board."""

from __future__ import annotations

from datetime import datetime, timedelta
from string import ascii_lowercase

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_next_change import AT, BOARD, HOUR, IDS, written

from gaoshi.bench import Bench
from gaoshi.core.approval import Standing
from gaoshi.core.edition import Entry
from gaoshi.core.reading import Folder, FolderFile, read_notice
from gaoshi.core.roster import Person, Roster, Term
from gaoshi.core.schedule import State
from gaoshi.sources.history import History
from gaoshi.sources.notices import Shelf
from gaoshi.sources.records import Log
from gaoshi.sources.rosters import DEFAULT_POLICY
from gaoshi.sources.settings import Settings

A, B, C = IDS
MINUTE = timedelta(minutes=1)
SHOWN = {State.LIVE, State.UPCOMING}


def named(number: int) -> str:
    """The id of a board's notice by its number: the first is 0."""
    return f"2026-11/{chr(ord('a') + number)}" if number < len(ascii_lowercase) else f"2026-11/n{number}"


def bench_of(*front_matters: str) -> Bench:
    """A board of the notices a, b, c … with these front matters beside what every notice needs."""
    notices = {}
    for number, lines in enumerate(front_matters):
        notice_id = named(number)
        common = "type: notice\ntitle: x\ndepartment: security\nlanguages: [zh]\napprover: head"
        text = f"---\n{common}\n{lines}\n---\nx {notice_id}\n".encode()
        folder = Folder(notice_id, notice_id, (FolderFile("notice.md", "file", "blob", len(text), text),))
        notices[notice_id] = read_notice(folder, BOARD.standard, BOARD.zone, BOARD.language)
    head = Person("head", "head", {}, (Term("service-centre-head", None, None, None),), frozenset())
    return Bench(
        settings=Settings(BOARD, Roster({"head": head}, DEFAULT_POLICY), ()),
        shelf=Shelf(notices, frozenset(notices), {}),
        log=Log(dict.fromkeys(notices, AT - 100 * HOUR)),
        history=History(arrived=dict.fromkeys(notices, AT - 100 * HOUR)),
        twins={},
    )


@st.composite
def boards(draw: st.DrawFn) -> Bench:
    """Up to five notices around AT, which replace each other, have outcomes to come, and end soon."""
    fronts = []
    for number in range(draw(st.integers(2, 5))):
        start = AT + draw(st.sampled_from((-80, -30, -5, -2, 2, 4, 6, 8))) * HOUR
        lines = [f"valid_from: {written(start)}"]
        lines.append(f"valid_until: {written(start + draw(st.sampled_from((3, 6, 10, 30, 90))) * HOUR)}")
        if draw(st.booleans()):
            lines.append(f"starts_at: {written(AT + draw(st.sampled_from((3, 5, 9))) * HOUR)}")
        if draw(st.integers(0, 2)) == 0:
            what = draw(st.sampled_from(("resolved", "cancelled", "withdrawn")))
            lines += [
                "outcome:",
                f"  is: {what}",
                f"  at: {written(AT + draw(st.integers(-1, 12)) * HOUR)}",
                "  note: x",
            ]
        if draw(st.integers(0, 2)):
            lines.append(f"supersedes: 2026-11/{draw(st.sampled_from('abcde'[: number + 2]))}")
        fronts.append("\n".join(lines))
    return bench_of(*fronts)


def as_told(entry: Entry) -> tuple[object, ...]:
    """What the page of a notice that has left says of it."""
    return entry.state, entry.ended_at, entry.superseded_by, entry.outcome, entry.overdue


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(boards())
def test_what_is_foreseen_is_what_the_board_made_then_says(bench: Bench) -> None:
    """A notice stays up to the instant that was foreseen, leaves in it, and the board made then says the same of it."""
    for entry in bench.judge(AT).values():
        leaves = entry.leaves_at
        if entry.state not in SHOWN or leaves is None:
            continue
        hours = [AT + number * HOUR for number in range(1, 14)]
        for instant in [*(hour for hour in hours if hour < leaves), leaves - timedelta(seconds=1)]:
            assert bench.judge_one(entry.id, instant).state in SHOWN, instant
        there = bench.judge_one(entry.id, leaves)
        assert there.state not in SHOWN
        if entry.then is None:
            assert as_told(there)[:3] == (State.EXPIRED, entry.window.end, None)
        else:
            assert as_told(there) == as_told(entry.then)


def hours(number: int) -> str:
    """So many hours after AT, as an author writes it."""
    return written(AT + number * HOUR)


ENDS = f"valid_from: {hours(-5)}\nvalid_until: {hours(8)}"


@pytest.mark.parametrize("embargo", ["", "\nembargo: true"])
@pytest.mark.parametrize(
    ("begins", "expected"), [(7, State.SUPERSEDED), (8, State.SUPERSEDED), (9, State.EXPIRED), (10, State.EXPIRED)]
)
def test_what_begins_after_the_end_does_not_replace(begins: int, expected: State, embargo: str) -> None:
    """A notice whose own end comes first has ended; what only begins later has not replaced it by then."""
    bench = bench_of(ENDS, f"supersedes: {A}\nvalid_from: {hours(begins)}\nvalid_until: {hours(30)}{embargo}")
    entry = bench.judge(AT)[A]
    told = entry.then.state if entry.then is not None else State.EXPIRED
    if embargo:  # nothing of it may be told before it begins
        assert (told, entry.leaves_at) == (State.EXPIRED, AT + 8 * HOUR)
    else:
        assert (told, entry.leaves_at) == (expected, AT + min(begins, 8) * HOUR)


OUTCOME = f"\noutcome:\n  is: cancelled\n  at: {hours(4)}\n  note: x"


@pytest.mark.parametrize("outcome", ["", OUTCOME])
def test_what_is_under_embargo_is_not_told_by_what_it_replaces(outcome: str) -> None:
    """Until it begins the old notice foresees its own end, and what nobody keeps secret; then it is replaced at once."""
    bench = bench_of(
        ENDS + outcome, f"supersedes: {A}\nvalid_from: {hours(2)}\nvalid_until: {hours(90)}\nembargo: true"
    )
    entry = bench.judge(AT)[A]
    assert entry.leaves_at == AT + (28 if outcome else 8) * HOUR
    assert entry.then is None or (entry.then.state, entry.then.superseded_by) == (State.EXPIRED, None)
    there = bench.judge(AT + 2 * HOUR)[A]
    assert (there.state, there.superseded_by) == (State.SUPERSEDED, B)


def test_a_later_successor_that_is_no_secret_is_foreseen() -> None:
    """Of two that replace a notice the one under embargo is passed over, and the other one is told with its own start."""
    later = f"supersedes: {A}\nvalid_until: {hours(90)}\nvalid_from: "
    bench = bench_of(ENDS, f"{later}{hours(2)}\nembargo: true", f"{later}{hours(3)}")
    then = bench.judge(AT)[A].then
    assert then is not None
    assert (then.state, then.superseded_by, then.ended_at) == (State.SUPERSEDED, C, AT + 3 * HOUR)


def test_foreseeing_costs_in_proportion_to_the_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice as many notices that are replaced, each at an instant of its own, are looked at twice as often, not four times."""

    def looked_at(pairs: int) -> int:
        looks = 0
        standing = Bench._standing

        def counted(bench: Bench, notice_id: str, at: datetime) -> Standing | None:
            nonlocal looks
            looks += 1
            return standing(bench, notice_id, at)

        fronts = [ENDS] * pairs
        fronts += [
            f"supersedes: {named(number)}\nvalid_from: {written(AT + (number + 1) * MINUTE)}\nvalid_until: {hours(90)}"
            for number in range(pairs)
        ]
        bench = bench_of(*fronts)
        with monkeypatch.context() as patched:
            patched.setattr(Bench, "_standing", counted)
            entries = bench.judge(AT)
            bench.next_change(entries, AT)
        assert all(entry.then is not None for entry in entries.values() if not entry.notice.supersedes)
        return looks

    assert looked_at(24) <= 2 * looked_at(12)
