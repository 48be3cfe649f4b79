"""An estate's changes to the standard: tighter or new is taken, looser is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gaoshi.core.board import Board
from gaoshi.core.notice import Problem
from gaoshi.core.standard import build_standard
from gaoshi.core.tightening import Refusal, lay_over
from gaoshi.sources.settings import own_standard, parse_board

TIGHTER = {"within": "less", "days_before": "more", "max_count": "less"}
BASE = {"event": {"within": "4h", "days_before": 2}, "max_count": 20, "lanes": ["a", "b"], "flag": True, "word": "x"}


@pytest.mark.parametrize(
    ("change", "path", "value"),
    [
        ({"event": {"within": "3h"}}, ("event", "within"), "3h"),
        ({"event": {"within": "240m"}}, ("event", "within"), "240m"),
        ({"event": {"days_before": "3"}}, ("event", "days_before"), 3),
        ({"event": {"days_before": "2"}}, ("event", "days_before"), 2),
        ({"max_count": "0"}, ("max_count",), 0),
        ({"lanes": ["c"]}, ("lanes",), ["a", "b", "c"]),
        ({"lanes": ["a"]}, ("lanes",), ["a", "b"]),
        ({"new": {"within": "9d", "flag": "true"}}, ("new",), {"within": "9d", "flag": True}),
    ],
)
def test_tighter_and_new_is_taken(change: Any, path: tuple[str, ...], value: Any) -> None:
    """A number goes the tighter way, a list grows, a key that is new is the estate's own."""
    data, refusals = lay_over(BASE, change, TIGHTER)
    node: Any = data
    for part in path:
        node = node[part]
    assert (node, type(node), refusals) == (value, type(value), [])


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"event": {"within": "5h"}}, Refusal("event.within", "5h", "looser")),
        ({"event": {"within": "241m"}}, Refusal("event.within", "241m", "looser")),
        ({"event": {"days_before": "1"}}, Refusal("event.days_before", "1", "looser")),
        ({"max_count": "21"}, Refusal("max_count", "21", "looser")),
        ({"event": {"within": "soon"}}, Refusal("event.within", "soon", "unfit")),
        ({"event": {"days_before": None}}, Refusal("event.days_before", "None", "unfit")),
        ({"event": {"days_before": "-1"}}, Refusal("event.days_before", "-1", "unfit")),
        ({"max_count": ["1"]}, Refusal("max_count", "['1']", "unfit")),
        ({"event": "x"}, Refusal("event", "x", "unfit")),
        ({"event": ["x"]}, Refusal("event", "['x']", "unfit")),
        ({"lanes": "c"}, Refusal("lanes", "c", "unfit")),
        ({"lanes": None}, Refusal("lanes", "None", "unfit")),
    ],
)
def test_looser_or_unfit_is_refused_and_told(change: Any, refusal: Refusal) -> None:
    """What would loosen the standard, or is of another shape, is left out and named by its path."""
    data, refusals = lay_over(BASE, change, TIGHTER)
    assert data == BASE
    assert refusals == [refusal]


def test_the_standard_itself_is_not_changed() -> None:
    """Laying over makes new data; what was laid over stays as it was."""
    before = repr(own_standard())
    lay_over(
        own_standard(),
        {"timeliness": {"urgent": {"within": "10m"}}, "channels": {"own": {}}},
        own_standard()["tighter"],
    )
    assert repr(own_standard()) == before


def board(changes: str) -> tuple[Board, tuple[Problem, ...]]:
    """The board of an estate with these changes to the standard, and what was wrong with them."""
    settings = (
        "plugins:\n  - gaoshi:\n      board: x\n      contacts: {a: {phone: '000', always: true}}\n      standard:\n"
    )
    return parse_board((settings + "".join(f"        {line}\n" for line in changes.splitlines())).encode())


def test_an_estate_adds_a_kind_of_its_own() -> None:
    """A new kind with its label is a kind like any other."""
    made, problems = board(
        "kinds:\n  pets: {clause: S-H.3, format: notice, timeliness: general,"
        " label: {zh: 宠物, en: Pets}, validity: {at_most: 30d}}"
    )
    kind = made.standard.kinds["pets"]
    assert problems == ()
    assert (kind.label, kind.timeliness, kind.validity.at_most) == (
        {"zh": "宠物", "en": "Pets"},
        "general",
        timedelta(days=30),
    )
    assert made.standard.kind_for("pets", unplanned=False, values={}) == kind


def test_an_estate_tightens_a_limit() -> None:
    """Three days ahead instead of two; the rest stays."""
    made, problems = board("timeliness: {general: {days_before: 3}}")
    assert problems == ()
    assert made.standard.timeliness["general"].days_before == 3
    assert made.standard.timeliness["urgent"] == build_standard(own_standard()).timeliness["urgent"]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ("timeliness: {general: {days_before: 1}}", "settings-standard-looser"),
        ("attachments: {max_bytes: 99999999}", "settings-standard-looser"),
        ("kinds: {works: {validity: {after_end: 9d}}}", "settings-standard-looser"),
        ("kinds: {pets: {clause: x, format: notice, timeliness: nonsense}}", "settings-standard-unfit"),
        ("kinds: {pets: x}", "settings-standard-unfit"),
        ("timeliness: 3", "settings-standard-unfit"),
        ("timeliness: {general: {days_before: 99999999}}", "settings-standard-unfit"),
        ("timeliness: {general: {days_before: 3651}}", "settings-standard-unfit"),
        ("timeliness: {general: {days_before: 3d}}", "settings-standard-unfit"),
        (f"timeliness: {{general: {{days_before: {'9' * 5000}}}}}", "settings-standard-unfit"),
        ("timeliness: {general: {days_before: ²}}", "settings-standard-unfit"),
        ("timeliness: {urgent: {within: 5}}", "settings-standard-unfit"),
        ("timeliness: {own: {clause: x, days_before: 99999999}}", "settings-standard-unfit"),
        ("timeliness: {own: {clause: x, days_before: -1}}", "settings-standard-unfit"),
        ("timeliness: {own: {clause: x, within: 99999d}}", "settings-standard-unfit"),
        ("ended: {listed_for: 3651d}", "settings-standard-unfit"),
        ("publisher: {rebuilt_within: 25h}", "settings-standard-looser"),
        ("publisher: {grace: 2h}", "settings-standard-looser"),
        ("text: {front_matter_max_bytes: 99999999}", "settings-standard-looser"),
        ("attachments: {max_pixels: 40000001}", "settings-standard-looser"),
        ("text: {max_work: 5000001}", "settings-standard-looser"),
        ("kinds: {works: {planned: {validity: {at_most: soon}}}}", "settings-standard-unfit"),
        ("kinds: {works: {when: {subtype: {x: {validity: {at_most: 99999d}}}}}}", "settings-standard-unfit"),
        ("kinds: {works: {when: {subtype: {x: {timeliness: nonsense}}}}}", "settings-standard-unfit"),
        ("- a", "settings-standard-unfit"),
    ],
)
def test_what_loosens_or_breaks_the_standard_leaves_it_as_it_was(changes: str, what: str) -> None:
    """The board goes on under the standard, and the settings have a finding."""
    made, problems = board(changes)
    assert [problem.what for problem in problems] == [what]
    assert made.standard == build_standard(own_standard())
