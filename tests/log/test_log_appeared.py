"""`gaoshi log appeared`: what owners were told elsewhere goes into the log, by whom and when."""

from __future__ import annotations

import json
from typing import Any

import pytest
from log_world import FAULT, NOW, A, on_branch


@pytest.fixture
def fault(estate: Any) -> Any:
    """An estate with a fault of 02:40 that nobody has committed yet, and somebody of the roster at work."""
    estate.commit()
    estate.notice(A, FAULT, approver="yun-mangzhong")
    estate.git("config", "user.email", "Yun.Lichun@cloudtop.example")
    estate.git("config", "user.name", "Yun")
    return estate


def test_owners_who_were_told_in_their_group_were_not_told_late(fault: Any) -> None:
    """An entry for the owners' group says who told them and when, and the notice is in time."""
    fault.commit(when="2026-11-24 04:00")
    assert fault.edition(NOW).entries[A].late.name == "urgent"
    arguments = ("--channel", "owners-group", "--at", "2026-11-24 02:55", "--note", "群公告")
    run = fault.run("log", "appeared", A, *arguments, "--lang", "zh")
    assert (run.status, run.err) == (0, "")
    assert run.out == f"2026年11月24日（周二）2:55　{A}　已公开：业主微信群（yun-lichun）　备注：群公告\n"
    [path] = on_branch(fault)
    assert json.loads(fault.git("show", f"refs/heads/records:{path}")) == {
        "format": 1,
        "event": "appeared",
        "id": A,
        "content_id": fault.contents()[A],
        "at": "2026-11-24T02:55:00+08:00",
        "channel": "owners-group",
        "by": "yun-lichun",
        "note": "群公告",
    }
    assert fault.edition(NOW).entries[A].late is None
    again = fault.run("log", "appeared", A, *arguments)
    assert (again.status, on_branch(fault)) == (0, [path])
    assert "logged before" in again.err


def test_what_is_not_committed_yet_may_have_been_told(fault: Any) -> None:
    """Owners may be told before main has the notice; the id must be a notice of the working tree all the same."""
    run = fault.run("log", "appeared", f"notices/{A}/notice.md", "--channel", "sms", "--at", "2026-11-24 02:55")
    assert run.status == 0, run.err
    assert fault.git("cat-file", "-t", "refs/heads/records") == "commit"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"at": "2026-11-24 10:00:01"}, "still to come"),
        ({"at": "2026-11-24 02:39:59"}, "had not happened yet"),
        ({"at": "yesterday"}, "yesterday"),
        ({"channel": "telegraph"}, "owners-group"),
        ({"channel": "board"}, "gaoshi log published"),
        ({"channel": "../x"}, "no channel"),
        ({"id": "2026-11/b"}, "2026-11/b"),
        ({"id": "../../etc"}, "../../etc"),
        ({"by": "nobody"}, "nobody"),
    ],
)
def test_what_cannot_be_true_is_not_logged(fault: Any, change: dict[str, str], words: str) -> None:
    """The future, what is before the event, an unknown channel, notice or person: wrong usage, and nothing written."""
    given = {"id": A, "channel": "sms", "at": "2026-11-24 02:55", "by": "yun-lichun"} | change
    run = fault.run(
        "log", "appeared", given["id"], "--channel", given["channel"], "--at", given["at"], "--by", given["by"]
    )
    assert (run.status, run.out) == (2, "")
    assert words in run.err
    assert fault.git("for-each-ref", "refs/heads/records") == ""


@pytest.mark.parametrize("at", ["2026-11-24 02:40:00", "2026-11-24 10:00:00"])
def test_the_first_and_the_last_instant_that_can_be_true(fault: Any, at: str) -> None:
    """Owners may be told at the very second of the event, and at this one."""
    run = fault.run("log", "appeared", A, "--channel", "sms", "--at", at)
    assert run.status == 0, run.err


def test_who_is_nobody_here_says_who_it_was(fault: Any) -> None:
    """Where git's user is not on the roster, --by must name somebody who is."""
    fault.git("config", "user.email", "writer@cloudtop.example")
    run = fault.run("log", "appeared", A, "--channel", "sms", "--at", "2026-11-24 02:55")
    assert (run.status, run.out) == (2, "")
    assert "--by" in run.err
