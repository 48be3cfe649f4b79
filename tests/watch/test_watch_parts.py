"""The publisher's parts: commands that must end, a remote that is followed forward only, signals."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from watch_world import START, World, git, no_space

from gaoshi.cli.alarm import Alarm
from gaoshi.cli.surroundings import words
from gaoshi.cli.watch import one_round
from gaoshi.cli.watch_report import Report
from gaoshi.core.published import Published
from gaoshi.core.watching import Occasion
from gaoshi.engine.news import News, news
from gaoshi.engine.order import Built, Order
from gaoshi.engine.publisher import Publisher
from gaoshi.sources import remote as following
from gaoshi.sources.child import Patience, finish
from gaoshi.sources.git.command import GitError
from gaoshi.sources.git.repository import Repository
from gaoshi.sources.remote import Remote, RemoteError

ENVIRONMENT = {"PATH": os.environ["PATH"]}


@pytest.fixture
def world(estate: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    """A remote with its first commits, a clone of it, and a publisher that has done nothing yet."""
    return World(estate, monkeypatch)


def must_be_gone(process: Path) -> None:
    """Fail unless a process (its folder in /proc) ends within some seconds; one that nobody asked after is gone, too."""
    end = time.monotonic() + 5
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        while (process / "stat").read_text().split()[2] != "Z":
            assert time.monotonic() < end, "it lives on"
            time.sleep(0.05)


# ── commands that must end ───────────────────────────────────────────────────────────────────────


def test_a_command_ends_with_its_status_and_what_it_said() -> None:
    """Status, output and errors, also of one that a signal ended."""
    ended = finish(["sh", "-c", "echo out; echo err >&2; exit 3"], Patience(10), environment=ENVIRONMENT)
    assert (ended.status, ended.out, ended.err, ended.broken_off) == (3, b"out\n", b"err\n", False)
    assert finish(["sh", "-c", "kill -9 $$"], Patience(10), environment=ENVIRONMENT).status == -signal.SIGKILL


def test_a_command_that_does_not_end_is_killed_with_all_it_started(tmp_path: Path) -> None:
    """After the time allowed it is gone, and so is its child, even one that ignores SIGTERM and holds its output."""
    child = f"trap '' TERM; echo $$ >{tmp_path}/pid; exec sleep 60"
    began = time.monotonic()
    ended = finish(["sh", "-c", 'sh -c "$0" & echo begun; wait', child], Patience(1), environment=ENVIRONMENT)
    assert (ended.status, ended.out, ended.broken_off) == (None, b"begun\n", False)
    assert time.monotonic() - began < 5
    must_be_gone(Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}"))


def test_a_command_is_broken_off_when_it_is_over() -> None:
    """What `over` says ends the wait within a fifth of a second or so."""
    began = time.monotonic()
    ended = finish(["sleep", "60"], Patience(60, lambda: time.monotonic() - began > 0.3), environment=ENVIRONMENT)
    assert (ended.status, ended.broken_off) == (None, True)
    assert time.monotonic() - began < 5


def test_of_long_output_the_end_is_kept_and_nothing_blocks() -> None:
    """Megabytes on both pipes: no deadlock, and the last words are there."""
    code = "import sys; sys.stdout.write('o' * 3_000_000); sys.stderr.write('e' * 3_000_000 + 'the end')"
    ended = finish([sys.executable, "-c", code], Patience(60), environment=ENVIRONMENT)
    assert ended.status == 0
    assert ended.err.endswith(b"the end")
    assert len(ended.err) == len(ended.out) == 1 << 18


def test_a_build_ends_with_whoever_started_it(estate: Any, tmp_path: Path) -> None:
    """A build that waits for its second dies at once when the process that started it is killed; nothing is published."""
    estate.notice("2026-11/a")
    estate.commit()
    site, ahead = tmp_path / "site", (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    build = ["build", "--at", ahead, "--on-time", "-o", str(site), "--project", str(estate.root)]
    code = "import os, subprocess, sys; print(subprocess.Popen([*sys.argv[1:4], str(os.getpid()), *sys.argv[4:]]).pid, flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, sys.executable, "-m", "gaoshi.cli.bound", *build]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        assert parent.stdout is not None
        child = Path(f"/proc/{int(parent.stdout.readline())}")
        end = time.monotonic() + 30
        while not (tmp_path / ".site.gaoshi-lock").exists():
            assert child.exists()
            assert time.monotonic() < end
            time.sleep(0.05)
        parent.kill()
    must_be_gone(child)
    assert not site.exists()


def test_an_orphan_does_not_begin_to_build() -> None:
    """Whoever started it has ended already: it does nothing. Else it is `gaoshi`, with all its options."""
    bound = [sys.executable, "-m", "gaoshi.cli.bound"]
    late = subprocess.run([*bound, "1", "--version"], capture_output=True, check=False)
    assert (late.returncode, late.stdout) == (1, b"")
    good = subprocess.run([*bound, str(os.getpid()), "--version"], capture_output=True, check=False)
    assert good.stdout.startswith(b"gaoshi")


# ── the remote ───────────────────────────────────────────────────────────────────────────────────


def remote_of(world: World) -> Remote:
    """The remote as the publisher follows it."""
    return Remote.of(Repository.containing(world.clone), "origin", "main")


def seen(world: World) -> Published:
    """What is published."""
    world.settle()
    return world.published


def test_what_goes_on_is_taken_and_what_does_not_is_not(world: World) -> None:
    """Branch and records move forward; a rewritten branch stays where it was, and the other one still moves."""
    remote, board = remote_of(world), seen(world)
    tip = world.forge.tip()
    rewritten = world.forge.push({}, START + timedelta(minutes=1), parent="")
    record = world.forge.record("one", START)
    with pytest.raises(RemoteError, match="main-rewound"):
        remote.look(board, Patience(60))
    newest = remote.newest()
    assert newest is not None
    assert (newest.revision, newest.records) == (tip, (record,))
    world.forge.point(tip)
    forged = world.forge.record("two", START, orphan=True)
    newer = world.forge.push({}, START)
    with pytest.raises(RemoteError, match="records-rewound"):
        remote.look(board, Patience(60))
    newest = remote.newest()
    assert newest is not None
    assert (newest.revision, newest.records) == (newer, (record,))
    assert rewritten != forged


def test_a_merge_with_its_sides_reversed_is_not_taken(world: World) -> None:
    """The published commit must be on the branch itself, not on a side of a merge."""
    remote, board = remote_of(world), seen(world)
    other = world.forge.push({}, START + timedelta(minutes=1), parent="")
    tree = git(world.forge.bare, "rev-parse", f"{other}^{{tree}}")
    who = ("-c", "user.name=x", "-c", "user.email=x@cloudtop.example")
    world.forge.point(git(world.forge.bare, *who, "commit-tree", "-p", other, "-p", board.revision, "-m", "x", tree))
    with pytest.raises(RemoteError, match="main-rewound"):
        remote.look(board, Patience(60))


def test_a_remote_that_never_answers_is_given_up(world: World, tmp_path: Path) -> None:
    """A connection that hangs ends with `no-answer` after the time allowed."""
    hang = tmp_path / "hang"
    hang.write_text("#!/bin/sh\nexec sleep 60\n")
    hang.chmod(0o755)
    git(world.clone, "config", "core.sshCommand", str(hang))
    git(world.clone, "remote", "set-url", "origin", "ssh://git@forge.example.org/board.git")
    began = time.monotonic()
    with pytest.raises(GitError, match="no-answer"):
        remote_of(world).look(None, Patience(1))
    assert time.monotonic() - began < 10


def test_a_lock_that_a_killed_git_left_is_taken_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh lock is somebody's; one that is older than ten minutes is nobody's."""
    remote, board = remote_of(world), seen(world)
    lock = world.clone / ".git/refs/remotes/origin/main.lock"
    lock.touch()
    newest = world.forge.push({}, START)
    with pytest.raises(GitError, match=r"main\.lock"):
        remote.look(board, Patience(60))
    old = time.time() - following._ABANDONED - 1
    os.utime(lock, (old, old))
    remote.look(board, Patience(60))
    found = remote.newest()
    assert found is not None
    assert found.revision == newest


