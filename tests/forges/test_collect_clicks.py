"""Approvals clicked on a forge become signed statements that the board believes, and nothing else does."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from collecting import A, B, propose, stages, whys
from forge_server import KEEPER, REPOSITORY, SEC, WRITER, World, account


def test_an_outsider_can_check_a_collected_statement_with_ssh_keygen(world: World) -> None:
    """What is added to the branch records is a statement that ssh-keygen verifies against the roster's key."""
    propose(world)
    world.review(1, SEC, body="可以发布")
    tip = world.merge(1)
    path = world.collect().data["statements"][0]["path"]
    assert path == f"records/approvals/{A}/20261120T010000Z-content-sec-head.json"
    payload = subprocess.run(["git", "-C", str(world.bare), "show", f"records:{path}"], check=True, capture_output=True)
    signature = subprocess.run(
        ["git", "-C", str(world.bare), "show", f"records:{path}.sig"], check=True, capture_output=True
    )
    signed, allowed = world.folder / "x.sig", world.folder / "allowed"
    signed.write_bytes(signature.stdout)
    allowed.write_text("publisher " + (world.folder / "witness.pub").read_text())
    subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "publisher", "-n", "gaoshi-approval", "-s", signed],
        input=payload.stdout,
        check=True,
        capture_output=True,
    )
    data = json.loads(payload.stdout)
    content = world.dev.git("rev-parse", f"{tip}:notices/{A}")
    assert data["subject"] == [{"name": A, "digest": {"gitTree": content}}]
    assert data["predicate"]["reason"] == "可以发布"
    assert data["predicate"]["given"] == {
        "how": "forge",
        "forge": "github",
        "repository": REPOSITORY,
        "pull_request": "1",
        "review": "501",
        "commit": world.dev.git("rev-parse", "branch-1"),
        "account": str(SEC),
        "opened_by": f"github:{WRITER}",
        "witness": "publisher",
    }


@pytest.mark.parametrize(
    ("by", "state", "why"),
    [
        (account(SEC, "renamed"), "APPROVED", None),
        (account(9999999, "sec-head"), "APPROVED", "unknown-account"),
        (account(SEC, "sec-head[bot]", "Bot"), "APPROVED", "machine"),
        (None, "APPROVED", "nobody"),
        (account(SEC), "DISMISSED", "dismissed"),
        (account(KEEPER), "APPROVED", "no-stage"),
    ],
)
def test_whose_click_counts(world: World, by: Any, state: str, why: str | None) -> None:
    """A person is known by the account's number, whatever its name; nobody else's click counts."""
    propose(world)
    world.review(1, by, state)
    world.merge(1)
    run = world.collect()
    assert whys(run) == ([why] if why else [])
    assert stages(run) == ([] if why else [("sec-head", "content", "approve")])


def test_a_comment_after_an_approval_takes_nothing_back(world: World) -> None:
    """A review that only comments is no decision."""
    propose(world)
    world.review(1, SEC)
    world.review(1, SEC, "COMMENTED", at="2026-11-20T01:20:00Z")
    world.merge(1)
    assert stages(world.collect()) == [("sec-head", "content", "approve")]


def test_an_edit_after_the_click_is_not_approved(world: World) -> None:
    """A click on an older commit approves nothing that came after it, however small."""
    older = propose(world)
    world.dev.edit(f"notices/{A}/notice.md", "2026-11-30", "2026-12-30")
    world.save(1)
    world.review(1, SEC, commit=older)
    world.merge(1)
    run = world.collect()
    assert (whys(run), stages(run)) == (["other-content"], [])


def test_a_commit_that_changes_nothing_here_keeps_the_click(world: World) -> None:
    """What counts is the content that was looked at, not the commit."""
    older = propose(world)
    world.dev.notice(B)
    world.save(1)
    world.review(1, SEC, commit=older)
    world.merge(1)
    run = world.collect()
    assert [(made["id"], made["stage"]) for made in run.data["statements"]] == [(A, "content")]
    assert [(ignored["id"], ignored["why"]) for ignored in run.data["ignored"]] == [(B, "untouched")]
