"""What a pull request is told of its approval, before anything is merged or signed."""

from __future__ import annotations

from typing import Any

import pytest
from forge_server import CENTRE, REPOSITORY, SEC, WRITER, Trouble, World, account, pull_data

A = "2026-11/a"


@pytest.fixture
def world(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Where GitHub's own variables say which repository it is."""
    monkeypatch.setenv("GITHUB_REPOSITORY", REPOSITORY)
    monkeypatch.setenv("GITHUB_API_URL", world.server.address)
    return world


@pytest.fixture
def advise(world: World) -> Any:
    """Pull request 1 with one notice, opened by somebody; the command, run where it is merged for a trial."""
    world.begin(1)
    world.dev.notice(A)
    head, base = world.save(1), world.dev.git("rev-parse", "main")
    clone = world.clone()
    clone.git("fetch", "--quiet", "origin", "+refs/pull/1/head:refs/remotes/pull/1")
    clone.git("checkout", "--quiet", "--detach", "origin/main")
    clone.git("merge", "--quiet", "--no-ff", "--message", "trial", "refs/remotes/pull/1")

    def run(opener: int = WRITER) -> Any:
        data = pull_data(1, head, base, user=account(opener), merged_at=None, state="open")
        world.server.singles[f"/repos/{REPOSITORY}/pulls/1"] = data
        options = ("--since", "origin/main", "--pull-request", "1", "--at", "2026-11-24 10:00", "--lang", "en")
        return clone.run("approvals", *options)

    return run


def test_a_pull_request_is_told_which_clicks_count_and_who_is_still_to_click(world: World, advise: Any) -> None:
    """One head has clicked: the state says so and names who can give the rest; both have: it would be approved."""
    world.review(1, SEC)
    one = advise()
    assert one.status == 1
    assert "✓ review of the content: " in one.out
    assert "□ still to be given: approval to publish; these can: " in one.out
    world.review(1, CENTRE)
    both = advise()
    assert both.status == 0
    assert "Approved" in both.out


def test_who_opened_the_pull_request_is_told_that_his_click_does_not_count(world: World, advise: Any) -> None:
    """Nobody approves what he proposed, and the advice says so before the merge."""
    world.review(1, SEC)
    world.review(1, CENTRE)
    run = advise(opener=CENTRE)
    assert run.status == 1
    assert "nobody approves what he wrote" in run.out


def test_nothing_is_signed_or_kept_by_advice(world: World, advise: Any) -> None:
    """Advice leaves no record: what it foresaw counts for nothing on main."""
    world.review(1, SEC)
    world.review(1, CENTRE)
    assert advise().status == 0
    world.merge(1)
    assert not world.entry(A).verdict.approved


def test_a_forge_that_does_not_answer_is_said_and_the_rest_is_told(world: World, advise: Any) -> None:
    """Without the forge the state is told from the records alone."""
    world.server.troubles += [Trouble(status=404)]
    run = advise()
    assert run.status == 1
    assert "#1" in run.err
    assert "□ still to be given" in run.out
