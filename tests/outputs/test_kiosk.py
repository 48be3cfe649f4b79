"""`kiosk.json`: what the screens show, now and later, as the board would."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from gaoshi.core.instants import parse_instant
from gaoshi.core.kiosk import carried
from gaoshi.core.schedule import State
from gaoshi.core.screens import visible

A, B, C = "2026-11/a", "2026-11/b", "2026-11/c"
FAULT = {
    "type": "utility-outage",
    "subtype": "water",
    "title": "关于停水的紧急通知",
    "department": "engineering",
    "occurred_at": "2026-11-24 09:10",
    "ends_at": "2026-11-24 12:00",
    "valid_from": "2026-11-24 09:30",
    "valid_until": "2026-11-26 09:00",
    "places": "[tower-1]",
    "scope": "1号楼全楼",
    "cause": "水管破裂",
}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (8).to_bytes(4, "big") * 2 + bytes(9)


def kiosk_of(estate: Any, at: str = "2026-11-24 10:00") -> Any:
    """What the screens get of an edition of HEAD."""
    run = estate.build(at=at)
    assert run.status == 0, run.err
    return json.loads((estate.site / "kiosk.json").read_bytes())


def only(data: Any) -> Any:
    """The one notice that the screens get."""
    [notice] = data["notices"]
    return notice


def test_the_screens_manifest_of_the_sample_is_as_it_was(sample: Any, golden: Callable[[str, str], None]) -> None:
    """All of it, compared with the one on record; contents' ids are git's own."""
    sample.build()
    text = (sample.site / "kiosk.json").read_text(encoding="utf-8")
    text = re.sub(r'"content_id": "[0-9a-f]{40}"', '"content_id": "…"', text)
    golden("kiosk.json", text)


def test_it_says_the_same_as_the_board(sample: Any) -> None:
    """Entries are those of board.json, word by word, with what screens need besides."""
    sample.build()
    board = {notice["id"]: notice for notice in sample.manifest["notices"]}
    data = json.loads((sample.site / "kiosk.json").read_bytes())
    assert (data["at"], data["board"]) == (sample.manifest["at"], sample.manifest["board"])
    assert data["sequence"] == datetime.fromisoformat(data["at"]).timestamp()
    live = [notice for notice in data["notices"] if notice["id"] in board]
    assert len(live) > 10
    for notice in live:
        assert {name: notice[name] for name in board[notice["id"]]} == board[notice["id"]]
    assert [notice["id"] for notice in data["notices"]][: len(live)] == [
        one for one in board if one in {n["id"] for n in live}
    ]


def test_the_same_edition_gives_the_same_bytes(sample: Any) -> None:
    """Built twice, it is the same to the last byte."""
    sample.build()
    first = (sample.site / "kiosk.json").read_bytes()
    sample.build()
    assert (sample.site / "kiosk.json").read_bytes() == first


def test_a_screen_without_a_network_shows_what_the_board_shows(sample: Any) -> None:
    """For weeks, at every boundary and the second before it, a screen shows what the board has for its place then."""
    start = parse_instant("2026-11-24 10:00", sample.edition().board.zone)
    first = sample.edition(start, proven=False)
    notices = carried(first)
    edges = {
        edge for one in notices for edge in (one.entry.window.start, one.leaves) if edge is not None and edge > start
    }
    assert len(edges) > 15
    for now in sorted({*edges, *(edge - timedelta(seconds=1) for edge in edges)}):
        later = sample.edition(now, proven=False)
        for screen in first.board.screens:
            found = visible(
                (one.showable for one in notices),
                screen,
                now,
                verified=True,
                silence=timedelta(0),
                standard=first.board.standard.screens,
            )
            board = {one.entry.id for one in carried(later) if screen in one.screens and one.entry.state is State.LIVE}
            assert {notice_id for notice_id, _ in found} == board, (screen, now)


# ── who shows what ───────────────────────────────────────────────────────────────────────────────


def test_each_screen_gets_what_concerns_its_place(estate: Any) -> None:
    """A notice goes to the screens at its places and to those without one; one for nowhere in particular to all."""
    estate.notice(A, places="[tower-1, garage]")
    estate.notice(B, title="关于全体业主之事的温馨提示")
    estate.notice(C, title="关于不上屏幕之事的温馨提示", channels="[board]")
    estate.commit()
    screens = {notice["id"]: notice["screens"] for notice in kiosk_of(estate)["notices"]}
    assert screens == {A: ["lobby-1", "gate"], B: ["lobby-1", "lobby-2", "lobby-3", "lobby-4", "gate"]}


def test_what_no_screen_shows_is_not_carried(estate: Any) -> None:
    """A notice for a place without a screen is left out."""
    estate.edit("mkdocs.yml", "        gate: ", "        # gate: ")
    estate.notice(A, places="[garage]")
    estate.commit()
    assert kiosk_of(estate)["notices"] == []


def test_what_is_to_come_is_carried_unless_it_is_secret(estate: Any) -> None:
    """Upcoming notices follow the live ones, by their start, with their texts; an embargo holds until its day."""
    estate.notice(A, valid_from="2026-11-27 09:00")
    estate.notice(B, title="关于明天之事的温馨提示", valid_from="2026-11-25 09:00", body="明天再看。\n")
    estate.notice(C, title="关于后天之事的温馨提示", valid_from="2026-11-26 09:00", embargo="true")
    estate.notice("2026-11/z", title="关于现在之事的温馨提示")
    estate.commit()
    data = kiosk_of(estate)
    assert [notice["id"] for notice in data["notices"]] == ["2026-11/z", B, A]
    assert data["notices"][1]["html"]["zh"] == "<p>明天再看。</p>"
    assert C in [notice["id"] for notice in kiosk_of(estate, "2026-11-26 09:00")["notices"]]


def test_what_is_not_approved_is_not_carried(estate: Any) -> None:
    """Neither a notice that is live but for its approval, nor one to come."""
    estate.notice(A)
    estate.notice(B, title="关于明天之事的温馨提示", valid_from="2026-11-25 09:00")
    estate.commit(approved=False)
    assert estate.build().status == 1
    assert json.loads((estate.site / "kiosk.json").read_bytes())["notices"] == []


# ── until when ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "leaves"),
    [("2026-11-26 09:00", "2026-11-26T09:00:00+08:00"), ("2026-11-30 18:00", "2026-11-30T18:00:00+08:00")],
)
def test_a_notice_leaves_when_its_successor_begins(estate: Any, start: str, leaves: str) -> None:
    """What will be replaced leaves at that second, without a network; a successor after its end changes nothing."""
    estate.notice(A)
    estate.notice(B, title="关于新安排的温馨提示", supersedes=A, valid_from=start, valid_until="2026-12-10 18:00")
    estate.commit()
    notices = {notice["id"]: notice for notice in kiosk_of(estate)["notices"]}
    assert notices[A]["leaves"] == leaves
    assert notices[B]["leaves"] == "2026-12-10T18:00:00+08:00"


def test_a_secret_successor_is_not_told_by_when_the_former_leaves(estate: Any) -> None:
    """What is under embargo is told by nothing before it begins: the former notice leaves with the manifest made then."""
    estate.notice(A)
    estate.notice(B, title="关于新安排的温馨提示", supersedes=A, valid_from="2026-11-26 09:00", embargo="true")
    estate.commit()
    assert only(kiosk_of(estate))["leaves"] == "2026-11-30T18:00:00+08:00"
    assert [notice["id"] for notice in kiosk_of(estate, "2026-11-26 09:00")["notices"]] == [B]


@pytest.mark.parametrize(
    ("what", "leaves"), [("withdrawn", "2026-11-25T12:00:00+08:00"), ("cancelled", "2026-11-26T12:00:00+08:00")]
)
def test_an_outcome_that_lies_ahead_is_reckoned_with(estate: Any, what: str, leaves: str) -> None:
    """What is withdrawn tomorrow leaves then; any other outcome is shown as long as the board would show it."""
    estate.notice(A, outcome={"is": what, "at": "2026-11-25 12:00", "note": "另有安排"})
    estate.commit()
    assert only(kiosk_of(estate))["leaves"] == leaves


# ── what is urgent ───────────────────────────────────────────────────────────────────────────────


def test_an_urgent_notice_takes_over_for_half_an_hour_from_when_it_was_there(estate: Any) -> None:
    """Half an hour runs from its start, or from when it appeared if that was later; not from the edition."""
    estate.notice(A, FAULT)
    estate.commit()
    notice = only(kiosk_of(estate))
    assert (notice["urgent"], notice["tone"]) == (True, "urgent")
    assert notice["takes_over_until"] == "2026-11-24T10:00:00+08:00"
    estate.appeared(A, "2026-11-24 09:40")
    estate.commit()
    for at in ("2026-11-24 10:00", "2026-11-25 08:00"):
        assert only(kiosk_of(estate, at))["takes_over_until"] == "2026-11-24T10:10:00+08:00"


def test_an_outcome_ends_that(estate: Any) -> None:
    """Once it is over, nothing is urgent, nothing takes over, nothing is overdue; the state says it, with its note."""
    estate.notice(A, FAULT, outcome={"is": "resolved", "at": "2026-11-24 09:50", "note": "水已恢复。"})
    estate.commit()
    notice = only(kiosk_of(estate))
    assert (notice["urgent"], notice["tone"], notice["takes_over_until"]) == (False, "general", None)
    assert (notice["overdue_from"], notice["said"]["zh"]["overdue"], notice["said"]["zh"]["expected"]) == (None, "", "")
    assert notice["said"]["zh"]["state"] == "已恢复 · 11月24日（周二）9:50"
    assert notice["said"]["zh"]["note"] == "水已恢复。"


def test_a_restoration_is_overdue_from_its_second_on(estate: Any) -> None:
    """While it lies ahead, and after it has passed, the instant and the sentence with whom to call are there."""
    estate.notice(A, FAULT)
    estate.commit()
    for at in ("2026-11-24 10:00", "2026-11-24 13:00"):
        notice = only(kiosk_of(estate, at))
        assert notice["overdue_from"] == "2026-11-24T12:00:00+08:00"
        assert "000-5550-0110" in notice["said"]["zh"]["overdue"]
        assert notice["said"]["zh"]["expected"] == "11月24日（周二）12:00"


# ── what is read ─────────────────────────────────────────────────────────────────────────────────


def test_everything_is_said_in_every_language(estate: Any) -> None:
    """A language without a text of its own has the first one's, and says so; one with its own says nothing of that."""
    english = "---\ntitle: Beware\n---\nAsk for a card.\n"
    estate.notice(A, body="请查看证件。\n")
    estate.notice(B, title="关于出入证的温馨提示", languages="[zh, en]", texts={"en": english})
    estate.commit()
    notices = {notice["id"]: notice for notice in kiosk_of(estate)["notices"]}
    assert notices[A]["html"] == {"zh": "<p>请查看证件。</p>", "en": "<p>请查看证件。</p>"}
    assert [notices[A]["said"][code]["lang"] for code in ("zh", "en")] == ["", "zh-CN"]
    assert notices[B]["html"]["en"] == "<p>Ask for a card.</p>"
    assert (notices[B]["said"]["en"]["lang"], notices[B]["said"]["en"]["title"]) == ("", "Beware")


