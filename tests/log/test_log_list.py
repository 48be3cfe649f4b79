"""`gaoshi log` tells what was logged, in words and as data; `status` and `check` count down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from log_world import FAULT, A, B, log, public, sign_on


@pytest.fixture
def logged(estate: Any) -> Any:
    """An estate with two notices in the log, one of them late, in every way that an event can read."""
    estate.notice(A, FAULT, approver="yun-mangzhong")
    estate.notice(B)
    estate.commit(when="2026-11-24 02:50")
    board = public(estate, "2026-11-24 03:00")
    log(estate, board, "2026-11-24 03:20")
    sign_on(estate)
    estate.run("log", "appeared", B, "--channel", "paper", "--at", "2026-11-24 09:00", "--note", "一楼\n大堂")
    estate.edit(f"notices/{B}/notice.md", "请留意。", "请务必留意。")
    (estate.root / "notices" / A / "notice.md").unlink()
    estate.commit()
    log(estate, public(estate, "2026-11-24 09:30"), "2026-11-24 09:31")
    return estate


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_log_in_words(logged: Any, golden: Callable[[str, str], None], language: str) -> None:
    """Every event on one line, the oldest first: when, what, where, who, how late."""
    run = logged.run("log", "--lang", language)
    assert (run.status, run.err) == (0, "")
    golden(f"log.{language}.txt", run.out)


def test_the_log_of_one_notice_for_machines(logged: Any) -> None:
    """With an ID only its events, as they are kept."""
    run = logged.run("log", B, "--format", "json")
    assert [(event["event"], event["channel"]) for event in run.data["events"]] == [
        ("appeared", "board"),
        ("appeared", "paper"),
        ("corrected", "board"),
    ]
    assert run.data["format"] == 1
    unknown = logged.run("log", "2026-11/z")
    assert (unknown.status, unknown.out) == (2, "")


def test_broken_files_are_told_and_the_rest_is_listed(logged: Any) -> None:
    """What cannot be read is named on standard error."""
    logged.record({f"records/log/{A}/x-left.json": b"{"})
    run = logged.run("log")
    assert len(run.out.splitlines()) == 5
    assert run.err.startswith(f"records/log/{A}/x-left.json:1: E102 ")


def test_a_notice_without_events_is_no_wrong_usage(logged: Any) -> None:
    """A notice that is there and of which the log says nothing yet is told so, with exit status 0; another is not."""
    logged.notice("2026-11/quiet")
    run = logged.run("log", "2026-11/quiet", "--lang", "zh")
    assert (run.status, run.out, run.err) == (0, "", "这份告示还没有发布记录；可先 git fetch 再看。\n")
    assert logged.run("log", "notices/2026-11/quiet/", "--format", "json").data["events"] == []
    for other in ("2026-11/nowhere", "2026-11", "", "2026-11/quiet/notice.md"):
        assert logged.run("log", other).status == 2


def test_status_and_check_count_down(estate: Any) -> None:
    """Both say until when a notice must be public and how long is left, in both languages, and block nothing."""
    estate.notice(A, FAULT, approver="yun-mangzhong")
    estate.commit(when="2026-11-24 02:50")
    at = ("--at", "2026-11-24 02:59")
    for language, words in (
        ("zh", "须在 03:10 前公开，还剩 11 分钟"),
        ("en", "Must be public by 03:10, 11 minutes left"),
    ):
        # Approved and live it is on the board: only one who has its log could tell that it is not.
        assert "T107" not in estate.run("status", "--rev", "HEAD", *at, "--lang", language).out
        check = estate.run("check", *at, "--lang", language)
        assert check.status == 0
        assert words in check.out
    data = estate.run("status", "--rev", "HEAD", *at, "--format", "json").data
    assert data["notices"][0]["public_by"] == "2026-11-24T03:10:00+08:00"
    [hint] = [one for one in estate.run("check", *at, "--format", "json").data["findings"] if one["code"] == "T107"]
    assert (hint["severity"], hint["blocks"], hint["clause"]) == ("hint", False, "P-4")
    log(estate, public(estate, "2026-11-24 03:00"), "2026-11-24 03:00")
    later = str(estate.instant("2026-11-24 03:00") + timedelta(seconds=1)).replace(" ", "T")
    data = estate.run("status", "--rev", "HEAD", "--at", later, "--format", "json").data
    assert data["notices"][0]["public_by"] is None
