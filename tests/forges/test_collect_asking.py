"""The forge is asked about a version as seldom as may be, and again for as long as there is no answer."""

from __future__ import annotations

import pytest
from collecting import A, B, propose, stages, whys
from forge_server import CENTRE, KEEPER, SEC, TOKEN, Trouble, World, account, roster_text

from gaoshi.core.schedule import State


def test_what_has_expired_is_not_asked_about(world: World) -> None:
    """Nobody asks who approved a notice that is over."""
    propose(world)
    world.review(1, SEC)
    world.merge(1)
    run = world.collect(at="2026-12-01 10:00")
    assert (run.data["asked"], run.data["statements"], run.data["receipts"]) == ([], [], [])


def test_a_version_is_asked_about_once(world: World) -> None:
    """The next run asks nothing and adds nothing; --again asks, and makes no statement twice."""
    propose(world)
    world.review(1, SEC)
    world.merge(1)
    world.collect()
    tip = world.dev.git("-C", str(world.bare), "rev-parse", "records")
    world.server.asked.clear()
    second = world.collect()
    assert (second.data["asked"], second.data["statements"], world.server.asked) == ([], [], [])
    world.review(1, CENTRE)
    again = world.collect("--again")
    assert stages(again) == [("centre-head", "publish", "approve")]
    assert world.server.asked
    assert world.dev.git("-C", str(world.bare), "rev-parse", "records~1") == tip
    assert world.entry(A).state is State.LIVE


def test_an_approved_version_is_not_asked_about(world: World) -> None:
    """Once approved, nothing is asked any more, not even by --again."""
    propose(world)
    world.review(1, SEC)
    world.review(1, CENTRE)
    world.merge(1)
    world.collect()
    world.server.asked.clear()
    assert world.collect("--again").data["asked"] == []
    assert world.server.asked == []


def test_after_a_failure_the_rest_goes_on_and_the_next_run_asks_again(world: World) -> None:
    """One version that cannot be asked about costs exit status 1, and nothing is remembered of it."""
    propose(world, 1, A)
    world.review(1, SEC)
    world.merge(1)
    propose(world, 2, B)
    world.review(2, SEC)
    world.merge(2)
    world.server.troubles = [Trouble(418)]
    run = world.collect()
    assert run.status == 1
    assert [made["id"] for made in run.data["statements"]] == [B]
    assert run.data["failed"] == [{"id": A, "why": "status", "detail": "418"}]
    assert "could not be asked about" in run.err
    assert [made["id"] for made in world.collect().data["statements"]] == [A]


def test_a_used_up_limit_is_waited_for_or_left_to_the_next_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A short wait is waited, a long one is not; the token is never printed."""
    waited: list[float] = []
    monkeypatch.setattr("gaoshi.cli.collect.sleep", waited.append)
    propose(world)
    world.review(1, SEC)
    world.merge(1)
    world.server.troubles = [Trouble(429, {"Retry-After": "7"}), Trouble(502), Trouble(drop=True)]
    run = world.collect("--no-push")
    assert (run.status, waited[0], len(run.data["statements"])) == (0, 7.0, 1)
    reset = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "4000000000"}
    world.server.troubles = [Trouble(403, reset)]
    run = world.collect("--no-push")
    assert (run.status, run.data["failed"][0]["why"]) == (1, "rate-limit")
    assert TOKEN not in run.out + run.err
    assert world.server.tokens == {f"Bearer {TOKEN}"}


def test_a_forge_that_is_down_is_one_sentence(world: World) -> None:
    """Nothing answers: exit status 1, a sentence, and receipts are written all the same."""
    propose(world)
    world.merge(1)
    run = world.collect("--api", "http://127.0.0.1:9")
    assert (run.status, run.data["failed"][0]["why"]) == (1, "unreachable")


def test_what_the_forge_does_not_know_yet_is_asked_again(world: World) -> None:
    """No pull request is an answer only a day after the commit; a click that lies ahead leaves the question open."""
    propose(world)
    world.review(1, SEC, at="2026-11-20T01:00:00Z")
    tip = world.merge(1, at="2026-11-20T02:00:00+00:00")
    known = world.server.pulls.pop(tip)
    assert world.collect(at="2026-11-20 11:00").data["unbrought"] == [A]
    world.server.pulls[tip] = known
    world.review(1, CENTRE, at="2026-11-20T04:00:00Z")
    assert stages(world.collect(at="2026-11-20 11:00")) == [("sec-head", "content", "approve")]
    assert stages(world.collect(at="2026-11-20 13:00")) == [("centre-head", "publish", "approve")]
    assert world.collect(at="2026-11-20 13:00").data["asked"] == []


def test_a_direct_push_is_not_asked_about_for_ever(world: World) -> None:
    """What came to main without a pull request is asked about once more than a day has gone by, and then no more."""
    world.dev.notice(A)
    world.dev.commit()
    world.dev.git("push", "-q", "origin", "main")
    assert world.collect().data["unbrought"] == [A]
    assert world.collect().data["asked"] == []


def test_another_roster_is_another_question(world: World) -> None:
    """Once a roster is in force that knows the reviewer, a version is asked about anew."""
    propose(world)
    world.review(1, CENTRE)
    world.review(1, account(4711, "new-head"))
    world.merge(1)
    assert whys(world.collect()) == ["unknown-account"]
    lines = [
        "  - id: new-head",
        "    name: new-head",
        "    roles: [{role: department-head, department: security}]",
        "    emails: [new-head@cloudtop.example]",
        "    accounts: [{forge: github, id: 4711, name: new-head}]",
    ]
    world.begin(2)
    world.dev.write(".github/approvers.yml", roster_text((world.folder / "witness.pub").read_text().strip(), *lines))
    world.save(2)
    world.review(2, KEEPER)
    world.merge(2)
    assert stages(world.collect()) == [("keeper", "roster", "approve")]
    assert stages(world.collect()) == [("new-head", "content", "approve")]
    assert world.entry(A).state is State.LIVE