def test_pictures_lie_where_their_content_says(estate: Any) -> None:
    """A picture that the text shows is published under its SHA-256, the text and the list of parts name it there."""
    estate.notice(
        A, body="![图](a.png)\n\n[表](a.pdf)\n", files={"a.png": PNG, "b.png": PNG + b"x", "a.pdf": b"%PDF-1.7\n"}
    )
    estate.commit()
    notice = only(kiosk_of(estate))
    digest = hashlib.sha256(PNG).hexdigest()
    path = f"kiosk/files/{digest}.png"
    assert notice["assets"] == [{"path": path, "sha256": digest}]
    assert f'<img src="{path}" alt="图" width="8" height="8">' in notice["html"]["zh"]
    assert f'href="notices/{A}/a.pdf"' in notice["html"]["zh"]
    assert (estate.site / path).read_bytes() == PNG
    assert [file.name for file in (estate.site / "kiosk/files").iterdir()] == [f"{digest}.png"]


def test_two_names_of_one_picture_are_one_part(estate: Any) -> None:
    """A picture that lies there twice is fetched once."""
    estate.notice(A, body="![图](a.png) ![图](b.png)\n", files={"a.png": PNG, "b.png": PNG})
    estate.commit()
    assert len(only(kiosk_of(estate))["assets"]) == 1


