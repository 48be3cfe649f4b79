"""From a folder's files to a notice: every field by its type, every mistake at its place."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoshi.core.instants import parse_instant
from gaoshi.core.notice import Notice, Outcome
from gaoshi.core.reading import Folder, FolderFile, read_notice, suggest
from gaoshi.core.standard import build_standard
from gaoshi.sources.settings import own_standard

ZONE = ZoneInfo("Asia/Shanghai")
STANDARD = build_standard(own_standard())
PATH = "notices/2026-11/a/"


def read(*front: str, body: str = "请留意。\n", **more: str | bytes) -> Notice:
    """The notice of these front-matter lines; `more` are further files, `__` for the dot."""
    return read_files(
        {
            "notice.md": "---\n" + "\n".join(front) + f"\n---\n{body}",
            **{name.replace("__", "."): data for name, data in more.items()},
        }
    )


def read_files(files: dict[str, str | bytes]) -> Notice:
    """The notice of a folder with these files."""
    datas = {name: data if isinstance(data, bytes) else data.encode() for name, data in files.items()}
    folder = Folder(
        "2026-11/a", "c", tuple(FolderFile(name, "file", "b", len(data), data) for name, data in datas.items())
    )
    return read_notice(folder, STANDARD, ZONE, "zh")


def problems(notice: Notice) -> list[tuple[str, str, int, int]]:
    """What reading stumbled on, in which file, line and column."""
    return [(p.what, p.position.path.removeprefix(PATH), p.position.line, p.position.column) for p in notice.problems]


def test_every_field_is_read_by_its_type() -> None:
    """Words, instants, days, flags, lists, groups and choices, each where it belongs."""
    notice = read(
        "type: utility-outage",
        "title: 停水",
        "languages: [zh, en]",
        "valid_from: 2026-11-22 18:00",
        "places: [tower-1, tower-2]",
        "legal: true",
        "embargo: false",
        "fee: {deadline: 2026-12-10, name: 物业费}",
        "outcome: {is: postponed, at: 2026-11-24 09:00, new_date: 另行通知, note: 等通知}",
        "allow: [{code: T201, reason: 已说明}]",
        "register: {serial: 7, received: 2026-11-23 15:20}",
    )
    assert notice.problems == ()
    assert (notice.kind, notice.languages, notice.places) == ("utility-outage", ("zh", "en"), ("tower-1", "tower-2"))
    assert notice.instant("valid_from") == parse_instant("2026-11-22 18:00", ZONE)
    assert (notice.flags, notice.values["fee.deadline"], notice.values["register.serial"]) == (
        {"legal"},
        "2026-12-10",
        "7",
    )
    assert notice.texts["zh"].fields == {"title": "停水", "fee.name": "物业费", "outcome.note": "等通知"}
    assert notice.outcome == Outcome("postponed", parse_instant("2026-11-24 09:00", ZONE), None, later=True)
    assert [(allowance.code, allowance.reason) for allowance in notice.allow] == [("T201", "已说明")]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("colour: red", ("unknown-key", 2, 1)),
        ("titel: x", ("unknown-key", 2, 1)),
        ("outcome: {iss: x}", ("unknown-key", 2, 11)),
        ("valid_from: soon", ("instant-form", 2, 13)),
        ("valid_from: 2026-11-22", ("instant-date-only", 2, 13)),
        ("valid_from: 2026-02-30 10:00", ("instant-impossible", 2, 13)),
        ("valid_from: 3026-02-20 10:00", ("instant-range", 2, 13)),
        ("fee: {deadline: soon}", ("date-form", 2, 17)),
        ("fee: {deadline: 2026-02-30}", ("date-impossible", 2, 17)),
        ("fee: {deadline: 9999-12-31}", ("date-range", 2, 17)),
        ("legal: yes", ("wrong-type", 2, 8)),
        ("legal: [true]", ("wrong-type", 2, 8)),
        ("importance: huge", ("unknown-choice", 2, 13)),
        ("places: tower-1", ("wrong-type", 2, 9)),
        ("places: [tower-1, [x]]", ("wrong-type", 2, 19)),
        ("places: [tower-1, tower-1]", ("listed-twice", 2, 19)),
        ("title: [x]", ("wrong-type", 2, 8)),
        ("title: {a: b}", ("wrong-type", 2, 8)),
        ("outcome: resolved", ("wrong-type", 2, 1)),
        ("allow: T201", ("wrong-type", 2, 8)),
        ("allow: [{code: T201}]", ("wrong-type", 2, 9)),
        ("scope:", ("empty-value", 2, 1)),
        ("scope: ''", ("empty-value", 2, 1)),
        ("scope: '  '", ("empty-value", 2, 1)),
        ('scope: "a\\u202eb"', ("control-character", 2, 8)),
        ('places: [tower-3, "\\u202Eb\\x1b"]', ("control-character", 2, 19)),
        ('allow: [{code: T201, reason: "\\x1b[2J"}]', ("control-character", 2, 30)),
        ('fee: {name: "a\\0"}', ("control-character", 2, 13)),
        ("title: x\ntitle: y", ("duplicate-key", 3, 1)),
        ("scope: &a x", ("anchor", 2, 8)),
    ],
)
def test_a_mistake_is_found_at_its_place(line: str, found: tuple[str, int, int]) -> None:
    """What is wrong with a value is told with line and column, and the rest is read on."""
    notice = read(line, "department: security")
    assert problems(notice) == [(found[0], "notice.md", *found[1:])]
    assert notice.department == "security"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("above", [0, 1, 3])
def test_places_are_right_whatever_the_editor_wrote(newline: str, bom: bytes, above: int) -> None:
    """Byte-order marks, Windows and old Mac line ends and blank lines above do not shift a place."""
    lines = [*[""] * above, "---", "", "# 注释", "type: notice", "标题: x", "---", "", "第一段。", "第二段。"]
    notice = read_files({"notice.md": bom + newline.join(lines).encode()})
    assert problems(notice) == [("unknown-key", "notice.md", above + 5, 1)]
    text = notice.texts["zh"]
    offset = text.body.index("第二段")
    assert text.body_line + text.body.count("\n", 0, offset) == above + 9
    assert (notice.kind, "\r" in text.body) == ("notice", False)


@given(st.lists(st.sampled_from(["", "a: 1", "# x", "b: {c: 1}", "type: notice"]), max_size=8), st.integers(0, 3))
def test_a_place_is_always_that_of_its_line(lines: list[str], above: int) -> None:
    """Whatever stands above it, a key that nobody knows is found in the line in which it was written."""
    text = "\n".join([*[""] * above, "---", *lines, "unheard_of: 1", "---", "x"])
    places = [p.position.line for p in read_files({"notice.md": text}).problems if p.values.get("key") == "unheard_of"]
    assert places == [above + 1 + len(lines) + 1]


def test_text_is_composed() -> None:
    """Decomposed characters (as some systems write them) are composed, in fields and in the body."""
    notice = read(unicodedata.normalize("NFD", "title: Café"), body=unicodedata.normalize("NFD", "Café が\n"))
    assert notice.texts["zh"].title == "Café"
    assert notice.texts["zh"].body.strip() == "Café が"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("没有。\n", "no-front-matter"),
        ("", "no-front-matter"),
        ("---\ntitle: x\n", "unclosed-front-matter"),
        ("---\n- a\n---\nx", "not-a-mapping"),
        ("---\nword\n---\nx", "not-a-mapping"),
        ("---\na: [\n---\nx", "syntax"),
        ("---\na: " + "[" * 99 + "\n---\nx", "too-deep"),
        ("---\nscope: " + "x" * 40000 + "\n---\nx", "front-matter-too-large"),
        (b"---\ntitle: \xb9\xab\n---\n", "not-utf8"),
        ("---\ntitle: x\n---\na\x07b", "control-character"),
        ("---\ntitle: x\n---\na\u202eb", "control-character"),
    ],
)
def test_a_broken_file_is_one_problem(data: str | bytes, what: str) -> None:
    """Each way in which a file can be broken has its name, and is told once."""
    assert [found for found, *_ in problems(read_files({"notice.md": data}))] == [what]


def test_a_broken_byte_is_found_at_its_place() -> None:
    """Line and column of the first byte that is no UTF-8."""
    assert problems(read_files({"notice.md": b"---\nab: " + b"\xff\n---\n"})) == [("not-utf8", "notice.md", 2, 5)]


def test_control_characters_reach_no_output() -> None:
    """Where one was, a mark stands in its place, in the body as in a field."""
    notice = read('title: "a\\u0007b"', body="c\x1bd\n")
    assert (notice.texts["zh"].title, notice.texts["zh"].body.strip()) == ("a\ufffdb", "c\ufffdd")


def test_translations_carry_words_and_nothing_else() -> None:
    """A translation gives text fields again; dates, places and everything else are the original's."""
    notice = read(
        "title: 停水",
        "valid_from: 2026-11-22 18:00",
        notice__en__md="---\ntitle: Water\nscope: all\nvalid_from: 2027-01-01 00:00\n"
        "outcome: {note: done, at: 2027-01-01 00:00}\n---\nDear all\n",
    )
    assert notice.texts["en"].fields == {"title": "Water", "scope": "all", "outcome.note": "done"}
    assert notice.instant("valid_from") == parse_instant("2026-11-22 18:00", ZONE)
    assert problems(notice) == [("not-translatable", "notice.en.md", 4, 1), ("not-translatable", "notice.en.md", 5, 23)]
    assert notice.outcome is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("notice.en.md", True),
        ("notice.zh-Hant.md", True),
        ("notice.EN.md", False),
        ("notice.english.md", False),
        ("notice.md.bak", False),
        ("Notice.md", False),
        ("notice..md", False),
        ("notice.en.MD", False),
    ],
)
def test_only_text_files_are_texts(name: str, *, text: bool) -> None:
    """`notice.<language>.md` is a translation, any other name is an attachment."""
    notice = read_files({"notice.md": "---\ntitle: x\n---\nx", name: "---\ntitle: y\n---\ny"})
    assert (name in notice.attachments) is not text
    assert len(notice.texts) == 1 + text


