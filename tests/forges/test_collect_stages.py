"""A click is a rejection, a review, an urgent approval or a keeper's, as who clicked can give it."""

from __future__ import annotations

import json

import pytest
from collecting import A, propose, stages, whys
from forge_server import CENTRE, DUTY, KEEPER, SEC, WRITER, World, account, roster_text

from gaoshi.core.schedule import State


def test_requested_changes_are_a_rejection_even_of_an_older_commit(world: World) -> None:
    """Who asked for changes and never approved has rejected what came of it; the statement says what he saw."""
    older = propose(world)
    seen = world.dev.git("rev-parse", f"{older}:notices/{A}")
    world.dev.edit(f"notices/{A}/notice.md", "请留意。", "请务必留意。")
    world.save(1)
    world.review(1, SEC)
    world.review(1, CENTRE, "CHANGES_REQUESTED", commit=older)
    world.merge(1)
    run = world.collect()
    assert stages(run) == [("sec-head", "content", "approve"), ("centre-head", "publish", "reject")]
    path = run.data["statements"][1]["path"]
    predicate = json.loads(world.dev.git("-C", str(world.bare), "show", f"records:{path}"))["predicate"]
    assert predicate["given"]["reviewed"] == seen
    assert predicate["reason"] == "在代码平台上要求修改，未写明理由。"
    entry = world.entry(A)
    assert [given.person.id for given in entry.verdict.rejected] == ["centre-head"]


def test_the_later_click_of_one_person_is_the_one_that_counts(world: World) -> None:
    """An approval after requested changes approves; requested changes after an approval reject."""
    propose(world)
    world.review(1, SEC, "CHANGES_REQUESTED", body="改")
    world.review(1, SEC, at="2026-11-20T01:05:00Z")
    world.review(1, CENTRE)
    world.review(1, CENTRE, "CHANGES_REQUESTED", at="2026-11-20T01:05:00Z", body="不行")
    world.merge(1)
    run = world.collect()
    assert stages(run) == [("sec-head", "content", "approve"), ("centre-head", "publish", "reject")]
    assert world.entry(A).state is State.WITHHELD


@pytest.mark.parametrize(
    ("opener", "author", "wrote"),
    [
        (SEC, "Sec-Head@cloudtop.example", True),
        (SEC, "writer@cloudtop.example", False),
        (WRITER, "sec-head@cloudtop.example", False),
    ],
)
def test_a_head_who_wrote_it_has_reviewed_it(world: World, opener: int, author: str, wrote: bool) -> None:
    """The content stage is given by writing when the head of the department opened it and wrote all of it."""
    world.begin(1)
    world.dev.notice(A)
    world.save(1, author)
    world.review(1, CENTRE)
    world.merge(1, "merge", opener=account(opener))
    run = world.collect()
    expected = [("centre-head", "publish", "approve")] + [("sec-head", "content", "approve")] * wrote
    assert sorted(stages(run)) == sorted(expected)
    assert (world.entry(A).state is State.LIVE) is wrote


def test_a_duty_officer_lets_an_urgent_notice_out_alone(world: World) -> None:
    """In the urgent lane one click of a duty officer is enough, and a countersignature is asked for."""
    fault = {"type": "emergency", "occurred_at": "2026-11-24 09:40", "valid_from": None, "valid_until": None}
    propose(world, **fault)
    world.review(1, DUTY, at="2026-11-24T01:50:00Z")
    world.merge(1, merged_at="2026-11-24T01:55:00Z")
    run = world.collect()
    assert ("duty", "urgent", "approve") in stages(run)
    entry = world.entry(A)
    assert entry.verdict.approved
    assert entry.verdict.countersign_due is not None


def test_a_keepers_click_puts_a_roster_in_force(world: World) -> None:
    """A change of the roster that a keeper approved by a click is in force, and others' clicks do nothing for it."""
    key = (world.folder / "witness.pub").read_text().strip()
    more = ["  - id: newcomer", "    name: newcomer", "    roles: [deputy]", "    emails: [n@cloudtop.example]"]
    world.begin(1)
    world.dev.write(".github/approvers.yml", roster_text(key, *more))
    world.save(1)
    world.review(1, CENTRE)
    world.review(1, KEEPER)
    world.merge(1)
    run = world.collect()
    assert stages(run) == [("keeper", "roster", "approve")]
    assert whys(run) == ["no-stage"]
    clone = world.clone()
    clone.git("fetch", "-q", "origin", "+refs/heads/records:refs/remotes/origin/records")
    assert clone.edition().reign.blob == world.dev.git("rev-parse", "main:.github/approvers.yml")
