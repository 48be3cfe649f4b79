"""What could not be read becomes a finding at its place; what cannot be read is never public."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rule_corpus import CORPUS

from conftest import BODY, ENGLISH, FAULT, PNG, written
from gaoshi.core import document, reading
from gaoshi.core.document import CONTROL
from gaoshi.core.finding import Position, Severity
from gaoshi.core.notice import Problem
from gaoshi.rules import judge
from gaoshi.rules.problems import GROUPS, KNOWN

PATH = "notices/2026-11/fire-check"


def test_a_flawless_notice_has_no_findings(bench: Any) -> None:
    """A notice without a flaw is passed over in silence."""
    assert bench.findings() == ()
    assert bench.findings(base=FAULT) == ()


def test_every_problem_is_in_one_group() -> None:
    """No problem is spoken of twice, and each that the readers can name is known."""
    assert sum(map(len, GROUPS)) == len(KNOWN)
    names = set()
    for module in (reading, document):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in {"problem", "Flaw"} and isinstance(node.args[0], ast.Constant):
                names.add(node.args[0].value)
    assert names
    assert names <= KNOWN


def test_a_strange_problem_is_not_passed_over(bench: Any) -> None:
    """A problem that no rule knows withholds the notice."""
    [found] = bench.findings(problems=(Problem("unheard-of", Position(PATH)),))
    assert (found.key, found.blocks) == ("R101.other", True)


@pytest.mark.parametrize("code", ["R101", "R102", "R201"])
def test_what_cannot_be_read_is_never_public(bench: Any, code: str) -> None:
    """Nothing waives an unreadable notice: not urgency, not a setting, not the author."""
    board = bench.board.__class__(**{name: getattr(bench.board, name) for name in bench.board.__slots__})
    object.__setattr__(board, "rules", {code: "off"})
    for key, arguments in CORPUS.items():
        if key.startswith(code):
            case = bench.case(**{**arguments, "board": board})
            assert any(finding.key == key and finding.blocks for finding in judge(case))


def test_an_unread_notice_is_not_scolded_for_each_missing_field(bench: Any) -> None:
    """When the front matter cannot be read, that alone is said."""
    assert bench.keys("---\ntitle: a: b\n---\n" + BODY) == {"R201.syntax-second-colon"}


@pytest.mark.parametrize(
    ("front", "line", "column"),
    [
        ("---\ntype: notice\ntitel: x\n---\n", 3, 1),
        ("\n---\n\n\ntype: notice\n\ntitel: x\n---\n", 7, 1),
        ("---\r\ntype: notice\r\ntitel: x\r\n---\r\n", 3, 1),
        ("\ufeff---\ntype: notice\ntitel: x\n---\n", 3, 1),
    ],
)
def test_a_finding_points_at_its_line(bench: Any, front: str, line: int, column: int) -> None:
    """Lines are the file's, whatever stands before or between the fields."""
    [found] = bench.only("R203", front + BODY)
    assert (found.position.line, found.position.column) == (line, column)


def test_a_finding_points_at_its_value(bench: Any) -> None:
    """A value's column is the value's, also inside a list and a group."""
    text = written({"type": "notice", "places": "[tower-1, 号楼]", "late_reason": {"is": "睡过头"}})
    [place] = bench.only("F107", text)
    [reason] = bench.only("R302", text)
    assert (place.position.line, place.position.column) == (3, 19)
    assert (reason.position.line, reason.position.column) == (5, 7)


def test_an_urgent_notice_is_published_without_its_unreadable_extras(bench: Any) -> None:
    """A misspelt key or a broken optional value is a warning on an urgent notice, an error elsewhere."""
    extras = {"salutaton": "x", "number": "[a]", "importance": "urgent!", "valid_until": "周五"}
    for base, blocks in ((FAULT, False), (None, True)):
        arguments = {"base": base} if base else {}
        found = [
            finding
            for finding in bench.findings({**extras, "valid_until": None} if not base else extras, **arguments)
            if finding.code in {"R203", "R301", "R302"}
        ]
        assert found
        assert {finding.blocks for finding in found} == {blocks}


@pytest.mark.parametrize("key", [key for key in CORPUS if key.startswith("R104.")])
def test_a_broken_translation_withholds_only_what_is_not_urgent(bench: Any, key: str) -> None:
    """A translation that cannot be read is an error, but never keeps urgent news back."""
    arguments = {**CORPUS[key], "base": FAULT}
    assert any(finding.key == key and finding.blocks for finding in bench.findings(**CORPUS[key]))
    case = bench.case(**arguments)
    assert case.urgent
    assert not any(finding.blocks for finding in judge(case))


def test_a_link_beside_a_notice_withholds_even_urgent_news(bench: Any) -> None:
    """A symbolic link or nested repository withholds always: approval cannot cover what it leads to."""
    for form in ("symlink", "repository"):
        found = bench.findings(base=FAULT, files={"a.png": PNG}, forms={"a.png": form})
        assert any(finding.code == "R102" and finding.blocks for finding in found)


def test_control_characters_reach_no_text(bench: Any) -> None:
    """A control character is reported at its place, written or escaped, and is not in what is read."""
    case = bench.case({"title": '"消防\\u202e检查"'}, body="一\n二\x07三\n")
    found = [finding for finding in judge(case) if finding.code == "R303"]
    assert [(item.position.line, item.values["code"]) for item in found] == [(3, "U+202E"), (13, "U+0007")]
    text = case.notice.texts["zh"]
    assert "\u202e" not in text.title
    assert "\x07" not in text.body


def test_control_characters_reach_no_list(bench: Any) -> None:
    """A control character in a list or an allowance is reported, and is in nothing that is read of the notice."""
    case = bench.case(
        {
            "places": '[tower-3, "\\u202E\\x1b\\0"]',
            "notify": '["clean\\u2066ing"]',
            "allow": '[{code: "M\\x1b1", reason: "\\u202E"}]',
        }
    )
    assert len([finding for finding in judge(case) if finding.code == "R303"]) == 4
    assert CONTROL.search("".join(str(value) for name in case.notice.lists.values() for value in name)) is None
    assert CONTROL.search("".join(allowance.code + allowance.reason for allowance in case.notice.allow)) is None


def test_a_second_original_does_not_replace_the_first(bench: Any) -> None:
    """notice.zh.md on a Chinese board is an error, and notice.md remains the notice's text."""
    case = bench.case(files={"notice.zh.md": ENGLISH})
    assert case.notice.texts["zh"].path.endswith("/notice.md")
    assert [finding.key for finding in judge(case)] == ["R104.same-language"]


def test_an_empty_required_field_is_said_once(bench: Any) -> None:
    """A required field without a value is missing; an optional one is a hint."""
    assert bench.keys({"department": '""'}) == {"F102.department"}
    [hint] = bench.findings({"scope": '""'})
    assert (hint.key, hint.severity) == ("R304.empty-value", Severity.HINT)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), other=st.binary(max_size=200))
def test_no_bytes_break_the_rules(bench: Any, data: bytes, other: bytes) -> None:
    """Whatever bytes a notice is made of, it is judged, and without an end it is withheld."""
    for front in (data, b"---\n" + data + b"\n---\n" + other):
        case = bench.case(front, files={"notice.en.md": other, "a.png": other})
        findings = judge(case)
        assert all(finding.position.line >= 1 and finding.position.column >= 1 for finding in findings)
        if "valid_until" not in case.notice.dates:
            assert any(finding.blocks for finding in findings)
