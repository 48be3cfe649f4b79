"""`next` is exact: the board is the same until it and different at it, whatever is on the board."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gaoshi import edition as pipeline
from gaoshi.bench import Bench
from gaoshi.core.approval import Version
from gaoshi.core.edition import Edition
from gaoshi.core.notice import Notice
from gaoshi.core.reading import Folder, FolderFile, read_notice
from gaoshi.core.record import Record
from gaoshi.core.reign import RosterVersion
from gaoshi.core.roster import Key, Person, Roster, Term
from gaoshi.core.schedule import State
from gaoshi.core.statement import Decision, Stage, Statement, Subject
from gaoshi.sources.history import History
from gaoshi.sources.ledger import Ledger
from gaoshi.sources.notices import Shelf
from gaoshi.sources.proof import Proof
from gaoshi.sources.records import Log
from gaoshi.sources.rosters import DEFAULT_POLICY
from gaoshi.sources.settings import Settings, parse_board
from gaoshi.sources.versions import Versions

SETTINGS = b"""
plugins:
  - gaoshi:
      board: small
      timezone: Asia/Shanghai
      contacts: {desk: {phone: "000-1", always: true}}
      departments: {security: x}
      places: {tower-1: x}
      rules: {T107: error, T108: error, T201: error, O109: error}
"""
BOARD = parse_board(SETTINGS)[0]
AT = datetime(2026, 11, 24, 10, tzinfo=BOARD.zone)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def written(moment: datetime) -> str:
    """An instant as an author writes it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def near(low: int, high: int) -> st.SearchStrategy[datetime]:
    """An instant some hours from AT, now and then a second beside it."""
    hours = st.integers(low, high)
    seconds = st.sampled_from((0, 0, 0, -1, 1))
    return st.builds(lambda hour, second: AT + hour * HOUR + timedelta(seconds=second), hours, seconds)


IDS = ("2026-11/a", "2026-11/b", "2026-11/c")
KINDS = {
    "safety": "",
    "notice": "",
    "works": "works:\n  by: us\n",
    "community-activity": "activity:\n  theme: x\n  participants: x\n  sign_up: x\n  rain: x\n",
    "weather-reminder": "weather:\n  station: x\n  signal: gale\n  level: orange\n  issued_at: {then}\n",
    "utility-outage": "subtype: water\nscope: x\ncause: x\n",
}


