"""`gaoshi status` for people: what waits for approval, what has a limit ahead, and where to look for more."""

from __future__ import annotations

from typing import Any

import pytest

A = "2026-11/a"
AT = ("--at", "2026-11-24 10:00", "--lang", "en")
FAULT = {
    "type": "emergency",
    "department": "engineering",
    "occurred_at": "2026-11-24 09:58",
    "valid_from": None,
    "valid_until": None,
}


def head(estate: Any, *more: str) -> str:
    """The first line of `status`."""
    line: str = estate.run("status", *AT, *more).out.splitlines()[0]
    return line


def test_what_nobody_has_approved_waits_for_it(estate: Any) -> None:
    """On the line of what is new or changed in the working tree, also committed, until just this is approved."""
    waits = f"Live  {A} (Proposed, waiting for approval)  "
    estate.notice(A)
    assert head(estate).startswith(waits)
    estate.commit(approved=False)
    assert head(estate).startswith(waits)
    estate.commit()
    assert head(estate).startswith(f"Live  {A}  ")
    estate.notice(A, body="改了。\n")
    run = estate.run("status", *AT)
    assert run.out.startswith(waits)
    assert run.out.endswith("Notices: 1. Live 1. Waiting for approval: 1.\n")
    assert head(estate, "--rev", "HEAD").startswith(f"Live  {A}  ")


def test_a_limit_is_told_of_what_is_not_public_yet(estate: Any) -> None:
    """Of what waits for approval; neither of what is on the board, also with a change proposed, nor of what is withdrawn."""

    def told() -> bool:
        return "T107" in estate.run("status", *AT).out

    estate.notice(A, FAULT)
    estate.commit(approved=False, when="2026-11-24 09:59")
    assert told()
    estate.commit(when="2026-11-24 09:59")
    assert not told()
    estate.notice(A, FAULT, body="改了。\n")
    assert not told()
    estate.notice(A, FAULT | {"outcome__what": "withdrawn", "outcome__at": "2026-11-24 09:59"})
    assert not told()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ((), "No notices in this working tree. For what was fetched: --rev origin/main.\n"),
        (("--rev", "HEAD"), "No notices in this revision.\n"),
    ],
)
def test_nothing_to_list_is_a_sentence(estate: Any, more: tuple[str, ...], words: str) -> None:
    """It says where else to look; as data it is an empty list."""
    estate.commit()
    assert estate.run("status", *AT, *more).out == words
    assert estate.run("status", *AT, *more, "--format", "json").data["notices"] == []


def test_a_clone_that_only_fetches_is_told_of_the_branch_it_follows(estate: Any) -> None:
    """Where the branch has gone on from what lies here, it is named, beside the list and not in it."""
    estate.notice(A)
    here = estate.commit()
    estate.notice("2026-11/b")
    there = estate.commit()
    branch = estate.git("branch", "--show-current")
    estate.git("reset", "-q", "--hard", here)
    estate.git("remote", "add", "origin", ".")
    estate.git("update-ref", f"refs/remotes/origin/{branch}", here)
    estate.git("branch", "-q", f"--set-upstream-to=origin/{branch}")
    assert estate.run("status", *AT).err == ""
    estate.git("update-ref", f"refs/remotes/origin/{branch}", there)
    sentence = f"The working tree is behind origin/{branch}. For what was fetched: --rev origin/{branch}.\n"
    assert estate.run("status", *AT).err == sentence
    assert estate.run("status", *AT, "--rev", f"origin/{branch}").err == ""
