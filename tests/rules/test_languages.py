"""P-2.3: each declared language has its whole text."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import BODY, ENGLISH, FAULT, PLANNED
from gaoshi.core.finding import Severity

BOTH = {"languages": "[zh, en]"}


def english(front: str, body: str = "Please help.\n") -> dict[str, str]:
    """An English text."""
    return {"notice.en.md": f"---\n{front}\n---\n{body}"}


def test_a_whole_translation_is_no_finding(bench: Any) -> None:
    """A translation with title, text and every text field is passed over."""
    files = english("title: Fire\nscope: High zone")
    assert bench.findings({**BOTH, "scope": "高区"}, files=files) == ()


def test_a_missing_translation_withholds_only_what_is_not_urgent(bench: Any) -> None:
    """A declared language without a text is an error; urgent news goes out, English to follow."""
    for base, blocks in ((PLANNED, True), (FAULT, False)):
        [found] = bench.findings(BOTH, base=base)
        assert (found.key, found.blocks, found.values["language"]) == ("L103", blocks, "en")
    [found] = bench.findings(BOTH)
    assert (found.position.line, found.position.column) == (6, 17)


def test_a_broken_translation_is_not_called_missing(bench: Any) -> None:
    """A translation that is there and cannot be read is said to be broken, once."""
    assert bench.keys(BOTH, files={"notice.en.md": b"\xff"}) == {"R104.not-utf8"}
    assert bench.keys(BOTH, files={"notice.en.md": "Hello"}) == {"R104.no-front-matter"}


def test_the_boards_own_language_is_declared(bench: Any) -> None:
    """A list of languages without the board's own is an error."""
    assert bench.keys({"languages": "[en]"}, files={"notice.en.md": ENGLISH}) == {"L101"}
    assert bench.keys({"languages": "[]"}) == {"L101"}
    assert bench.keys({"languages": "[en, zh]"}, files={"notice.en.md": ENGLISH}) == set()


def test_a_language_the_board_has_not_is_an_error(bench: Any) -> None:
    """A language that the board is not shown in is unknown, whether it has a text or not."""
    assert bench.keys({"languages": "[zh, fr]"}) == {"L102.unknown"}


def test_an_undeclared_text_is_a_warning(bench: Any) -> None:
    """A translation that languages does not name is not shown, which is said."""
    [found] = bench.findings(files={"notice.en.md": ENGLISH})
    assert (found.key, found.severity) == ("L104", Severity.WARNING)


@pytest.mark.parametrize(
    ("files", "keys"),
    [
        (english("scope: x"), {"L105.title"}),
        (english("title: Fire", ""), {"L105.body"}),
        (english("title: Fire", " \n"), {"L105.body"}),
        (english("title: Fire"), set()),
    ],
)
def test_a_translation_has_title_and_text(bench: Any, files: dict[str, str], keys: set[str]) -> None:
    """A translation without title or text is an error."""
    assert bench.keys(BOTH, files=files) == keys


def test_missing_text_fields_are_named(bench: Any) -> None:
    """The fields that a translation leaves out are named in the original's order; codes need none."""
    front = {**BOTH, "scope": "高区", "cause": "检修", "number": "云〔2026〕1号"}
    [found] = bench.findings(front, files=english("title: Fire"))
    assert (found.key, found.values["fields"], found.severity) == ("L106", "scope, cause", Severity.WARNING)
    assert bench.keys(front, files=english("title: Fire\nscope: High\ncause: Repairs")) == set()


def test_what_was_not_translated_is_a_hint(bench: Any) -> None:
    """A title or text identical to the original is pointed out."""
    findings = bench.findings(BOTH, files=english(f"title: {PLANNED['title']}", BODY))
    assert [finding.key for finding in findings] == ["L107.title", "L107.body"]
    assert {finding.severity for finding in findings} == {Severity.HINT}