@st.composite
def front_matters(draw: st.DrawFn) -> str:
    """The front matter of a notice that lives around AT."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    lines = [f"type: {kind}", "title: x", "department: security", "languages: [zh]"]
    lines.append(f"approver: {draw(st.sampled_from(('head', 'head', 'leaver', 'comer', 'duty', 'nobody')))}")
    lines += KINDS[kind].format(then=written(draw(near(-40, 5)))).splitlines()
    start = draw(st.none() | near(-60, 60))
    if start is not None:
        lines.append(f"valid_from: {written(start)}")
    if draw(st.integers(0, 4)):
        lines.append(
            f"valid_until: {written((start or AT) + draw(st.sampled_from((1, 5, 30, 100, 24 * 91, 24 * 100))) * HOUR)}"
        )
    if draw(st.booleans()):
        happened = draw(near(-50, 30))
        lines.append(f"occurred_at: {written(happened)}")
        if draw(st.booleans()):
            lines.append(f"ends_at: {written(happened + draw(st.integers(1, 60)) * HOUR)}")
    elif draw(st.booleans()):
        begins = draw(near(-60, 24 * 20))
        lines += [f"starts_at: {written(begins)}", f"ends_at: {written(begins + 3 * HOUR)}"]
    if draw(st.integers(0, 2)) == 0:
        what = draw(st.sampled_from(("resolved", "postponed", "cancelled", "withdrawn")))
        lines += ["outcome:", f"  is: {what}", f"  at: {written(draw(near(-70, 80)))}", "  note: x"]
        lines += ["  new_date: later"] if what == "postponed" else []
    if draw(st.integers(0, 3)) == 0:
        lines.append(f"supersedes: {draw(st.sampled_from(IDS))}")
    if draw(st.integers(0, 3)) == 0:
        late = draw(st.sampled_from(("weather", "outside-cause")))
        lines += ["late_reason:", f"  is: {late}"]
    if draw(st.integers(0, 3)) == 0:
        received = written(draw(near(-80, 30)))
        lines += [
            "origin: external",
            "register:",
            "  serial: x",
            "  from: x",
            "  medium: phone",
            f"  received: {received}",
        ]
    return "\n".join(lines)


@st.composite
def proofs(draw: st.DrawFn, notices: dict[str, Notice], roster: Roster) -> Proof:
    """One or two versions of each notice, and what people said of them, some of it still ahead."""
    versions, records, readings = {}, {}, {}
    for notice_id, newest in notices.items():
        contents = [newest.content_id]
        readings[notice_id, newest.content_id] = newest
        if draw(st.booleans()):
            text = f"---\n{draw(front_matters())}\n---\nearlier {notice_id}\n".encode()
            folder = Folder(notice_id, f"{notice_id} earlier", (FolderFile("notice.md", "file", "b", len(text), text),))
            earlier = read_notice(folder, BOARD.standard, BOARD.zone, BOARD.language)
            readings[notice_id, earlier.content_id] = earlier
            contents.insert(0, earlier.content_id)
        versions[notice_id] = tuple(Version(content, "", AT - 90 * HOUR) for content in contents)
        records[notice_id] = [
            Record("", notice_id, f"{content} {number}", statement, signer=f"key of {statement.approver}")
            for content in contents
            for number, statement in enumerate(draw(st.lists(statements(notice_id, content), max_size=4)))
        ]
    rosters = (RosterVersion("roster", roster),)
    return Proof(BOARD, Versions(versions, ("roster",)), Ledger(records), rosters, None, readings)


@st.composite
def statements(draw: st.DrawFn, notice_id: str, content: str) -> Statement:
    """Somebody's word on a version, mostly yes, at some time around AT."""
    stage, who = draw(
        st.sampled_from(
            (
                *((Stage.CONTENT, "reviewer"), (Stage.CONTENT, "reviewer"), (Stage.PUBLISH, "head")),
                *((Stage.PUBLISH, "head"), (Stage.PUBLISH, "leaver"), (Stage.PUBLISH, "comer"), (Stage.URGENT, "duty")),
            )
        )
    )
    decision = draw(st.sampled_from((Decision.APPROVE, Decision.APPROVE, Decision.APPROVE, Decision.REJECT)))
    return Statement("small", Subject(notice_id, content), stage, decision, who, draw(near(-60, 30)), reason="x")


def log_of(draw: st.DrawFn) -> tuple[tuple[datetime, ...], tuple[datetime, ...]]:
    """When other channels told of a notice, and when the board got something new of it."""
    instants = st.lists(near(-70, 40), max_size=2)
    return tuple(draw(instants)), tuple(sorted(draw(instants)))


@st.composite
def boards(draw: st.DrawFn) -> Callable[[datetime], Edition]:
    """A small board, as a function from an instant to its edition."""
    notices = {}
    for notice_id in IDS[: draw(st.integers(1, 3))]:
        text = f"---\n{draw(front_matters())}\n---\nx {notice_id}\n".encode()
        folder = Folder(notice_id, notice_id, (FolderFile("notice.md", "file", "blob", len(text), text),))
        notices[notice_id] = read_notice(folder, BOARD.standard, BOARD.zone, BOARD.language)
    head = ("service-centre-head", None)
    terms = {
        "head": Term(*head, None, None),
        "leaver": Term(*head, None, draw(near(-5, 60))),
        "comer": Term(*head, draw(near(-5, 60)), None),
        "duty": Term("duty-officer", None, None, None),
    }
    reviewer = Term("department-head", "security", draw(st.none() | near(-30, 0)), draw(st.none() | near(0, 60)))
    terms["reviewer"] = reviewer
    people = {
        name: Person(name, name, {}, (term,), frozenset(), keys=(Key(f"key of {name}", ""),))
        for name, term in terms.items()
    }
    logged = {notice_id: log_of(draw) for notice_id in notices if draw(st.integers(0, 2)) == 0}
    appeared = {notice_id: min(shown) for notice_id, (_, shown) in logged.items() if shown}
    roster = Roster(people, DEFAULT_POLICY)
    bench = Bench(
        settings=Settings(BOARD, roster, ()),
        shelf=Shelf(notices, frozenset(notices), {}),
        log=Log(
            appeared,
            told={notice_id: tuple(sorted((*told, *shown[:1]))) for notice_id, (told, shown) in logged.items()},
            shown={notice_id: shown for notice_id, (_, shown) in logged.items()},
        ),
        history=History(arrived={i: draw(near(-70, 60)) for i in notices if draw(st.booleans())}),
        twins={},
        proof=draw(st.none() | proofs(notices, roster)),
    )

    def edition(at: datetime) -> Edition:
        entries = bench.judge(at)
        return pipeline._edition(bench, entries, at, None, bench.next_change(entries, at), preview=False)

    return edition


