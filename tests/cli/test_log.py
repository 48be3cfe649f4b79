"""`gaoshi log`: what owners could read goes into the log once, and is told in words."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from log_world import FAULT, NOW, A, B, log, moves, on_branch, public, race, stop_the_clock, two_clones


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 10:00 on 24 November 2026 in Shanghai, for a command that is not told otherwise."""
    stop_the_clock(monkeypatch)


# ── published ────────────────────────────────────────────────────────────────────────────────────


def test_the_life_of_a_notice(estate: Any) -> None:
    """It appears when it is seen, is corrected when its content changes, and leaves at its end; each is told once."""
    estate.notice(A)
    first = estate.commit()
    board = public(estate)
    [appeared] = log(estate, board, "2026-11-24 10:04")
    content = estate.contents()[A]
    assert appeared == {
        "format": 1,
        "event": "appeared",
        "id": A,
        "content_id": content,
        "at": "2026-11-24T10:04:00+08:00",
        "channel": "board",
        "by": "publisher",
        "valid_until": "2026-11-30T18:00:00+08:00",
        "board": {"at": "2026-11-24T10:00:00+08:00", "revision": first},
    }
    assert log(estate, board, "2026-11-24 10:05") == []
    estate.edit(f"notices/{A}/notice.md", "请留意。", "请务必留意。")
    estate.commit()
    board = public(estate, "2026-11-25 09:00")
    assert moves(log(estate, board, "2026-11-25 09:03")) == [(A, "corrected", "2026-11-25T09:03:00+08:00")]
    assert log(estate, board, "2026-11-30 17:59:59") == []
    [left] = log(estate, board, "2026-12-01 07:00")
    assert (left["event"], left["at"], left["why"]) == ("left", "2026-11-30T18:00:00+08:00", "expired")
    assert log(estate, board, "2026-12-01 07:15") == []
    assert log(estate, public(estate, "2026-12-01 08:00"), "2026-12-01 08:00") == []
    assert on_branch(estate) == [
        f"records/log/{A}/20261124T020400Z-appeared.json",
        f"records/log/{A}/20261125T010300Z-corrected.json",
        f"records/log/{A}/20261130T100000Z-left.json",
    ]


def test_what_the_revision_has_logged_is_not_logged_again(estate: Any) -> None:
    """Events in `records/` of the revision and those on the branch are one log."""
    estate.notice(A)
    estate.appeared(A, "2026-11-20 09:00")
    estate.commit()
    assert moves(log(estate, public(estate), NOW)) == [(A, "corrected", "2026-11-24T10:00:00+08:00")]
    assert log(estate, public(estate), NOW) == []


def withdraw(estate: Any) -> None:
    estate.notice(A, outcome={"is": "withdrawn", "at": "2026-11-24 11:00", "note": "x"})


def supersede(estate: Any) -> None:
    estate.notice(B, supersedes=A, valid_from="2026-11-24 11:00")


def remove(estate: Any) -> None:
    (estate.root / "notices" / A / "notice.md").unlink()


@pytest.mark.parametrize(("change", "why"), [(withdraw, "withdrawn"), (supersede, "superseded"), (remove, "removed")])
def test_why_a_notice_left(estate: Any, change: Callable[[Any], None], why: str) -> None:
    """A notice that left before its end says why, and that it left when the board was seen without it."""
    estate.notice(A)
    estate.commit()
    log(estate, public(estate), NOW)
    change(estate)
    estate.commit()
    events = [one for one in log(estate, public(estate, "2026-11-24 11:30"), "2026-11-24 11:32") if one["id"] == A]
    assert [(one["event"], one["why"], one["at"]) for one in events] == [("left", why, "2026-11-24T11:32:00+08:00")]


def test_what_is_withheld_again_left_for_that(estate: Any) -> None:
    """A public notice that a rule now withholds is said to have been withheld."""
    estate.notice(A, importance="important")
    estate.commit()
    log(estate, public(estate), NOW)
    estate.notice(A, importance="huge")
    estate.commit()
    [left] = log(estate, public(estate, "2026-11-24 11:30"), "2026-11-24 11:32")
    assert (left["event"], left["why"]) == ("left", "withheld")


