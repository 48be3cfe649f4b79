"""`gaoshi screens`: what each screen shows at an instant, and how long its round takes."""

from __future__ import annotations

from typing import Any

import pytest

A, B, C = "2026-11/a", "2026-11/b", "2026-11/c"
FAULT = {
    "type": "utility-outage",
    "subtype": "water",
    "title": "关于停水的紧急通知",
    "department": "engineering",
    "occurred_at": "2026-11-24 09:40",
    "valid_from": "2026-11-24 09:50",
    "valid_until": "2026-11-26 09:00",
    "places": "[tower-1]",
    "scope": "1号楼全楼",
    "cause": "水管破裂",
}


def screens(estate: Any, at: str, *arguments: str) -> dict[str, Any]:
    """What `gaoshi screens` says of each screen, by id."""
    run = estate.run("screens", "--format", "json", "--at", at, *arguments)
    assert run.status == 0, run.err
    return {screen["id"]: screen for screen in run.data["screens"]}


@pytest.fixture
def estate(estate: Any) -> Any:
    """An estate whose screens show notices whole, one language after the other but for tower 4."""
    settings = (estate.root / "mkdocs.yml").read_text(encoding="utf-8")
    settings = settings.replace(", pages: 1}", "}").replace("distance: 4, together: true}", "distance: 4}")
    estate.write("mkdocs.yml", settings)
    return estate


@pytest.fixture
def busy(estate: Any) -> Any:
    """An estate with something urgent in tower 1, a general notice for all and one for tower 2."""
    estate.notice(A, FAULT)
    estate.notice(B, title="关于全体业主之事的温馨提示")
    estate.notice(C, title="关于2号楼之事的温馨提示", places="[tower-2]", importance="important")
    estate.commit()
    return estate


@pytest.mark.parametrize(
    ("at", "lobby_1", "lobby_2"),
    [
        ("2026-11-24 09:49:59", [(B, "general")], [(C, "important"), (B, "general")]),
        ("2026-11-24 09:50", [(A, "takeover"), (B, "general")], [(C, "important"), (B, "general")]),
        ("2026-11-24 10:19:59", [(A, "takeover"), (B, "general")], [(C, "important"), (B, "general")]),
        ("2026-11-24 10:20", [(A, "urgent"), (B, "general")], [(C, "important"), (B, "general")]),
        ("2026-11-26 09:00", [(B, "general")], [(C, "important"), (B, "general")]),
        ("2026-11-30 18:00", [], []),
    ],
)
def test_what_each_screen_shows_at_an_instant(
    busy: Any, at: str, lobby_1: list[tuple[str, str]], lobby_2: list[tuple[str, str]]
) -> None:
    """Each screen has its own, in the order of its round, from the second it begins to the second it ends."""
    found = screens(busy, at)
    assert list(found) == ["lobby-1", "lobby-2", "lobby-3", "lobby-4", "gate"]
    for screen, expected in (("lobby-1", lobby_1), ("lobby-2", lobby_2)):
        assert [(one["id"], one["role"]) for one in found[screen]["shows"]] == expected


def test_a_round_is_as_long_as_what_is_read(busy: Any) -> None:
    """What takes over is the whole round; an empty one takes no time; more pages take longer."""
    assert screens(busy, "2026-11-24 09:50")["lobby-1"]["slides"] == 1
    empty = screens(busy, "2026-11-30 18:00")["lobby-1"]
    assert (empty["slides"], empty["round_seconds"]) == (0, 0)
    before = screens(busy, "2026-11-24 09:40")["lobby-3"]
    assert 8 <= before["round_seconds"] <= 40
    busy.notice(B, title="关于全体业主之事的温馨提示", body="\n\n".join(["字" * 100 + "。"] * 3))
    busy.commit()
    after = screens(busy, "2026-11-24 09:40")["lobby-3"]
    assert (before["slides"], after["slides"]) == (1, 3)
    assert after["round_seconds"] > 3 * 30


def test_two_languages_take_turns_or_share_a_page(estate: Any) -> None:
    """In turn a notice has pages in each language; side by side as many as the longer one."""
    english = "---\ntitle: Beware of callers\n---\n" + "\n\n".join(["word " * 80 + "."] * 2)
    estate.notice(A, languages="[zh, en]", texts={"en": english}, body="请留意。\n")
    estate.commit()
    found = screens(estate, "2026-11-24 10:00")
    assert {one: found[one]["slides"] for one in ("lobby-1", "lobby-4", "gate")} == {
        "lobby-1": 3,
        "lobby-4": 2,
        "gate": 1,
    }