def visible(edition: Edition) -> tuple[object, ...]:
    """All that anybody can see of an edition, but for the instant itself."""
    return (
        [(e.id, e.rank, e.urgent, e.overdue, e.outcome, e.late) for e in edition.live],
        [e.id for e in edition.upcoming],
        [(e.id, e.state) for e in edition.ended],
        [(e.id, e.overdue, e.outcome, e.notice.content_id) for e in edition.kept],
        [(e.id, [reason.key for reason in e.reasons]) for e in edition.withheld],
        {e.id: (e.state, e.superseded_by) for e in edition.entries.values()},
    )


def samples(start: datetime, end: datetime | None) -> list[datetime]:
    """Instants from `start` up to, not including, `end`: dense at first, then days, and the last second."""
    offsets = [
        timedelta(seconds=1),
        *(k * HOUR + s for k in range(1, 110, 3) for s in (timedelta(0), timedelta(seconds=1))),
    ]
    offsets += [k * DAY + timedelta(hours=5) for k in range(4, 140, 4)]
    instants = [start + offset for offset in offsets]
    if end is not None:
        instants = [instant for instant in instants if instant < end] + [end - timedelta(seconds=1)]
    return [instant for instant in instants if instant >= start]


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(boards())
def test_nothing_changes_before_next_and_something_changes_at_next(edition: Callable[[datetime], Edition]) -> None:
    """From an instant up to its `next` the board is the same, and at `next` it is not; None means for good."""
    now = edition(AT)
    for instant in samples(AT, now.next):
        assert visible(edition(instant)) == visible(now), instant
    if now.next is not None:
        assert now.next > AT
        assert visible(edition(now.next)) != visible(now)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(boards())
def test_a_walk_through_every_next_ends(edition: Callable[[datetime], Edition]) -> None:
    """Going from `next` to `next` only moves forward and comes to an end."""
    at, steps = AT - 100 * HOUR, 0
    while (following := edition(at).next) is not None:
        assert following > at
        at, steps = following, steps + 1
        assert steps < 100


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(boards())
def test_every_notice_is_in_one_place_at_most(edition: Callable[[datetime], Edition]) -> None:
    """No notice is in two lists at once, and each list holds only its own states."""
    for instant in samples(AT, None)[::9]:
        board = edition(instant)
        ids = [entry.id for part in (board.live, board.upcoming, board.kept, board.withheld) for entry in part]
        assert len(ids) == len(set(ids))
        assert all(entry.state is State.LIVE for entry in board.live)
        assert all(entry.window.end is None or instant < entry.window.end for entry in board.live)
        assert {entry.id for entry in board.ended} <= {entry.id for entry in board.kept}
        assert all(entry.state in {State.EXPIRED, State.SUPERSEDED, State.WITHDRAWN} for entry in board.kept)
        assert all(entry.ended_at <= instant for entry in board.kept if entry.ended_at)
        assert all(entry.reasons for entry in board.withheld)
        assert not any(entry.reasons for entry in board.live)


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_boundaries_are_exact_to_the_second(seconds: int) -> None:
    """The sampled instants hit the second before a boundary and the boundary itself."""
    found = samples(AT, AT + timedelta(hours=3, seconds=seconds))
    assert AT + timedelta(hours=3, seconds=seconds - 1) in found
    assert max(found) < AT + timedelta(hours=3, seconds=seconds)
