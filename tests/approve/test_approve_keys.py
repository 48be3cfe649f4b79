"""`gaoshi approve` finds the key of who signs, and signs with no other."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from signing import BAILU, MORNING, NOON, A, nothing_written, sign, statements

import approvals
from gaoshi.sources.signatures import fingerprint_of


def by_environment(_estate: Any, monkeypatch: pytest.MonkeyPatch, key: Path) -> None:
    monkeypatch.setenv("GAOSHI_KEY", str(key))


def by_git(estate: Any, _monkeypatch: pytest.MonkeyPatch, key: Path) -> None:
    estate.git("config", "user.signingkey", str(key))


def by_home(_estate: Any, _monkeypatch: pytest.MonkeyPatch, key: Path) -> None:
    home = Path(os.environ["HOME"]) / ".ssh"
    home.mkdir(mode=0o700)
    for name, holder in (("id_ed25519", "somebody-else"), ("work", key.name)):
        for suffix in ("", ".pub"):
            (home / f"{name}{suffix}").write_bytes(Path(f"{approvals.key_of(holder)}{suffix}").read_bytes())
            (home / f"{name}{suffix}").chmod(0o600)


def by_home_without_public_half(_estate: Any, _monkeypatch: pytest.MonkeyPatch, key: Path) -> None:
    home = Path(os.environ["HOME"]) / ".ssh"
    home.mkdir(mode=0o700)
    (home / "id_ed25519").write_bytes(key.read_bytes())
    (home / "id_ed25519").chmod(0o600)


@pytest.mark.parametrize("way", [by_environment, by_git, by_home, by_home_without_public_half])
def test_the_key_is_found_where_people_keep_theirs(
    asked: Any, monkeypatch: pytest.MonkeyPatch, way: Callable[[Any, pytest.MonkeyPatch, Path], None]
) -> None:
    """In GAOSHI_KEY, where git has it, or in ~/.ssh: of several the one that the roster knows."""
    way(asked, monkeypatch, approvals.key_of(BAILU))
    assert asked.run("approve", A, "--yes", "--at", MORNING).status == 0
    assert statements(asked)[0]["approver"] == BAILU


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An ssh-agent of this test's own."""
    socket = tmp_path / "agent"
    with subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        yield
        process.terminate()


def test_an_agent_signs_for_who_names_the_public_half(asked: Any, tmp_path: Path, agent: None) -> None:
    """The private half stays with the agent, as it does with a hardware key."""
    subprocess.run(["ssh-add", "-q", str(approvals.key_of(BAILU))], check=True, capture_output=True)
    public = tmp_path / "mine.pub"
    public.write_bytes(Path(f"{approvals.key_of(BAILU)}.pub").read_bytes())
    assert asked.run("approve", A, "--key", str(public), "--yes", "--at", MORNING).status == 0
    asked.commit(approved=False)
    assert [given.person.id for given in asked.edition(NOON).entries[A].standing.newest.given] == [BAILU]


def test_a_key_that_the_roster_does_not_know_signs_nothing(asked: Any) -> None:
    """The sentence says whom to ask."""
    run = sign(asked, "mallory")
    assert (run.status, nothing_written(asked)) == (2, True)
    assert "Ask a keeper of the roster" in run.err
    assert f"({fingerprint_of(approvals.public_key('mallory'))})" in run.err


@pytest.mark.parametrize("named", ["mallory", "not-there"])
def test_a_key_that_is_named_is_never_replaced_by_another(
    asked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    """Though a good one lies in ~/.ssh: who names a key means that one."""
    by_home(asked, monkeypatch, approvals.key_of(BAILU))
    key = approvals.key_of(named) if named == "mallory" else tmp_path / named
    run = asked.run("approve", A, "--key", str(key), "--yes", "--at", MORNING)
    assert (run.status, nothing_written(asked)) == (2, True)
    assert str(key) in run.err


def test_without_any_key_nothing_is_signed(asked: Any) -> None:
    """There is not even a ~/.ssh; the sentence says where was looked, and what to do."""
    run = asked.run("approve", A, "--yes", "--at", MORNING, "--lang", "en")
    assert (run.status, nothing_written(asked)) == (2, True)
    assert "(~/.ssh); name one with --key" in run.err


def test_a_file_that_is_no_key_signs_nothing(asked: Any, tmp_path: Path) -> None:
    """Neither a text nor a file that is not there."""
    (tmp_path / "x").write_text("hello", encoding="utf-8")
    for name in ("x", "y"):
        run = asked.run("approve", A, "--key", str(tmp_path / name), "--yes", "--at", MORNING)
        assert (run.status, nothing_written(asked)) == (2, True)
        assert str(tmp_path / name) in run.err
