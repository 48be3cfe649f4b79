"""`gaoshi approve --push` adds to the branch `records` and touches nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from signing import BAILU, GUYU, A, sign, state


@pytest.fixture
def remote(asked: Any, tmp_path: Path) -> Path:
    """Where the estate is pushed to."""
    path = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", str(path)], check=True)
    asked.git("remote", "add", "origin", str(path))
    asked.git("push", "-q", "origin", "main")
    return path


def test_pushing_adds_to_the_records_and_touches_nothing_here(asked: Any, remote: Path) -> None:
    """The branch records of the remote has the statement; working tree, index and main are as they were."""
    asked.write("notes.txt", "not to be touched")
    before = asked.git("status", "--porcelain"), asked.git("rev-parse", "HEAD")
    run = sign(asked, BAILU, "--push")
    assert run.status == 0
    assert (asked.git("status", "--porcelain"), asked.git("rev-parse", "HEAD")) == before
    assert "; pushed to the branch records of origin.\n" in run.err
    assert "git commit" not in run.err
    listed = subprocess.run(
        ["git", "-C", str(remote), "ls-tree", "-r", "--name-only", "records"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert [path.partition(".json")[2] for path in listed] == ["", ".sig"]
    assert all(path.startswith(f"records/approvals/{A}/") for path in listed)


def test_two_heads_in_two_places_push_one_after_the_other(asked: Any, remote: Path, tmp_path: Path) -> None:
    """Who did not know of the other's statement adds his on top of it, and both count."""
    other = type(asked)(tmp_path / "other")
    subprocess.run(["git", "clone", "-q", str(remote), str(other.root)], check=True)
    assert sign(asked, BAILU, "--push", at="2026-11-24 09:00").status == 0
    asked.git("fetch", "-q", "origin")
    assert "reviewed first" in sign(other, GUYU, "--push", at="2026-11-24 09:05").err
    other.git("fetch", "-q", "origin")
    assert sign(other, GUYU, "--push", at="2026-11-24 09:06").status == 0
    asked.git("fetch", "-q", "origin")
    assert state(asked) == "live"
    listed = asked.git("ls-tree", "-r", "--name-only", "refs/remotes/origin/records").splitlines()
    assert len([path for path in listed if path.endswith(".json")]) == 2
