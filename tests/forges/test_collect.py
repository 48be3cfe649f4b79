"""Approvals clicked on a forge become signed statements that the board believes, and nothing else does."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from forge_server import (
    CENTRE,
    DUTY,
    HOME,
    KEEPER,
    REPOSITORY,
    SEC,
    TOKEN,
    WRITER,
    Trouble,
    World,
    account,
    make_key,
    roster_text,
)

from gaoshi.core.schedule import State
from gaoshi.sources.branch import fetch
from gaoshi.sources.git.repository import Repository

A, B = "2026-11/a", "2026-11/b"


@pytest.fixture
def world(make_estate: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setattr("gaoshi.cli.collect.sleep", lambda _: None)
    for name in ("GITHUB_REPOSITORY", "GITHUB_API_URL"):
        monkeypatch.delenv(name, raising=False)
    world = World(make_estate("dev"), tmp_path)
    yield world
    world.server.close()


def propose(world: World, number: int = 1, notice_id: str = A, **fields: Any) -> str:
    """A pull request with one notice, not merged yet; its commit."""
    world.begin(number)
    world.dev.notice(notice_id, **fields)
    return world.save(number)


def stages(run: Any) -> list[tuple[str, str, str]]:
    return [(made["approver"], made["stage"], made["decision"]) for made in run.data["statements"]]


def whys(run: Any) -> list[str]:
    return [ignored["why"] for ignored in run.data["ignored"]]


# ── what becomes of clicks ───────────────────────────────────────────────────────────────────────


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


def test_what_has_expired_is_not_asked_about(world: World) -> None:
    """Nobody asks who approved a notice that is over."""
    propose(world)
    world.review(1, SEC)
    world.merge(1)
    run = world.collect(at="2026-12-01 10:00")
    assert (run.data["asked"], run.data["statements"], run.data["receipts"]) == ([], [], [])


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


# ── rejections ───────────────────────────────────────────────────────────────────────────────────


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


# ── written by the head, urgent, roster ──────────────────────────────────────────────────────────


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


# ── asking ───────────────────────────────────────────────────────────────────────────────────────


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


# ── receipts and the branch ──────────────────────────────────────────────────────────────────────


def test_every_statement_gets_one_receipt(world: World) -> None:
    """Statements that somebody else added are received on first sight, and never again."""
    propose(world)
    world.review(1, SEC)
    world.merge(1)
    run = world.collect()
    path = run.data["statements"][0]["path"]
    # The receipt is lost to the branch, as if somebody had brought the statement without one.
    fresh = world.clone()
    fresh.git("fetch", "-q", "origin", "records")
    fresh.git("checkout", "-q", "-b", "anew", "FETCH_HEAD")
    for kind in ("approvals", "asked"):
        fresh.git("checkout", "-q", "FETCH_HEAD", "--", f"records/{kind}")
    fresh.git("checkout", "-q", "--orphan", "clean")
    fresh.git("rm", "-r", "-q", "--cached", "records/receipts")
    fresh.git("commit", "-q", "-m", "without receipts")
    fresh.git("push", "-q", "--force", "origin", "HEAD:refs/heads/records")
    second = world.collect()
    assert second.data["statements"] == []
    assert [receipt.startswith(f"records/receipts/{A}/") for receipt in second.data["receipts"]] == [True]
    assert path.startswith("records/approvals/")
    assert world.collect().data["receipts"] == []


@pytest.fixture
def fetches(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The remotes from which the branch records was fetched, one for each time."""
    done: list[str] = []

    def noted(repository: Repository, remote: str) -> str | None:
        done.append(remote)
        return fetch(repository, remote)

    monkeypatch.setattr("gaoshi.sources.branch.fetch", noted)
    return done


@pytest.mark.parametrize("pushes", ["--push", "--no-push"])
def test_the_remote_is_fetched_from_once(world: World, fetches: list[str], pushes: str) -> None:
    """What others have recorded is fetched once, before the forge is asked, whether anything is pushed or not."""
    propose(world)
    world.review(1, SEC)
    world.merge(1)
    assert len(stages(world.collect(pushes))) == 1
    assert fetches == ["origin"]


def test_who_pushes_first_loses_nothing(world: World, fetches: list[str]) -> None:
    """When the branch records has moved on meanwhile, what was collected is added on top of it."""
    propose(world)
    world.review(1, SEC)
    world.merge(1)
    clone, other = world.clone(), world.clone()
    other.git("checkout", "-q", "--orphan", "records")
    other.git("rm", "-r", "-q", "--cached", ".")
    other.write("records/log/x.json", "{}")
    other.git("add", "records/log/x.json")
    other.git("commit", "-q", "-m", "somebody else's")
    # The forge takes it while ours is under way: its branch moves after we have fetched it.
    before = world.bare / "hooks" / "pre-receive"
    before.write_text(
        "#!/bin/sh\n"
        f"[ -e {world.folder}/once ] && exit 0\n"
        f"touch {world.folder}/once\n"
        "unset GIT_DIR GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES\n"
        f"git -C {other.root} push -q {world.bare} HEAD:refs/heads/records || exit 1\n"
    )
    before.chmod(0o755)
    run = world.collect(where=clone)
    assert (run.status, run.err) == (0, "")
    assert len(fetches) == 2
    files = world.dev.git("-C", str(world.bare), "ls-tree", "-r", "--name-only", "records").splitlines()
    assert "records/log/x.json" in files
    assert any(path.startswith("records/approvals/") for path in files)
    parents = world.dev.git("-C", str(world.bare), "rev-list", "records").splitlines()
    assert other.git("rev-parse", "HEAD") in parents


