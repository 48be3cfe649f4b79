"""`gaoshi approvals collect` as a verb: whose key it takes, what is wrong usage, and what it prints."""

from __future__ import annotations

import json

import pytest
from collecting import A, propose
from forge_server import SEC, World, account, make_key

from documented import documented


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
