"""However a pull request comes to main, each click counts for what its author looked at."""

from __future__ import annotations

from typing import Any

import pytest
from collecting import A, B, propose, stages, whys
from forge_server import CENTRE, HOME, REPOSITORY, SEC, World

from gaoshi.core.schedule import State


@pytest.mark.parametrize("how", ["squash", "merge", "rebase"])
def test_two_clicks_put_a_notice_on_the_board(world: World, how: str) -> None:
    """However a pull request is merged, the heads' clicks on it approve what main then has."""
    propose(world)
    world.review(1, SEC)
    world.review(1, CENTRE, at="2026-11-20T01:30:00Z")
    world.begin(9)  # main moves on meanwhile, so that no merge is a mere fast-forward
    world.dev.notice(B)
    world.save(9)
    world.merge(9)
    world.merge(1, how)
    assert world.entry(A).state is State.WITHHELD
    run = world.collect()
    assert (run.status, run.err) == (0, "")
    assert stages(run) == [("sec-head", "content", "approve"), ("centre-head", "publish", "approve")]
    entry = world.entry(A)
    assert entry.state is State.LIVE
    assert [given.seen is not None for given in entry.verdict.given] == [True, True]
    assert world.entry(B).state is State.WITHHELD


def test_several_commits_rebased_one_by_one(world: World) -> None:
    """A rebase leaves several versions on main; the clicks approve the last one."""
    propose(world)
    world.dev.edit(f"notices/{A}/notice.md", "请留意。", "请务必留意。")
    world.save(1)
    world.review(1, SEC)
    world.review(1, CENTRE)
    propose(world, 9, B)
    world.merge(9)
    world.merge(1, "rebase")
    assert len(stages(world.collect())) == 2
    assert world.entry(A).state is State.LIVE


def test_a_commit_that_was_pushed_away_is_still_looked_at(world: World) -> None:
    """A force-push does not hide what was reviewed; one that the forge has no more counts for nothing."""
    older = propose(world)
    world.dev.git("push", "--quiet", "origin", f"{older}:refs/keep/1")
    world.dev.git("commit", "--quiet", "--amend", "--message", "the same, told anew")
    world.save(1)
    world.review(1, SEC, commit=older)
    world.review(1, CENTRE, commit="0" * 39 + "1")
    world.merge(1)
    run = world.collect()
    assert stages(run) == [("sec-head", "content", "approve")]
    assert whys(run) == ["commit-gone"]


def test_a_forge_that_serves_no_loose_commits_is_fetched_from_by_pull_request(world: World) -> None:
    """Where a commit cannot be fetched by its id, it comes with the pull request's own reference."""
    older = propose(world)
    world.dev.write("README.md", "not about the notice")
    world.save(1)
    world.review(1, SEC, commit=older)
    world.merge(1)
    clone = world.clone()
    clone.git("config", "protocol.version", "0")  # in which a server gives only what it names
    assert stages(world.collect(where=clone)) == [("sec-head", "content", "approve")]


def test_a_pull_request_that_only_merged_the_notice_in_does_not_vouch_for_it(world: World) -> None:
    """A click on another pull request, which had main's notice only by merging main, approves nothing."""
    world.begin(2)
    world.dev.notice(B)
    world.save(2)
    world.dev.git("checkout", "-q", "main")
    propose(world, 1)
    world.merge(1)
    notice_commit = world.dev.git("rev-parse", "main")
    world.dev.git("checkout", "-q", "branch-2")
    world.dev.git("merge", "--quiet", "--no-ff", "-m", "up to date", "main")
    world.save(2)
    world.review(2, SEC)
    world.review(2, CENTRE)
    world.merge(2, "merge")
    # The forge may name it for that commit, too, with the base that it was opened on.
    other = world.server.pulls[world.dev.git("rev-parse", "main")][0]
    other["base"]["sha"] = world.dev.git("rev-parse", f"{notice_commit}^")
    world.server.pulls[notice_commit] = [other]
    run = world.collect()
    assert {made["id"] for made in run.data["statements"]} == {B}
    assert {(ignored["id"], ignored["why"]) for ignored in run.data["ignored"]} == {(A, "untouched")}


@pytest.mark.parametrize(
    "more",
    [
        {"merged_at": None},
        {"base": {"ref": "side", "sha": "0" * 40, "repo": {"full_name": REPOSITORY, "default_branch": "main"}}},
        {"base": {"ref": "main", "sha": "0" * 40, "repo": {"full_name": "x/y", "default_branch": "main"}}},
        {"merge_commit_sha": None},
        {"merge_commit_sha": "0" * 39 + "1"},
    ],
)
def test_only_what_was_merged_into_main_here_counts(world: World, more: dict[str, Any]) -> None:
    """A pull request that is open, of another branch or repository, or merged into another history says nothing."""
    propose(world)
    world.review(1, SEC)
    tip = world.merge(1)
    world.server.pulls[tip] = [world.server.pulls[tip][0] | more]
    run = world.collect()
    assert (run.data["unbrought"], run.data["statements"]) == ([A], [])


def test_a_merge_made_by_hand_is_found_by_its_commits(world: World) -> None:
    """When the forge knows no pull request of the merge commit, those of the commits that it brought are asked for."""
    propose(world)
    world.review(1, SEC)
    tip = world.merge(1, "merge")
    del world.server.pulls[tip]
    assert stages(world.collect()) == [("sec-head", "content", "approve")]


def test_two_pull_requests_out_of_one_queue_speak_for_themselves(world: World) -> None:
    """A merge queue merges several at once, onto a base that none was opened on: each click counts for its own."""
    start = world.dev.git("rev-parse", "main")
    propose(world, 1, A)
    propose(world, 2, B)
    for number, by in ((1, SEC), (2, CENTRE)):
        world.review(number, by)
        world.merge(number, "merge", base={"ref": "main", "sha": start, "repo": HOME})
    run = world.collect()
    assert [(made["id"], made["approver"]) for made in run.data["statements"]] == [(A, "sec-head"), (B, "centre-head")]
    assert world.dev.git("-C", str(world.bare), "rev-list", "--count", "records") == "1"


def test_a_branch_brought_up_to_date_keeps_its_clicks(world: World) -> None:
    """Merging main into the pull request, before or after a click, changes nothing about what was looked at."""
    propose(world)
    world.review(1, SEC)
    world.dev.git("checkout", "-q", "main")
    propose(world, 9, B)
    world.merge(9)
    world.dev.git("checkout", "-q", "branch-1")
    world.dev.git("merge", "--quiet", "--no-ff", "-m", "up to date", "main")
    world.save(1)
    world.review(1, CENTRE)
    world.merge(1)
    assert len(stages(world.collect())) == 2
    assert world.entry(A).state is State.LIVE