@pytest.mark.parametrize(
    ("seen", "told", "late"),
    [
        ("2026-11-24 03:10:00", None, None),
        ("2026-11-24 03:10:01", None, {"timeliness": "urgent", "limit": "2026-11-24T03:10:00+08:00", "reason": None}),
        ("2026-11-24 03:30:00", "2026-11-24 02:55", None),
        (
            "2026-11-24 03:30:00",
            "2026-11-24 02:39",
            {"timeliness": "urgent", "limit": "2026-11-24T03:10:00+08:00", "reason": None},
        ),
    ],
)
def test_a_late_notice_bears_its_lateness(estate: Any, seen: str, told: str | None, late: Any) -> None:
    """How late owners were told stands in the event, unless a channel told them in time."""
    estate.notice(A, FAULT, approver="yun-mangzhong")
    estate.commit(when="2026-11-24 02:50")
    if told:
        event = {"format": 1, "event": "appeared", "id": A, "at": estate.instant(told).isoformat(), "channel": "sms"}
        estate.record({f"records/log/{A}/x-appeared.json": json.dumps(event).encode()})
    [appeared] = log(estate, public(estate, "2026-11-24 03:00"), seen)
    assert appeared.get("late") == late
    assert (estate.edition(NOW).entries[A].late is None) == (late is None)


def test_late_news_of_an_outcome_bears_its_lateness(estate: Any) -> None:
    """An outcome that the board shows more than four hours after it is late in the log."""
    estate.notice(A, FAULT, approver="yun-mangzhong")
    estate.commit(when="2026-11-24 02:50")
    log(estate, public(estate, "2026-11-24 03:00"), "2026-11-24 03:00")
    estate.notice(A, FAULT, approver="yun-mangzhong", outcome={"is": "resolved", "at": "2026-11-24 05:00"})
    estate.commit(when="2026-11-24 09:00")
    [corrected] = log(estate, public(estate, "2026-11-24 09:00"), "2026-11-24 09:00:01")
    assert corrected["late"] == {"timeliness": "outcome", "limit": "2026-11-24T09:00:00+08:00", "reason": None}


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({"board": "elsewhere"}, "another board, “elsewhere”"),
        ({"at": "2026-11-24T10:05:01+08:00"}, "still to come"),
        ({"revision": "f" * 40}, "f" * 40),
    ],
)
def test_a_board_that_cannot_be_ours_is_not_logged(estate: Any, edit: dict[str, str], words: str) -> None:
    """Another board's, one from the future and one of a commit that is not here: one sentence, and nothing written."""
    estate.notice(A)
    estate.commit()
    board = public(estate)
    board.write_text(json.dumps(json.loads(board.read_text()) | edit))
    run = estate.run("log", "published", "--board", str(board), "--at", NOW)
    assert (run.status, run.out, run.err.count("\n")) == (3, "", 1)
    assert words in run.err
    assert estate.git("for-each-ref", "refs/heads/records") == ""


@pytest.mark.parametrize("at", ["2026-11-24 10:00", "2026-11-24 09:55"])
def test_clocks_may_differ_a_little(estate: Any, at: str) -> None:
    """A board that seems up to five minutes ahead is logged, with its own instant."""
    estate.notice(A)
    estate.commit()
    assert moves(log(estate, public(estate), at)) == [(A, "appeared", "2026-11-24T10:00:00+08:00")]


@pytest.mark.parametrize("arguments", [(), ("--board", "mkdocs.yml"), ("--site", "https://x", "--board", "mkdocs.yml")])
def test_one_board_is_named(estate: Any, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a file nor an address, both, or a file that is no board.json, is wrong usage."""
    estate.commit()
    monkeypatch.chdir(estate.root)
    run = estate.run("log", "published", *arguments)
    assert (run.status, run.out) == (2, "")


# ── published, over the network ──────────────────────────────────────────────────────────────────


class Site(http.server.ThreadingHTTPServer):
    """A web server on loopback that answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.answer: tuple[int, dict[str, str], bytes] = (404, {}, b"")
        self.asked: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Answering(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Site)
        self.server.asked.append(self.path)
        status, headers, body = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Site()
    yield server
    server.shutdown()
    server.server_close()


def test_the_board_is_fetched_from_its_address(estate: Any, site: Site) -> None:
    """With --site the manifest at the board's address is what is logged."""
    estate.notice(A)
    estate.commit()
    site.answer = (200, {}, public(estate).read_bytes())
    run = estate.run("log", "published", "--site", f"{site.address}/board/", "--at", NOW, "--lang", "zh")
    assert (run.status, run.out) == (0, f"2026年11月24日（周二）10:00　{A}　已公开：公告栏网页（发布程序）\n")
    assert run.err == "新增发布记录 1 条。\n"
    assert site.asked == ["/board/board.json"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((404, {}, b""), "it is 404"),
        ((200, {}, b"<html>log in</html>"), "it is none"),
        ((302, {"Location": "https://elsewhere.example/board.json"}, b""), "was not followed"),
        ((302, {"Location": "/board.json"}, b""), "leads in a circle"),
        ((200, {}, b" " * 10_000_001), "too large"),
    ],
)
def test_what_is_no_public_board_is_said_in_one_sentence(estate: Any, site: Site, answer: Any, words: str) -> None:
    """A board that is not there, a portal's page, a redirect away or for ever, and a flood: exit status 3."""
    estate.commit()
    site.answer = answer
    run = estate.run("log", "published", "--site", site.address)
    assert (run.status, run.out, run.err.count("\n")) == (3, "", 1)
    assert words in run.err


