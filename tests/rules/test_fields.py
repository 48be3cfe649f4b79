"""Fields: what must be there, what this estate knows, what belongs to the kind."""

from __future__ import annotations

from typing import Any

import pytest
from rule_corpus import ASSEMBLY, WEATHER

from conftest import ACTIVITY, ENGLISH, FAULT, PLANNED
from gaoshi.core.finding import Severity


@pytest.mark.parametrize(
    ("base", "name"),
    [
        *((PLANNED, name) for name in ("department", "languages")),
        *((FAULT, name) for name in ("scope", "cause")),
        *((ACTIVITY, name) for name in ("starts_at", "ends_at")),
        *((ASSEMBLY, name) for name in ("issuer", "starts_at")),
    ],
)
def test_each_required_field_is_missed(bench: Any, base: dict[str, Any], name: str) -> None:
    """With a required field nothing is missing; without it just this one is."""
    whole = {**PLANNED, **base}
    assert not bench.only("F102", base=whole)
    [found] = bench.only("F102", {name: None}, base=whole)
    assert found.values["field"] == name
    assert found.blocks is (base is not FAULT)


@pytest.mark.parametrize("part", ["theme", "participants", "sign_up", "rain"])
def test_each_required_part_of_a_group_is_missed(bench: Any, part: str) -> None:
    """A missing part of a group is reported where the group stands."""
    [found] = bench.findings({"activity": {**ACTIVITY["activity"], part: None}}, base=ACTIVITY)
    assert (found.key, found.position.line) == (f"F102.activity-{part}", 11)


def test_a_used_group_needs_its_parts(bench: Any) -> None:
    """A group that nobody has to use has parts that it needs once it is used."""
    assert bench.keys({"correction": {"note": "x"}}) == {"F102.correction-at"}
    assert bench.keys({"outcome": {"is": "resolved"}}) == {"F102.outcome-at"}


def test_planned_and_unplanned_need_different_fields(bench: Any) -> None:
    """A planned outage needs beginning and end, an unplanned one neither."""
    planned = {"occurred_at": None, "reported_at": None, "ends_at": None}
    assert {"F102.starts_at", "F102.ends_at"} <= bench.keys(planned, base=FAULT)
    assert bench.keys({"ends_at": None}, base=FAULT) == set()


def test_an_unreadable_field_is_not_called_missing(bench: Any) -> None:
    """A required value that cannot be read is reported as unreadable, once."""
    assert bench.keys({"starts_at": "明天"}, base=ACTIVITY) == {"R301.form"}


def test_without_a_kind_nothing_is_public(bench: Any) -> None:
    """An unknown kind withholds always, and says what was probably meant."""
    [found] = bench.only("F101", {"type": "utility-outag"})
    assert found.blocks
    assert found.values["suggestion"] == "utility-outage"
    assert found.position.line == 2


@pytest.mark.parametrize(
    ("places", "keys", "blocks"),
    [
        ("[tower-3]", set(), False),
        (None, set(), False),
        ("[tower-3, tower-9]", {"F107.similar"}, False),
        ("[tower-8, tower-9]", {"F106.unknown", "F107.similar"}, True),
        ("tower-3", {"F106.unreadable", "R302.list"}, True),
        ("[[tower-3]]", {"F106.unreadable", "R302.list"}, True),
        ("[]", {"F107.empty"}, False),
    ],
)
def test_urgent_news_needs_one_known_place(bench: Any, places: str | None, keys: set[str], blocks: bool) -> None:
    """One place that exists is enough for urgent news; with none that can be told it is withheld."""
    findings = bench.findings({"places": places}, base=FAULT)
    assert {finding.key for finding in findings} == keys
    assert any(finding.blocks for finding in findings) is blocks


def test_an_unknown_place_withholds_a_planned_notice(bench: Any) -> None:
    """One wrong place among right ones is an error where there is time to mend it."""
    [found] = bench.findings({"places": "[tower-3, tower-9]"})
    assert (found.key, found.blocks, found.values["value"]) == ("F107.similar", True, "tower-9")
    [empty] = bench.findings({"places": "[]"})
    assert (empty.key, empty.blocks) == ("F107.empty", False)


