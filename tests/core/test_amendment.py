"""What one approval is enough for: an outcome, a correction or a translation that is added, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gaoshi.core.amendment import is_amendment
from gaoshi.core.notice import Notice
from gaoshi.core.reading import Folder, FolderFile, read_notice
from gaoshi.core.standard import build_standard
from gaoshi.sources.settings import own_standard

STANDARD = build_standard(own_standard())
ZONE = ZoneInfo("Asia/Shanghai")
FRONT = {
    "type": "notice",
    "title": "关于开展消防检查的通知",
    "department": "security",
    "approver": "yun-lichun",
    "languages": "[zh]",
    "valid_from": "2026-11-20 12:00",
    "valid_until": "2026-11-26 18:00",
    "starts_at": "2026-11-25 09:00",
    "ends_at": "2026-11-25 17:00",
}
BODY = "请您配合检查。\n"
ENGLISH = b"---\ntitle: Fire inspection\n---\nPlease help.\n"
OTHER_ENGLISH = b"---\ntitle: Fire inspection\n---\nPlease help us.\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)
RESOLVED = "{is: resolved, at: 2026-11-25 18:00, note: 完成}"
CANCELLED = "{is: cancelled, at: 2026-11-24 09:00, note: 取消}"
CORRECTED = "{at: 2026-11-24 09:00, note: 楼号有误}"


def notice(
    front: Mapping[str, str | None] | None = None, body: str = BODY, files: Mapping[str, bytes] | None = None
) -> Notice:
    """A notice with these fields, text and files."""
    lines = [f"{key}: {value}" for key, value in {**FRONT, **(front or {})}.items() if value is not None]
    main = "\n".join(["---", *lines, "---", body]).encode()
    contents = {"notice.md": main, **(files or {})}
    read = tuple(
        FolderFile(name, "file", f"{hash(data) & (2**160 - 1):040x}", len(data), data, data[:64])
        for name, data in contents.items()
    )
    return read_notice(Folder("2026-11/a", "1" * 40, read), STANDARD, ZONE, "zh")


ENGLISH_TOO: dict[str, Any] = {"front": {"languages": "[zh, en]"}, "files": {"notice.en.md": ENGLISH}}

AMENDMENTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("an outcome", {}, {"front": {"outcome": RESOLVED}}),
    ("a cancellation", {}, {"front": {"outcome": CANCELLED}}),
    ("a correction's note", {}, {"front": {"correction": CORRECTED}}),
    ("a translation", {}, ENGLISH_TOO),
    ("a corrected translation", ENGLISH_TOO, ENGLISH_TOO | {"files": {"notice.en.md": OTHER_ENGLISH}}),
    ("outcome and translation", {}, ENGLISH_TOO | {"front": {"languages": "[zh, en]", "outcome": RESOLVED}}),
    (
        "an outcome after a correction",
        {"front": {"correction": CORRECTED}},
        {"front": {"correction": CORRECTED, "outcome": RESOLVED}},
    ),
    ("another person asked", {}, {"front": {"approver": "yun-guyu", "outcome": RESOLVED}}),
]
CHANGES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("the text", {}, {"body": "请您配合检查！\n"}),
    ("the title", {}, {"front": {"title": "关于消防检查的通知"}}),
    ("a longer validity", {}, {"front": {"valid_until": "2026-11-27 18:00"}}),
    ("an earlier start", {}, {"front": {"valid_from": "2026-11-20 11:00"}}),
    ("another day", {}, {"front": {"starts_at": "2026-11-25 08:00"}}),
    ("a date taken out", {}, {"front": {"valid_until": None}}),
    ("another kind", {}, {"front": {"type": "safety"}}),
    ("another department", {}, {"front": {"department": "cleaning"}}),
    ("another place", {}, {"front": {"places": "[tower-1]"}}),
    ("another importance", {}, {"front": {"importance": "major"}}),
    ("in the company's name", {}, {"front": {"issued_as": "company"}}),
    ("litigation", {"front": {"legal": "true"}}, {"front": {"legal": "false"}}),
    ("litigation added", {}, {"front": {"legal": "true"}}),
    ("what it replaces", {}, {"front": {"supersedes": "2026-11/b"}}),
    ("an allowance", {}, {"front": {"allow": "[{code: T103, reason: 急}]"}}),
    ("a picture", {}, {"files": {"a.png": PNG}}),
    ("a byte of a picture", {"files": {"a.png": PNG}}, {"files": {"a.png": PNG + b"\0"}}),
    ("a picture taken out", {"files": {"a.png": PNG}}, {}),
    ("a translation taken out", ENGLISH_TOO, {}),
    ("a translation no longer shown", ENGLISH_TOO, {"files": {"notice.en.md": ENGLISH}}),
    ("an outcome told otherwise", {"front": {"outcome": RESOLVED}}, {"front": {"outcome": CANCELLED}}),
    ("an outcome taken back", {"front": {"outcome": CANCELLED}}, {}),
    (
        "a correction told otherwise",
        {"front": {"correction": CORRECTED}},
        {"front": {"correction": CORRECTED.replace("有误", "已改")}},
    ),
    ("an outcome and the text", {}, {"front": {"outcome": RESOLVED}, "body": "检查完了。\n"}),
    ("a correction and the text", {}, {"front": {"correction": CORRECTED}, "body": "请您不必配合。\n"}),
    ("an unknown field", {}, {"front": {"outcome": RESOLVED, "qqqq": "x"}}),
    ("unreadable", {}, {"front": {"outcome": RESOLVED, "scope": "[a"}}),
    ("unreadable before", {"front": {"scope": "[a"}}, {"front": {"scope": "[a", "outcome": RESOLVED}}),
]


@pytest.mark.parametrize(("old", "new"), [case[1:] for case in AMENDMENTS], ids=[case[0] for case in AMENDMENTS])
def test_what_is_only_added_is_an_amendment(old: dict[str, Any], new: dict[str, Any]) -> None:
    """An outcome, a correction's note and a translation leave what was approved as it was."""
    assert is_amendment(notice(**old), notice(**new), "zh")


@pytest.mark.parametrize(("old", "new"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES])
def test_what_a_reader_could_see_otherwise_is_none(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Whatever changes words, dates, places, pictures or what has been told takes the whole way again."""
    assert not is_amendment(notice(**old), notice(**new), "zh")


def test_the_same_is_as_good_as_an_amendment() -> None:
    """Whatever is equal is not more than was approved; its content id is the same, so nobody asks."""
    assert is_amendment(notice(), notice(), "zh")