@pytest.mark.parametrize(
    "address", ["ftp://127.0.0.1", "board.example", "file:///etc/passwd", "https://", "https://me:secret@board.example"]
)
def test_only_a_boards_address_is_asked(estate: Any, address: str) -> None:
    """Nothing is fetched by another protocol, and no password is sent along."""
    estate.commit()
    run = estate.run("log", "published", "--site", address)
    assert run.status == 2
    assert "not the address of a board" in run.err


# ── two at once ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def clones(estate: Any, tmp_path: Path) -> tuple[Any, Any, Path]:
    """Two clones of an estate with a public notice, and the bare repository that both push to."""
    estate.notice(A)
    estate.commit()
    return two_clones(estate, tmp_path)


def test_two_publishers_log_an_appearance_once(clones: tuple[Any, Any, Path]) -> None:
    """Who pushes second looks again at what the first has logged, and has nothing to add."""
    one, two, bare = clones
    board = public(one)
    log(two, board, "2026-11-24 10:02")  # two has it ready, and is not heard
    two.git("update-ref", "refs/heads/ready", "refs/heads/records")
    two.git("update-ref", "-d", "refs/heads/records")
    race(two, bare)
    assert log(one, board, "2026-11-24 10:01", "--push") == []
    files = one.git("-C", str(bare), "ls-tree", "-r", "--name-only", "records").splitlines()
    assert files == [f"records/log/{A}/20261124T020200Z-appeared.json"]
    assert one.git("rev-parse", "refs/heads/records") == one.git("-C", str(bare), "rev-parse", "records")


def test_one_after_the_other_both_are_kept(clones: tuple[Any, Any, Path]) -> None:
    """What the other clone has pushed since is fetched first, and nothing of it is lost or said again."""
    one, two, bare = clones
    board = public(one)
    assert len(log(one, board, "2026-11-24 10:01", "--push")) == 1
    assert log(two, board, "2026-11-24 10:03", "--push") == []
    run = two.run("log", "appeared", A, "--channel", "sms", "--at", "2026-11-24 09:50", "--by", "yun-lichun", "--push")
    assert run.status == 0, run.err
    files = one.git("-C", str(bare), "ls-tree", "-r", "--name-only", "records").splitlines()
    assert [path.rpartition("/")[2] for path in files] == [
        "20261124T015000Z-sms-appeared.json",
        "20261124T020100Z-appeared.json",
    ]


def test_a_push_that_is_refused_for_good_is_said(clones: tuple[Any, Any, Path]) -> None:
    """A remote that takes nothing ends in one sentence and exit status 3; without a remote, in wrong usage."""
    one, two, bare = clones
    hook = bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    run = one.run("log", "published", "--board", str(public(one)), "--at", NOW, "--push")
    assert (run.status, run.out, run.err.count("\n")) == (3, "", 1)
    run = two.run("log", "published", "--board", str(public(one)), "--at", NOW, "--push", "--remote", "nowhere")
    assert (run.status, run.out) == (2, "")


# ── appeared ─────────────────────────────────────────────────────────────────────────────────────


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


# ── list ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def logged(estate: Any) -> Any:
    """An estate with two notices in the log, one of them late, in every way that an event can read."""
    estate.notice(A, FAULT, approver="yun-mangzhong")
    estate.notice(B)
    estate.commit(when="2026-11-24 02:50")
    board = public(estate, "2026-11-24 03:00")
    log(estate, board, "2026-11-24 03:20")
    estate.git("config", "user.name", "Yun")
    estate.git("config", "user.email", "yun.lichun@cloudtop.example")
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


# ── status and check ─────────────────────────────────────────────────────────────────────────────


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
