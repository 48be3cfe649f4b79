"""P-3.4: a notice states its end; the end fits its start, its matter and its kind."""

from __future__ import annotations

from typing import Any

import pytest
from rule_corpus import OUTCOME, WORKS

from conftest import FAULT
from gaoshi.core.finding import Severity


@pytest.mark.parametrize(
    ("until", "keys"),
    [("2026-11-20 12:00:01", {"V104.begins"}), ("2026-11-20 12:00:00", {"V102.stated", "V104.begins"})],
)
def test_an_end_follows_its_start(bench: Any, until: str, keys: set[str]) -> None:
    """A notice may end a second after it starts, and not at the same instant."""
    assert bench.keys({"valid_until": until}) == keys


@pytest.mark.parametrize(
    ("until", "keys"),
    [
        ("2026-11-25 17:00", set()),
        ("2026-11-25 16:59:59", {"V104.ends"}),
        ("2026-11-25 09:00:01", {"V104.ends"}),
        ("2026-11-25 09:00:00", {"V104.begins"}),
    ],
)
def test_a_notice_stays_until_its_matter_is_over(bench: Any, until: str, keys: set[str]) -> None:
    """A notice may end with its matter, not before it."""
    assert bench.keys({"valid_until": until}) == keys


def test_what_is_off_may_end_early(bench: Any) -> None:
    """A notice with an outcome no longer has to wait for its matter."""
    assert not bench.only("V104", {"valid_until": "2026-11-24 12:00", "outcome": OUTCOME})


def test_a_matter_ends_after_it_begins(bench: Any) -> None:
    """A matter may end a second after it begins, and not at the same instant."""
    assert not bench.only("V103", {"ends_at": "2026-11-25 09:00:01"})
    assert bench.only("V103", {"ends_at": "2026-11-25 09:00:00"})
    assert not bench.only("V103", {"ends_at": "2026-11-20 09:40:01"}, base=FAULT)
    assert bench.only("V103", {"ends_at": "2026-11-20 09:40:00"}, base=FAULT)


@pytest.mark.parametrize(
    ("zone", "case", "last_good", "first_bad"),
    [
        ("Asia/Shanghai", {"front": WORKS}, "2026-11-26 17:00:00", "2026-11-26 17:00:01"),
        ("Asia/Shanghai", {"front": {**WORKS, "ends_at": "2026-11-30 17:00"}}, "2026-12-01 17:00", "2026-12-01 17:01"),
        ("Asia/Shanghai", {}, "2027-02-18 12:00:00", "2027-02-18 12:00:01"),
        ("Asia/Shanghai", {"front": {"valid_from": None}}, "2027-02-18 10:00:00", "2027-02-18 10:00:01"),
        ("Asia/Shanghai", {"base": FAULT}, "2026-11-23 10:00:00", "2026-11-23 10:00:01"),
        ("America/New_York", {"base": FAULT}, "2026-11-23T10:00-05:00", "2026-11-23T10:00:01-05:00"),
    ],
)
def test_each_kind_has_a_longest_validity(
    bench: Any, zone: str, case: dict[str, Any], last_good: str, first_bad: str
) -> None:
    """A notice may be valid as long as its kind allows, and not a second longer."""
    there = bench.in_zone(zone)
    front = dict(case.get("front", {}))
    base = {"base": case["base"]} if "base" in case else {}
    assert not there.only("V105", {**front, "valid_until": last_good}, **base)
    [found] = there.only("V105", {**front, "valid_until": first_bad}, **base)
    assert (
        found.position.line == there.case({**front, "valid_until": first_bad}, **base).notice.where("valid_until").line
    )


def test_a_standing_notice_may_hang_for_ten_years(bench: Any) -> None:
    """A standing kind has a maximum too, a far one."""
    front = {"type": "fee-standard", "starts_at": None, "ends_at": None}
    assert bench.keys({**front, "valid_until": "2036-11-17 12:00"}) == set()
    assert bench.keys({**front, "valid_until": "2036-11-18 12:00"}) == {"V105.at-most"}


def test_only_what_has_a_default_may_leave_out_its_end(bench: Any) -> None:
    """An unplanned outage has an end by itself; anything else without one is never public."""
    assert not bench.only("V101", base=FAULT)
    [found] = bench.only("V101", {"valid_until": None})
    assert found.blocks


def test_an_urgent_notice_without_an_end_is_withheld(bench: Any) -> None:
    """No end, stated or by its kind: withheld even in the urgent lane, also when the end is unreadable."""
    weather = {"station": "台", "signal": "gale", "level": "red", "issued_at": "2026-11-20 09:50"}
    front = {"type": "weather-reminder", "weather": weather, "starts_at": None, "ends_at": None, "valid_from": None}
    for until in (None, "周五"):
        case = bench.case({**front, "valid_until": until})
        assert case.urgent
        [found] = bench.only("V101", {**front, "valid_until": until})
        assert found.blocks


@pytest.mark.parametrize(("at", "keys"), [("2026-11-26 17:59:59", {"T103.late"}), ("2026-11-26 18:00:00", {"V106"})])
def test_what_is_over_before_it_appears_is_said(bench: Any, at: str, keys: set[str]) -> None:
    """A notice is over at its end, not before."""
    assert bench.keys(at=at) == keys


def test_what_was_public_and_is_over_is_no_finding(bench: Any) -> None:
    """An old notice that has done its work is left in peace."""
    assert bench.keys(at="2027-06-01 00:00", public_at="2026-11-20 12:00") == set()


@pytest.mark.parametrize(
    ("month", "start", "far"),
    [
        ("2026-11", "2026-12-31 23:59", False),
        ("2026-11", "2027-01-01 00:00", True),
        ("2026-11", "2026-10-01 00:00", False),
        ("2026-11", "2026-09-30 23:59", True),
        ("2026-12", "2027-01-31 00:00", False),
    ],
)
def test_the_month_of_a_folder_is_near_its_start(bench: Any, month: str, start: str, far: bool) -> None:
    """A folder may be of the month before or after, in the board's zone, and no further."""
    found = bench.only("V107", {"valid_from": start}, notice_id=f"{month}/x")
    assert bool(found) is far
    assert all(finding.severity is Severity.HINT for finding in found)