def test_a_picture_of_what_is_to_come_is_there_already(estate: Any) -> None:
    """Its own address has none yet; the screens' has, so that a screen can hold it ready."""
    estate.notice(A, body="![图](a.png)\n", files={"a.png": PNG}, valid_from="2026-11-26 09:00")
    estate.commit()
    [part] = only(kiosk_of(estate))["assets"]
    assert (estate.site / part["path"]).read_bytes() == PNG
    assert not (estate.site / f"notices/{A}").exists()


def test_numbers_to_call_are_there_without_any_notice(estate: Any) -> None:
    """The desk's and the duty line's number, and the estate's name, in every language."""
    estate.commit()
    data = kiosk_of(estate)
    assert data["notices"] == []
    assert data["name"] == {"zh": "云上苑", "en": "Cloudtop Court"}
    assert data["desk"]["en"] == {
        "name": "Service centre front desk",
        "number": "000-5550-0100",
        "hours": "Daily 8:00–20:00",
    }
    assert data["duty"]["zh"] == {"name": "24 小时值班电话", "number": "000-5550-0110", "hours": "昼夜有人接听"}


# ── codes ────────────────────────────────────────────────────────────────────────────────────────


def test_a_code_leads_to_the_notice_in_its_language(estate: Any) -> None:
    """What a code says is the notice's own address, whole, in each language."""
    estate.notice(A)
    estate.commit()
    board = "https://board.cloudtop.example"
    assert only(kiosk_of(estate))["qr"] == {"zh": f"{board}/notices/{A}/", "en": f"{board}/en/notices/{A}/"}


def test_a_board_without_an_address_has_no_codes(estate: Any) -> None:
    """Where nobody knows the public address, no code leads to the wrong place."""
    estate.edit("mkdocs.yml", "site_url: https://board.cloudtop.example/", "site_url: ''")
    estate.notice(A)
    estate.commit()
    assert only(kiosk_of(estate))["qr"] == {}
