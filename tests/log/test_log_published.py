"""`gaoshi log published`: what owners could read on the board goes into the log, once."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from log_world import FAULT, NOW, A, log, moves, on_branch, public


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


@pytest.mark.parametrize(("seen", "told"), [("2026-11-24 03:10:01", None), ("2026-11-24 03:30:00", "2026-11-24 02:39")])
def test_a_late_notice_bears_its_lateness(estate: Any, seen: str, told: str | None) -> None:
    """How late owners were told stands in the event; nobody can have told them before it happened."""
    estate.notice(A, FAULT, approver="yun-mangzhong")
    estate.commit(when="2026-11-24 02:50")
    if told:
        event = {"format": 1, "event": "appeared", "id": A, "at": estate.instant(told).isoformat(), "channel": "sms"}
        estate.record({f"records/log/{A}/x-appeared.json": json.dumps(event).encode()})
    [appeared] = log(estate, public(estate, "2026-11-24 03:00"), seen)
    assert appeared["late"] == {"timeliness": "urgent", "limit": "2026-11-24T03:10:00+08:00", "reason": None}
    assert estate.edition(NOW).entries[A].late is not None


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
