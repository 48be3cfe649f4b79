"""What was approved is told in words, as data and as proof."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from signing import BAILU, GUYU, LICHUN, NOON, WITNESS, A, sign


def test_the_list_says_what_is_given_and_who_can_give_the_rest(asked: Any, scan: Path) -> None:
    """Who, in which office, when and how; what is missing, with names to ask."""
    paper = ("--on-paper", "纸审2026-031", "--scan", str(scan), "--approver", BAILU)
    sign(asked, WITNESS, *paper)
    asked.commit(approved=False)
    run = asked.run("approvals", A, "--at", NOON, "--lang", "zh")
    assert run.status == 1
    assert "✓ 内容审核：云白露（部门主管），2026年11月24日（周二）9:00，纸质审批 纸审2026-031，云小雪见证" in run.out
    assert "□ 缺发布审批，可以请：云立春 (yun-lichun)、云谷雨 (yun-guyu)" in run.out


def test_the_list_as_data_has_the_same(asked: Any) -> None:
    """Stages, people and instants by their fixed names."""
    sign(asked, BAILU)
    asked.commit(approved=False)
    [notice] = asked.run("approvals", A, "--at", NOON, "--format", "json").data["notices"]
    assert notice["approved"] is False
    assert [(given["stage"], given["approver"]) for given in notice["newest"]["given"]] == [("content", BAILU)]
    assert notice["newest"]["missing"] == [{"stage": "publish", "people": [LICHUN, GUYU]}]


def test_verify_proves_what_is_public_and_fails_on_what_is_not(estate: Any, tmp_path: Path) -> None:
    """Of a published manifest, too: a notice added to it, or other content under its name, is found out."""
    estate.notice(A)
    estate.commit()
    estate.build()
    proved = estate.run("verify", "--at", NOON)
    assert proved.status == 0
    assert "the one notice on the board has a valid approval" in proved.err
    board = tmp_path / "board.json"
    board.write_bytes((estate.site / "board.json").read_bytes())
    assert estate.run("verify", "--board", str(board)).status == 0
    said = json.loads(board.read_bytes())
    said["notices"][0]["content_id"] = "0" * 40
    board.write_text(json.dumps(said), encoding="utf-8")
    run = estate.run("verify", "--board", str(board))
    assert run.status == 1
    assert A in run.err
    board.write_text("<html>", encoding="utf-8")
    assert estate.run("verify", "--board", str(board)).status == 2
