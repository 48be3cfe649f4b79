"""What the publisher does next: on time, never in an unbelievable past, never too often, never asleep too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoshi.core.published import Published
from gaoshi.core.watching import (
    GRACE,
    JITTER,
    LONGEST_WAIT,
    SILENCE,
    Build,
    Failed,
    Health,
    Occasion,
    Scene,
    Source,
    Wait,
    decide,
    state_of,
    witnessed,
)

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
OLD, NEW = Source("a" * 40, ("1" * 40,)), Source("b" * 40, ("2" * 40,))
LAST_GOOD = Source(OLD.revision, NEW.records)
SECOND = timedelta(seconds=1)


def board(
    source: Source = OLD, at: datetime = NOW - timedelta(hours=1), due: datetime = NOW + timedelta(hours=1)
) -> Published:
    """A published board."""
    return Published("cloudtop", at, source.revision, source.records, "", None, due, {})


def scene(**changes: object) -> Scene:
    """A board that is up to date, an hour old and due in an hour, with these changes."""
    quiet = Scene(NOW, 5000.0, OLD, NOW - timedelta(days=1), board())
    return replace(quiet, **changes)  # type: ignore[arg-type]


# ── what is done ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"published": None}, Build(OLD, NOW, Occasion.FIRST)),
        ({"newest": NEW}, Build(NEW, NOW, Occasion.CHANGED)),
        ({"newest": Source(OLD.revision, NEW.records)}, Build(LAST_GOOD, NOW, Occasion.CHANGED)),
        ({"afresh": True}, Build(OLD, NOW, Occasion.AFRESH)),
        ({"published": board(due=NOW)}, Build(OLD, NOW, Occasion.DUE)),
        ({"published": board(due=NOW + SECOND)}, Wait(1.0)),
        ({"published": board(due=NOW + SECOND), "lead": SECOND}, Build(OLD, NOW + SECOND, Occasion.DUE)),
        (
            {"published": board(due=NOW + SECOND), "lead": SECOND, "newest": NEW},
            Build(NEW, NOW + SECOND, Occasion.CHANGED),
        ),
        ({"published": board(due=NOW + timedelta(days=1))}, Wait(LONGEST_WAIT)),
        ({"published": None, "newest": None}, Wait(LONGEST_WAIT)),
        ({"newest": None, "published": board(due=NOW)}, Build(OLD, NOW, Occasion.DUE)),
        ({"now": NOW + timedelta(microseconds=999_999), "newest": NEW}, Build(NEW, NOW, Occasion.CHANGED)),
    ],
)
def test_what_is_done_next(changes: dict[str, object], expected: Build | Wait) -> None:
    """New and due boards are built, at a whole second; what is due soon is built ahead, with all that is new."""
    assert decide(scene(**changes)) == expected


@pytest.mark.parametrize(
    ("behind", "dated", "expected"),
    [
        (JITTER, NOW + timedelta(days=1), Wait(6.0)),
        (JITTER + SECOND, NOW - SECOND, Build(OLD, NOW, Occasion.CORRECTED)),
        (JITTER + SECOND, NOW, Build(OLD, NOW, Occasion.CORRECTED)),
        (JITTER + SECOND, NOW + SECOND, Wait(5.0)),
        (JITTER + SECOND, None, Wait(5.0)),
        (timedelta(days=40000), NOW - SECOND, Build(OLD, NOW, Occasion.CORRECTED)),
        (timedelta(0), NOW + timedelta(days=1), Wait(1.0)),
        (-SECOND, NOW + timedelta(days=1), Wait(3600.0)),
    ],
)
def test_a_clock_behind_the_board_is_believed_from_the_newest_commit_on(
    behind: timedelta, dated: datetime | None, expected: Build | Wait
) -> None:
    """A little behind: wait. More: believed if no commit is later. A commit from the future alone stops nothing."""
    made = NOW + behind
    step = decide(scene(dated=dated, published=board(at=made, due=made + timedelta(days=1))))
    assert step == expected


def test_without_a_board_a_clock_before_the_newest_commit_is_not_believed() -> None:
    """A machine that starts in 1970 publishes nothing, and says what it waits for."""
    dead = scene(published=None, now=datetime(1970, 1, 1, tzinfo=UTC))
    assert isinstance(decide(dead), Wait)
    assert state_of(dead, 0.0, refused=False) is Health.WAITING


DAY = timedelta(days=1)
AHEAD = NOW + 400 * DAY


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([], None),
        ([NOW], NOW),
        ([AHEAD], AHEAD),
        ([AHEAD, NOW], NOW),
        ([NOW, AHEAD], NOW),
        ([NOW, AHEAD, NOW - DAY], NOW),
        ([AHEAD, AHEAD, NOW], AHEAD),
        ([AHEAD, AHEAD, NOW, NOW - DAY], NOW),
        ([*[AHEAD] * 4, *[NOW] * 5], NOW),
        ([*[AHEAD] * 5, *[NOW] * 4], AHEAD),
        ([*[NOW - 9000 * DAY] * 4, *[NOW] * 5], NOW),
        ([NOW - number * DAY for number in range(9)], NOW - 4 * DAY),
    ],
)
def test_a_minority_of_commits_that_are_dated_wrongly_bears_no_weight(
    dates: list[datetime], expected: datetime | None
) -> None:
    """One of two or three, four of nine, ahead or behind: the time that the others tell counts."""
    assert witnessed(dates) == expected


def test_while_the_newest_cannot_be_built_the_last_good_stays_on_time() -> None:
    """The newest failed: with new records the last good revision is built at once, then whenever it is due."""
    failed = {NEW: Failed(1, 5000.0)}
    assert decide(scene(newest=NEW, failed=failed)) == Build(LAST_GOOD, NOW, Occasion.CHANGED, last_good=True)
    on_records = board(LAST_GOOD)
    assert decide(scene(newest=NEW, failed=failed, published=on_records)) == Wait(15.0)
    due = board(LAST_GOOD, due=NOW)
    assert decide(scene(newest=NEW, failed=failed, published=due)) == Build(
        LAST_GOOD, NOW, Occasion.DUE, last_good=True
    )
    assert decide(scene(newest=NEW, failed=failed, published=due, ticks=5015.0)) == Build(NEW, NOW, Occasion.RETRY)


@pytest.mark.parametrize(("times", "seconds"), [(1, 15), (2, 30), (3, 60), (6, 480), (7, 900), (8, 900), (10_000, 900)])
def test_what_failed_is_tried_again_later_and_later(times: int, seconds: int) -> None:
    """After 15 seconds, then twice as long each time, never more than a quarter of an hour."""
    assert Failed(times, 100.0).again == 100.0 + seconds


def test_a_board_that_was_due_before_it_was_made_is_not_built_over_and_over() -> None:
    """A nonsensical due (or none) means a minute after the board was made."""
    made = NOW - timedelta(seconds=59)
    assert decide(scene(published=board(at=made, due=made))) == Wait(1.0)
    made = NOW - timedelta(seconds=60)
    assert decide(scene(published=board(at=made, due=made))) == Build(OLD, NOW, Occasion.DUE)


# ── how it stands ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "silent", "refused", "state"),
    [
        ({}, 0.0, False, Health.OK),
        ({}, SILENCE, False, Health.OK),
        ({}, SILENCE + 1, False, Health.STALE),
        ({}, None, False, Health.STALE),
        ({}, 0.0, True, Health.STALE),
        ({"newest": NEW}, 0.0, False, Health.STALE),
        ({"published": board(due=NOW - GRACE + SECOND)}, 0.0, False, Health.OK),
        ({"published": board(due=NOW - GRACE)}, 0.0, False, Health.FAILING),
        ({"published": None}, 0.0, False, Health.FAILING),
        ({"published": board(at=NOW + timedelta(days=2)), "dated": NOW + SECOND}, 0.0, False, Health.WAITING),
    ],
)
def test_how_the_board_stands(changes: dict[str, object], silent: float | None, refused: bool, state: Health) -> None:
    """Up to date is ok; not the newest is stale; past its due, or none, is failing; a wrong clock waits."""
    assert state_of(scene(**changes), silent, refused=refused) is state


# ── whatever is the case ─────────────────────────────────────────────────────────────────────────

instants = st.integers(-(10**8), 10**8).map(lambda seconds: NOW + timedelta(seconds=seconds / 7))
near = st.integers(-200, 200).map(lambda seconds: NOW + timedelta(seconds=seconds / 2))
times = st.one_of(instants, near)
sources = st.sampled_from([OLD, NEW, LAST_GOOD])
boards = st.builds(
    lambda source, at, due: board(source, at.replace(microsecond=0), due.replace(microsecond=0)), sources, times, times
)
scenes = st.builds(
    Scene,
    now=times,
    ticks=st.just(5000.0),
    newest=st.none() | sources,
    dated=st.none() | times,
    published=st.none() | boards,
    failed=st.dictionaries(sources, st.builds(Failed, st.integers(1, 40), st.floats(0, 5000))),
    afresh=st.booleans(),
    lead=st.floats(0, 120).map(lambda seconds: timedelta(seconds=seconds)),
)


@given(scenes)
def test_no_wait_is_longer_than_an_hour_and_none_is_for_nothing(given_scene: Scene) -> None:
    """Every wait is longer than nothing and an hour at most."""
    step = decide(given_scene)
    if isinstance(step, Wait):
        assert 0 < step.seconds <= LONGEST_WAIT


@given(scenes)
def test_no_board_is_made_in_an_unbelievable_past(given_scene: Scene) -> None:
    """What is built is as at a whole second that is neither behind the board nor, if it is, behind the last commit."""
    step = decide(given_scene)
    if isinstance(step, Build):
        assert step.at.microsecond == 0
        assert given_scene.now - SECOND < step.at <= given_scene.now + given_scene.lead
        published, dated = given_scene.published, given_scene.dated
        if published is None:
            assert dated is None or dated <= given_scene.now
        else:
            assert step.at > published.at or (dated is not None and dated <= given_scene.now)


@given(scenes)
def test_what_is_due_is_built_unless_that_has_just_failed(given_scene: Scene) -> None:
    """With a believable clock and a board past its due, something is built now, or all that could be has failed."""
    due, published = given_scene.due, given_scene.published
    if due is None or published is None or not given_scene.believable:
        return
    if (
        due <= given_scene.now
        and published.at + SECOND <= given_scene.now
        and not isinstance(decide(given_scene), Build)
    ):
        records = given_scene.newest.records if given_scene.newest is not None else published.records
        assert given_scene.failed[Source(published.revision, records)].again > given_scene.ticks


@given(
    outcomes=st.lists(st.sampled_from(["good", "fails", "nonsense"]), min_size=1, max_size=8),
    takes=st.floats(0, 3),
    start=scenes,
)
def test_an_hour_sees_a_bounded_number_of_builds(outcomes: list[str], takes: float, start: Scene) -> None:
    """However builds end, and whatever boards they make: without news, fewer than 200 in an hour."""
    now, builds, number = replace(start, afresh=False), 0, 0
    while now.ticks < 5000.0 + 3600:
        step = decide(now)
        passed = min(step.seconds, 600) if isinstance(step, Wait) else takes
        if isinstance(step, Build):
            builds += 1
            outcome = outcomes[number % len(outcomes)]
            number += 1
            if outcome == "fails":
                before = now.failed.get(step.source, Failed(0, 0.0))
                now = replace(now, failed={**now.failed, step.source: Failed(before.times + 1, now.ticks)})
            else:
                due = step.at + timedelta(days=1) if outcome == "good" else step.at - timedelta(days=1)
                failed = {source: how for source, how in now.failed.items() if source != step.source}
                now = replace(now, failed=failed, published=board(step.source, step.at, due))
            passed = max(passed, (step.at - now.now).total_seconds())
        now = replace(now, now=now.now + timedelta(seconds=passed), ticks=now.ticks + passed)
    assert builds < 200