def test_branches_that_are_no_more_do_not_keep_new_ones_out(world: World) -> None:
    """Where `records/old` or `team` was, git lets neither `records` nor `team/board` be; they are let in all the same."""
    old = world.forge.tip()
    git(world.clone, "update-ref", "-d", "refs/remotes/origin/main")
    for stale in ("records/old", "main/old", "team"):
        git(world.clone, "update-ref", f"refs/remotes/origin/{stale}", old)
    git(world.clone, "pack-refs", "--all")
    record, newest = world.forge.record("one", START), world.forge.push({}, START)
    remote_of(world).look(None, Patience(60))
    found = remote_of(world).newest()
    assert found is not None
    assert (found.revision, found.records) == (newest, (record,))
    world.forge.point(newest, "team/board")
    other = Remote.of(Repository.containing(world.clone), "origin", "team/board")
    other.look(None, Patience(60))
    assert git(world.clone, "rev-parse", "refs/remotes/origin/team/board") == newest
    kept = git(world.clone, "for-each-ref", "--format=%(refname:lstrip=3)", "refs/remotes/origin").split()
    assert sorted(set(kept) - {"HEAD"}) == ["main", "records", "team/board"]


def test_a_branch_that_never_was_there_is_told_with_those_that_are(world: World) -> None:
    """Not as one that is gone: at most five others are named, never the records; with none, it is to be pushed."""
    world.forge.record("one", START)
    for name in ("e", "d", "c", "b"):
        world.forge.point(world.forge.tip(), name)
    nope = Remote.of(Repository.containing(world.clone), "origin", "nope")
    for there in ("b, c, d, e, main", "a, b, c, d, e, …"):
        with pytest.raises(RemoteError, match="never-branch: nope") as caught:
            nope.look(None, Patience(60))
        assert caught.value.values == {"detail": "nope", "there": there}
        world.forge.point(world.forge.tip(), "a")
    world.forge.point(world.forge.tip(), "nope")
    nope.look(None, Patience(60))
    git(world.forge.bare, "update-ref", "-d", "refs/heads/nope")
    with pytest.raises(RemoteError, match="no-branch: nope"):
        nope.look(None, Patience(60))
    for name in git(world.forge.bare, "for-each-ref", "--format=%(refname)").split():
        git(world.forge.bare, "update-ref", "-d", name)
    with pytest.raises(RemoteError, match="no-branches: never"):
        Remote.of(Repository.containing(world.clone), "origin", "never").look(None, Patience(60))