def test_a_forged_statement_keeps_no_true_one_out(world: World) -> None:
    """A file that claims to be this very click, but that no witness signed, is passed by and left where it is."""
    propose(world)
    world.review(1, SEC)
    world.merge(1)
    first = world.clone()
    path = world.collect("--no-push", where=first).data["statements"][0]["path"]
    payload = first.git("show", f"records:{path}") + "\n"
    forger = world.clone()
    forger.git("checkout", "-q", "--orphan", "records")
    forger.git("rm", "-r", "-q", "--cached", ".")
    stranger = world.folder / "stranger"
    make_key(stranger)
    target = forger.write(path, payload)
    subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-n", "gaoshi-approval", "-f", stranger, target], check=True, capture_output=True
    )
    forger.git("add", path, f"{path}.sig")
    forger.git("commit", "-q", "-m", "forged")
    forger.git("push", "-q", "origin", "records")
    run = world.collect()
    assert stages(run) == [("sec-head", "content", "approve")]
    files = world.dev.git("-C", str(world.bare), "ls-tree", "-r", "--name-only", "records").splitlines()
    assert {path, path.replace(".json", "-2.json")} <= set(files)


def test_nothing_to_add_makes_no_commit(world: World) -> None:
    """A board without notices gets no branch records."""
    run = world.collect()
    assert (run.status, run.data["statements"]) == (0, [])
    assert world.dev.git("-C", str(world.bare), "for-each-ref", "refs/heads/records") == ""


def test_without_push_the_branch_stays_here(world: World) -> None:
    """--no-push adds to the local branch only, and touches neither working tree nor main."""
    propose(world)
    world.review(1, SEC)
    world.merge(1)
    clone = world.clone()
    world.collect("--no-push", where=clone)
    assert clone.git("status", "--porcelain") == ""
    assert "approvals" in clone.git("ls-tree", "-r", "--name-only", "records")
    assert world.dev.git("-C", str(world.bare), "for-each-ref", "refs/heads/records") == ""


# ── surroundings ─────────────────────────────────────────────────────────────────────────────────


def test_only_a_witness_on_the_roster_signs(world: World) -> None:
    """A key that is nobody's, another witness's name, no key at all: exit status 3 and nothing added."""
    propose(world)
    world.merge(1)
    stranger = world.folder / "stranger"
    make_key(stranger)
    for arguments in (["--key", str(stranger)], ["--witness", "other"], ["--key", str(world.folder / "none")]):
        run = world.collect(*arguments)
        assert (run.status, run.out) == (3, "")
        assert run.err.count("\n") == 1
    assert world.server.asked == []


@pytest.mark.parametrize(
    "arguments",
    [["--repository", "board"], ["--repository", "../x"], ["--api", "http://forge.example"], ["--remote", "upstream"]],
)
def test_wrong_usage_is_told_apart(world: World, arguments: list[str]) -> None:
    """No repository, or an address that would send the token in the open: exit status 2."""
    assert world.collect(*arguments).status == 2


def documented(heading: str) -> Any:
    """The JSON that stands under a heading of docs/formats.md."""
    text = (Path(__file__).resolve().parents[2] / "docs/formats.md").read_text(encoding="utf-8")
    return json.loads(text.split(f"\n## {heading}\n")[1].split("```json\n")[1].split("```")[0])


def test_what_is_printed_and_kept_is_as_documented(world: World) -> None:
    """The report and the note of what was asked have the very keys that docs/formats.md shows."""
    propose(world)
    world.review(1, SEC)
    world.review(1, account(4711))
    world.merge(1)
    shown, data = documented("approvals collect --format json"), world.collect().data
    assert list(data) == list(shown)
    for key in ("statements", "ignored"):
        assert list(data[key][0]) == list(shown[key][0])
    (path,) = world.dev.git(
        "-C", str(world.bare), "ls-tree", "-r", "--name-only", "records", f"records/asked/{A}/"
    ).split()
    note = json.loads(world.dev.git("-C", str(world.bare), "show", f"records:{path}"))
    assert note == {"format": 1, "pull_requests": [1], "at": "2026-11-24T02:00:00+00:00"}
    assert list(documented("What the forge was asked")) == list(note)


def test_people_read_what_was_collected(world: World) -> None:
    """The text names who gave what, what did not count and why, in the user's language."""
    propose(world)
    world.review(1, SEC)
    world.review(1, account(4711, "passer-by"), "APPROVED")
    world.merge(1)
    run = world.collect("--format", "text", "--lang", "zh")
    assert f"{A}：sec-head 已批（内容审核），见拉取请求 #1" in run.out
    assert "passer-by (4711) 在拉取请求 #1 中的审阅不算数：现行名册里没有这个账号" in run.out
    assert "共查询 1 个版本，新增审批记录 1 条、回执 1 份。" in run.out
