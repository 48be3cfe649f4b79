"""`gaoshi log --push`: the remote is asked once, races lose nothing, and what nobody accepted goes along later."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from log_world import NOW, A, B, listed, log, moves, on_branch, public, publish, race, two_clones


def remote_files(clone: Any, bare: Path) -> list[str]:
    """Paths on the remote's branch `records`."""
    return str(clone.git("-C", str(bare), "ls-tree", "-r", "--name-only", "records")).splitlines()


def told_elsewhere(clone: Any, at: str, *arguments: str) -> Any:
    """Log that owners were told of A by text message."""
    return clone.run("log", "appeared", A, "--channel", "sms", "--at", at, "--by", "yun-lichun", *arguments)


@pytest.mark.parametrize(
    ("language", "nothing", "pushed", "up_to_date"),
    [
        (
            "zh",
            "公告栏上的变化都已登记，没有新增发布记录。\n",
            "发布记录已推送到 origin。\n",
            "origin 上的发布记录已经齐全，无需推送。\n",
        ),
        (
            "en",
            "The publication log already tells all that this board shows; nothing was added.\n",
            "The log was pushed to origin.\n",
            "origin has all of the log; nothing had to be pushed.\n",
        ),
    ],
)
def test_it_is_said_what_had_to_be_done(
    two: Any, tmp_path: Path, language: str, nothing: str, pushed: str, up_to_date: str
) -> None:
    """Nothing to add, and nothing to push, are said; what was added without a push goes along with the next one."""
    one, _, bare = two_clones(two, tmp_path)
    arguments = ("log", "published", "--board", str(public(one)), "--at", NOW, "--lang", language)
    assert one.run(*arguments).err.count("\n") == 1
    assert one.run(*arguments).err == nothing
    assert one.run(*arguments, "--push").err == nothing + pushed
    assert one.git("rev-parse", "refs/heads/records") == one.git("-C", str(bare), "rev-parse", "records")
    again = one.run(*arguments, "--push")
    assert (again.status, again.out, again.err) == (0, "", nothing + up_to_date)


def test_with_nothing_anywhere_nothing_is_pushed(estate: Any, tmp_path: Path) -> None:
    """An empty board on a remote without the branch records: nothing is added, nothing pushed, and that is well."""
    estate.commit()
    one, _, bare = two_clones(estate, tmp_path)
    assert log(one, public(one), NOW, "--push") == []
    assert one.git("-C", str(bare), "for-each-ref", "refs/heads/records") == ""


def own_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str) -> None:
    """Let `git` do what `first` says, a line of shell, before it does what it is asked for."""
    program, git = tmp_path / "bin" / "git", shutil.which("git")
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\ngit={git}\n{first}\nexec $git "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """What was asked of any remote since this was asked last."""
    book = tmp_path / "calls"
    own_git(tmp_path, monkeypatch, f'echo "$*" >>{book}')
    book.touch()

    def since() -> list[str]:
        calls = book.read_text().splitlines()
        book.write_text("")
        return [verb for call in calls for verb in ("fetch", "push") if f" {verb} --quiet" in call]

    return since


@pytest.mark.parametrize("verb", ["published", "appeared"])
def test_the_remote_is_asked_once(clones: tuple[Any, Any, Path], asked: Callable[[], list[str]], verb: str) -> None:
    """What the remote has is fetched once, with --push and without; nothing is pushed where it has it all."""
    one, two, _ = clones
    assert told_elsewhere(two, "2026-11-24 08:00", "--push").status == 0
    board = public(one)
    for arguments, expected in (((), ["fetch"]), (("--push",), ["fetch", "push"]), (("--push",), ["fetch"])):
        asked()
        if verb == "appeared":
            ran = told_elsewhere(one, "2026-11-24 09:00", *arguments)
        else:
            ran = one.run("log", "published", "--board", str(board), "--at", NOW, *arguments)
        assert ran.status == 0, ran.err
        assert asked() == expected, arguments


def test_what_was_fetched_while_the_working_tree_was_read_stays(clones: tuple[Any, Any, Path]) -> None:
    """What others have recorded is kept in the repository itself, and not in a scratch folder that is gone after."""
    one, two, _ = clones
    assert told_elsewhere(two, "2026-11-24 08:00", "--push").status == 0
    assert told_elsewhere(one, "2026-11-24 09:00").status == 0
    one.git("fsck", "--connectivity-only")
    assert [at for _, _, at in listed(one)] == ["2026-11-24T08:00:00+08:00", "2026-11-24T09:00:00+08:00"]


@pytest.mark.parametrize("times", [1, 3])
def test_who_loses_a_race_looks_again(clones: tuple[Any, Any, Path], times: int) -> None:
    """Somebody else is quicker once, or three times: what he wrote stays, and what it does not tell is added to it."""
    one, two, bare = clones
    for number in range(times):
        assert told_elsewhere(two, f"2026-11-24 0{number + 6}:00").status == 0
    two.git("update-ref", "refs/heads/ready", "refs/heads/records")
    race(two, bare, times)
    assert [one[0] for one in moves(log(one, public(one), NOW, "--push"))] == [A, B]
    files = [path.rpartition("/")[2] for path in remote_files(one, bare)]
    assert files == [
        *(
            "20261123T220000Z-sms-appeared.json",
            "20261123T230000Z-sms-appeared.json",
            "20261124T000000Z-sms-appeared.json",
        )[:times],
        *["20261124T020000Z-appeared.json"] * 2,
    ]
    assert one.git("rev-parse", "refs/heads/records") == one.git("-C", str(bare), "rev-parse", "records")


def test_two_who_tell_of_two_channels_at_once_are_both_heard(clones: tuple[Any, Any, Path]) -> None:
    """While one pushes what the board shows, the other pushes what a text message told; both are there, by both."""
    one, two, bare = clones
    assert told_elsewhere(two, "2026-11-24 09:00").status == 0
    assert len(log(one, public(one), NOW)) == 2
    assert told_elsewhere(two, "2026-11-24 09:00", "--push").err.endswith("The log was pushed to origin.\n")
    assert publish(one, "2026-11-24 10:15", "--push") == ([], "")
    assert len(remote_files(one, bare)) == 3
    two.run("log", "published", "--board", str(public(one)), "--at", NOW, "--push")
    assert listed(one) == listed(two)
    assert two.git("rev-parse", "refs/heads/records") == one.git("rev-parse", "refs/heads/records")


@pytest.mark.parametrize("lost", ["rewound", "deleted", "another"])
def test_a_remote_that_lost_its_log_gets_it_back(clones: tuple[Any, Any, Path], lost: str) -> None:
    """Where the remote's branch was set back, taken away or made anew, what is known here is pushed with the next."""
    one, two, bare = clones
    assert told_elsewhere(one, "2026-11-24 08:00", "--push").status == 0
    assert len(log(one, public(one), NOW, "--push")) == 2
    if lost == "rewound":
        one.git("-C", str(bare), "update-ref", "refs/heads/records", "records^")
    else:
        one.git("-C", str(bare), "update-ref", "-d", "refs/heads/records")
    if lost == "another":
        assert told_elsewhere(two, "2026-11-24 09:00", "--push").status == 0
    assert publish(one, "2026-11-24 10:15", "--push") == ([], "")
    assert len(remote_files(one, bare)) == (4 if lost == "another" else 3)