def test_a_second_text_in_the_first_language_is_a_problem() -> None:
    """notice.zh.md beside notice.md does not take its place."""
    notice = read("title: 原文", notice__zh__md="---\ntitle: 另一个\n---\nx")
    assert notice.texts["zh"].title == "原文"
    assert [found for found, *_ in problems(notice)] == ["same-language"]


@pytest.mark.parametrize(
    ("at", "new_date", "outcome"),
    [
        ("2026-11-24 09:00", "2026-12-05 09:30", timedelta(days=11, minutes=30)),
        ("2026-11-24 09:00", "later", None),
        (None, "later", "none"),
    ],
)
def test_an_outcome_needs_its_instant(at: str | None, new_date: str, outcome: Any) -> None:
    """Without the instant of its outcome a notice has none; a new date is an instant, or is told later."""
    notice = read("outcome:", "  is: postponed", *([f"  at: {at}"] if at else []), f"  new_date: {new_date}")
    if outcome == "none":
        assert notice.outcome is None
    else:
        assert notice.outcome is not None
        assert notice.outcome.later is (outcome is None)
        assert (notice.outcome.new_date and notice.outcome.new_date - notice.outcome.at) == outcome


def test_a_misspelt_word_is_guessed() -> None:
    """Near enough gives what was probably meant, far away gives nothing."""
    assert suggest("utility-outtage", STANDARD.kinds) == "utility-outage"
    assert suggest("xyz", STANDARD.kinds) == ""


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    """Whatever lies in notice.md, a notice comes of it, with its problems."""
    for content in (data, b"---\n" + data + b"\n---\nx"):
        notice = read_files({"notice.md": content})
        assert notice.id == "2026-11/a"
        assert all(problem.position.line >= 1 and problem.position.column >= 1 for problem in notice.problems)
