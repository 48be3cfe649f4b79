"""Front matter as nearly everybody writes it is read without the parser, to exactly what the parser would read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from gaoshi.core import document

PROJECT = Path(__file__).resolve().parent.parent.parent


def by_parser(text: str) -> tuple[document.Node | None, list[document.Flaw]]:
    """What the parser reads."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document, "_read_plainly", lambda *_: None)
        return document.read_yaml(text, first_line=2)


PIECES = (
    *(
        "type",
        "title",
        "a_b",
        "zh",
        "0",
        "010",
        "no",
        "null",
        "~",
        "=",
        "<<",
        "关于3号楼",
        "（周三）",
        "·",
        "“好”",
        "9:00–17:00",
        "\u3000",
    ),
    *(
        ":",
        ": ",
        " :",
        "::",
        "#",
        " #",
        "-",
        "- ",
        "--- ",
        "...",
        "?",
        "? ",
        "[",
        "]",
        "[a, b]",
        "[a,b]",
        "[]",
        "{",
        "}",
    ),
    *(
        ",",
        ", ",
        "'",
        '"',
        "&a",
        "*a",
        "!t",
        "|",
        ">",
        "%",
        "@",
        "`",
        "\\",
        "\\n",
        "\n",
        "\n\n",
        "\n  ",
        "\n    ",
        "\n ",
        "  ",
    ),
    *("\t", "\r", "\x00", "\x85", "\xa0", "\u2028", "\u200b", "\ufeff", "\x7f", "😀", "é"),
)
LINES = some.one_of(
    some.sampled_from(
        [
            "type: works",
            "title: 关于3号楼",
            "places: [tower-1, tower-2]",
            "works:",
            "  by: 保洁部",
            "  by: [a, b]",
            "  by:",
            "",
            "# c",
        ]
    ),
    some.builds(
        "{}: {}".format,
        some.sampled_from(["a", "b", "c"]),
        some.lists(some.sampled_from(PIECES), max_size=4).map("".join),
    ),
    some.lists(some.sampled_from(PIECES), max_size=6).map("".join),
)


@settings(max_examples=1500, deadline=None)
@given(some.lists(LINES, max_size=6).map("\n".join))
@example("")
@example("\n")
@example("a:\n  b: c\nd:\n")
@example("a: b\n  c: d")
@example("a:\n\n  b: c\n\n  d: e\n\nf: g\n")
@example("a: b c:d e :f\nb: 10:30\n")
@example("a: b\na: c\n")
def test_it_reads_what_the_parser_reads(text: str) -> None:
    """Whatever it takes on, it reads to the same nodes at the same places."""
    root = document._read_plainly(text, 2)
    if root is not None:
        assert (root, []) == by_parser(text)
    assert document.read_yaml(text, first_line=2) == by_parser(text)


def test_it_takes_on_what_people_write() -> None:
    """Half of the sample estate's front matter and more is that plain."""
    texts: list[Any] = [path.read_text(encoding="utf-8") for path in sorted((PROJECT / "notices").rglob("notice*.md"))]
    matters = [text.split("---\n")[1] for text in texts]
    taken = [matter for matter in matters if document._read_plainly(matter, 2) is not None]
    assert len(taken) > len(matters) / 2