@pytest.mark.parametrize(("pages", "slides"), [(1, 2), (2, 3), (3, 4)])
def test_a_screen_may_show_only_the_first_pages(estate: Any, pages: int, slides: int) -> None:
    """Of each notice it shows at most so many pages in each language, and the round is as much shorter."""
    english = "---\ntitle: Beware of callers\n---\n" + "\n\n".join(["word " * 80 + "."] * 2)
    estate.notice(A, languages="[zh, en]", texts={"en": english}, body="请留意。\n")
    estate.edit("mkdocs.yml", "orientation: portrait}", f"orientation: portrait, pages: {pages}}}")
    estate.commit()
    found = screens(estate, "2026-11-24 10:00")["lobby-1"]
    assert (found["pages"], found["slides"]) == (pages, slides)


@pytest.mark.parametrize(("at", "slides"), [("2026-11-24 10:19:59", 3), ("2026-11-24 10:20", 1)])
def test_what_takes_over_is_shown_whole(estate: Any, at: str, slides: int) -> None:
    """An urgent notice is shown to its last page while it has the screen to itself, whatever the screen's settings say."""
    estate.notice(A, FAULT, body="\n\n".join(["字" * 100 + "。"] * 3))
    estate.edit("mkdocs.yml", "orientation: portrait}", "orientation: portrait, pages: 1}")
    estate.commit()
    assert screens(estate, at)["lobby-1"]["slides"] == slides


def test_upright_there_is_no_room_for_two_languages(estate: Any) -> None:
    """A screen that hangs upright shows them in turn, whatever its settings ask for."""
    estate.edit(
        "mkdocs.yml", "place: tower-4, together: true}", "place: tower-4, together: true, orientation: portrait}"
    )
    estate.notice(A, languages="[zh, en]", texts={"en": "---\ntitle: Beware\n---\nPlease.\n"})
    estate.commit()
    assert screens(estate, "2026-11-24 10:00")["lobby-4"]["slides"] == 2


def test_a_picture_is_a_page_of_its_own(estate: Any) -> None:
    """A text with a picture has one page more, and its address is not read."""
    estate.notice(A, body="请留意。\n\n![示意图](map.png)\n", files={"map.png": b"\x89PNG\r\n\x1a\n" + bytes(24)})
    estate.commit()
    assert screens(estate, "2026-11-24 10:00")["gate"]["slides"] == 2


def test_what_is_not_approved_is_on_no_screen_yet(estate: Any) -> None:
    """Of a revision it is left out; the working tree is taken as if it were published, so there it can be seen."""
    estate.notice(A)
    estate.commit(approved=False)
    assert all(screen["shows"] == [] for screen in screens(estate, "2026-11-24 10:00", "--rev", "HEAD").values())
    assert all(len(screen["shows"]) == 1 for screen in screens(estate, "2026-11-24 10:00").values())


@pytest.mark.parametrize(
    ("language", "first", "waiting", "idle"),
    [
        (
            "zh",
            "lobby-1  1号楼大堂（1号楼）：一轮约 1 分钟，1 页",
            f"      让位  {B}  关于全体业主之事的温馨提示",
            "gate  东大门（全小区）：没有要放的公告，显示小区名称、时间和服务电话",
        ),
        (
            "en",
            "lobby-1  Tower 1 lobby (Tower 1): a round of about 1 minute, one page",
            f"      waiting  {B}  关于全体业主之事的温馨提示",
            "gate  East Gate (Whole estate): nothing to show but the estate's name, the time and a number to call",
        ),
    ],
)
def test_it_is_told_in_words(busy: Any, language: str, first: str, waiting: str, idle: str) -> None:
    """A line a screen with the length of its round, a line a notice; what waits for something urgent says so."""
    lines = busy.run("screens", "--lang", language, "--at", "2026-11-24 09:50").out.split("\n")
    assert lines[0] == first
    assert lines[2] == waiting
    assert busy.run("screens", "--lang", language, "--at", "2026-11-30 18:00").out.split("\n")[4] == idle


def test_an_estate_without_screens_is_told_how_to_have_some(estate: Any) -> None:
    """No screens are no error."""
    text = (estate.root / "mkdocs.yml").read_text(encoding="utf-8")
    begin = text.index("      screens:\n")
    estate.write("mkdocs.yml", text[:begin] + text[text.index("      # Changes to the standard", begin) :])
    run = estate.run("screens", "--lang", "en")
    assert (run.status, run.out) == (0, "No screens are set up; list them under screens in mkdocs.yml.\n")