@pytest.mark.parametrize(
    ("field", "good", "bad", "code"),
    [
        ("department", "cleaning", "gardening", "F105"),
        ("channels", "[board, sms]", "[board, telegram]", "F108"),
        ("contact", "front-desk", "nobody", "F109"),
        ("notify", "[security, cleaning]", "[security, nobody]", "F110"),
    ],
)
def test_names_are_this_estates(bench: Any, field: str, good: str, bad: str, code: str) -> None:
    """Departments, channels, contacts are known to the settings, or it is an error that lists those that are."""
    assert not bench.only(code, {field: good})
    [found] = bench.only(code, {field: bad})
    assert found.blocks
    assert found.values["choices"]


def test_departments_that_help_are_this_estates(bench: Any) -> None:
    """The helping departments of an activity are checked like those that are told."""
    front = {"activity": {**ACTIVITY["activity"], "helping_departments": "[security, circus]"}}
    [found] = bench.findings(front, base=ACTIVITY)
    assert (found.code, found.values["field"], found.values["value"]) == (
        "F110",
        "activity.helping_departments",
        "circus",
    )


@pytest.mark.parametrize(("subtype", "keys"), [("water", set()), (None, {"F103.missing"}), ("steam", {"F103.unknown"})])
def test_an_outage_says_of_what(bench: Any, subtype: str | None, keys: set[str]) -> None:
    """A kind with subtypes states one that it has."""
    assert bench.keys({"subtype": subtype}, base=FAULT) == keys


def test_foreign_fields_are_a_hint(bench: Any) -> None:
    """A group or subtype of another kind is said to be unused, and nothing more."""
    findings = bench.findings({"fee": {"name": "x"}, "subtype": "water"})
    assert {finding.key for finding in findings} == {"F103.unused", "F104"}
    assert {finding.severity for finding in findings} == {Severity.HINT}


@pytest.mark.parametrize(
    ("title", "long"),
    [("长" * 60, False), ("长" * 61, True), ("x" * 120, False), ("x" * 121, True), ("长" * 59 + "xx", False)],
)
def test_a_title_has_a_greatest_length(bench: Any, title: str, long: bool) -> None:
    """A title may be 60 characters wide, two Latin letters counting as one."""
    assert bool(bench.only("F202", {"title": title})) is long


def test_a_translated_title_is_measured_too(bench: Any) -> None:
    """A title that is too long in a translation is found there."""
    english = ENGLISH.replace("Fire inspection", "Fire " * 30)
    [found] = bench.findings({"languages": "[zh, en]"}, files={"notice.en.md": english})
    assert (found.key, found.position.path.rpartition("/")[2]) == ("F202.long", "notice.en.md")


@pytest.mark.parametrize("body", ["", "\n\n", "   \n\t\n", "<!-- 待写 -->", "<!-- 没有写完"])
def test_a_notice_without_words_is_never_public(bench: Any, body: str) -> None:
    """An empty body withholds, in the urgent lane too; a comment is no text."""
    for base in (PLANNED, FAULT):
        [found] = bench.only("F203", base=base, body=body)
        assert found.blocks


def test_a_notice_without_title_is_never_public(bench: Any) -> None:
    """No title, or an empty one, withholds in the urgent lane too."""
    for title in (None, '""', '"  "'):
        [found] = bench.only("F201", {"title": title}, base=FAULT)
        assert found.blocks


def test_outside_documents_are_registered(bench: Any) -> None:
    """An outside document needs origin and register, said once; our own needs neither."""
    assert bench.keys(ASSEMBLY, at="2026-11-10 10:00") <= {"T105.late"}
    assert bench.keys({"origin": "external"}) == {"F301.register"}
    bare = {**ASSEMBLY, "valid_from": "2026-11-12 09:00", "origin": None, "register": None}
    assert bench.keys(bare, at="2026-11-10 10:00") == {"F102.origin", "F301.kind", "F301.register"}
    [found] = bench.findings({"register": ASSEMBLY["register"]})
    assert (found.key, found.severity) == ("F301.internal", Severity.WARNING)


def test_major_information_goes_to_every_household(bench: Any) -> None:
    """A typhoon is major by itself: it wants every household, and may not be called less."""
    assert bench.keys(WEATHER) == set()
    assert bench.keys({**WEATHER, "channels": None}) == {"F111.household"}
    assert bench.keys({**WEATHER, "importance": "important"}) == {"F111.lowered"}
    assert bench.keys({**WEATHER, "importance": "major"}) == set()
