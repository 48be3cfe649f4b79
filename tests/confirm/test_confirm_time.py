"""`gaoshi confirm` judges when a board was made, and whether it should have been made anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from confirmed import OWN, PAGES, manifest
from public_server import PublicServer
from questions import SOON, ask


@pytest.mark.parametrize(
    ("option", "good", "bad", "code"),
    [
        (["--at"], "2026-11-24 09:55:00", "2026-11-24 09:54:59", "future"),
        (["--at", SOON, "--not-before"], "2026-11-24 10:00:00", "2026-11-24 10:00:01", "early"),
        (["--fresh-within", "30m", "--at"], "2026-11-24T11:00:00+08:00", "2026-11-24T11:00:01+08:00", "overdue"),
        (["--fresh-within", "0m", "--at"], "2026-11-24T10:30:00+08:00", "2026-11-24T10:30:01+08:00", "overdue"),
    ],
)
def test_the_instant_of_a_board_has_its_limits(
    project: Any, public: PublicServer, option: list[str], good: str, bad: str, code: str
) -> None:
    """To the second: five minutes ahead of our clock, not before what was deployed, not long after it was due."""
    for text, found in ((good, set()), (bad, {(code, "board.json", "")})):
        run = project.run("confirm", public.address, "--within", "0m", "--format", "json", *option, text)
        assert {(one["code"], one["page"], "") for one in run.data["differences"]} == found
        assert run.status == (1 if found else 0)


def test_an_instant_that_is_none_is_said_of_its_own_option(project: Any, public: PublicServer) -> None:
    """`--not-before` and `--at` are two."""
    run = project.run("confirm", public.address, "--not-before", "yesterday")
    assert (run.status, "--not-before" in run.err, "--at" in run.err) == (2, True, False)


def test_a_board_without_a_next_change_is_overdue_a_day_and_the_margin_after_it_was_made(
    public: PublicServer, tmp_path: Path, project: Any
) -> None:
    """The switch fires a day after the pipeline stopped, at the latest."""
    manifest(public, next=None, due="2026-11-25T10:00:00+08:00")
    times = {"due": ("24T10:30", "25T10:00"), "stale": ("24T11:30", "25T11:00")}
    for path in (*PAGES, *OWN, "404.html"):
        for name, (old, new) in times.items():
            public.edit(path, f'data-{name}="2026-11-{old}', f'data-{name}="2026-11-{new}')
    elsewhere = type(project)(tmp_path)
    assert ask(elsewhere, public, "--fresh-within", "30m", at="2026-11-25T10:30:00+08:00").status == 0
    run = ask(elsewhere, public, "--fresh-within", "30m", at="2026-11-25T10:30:01+08:00")
    assert (run.status, run.out.count("\n")) == (1, 1)
    assert run.out.startswith("THE BOARD IS OVERDUE: it had to be made anew by 2026-11-25T10:00:00+08:00")


def test_a_board_that_says_nothing_of_when_it_is_due_is_overdue(
    public: PublicServer, tmp_path: Path, project: Any
) -> None:
    """Nobody gets a living board by leaving `due` out."""
    data = json.loads(public.files["board.json"])
    del data["due"], data["next"]
    public.files["board.json"] = json.dumps(data).encode()
    assert ask(type(project)(tmp_path), public, "--fresh-within", "30m", at="2026-11-24T10:31:00+08:00").status == 1


def test_a_board_past_its_due_is_right_and_that_is_said(project: Any, public: PublicServer) -> None:
    """What ended since is taken out by the page itself; the board is proved, with a note."""
    before, after = (ask(project, public, at=f"2026-11-24 10:{minute}") for minute in ("29:59", "30:00"))
    assert (before.status, after.status) == (0, 0)
    assert "Note: this board was due" not in before.err
    assert "Note: this board was due to be made anew at Tue 24 Nov 2026, 10:30" in after.err