# ── the publisher ────────────────────────────────────────────────────────────────────────────────


def test_a_board_that_is_due_is_begun_ahead_and_bears_its_second(world: World) -> None:
    """Without news the next board stands at the very second that the last one was due."""
    for slug in list(world.forge.pool)[:8]:
        world.forge.there[slug] = world.forge.pool[slug]
    world.forge.push(world.forge.there, START)
    world.settle()
    for _ in range(5):
        due = world.published.due
        world.clock.sleep((due - world.clock.now()).total_seconds() - 1.7)
        world.settle()
        assert world.published.at == due
        world.must_be_whole()


def test_a_look_that_would_make_the_board_late_is_broken_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the remote keeps us waiting, the board is built when it is due, and the remote is asked again."""
    world.settle()
    asked = []

    def hang(_remote: Remote, _published: object, patience: Patience) -> None:
        while not patience.over():
            world.clock.sleep(1)
        asked.append(world.clock.now())
        raise GitError("broken-off")

    monkeypatch.setattr(Remote, "look", hang)
    due = world.published.due
    assert world.publisher.look() is False
    assert due - timedelta(seconds=5) <= asked[0] <= due
    assert isinstance(world.publisher.act(), Built)
    assert world.published.at == due
    assert world.publisher.trouble is None


def test_the_status_is_renewed_each_minute_whatever_keeps_the_watch_waiting(world: World, tmp_path: Path) -> None:
    """Or who watches it would take a long build for a watch that is gone."""
    report = Report(words("en"), tmp_path / "status.json")
    report.status(world.publisher, START)
    for seconds, renewed in ((59, 0), (60, 60), (119, 60), (120, 120)):
        report.beat(world.publisher, START + timedelta(seconds=seconds))
        at = datetime.fromisoformat(json.loads((tmp_path / "status.json").read_text())["at"])
        assert at == START + timedelta(seconds=renewed)


@pytest.mark.parametrize(("status", "told"), [(0, 0), (1, 1), (3, 3), (None, 3), (-9, 3)])
def test_a_round_tells_how_the_build_ended_that_broke_its_look_off(status: int | None, told: int) -> None:
    """`--once` says so also when the remote kept it waiting until the board was due."""
    looks = iter([False, True])
    acts: Iterator[Built | float] = iter([Built(status), 60.0])
    publisher = SimpleNamespace(
        look=lambda: next(looks),
        act=lambda: next(acts),
        trouble=None,
        afterwards=None,
        scene=lambda: SimpleNamespace(believable=True, adjusting=False),
    )
    with Alarm() as alarm:
        assert one_round(cast("Any", publisher), alarm) == told


def test_what_a_build_says_is_said_again_only_when_it_changes(world: World) -> None:
    """The same withheld notice is not told anew at every build; that a board was published is."""
    world.forge.push({"2026-11/n4": world.forge.pool["2026-11/n4"]}, START)
    for number in range(3):
        world.settle()
        world.forge.record(f"more-{number}", START)
    told = [len(event.lines) for event in world.events if event.what == "published"][1:]
    assert told[0] > 1
    assert told[1:] == [1, 1]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_of_what_is_withheld_the_log_has_what_is_new_what_changed_a_count_and_what_is_over(
    world: World, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    """At each publication, whatever the language: not the whole list again."""

    def build(order: Order) -> Built:
        run = world._here.run(*order.arguments, "--lang", language)
        return Built(run.status, tuple(run.err.splitlines()))

    world.publisher._build = build
    report = Report(words(language), None)
    waiting = ["2026-11/n4", "2026-11/n13", "2026-11/n22"]
    told = []
    for notices in (waiting[:2], waiting, waiting[1:], []):
        world.forge.push({slug: world.forge.pool[slug] for slug in notices}, START)
        world.settle()
        capsys.readouterr()
        report.log(next(event for event in reversed(world.events) if event.what == "published"), START)
        told.append([line.split("   ", 1)[1] for line in capsys.readouterr().err.splitlines() if "   " in line])
    heads = [
        [words(language).text("cli.withheld", id=slug) for slug in some] for some in (waiting[:2], waiting[2:], [])
    ]
    for lines, new in zip(told, [*heads, []], strict=True):
        assert [line for line in lines if line in {head for some in heads for head in some}] == sorted(new)
    same = {"en": ["2 more matters are unchanged since last time.", "2 more matters are unchanged since last time."],
            "zh": ["另有 2 项与上次所说相同，不再重复。", "另有 2 项与上次所说相同，不再重复。"]}[language]  # fmt: skip
    over = {"en": "No longer withheld: ", "zh": "不再暂缓发布："}[language]
    assert (told[1][-1], told[2][-2:]) == (same[0], [same[1], f"{over}2026-11/n4"])
    assert told[3][-1] == f"{over}2026-11/n13, 2026-11/n22"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ([], [], News()),
        ([], ["a:", "  x", "b"], News(("a:", "  x", "b"))),
        (["a:", "  x", "b"], ["a:", "  x", "b"], News((), 2)),
        (["a:", "  x"], ["a:", "  y"], News(("a:", "  y"))),
        (["a:", "  x", "b:", "  x"], ["b:", "  x"], News((), 1, ("a:",))),
        (["a:", "  x", "b"], ["  x"], News(("  x",), 0, ("a:",))),
        (["a", "a"], ["a", "a"], News((), 1)),
    ],
)
def test_what_is_new_is_told_with_all_that_explains_it(before: list[str], now: list[str], expected: News) -> None:
    """A line and the indented ones below it are one matter; a matter whose explanation has changed is new, not gone."""
    assert news(before, now) == expected


def test_a_build_that_says_it_is_done_and_is_not_has_failed(world: World) -> None:
    """Exit status 0 is believed only when the folder holds what was asked for."""
    world.settle()

    def lie(_order: Order) -> Built:
        return Built(0, ("Board built.",))

    world.publisher._build = lie
    world.forge.push({}, START)
    world.publisher.look()
    world.clock.sleep(2)
    assert isinstance(world.publisher.act(), Built)
    assert world.events[-1].what == "not-built"
    assert isinstance(world.publisher.act(), float)


def test_what_fails_before_the_first_look_is_told_with_its_instant(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The clone cannot be read when the watch starts: it is told once, and the status says since when."""
    remote, whatever = remote_of(world), cast("Any", None)
    monkeypatch.setenv("PATH", "")
    publisher = Publisher(remote, world.site, whatever, clock=world.clock, tell=world.events.append, over=lambda: False)
    world.clock.sleep(60)
    publisher.look()
    assert [event.what for event in world.events] == ["newest", "not-followed"]
    Report(words("en"), tmp_path / "status.json").status(publisher, world.clock.now())
    error = json.loads((tmp_path / "status.json").read_text())["error"]
    assert (error["what"], error["at"]) == ("missing", START.isoformat())


def test_another_try_is_told_as_one(world: World) -> None:
    """After a failure it is not “something new” that is built."""
    world.settle()
    world.forge.push({}, START)
    world.fault = no_space
    world.settle()
    world.clock.sleep(15)
    world.settle()
    world.fault = lambda: None
    world.clock.sleep(30)
    world.settle()
    told = [(event.what, event.values["why"]) for event in world.events if "why" in event.values][1:]
    assert told == [("not-built", Occasion.CHANGED), ("not-built", Occasion.RETRY), ("published", Occasion.RETRY)]


# ── signals ──────────────────────────────────────────────────────────────────────────────────────


def test_a_signal_ends_a_wait_at_once() -> None:
    """Also one that came just before; SIGHUP is told once, SIGTERM for good, and afterwards all is as before."""
    before = signal.getsignal(signal.SIGHUP)
    with Alarm() as alarm:
        for name in (signal.SIGHUP, signal.SIGTERM):
            os.kill(os.getpid(), name)
            began = time.monotonic()
            alarm.wait(30)
            assert time.monotonic() - began < 5
        assert (alarm.looked_for(), alarm.looked_for(), alarm.over()) == (True, False, True)
    assert signal.getsignal(signal.SIGHUP) == before