def test_what_nobody_accepted_is_said_and_goes_along_later(clones: tuple[Any, Any, Path]) -> None:
    """A remote that refuses every push ends in one sentence; once it accepts again, nothing is missing or doubled."""
    one, _, bare = clones
    hook = bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    run = one.run("log", "published", "--board", str(public(one)), "--at", NOW, "--push")
    assert (run.status, run.out, run.err.count("\n")) == (3, "", 1)
    hook.unlink()
    publish(one, "2026-11-24 10:15", "--push")
    assert sorted(one for one, _, _ in listed(one)) == [A, B]
    assert len(remote_files(one, bare)) == 2


@pytest.mark.parametrize(
    ("arguments", "refused"),
    [((), False), (("--push",), False), (("--push",), True)],
    ids=["kept here", "pushed", "pushed, refused once"],
)
def test_two_at_work_in_one_clone_are_both_heard(
    clones: tuple[Any, Any, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    refused: bool,
) -> None:
    """While one adds to the branch another process does, in the very same clone: the events of both are there."""
    one, _, bare = clones
    if refused:
        hook = bare / "hooks" / "pre-receive"
        hook.write_text(f"#!/bin/sh\n[ -e {bare}/refused ] || {{ touch {bare}/refused; exit 1; }}\n")
        hook.chmod(0o755)
    assert told_elsewhere(one, "2026-11-24 08:00").status == 0
    other = one.git("rev-parse", "refs/heads/records")
    one.git("update-ref", "-d", "refs/heads/records")
    once = tmp_path / "once"
    own_git(
        tmp_path,
        monkeypatch,
        f'case "$*" in *commit-tree*) [ -e {once} ] || {{ touch {once};'
        f" $git -C {one.root} update-ref refs/heads/records {other}; }};; esac",
    )
    assert [one[0] for one in publish(one, NOW, *arguments)[0]] == [A, B]
    assert once.exists()
    assert [what for _, what, _ in listed(one)] == ["appeared"] * 3
    assert len(on_branch(one)) == 3
    assert not arguments or len(remote_files(one, bare)) == 3


def test_two_publishers_log_an_appearance_once(clones: tuple[Any, Any, Path]) -> None:
    """Who pushes second looks again at what the first has logged, and has nothing to add."""
    one, two, bare = clones
    board = public(one)
    log(two, board, "2026-11-24 10:02")  # two has it ready, and is not heard
    two.git("update-ref", "refs/heads/ready", "refs/heads/records")
    two.git("update-ref", "-d", "refs/heads/records")
    race(two, bare)
    assert log(one, board, "2026-11-24 10:01", "--push") == []
    assert remote_files(one, bare) == [f"records/log/{each}/20261124T020200Z-appeared.json" for each in (A, B)]
    assert one.git("rev-parse", "refs/heads/records") == one.git("-C", str(bare), "rev-parse", "records")


def test_one_after_the_other_both_are_kept(clones: tuple[Any, Any, Path]) -> None:
    """What the other clone has pushed since is fetched first, and nothing of it is lost or said again."""
    one, two, bare = clones
    board = public(one)
    assert len(log(one, board, "2026-11-24 10:01", "--push")) == 2
    assert log(two, board, "2026-11-24 10:03", "--push") == []
    assert told_elsewhere(two, "2026-11-24 09:50", "--push").status == 0
    assert remote_files(one, bare) == [
        f"records/log/{A}/20261124T015000Z-sms-appeared.json",
        f"records/log/{A}/20261124T020100Z-appeared.json",
        f"records/log/{B}/20261124T020100Z-appeared.json",
    ]


def test_a_remote_that_is_not_there_is_wrong_usage(clones: tuple[Any, Any, Path]) -> None:
    """Whoever names a remote that this clone does not know is told so."""
    one, _, _ = clones
    run = one.run("log", "published", "--board", str(public(one)), "--at", NOW, "--push", "--remote", "nowhere")
    assert (run.status, run.out) == (2, "")
