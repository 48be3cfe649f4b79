"""What was collected is added to the branch `records`, received once, and nothing there is lost."""

from __future__ import annotations

import subprocess

import pytest
from collecting import A, propose, stages
from forge_server import SEC, World, make_key

from gaoshi.sources.branch import fetch
from gaoshi.sources.git.repository import Repository


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
