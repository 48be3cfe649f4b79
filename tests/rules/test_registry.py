"""How findings come to withhold: urgency, the estate's settings, and what nothing touches."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rule_corpus import BOARDS, CORPUS, WEATHER

from conftest import ACTIVITY, FAULT, PLANNED
from gaoshi.core.finding import Severity
from gaoshi.rules import RULES, judge

NEVER_PUBLIC = {
    *("R101", "R102", "R201", "F101", "F106", "F201", "F203", "V101"),
    *("A101", "A102", "A103", "A104", "A105", "A106", "M109", "M201", "C101", "C105"),
}
FIXED = {"A107", "A108", "E103", "E104"}
"""Nothing is withheld for these, and nobody can turn them off or waive them."""
FIELDS = st.sampled_from(
    [
        "type",
        "subtype",
        "title",
        "department",
        "approver",
        "languages",
        "valid_from",
        "valid_until",
        "starts_at",
        "ends_at",
        "occurred_at",
        "reported_at",
        "places",
        "scope",
        "channels",
        "importance",
        "contact",
        "notify",
        "origin",
        "register",
        "issued_as",
        "legal",
        "late_reason",
        "supersedes",
        "correction",
        "outcome",
        "embargo",
        "allow",
        "activity",
        "weather",
    ]
)
VALUES = st.one_of(
    st.sampled_from(
        [
            "2026-11-20 09:00",
            "2026-11-25 09:00",
            "9999-12-31 23:59",
            "0001-01-01 00:00",
            "2999-12-31 23:59",
            "1970-01-01 00:00",
            "[tower-1]",
            "[]",
            "[zh, en]",
            "[board]",
            "major",
            "external",
            "utility-outage",
            "weather-reminder",
            "emergency",
            "{is: postponed, at: 2026-11-20 09:00}",
            "{is: other}",
            "{issued_at: 2999-12-31 23:59, level: red}",
            "{}",
            "~",
            "[{code: F105, reason: x}]",
            "[{code: W104, reason: x}]",
            "2026-11/fire-check",
            "true",
            '""',
            "{received: 2999-12-31 23:59}",
        ]
    ),
    st.text(max_size=12),
)


SEVERITIES = {
    Severity.WARNING: {"F111", "V104", "V106", "T101", "T102", "T108", "T203", "T204", "L104", "L106", "X104", "M108"}
    | {"O101", "O102", "O103", "O105", "O107", "O109", "C102", "W101", "W102", "E102", "K101"}
    | FIXED,
    Severity.HINT: {"R304", "F104", "V107", "T107", "T201", "L107", "M107", "O108", "C103", "C104", "W104", "K102"},
}
"""Rules that never withhold by themselves; every other is an error."""


def test_the_severity_of_each_rule() -> None:
    """What withholds, what warns and what only hints is decided, not incidental."""
    for code, listed in RULES.items():
        expected = next((severity for severity, codes in SEVERITIES.items() if code in codes), Severity.ERROR)
        assert listed.severity is expected, code


def test_the_list_of_what_must_never_be_public() -> None:
    """Just these rules withhold always: unapproved, unreadable, no text, place or end, script, odd names."""
    assert {code for code, listed in RULES.items() if listed.always} == NEVER_PUBLIC | FIXED
    assert {RULES[code].severity for code in FIXED} == {Severity.WARNING}


@pytest.mark.parametrize("key", sorted(CORPUS))
def test_urgent_news_is_withheld_only_for_what_must_never_be_public(bench: Any, key: str) -> None:
    """In the urgent lane an error of any other rule is a warning."""
    arguments = dict(CORPUS[key])
    bench = bench.in_zone(arguments.pop("zone", "Asia/Shanghai"))
    if board := arguments.pop("board", None):
        arguments["board"] = BOARDS[board]()
    for finding in judge(replace(bench.case(**arguments), urgent=True)):
        assert finding.blocks is (finding.code in NEVER_PUBLIC and finding.severity is Severity.ERROR)


def test_settings_change_what_may_be_changed(bench: Any) -> None:
    """An estate may turn a rule off, up or down; what must never be public stays an error."""
    wrong = {"department": "gardening", "valid_until": None}
    for setting, expected in (("off", None), ("hint", Severity.HINT), ("warning", Severity.WARNING)):
        board = replace(bench.board, rules={"F105": setting, "V101": setting})
        found = {finding.code: finding.severity for finding in bench.findings(wrong, board=board)}
        assert found.get("F105") == expected
        assert found["V101"] is Severity.ERROR


def test_findings_are_in_the_order_of_their_places(bench: Any) -> None:
    """Findings are listed from the top of the file to its end."""
    findings = bench.findings({"department": "x", "places": "[y, tower-1]", "contact": "z"}, body="# 一\n\n<b>\n")
    assert len(findings) == 5
    assert list(findings) == sorted(findings, key=lambda finding: finding.position)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    front=st.dictionaries(FIELDS, VALUES, max_size=8),
    base=st.sampled_from([PLANNED, FAULT, ACTIVITY, {**PLANNED, **WEATHER}]),
    public=st.booleans(),
)
def test_no_front_matter_breaks_the_rules(
    bench: Any, front: dict[str, str], base: dict[str, Any], public: bool
) -> None:
    """Whatever stands in a front matter is judged; urgent and public notices are not held back for being late."""
    case = bench.case(front, base=base, public_at="2026-11-20 09:30" if public else None)
    findings = judge(case)
    for finding in findings:
        assert finding.position.path.startswith("notices/2026-11/fire-check")
        if case.urgent:
            assert not finding.blocks or finding.code in NEVER_PUBLIC
        if public:
            assert not (finding.blocks and finding.code.startswith("T"))


def test_judging_is_quick(bench: Any) -> None:
    """A notice of ordinary length is judged in a fraction of a millisecond, with room for a busy machine."""
    body = "停水前，请您备好当天的饮用水。\n\n- 关好水龙头；\n- **提前**告诉我们。\n\n![取水点](a.png)\n" * 8
    cases = [
        bench.case(base=base, body=body + str(index)) for index in range(40) for base in (PLANNED, FAULT, ACTIVITY)
    ]
    best = min(_seconds(cases) for _ in range(3))
    assert best / len(cases) < 0.002


def _seconds(cases: list[Any]) -> float:
    began = time.process_time()
    for case in cases:
        judge(case)
    return time.process_time() - began
