"""The ended form of a notice: as it is, and of a live one as it will be in the second of its end."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gaoshi.outputs.pages import Publisher
from gaoshi.outputs.views import Over
from gaoshi.sources.templates import load_catalogues

A, B = "2026-11/a", "2026-11/b"
TEMPLATES = Path(__file__).resolve().parents[2] / "site_templates"
FAULT = {
    "type": "utility-outage",
    "subtype": "water",
    "department": "engineering",
    "scope": "高区",
    "cause": "检修",
    "occurred_at": "2026-11-24 05:35",
    "ends_at": "2026-11-24 09:00",
    "valid_from": "2026-11-24 06:00",
    "valid_until": None,
}
HAPPENED = FAULT | {"starts_at": None}
RESTORED = {"outcome": {"is": "resolved", "at": "2026-11-24 09:30", "note": "已恢复供水"}}


def over(estate: Any, at: str, language: str = "zh") -> Over | None:
    """The ended form of A at an instant, as its page carries it."""
    edition = estate.edition(at, render=True)
    publisher = Publisher(edition, load_catalogues(TEMPLATES, edition.board.languages), {})
    (page,) = [
        publisher.page(entry, code) for entry, code in publisher.addressed() if (entry.id, code) == (A, language)
    ]
    view: Any = page.view
    found: Over | None = view.over
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("fields", [{}, FAULT, FAULT | RESTORED])
def test_a_live_page_knows_what_it_will_say(estate: Any, fields: dict[str, Any], language: str) -> None:
    """What an open page turns into at its end is what the page built in that very second shows."""
    estate.notice(A, fields)
    estate.commit(when="2026-11-24 06:00")
    (live,) = estate.edition("2026-11-24 10:00").live
    before = over(estate, "2026-11-24 10:00", language)
    assert before == over(estate, live.window.end, language)
    assert before is not None
    assert before.state == "expired"
    assert datetime.fromisoformat(before.ended.iso) == live.window.end


@pytest.mark.parametrize(
    ("fields", "at", "banner"),
    [
        ({}, "2026-11-30 18:00", None),
        (FAULT, "2026-11-28 10:00", "unconfirmed"),
        (FAULT | RESTORED, "2026-11-28 10:00", "resolved"),
        ({"outcome": {"is": "withdrawn", "at": "2026-11-25 09:00", "note": "x"}}, "2026-11-28 10:00", "withdrawn"),
        ({"outcome": {"is": "cancelled", "at": "2026-11-25 09:00", "note": "x"}}, "2026-11-28 10:00", "cancelled"),
    ],
)
def test_how_its_matter_ended_is_told_as_far_as_it_is_known(
    estate: Any, fields: dict[str, Any], at: str, banner: str | None
) -> None:
    """An outcome with its instant and note; where nobody confirmed a restoration, that nobody did."""
    estate.notice(A, fields)
    estate.commit(when="2026-11-24 06:00")
    found = over(estate, at)
    assert found is not None
    assert (found.banner.name if found.banner else None) == banner
    if banner == "resolved":
        assert found.banner is not None
        assert (found.banner.title, found.banner.moment is not None) == ("已恢复", True)


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({}, "时间"),
        ({"outcome": {"is": "cancelled", "at": "2026-11-25 09:00", "note": "x"}}, "原定时间"),
        ({"outcome": {"is": "withdrawn", "at": "2026-11-25 09:00", "note": "x"}}, "原定时间"),
        (HAPPENED | {"outcome": {"is": "withdrawn", "at": "2026-11-25 09:00", "note": "x"}}, "发生时间"),
    ],
)
def test_a_date_that_did_not_hold_is_not_told_as_if_it_had(estate: Any, fields: dict[str, Any], label: str) -> None:
    """Of what was called off the page says when it had been set for; what happened stays what happened."""
    estate.notice(A, {"starts_at": "2026-11-26 09:00"} | fields)
    estate.commit()
    found = over(estate, "2026-12-01 10:00")
    assert found is not None
    assert [fact.label for fact in found.facts if fact.name == "when"] == [label]


def test_a_preview_shows_what_has_ended_whole(estate: Any) -> None:
    """Who works on the notices sees text and ribbon of each, whatever became of it."""
    estate.notice(A, valid_until="2026-11-22 18:00")
    estate.notice(B)
    estate.commit()
    edition = estate.edition(rev=None, render=True)
    publisher = Publisher(edition, load_catalogues(TEMPLATES, edition.board.languages), {})
    shown: Any = {entry.id: publisher.page(entry, code).view for entry, code in publisher.addressed() if code == "zh"}
    assert (shown[A].card.ribbon, shown[A].over) == ("已结束", None)
    assert "请留意" in shown[A].body
    assert shown[B].over is not None


TO_COME = [
    ({"outcome": {"is": "withdrawn", "at": "2026-11-24 18:00", "note": "另行安排"}}, "2026-11-24 18:00", "withdrawn"),
    ({"outcome": {"is": "cancelled", "at": "2026-11-24 18:00", "note": "下雨"}}, "2026-11-25 18:00", "expired"),
]


@pytest.mark.parametrize(("fields", "ends", "state"), TO_COME)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_ending_that_is_written_already_is_kept_without_a_new_board(
    estate: Any, fields: dict[str, Any], ends: str, state: str, language: str
) -> None:
    """An outcome to come takes the notice off pages made before it, at its instant, as the page made then says it."""
    estate.notice(A, fields, valid_until="2026-12-05 20:00")
    estate.commit(when="2026-11-24 06:00")
    (live,) = estate.edition("2026-11-24 10:00").live
    assert live.leaves_at == estate.instant(ends)
    form = over(estate, "2026-11-24 10:00", language)
    assert form is not None
    assert form.state == state
    assert form == over(estate, ends, language)


def test_a_notice_leaves_when_what_replaces_it_begins(estate: Any) -> None:
    """Pages made before a successor begins take the old notice off at that instant; what replaces it has no page yet."""
    estate.notice(A, valid_until="2026-12-05 20:00")
    estate.notice(B, supersedes=A, valid_from="2026-11-24 18:00", valid_until="2026-12-05 20:00")
    estate.commit(when="2026-11-24 06:00")
    (old,) = estate.edition("2026-11-24 10:00").live
    assert old.leaves_at == estate.instant("2026-11-24 18:00")
    form = over(estate, "2026-11-24 10:00")
    assert form is not None
    assert (form.state, form.successor) == ("superseded", None)


def test_an_outcome_that_keeps_a_notice_longer_does_not_end_it_sooner(estate: Any) -> None:
    """What is restored shortly before its end stays a day longer: the page made before counts on that, too."""
    outcome = {"outcome": {"is": "resolved", "at": "2026-11-24 18:00", "note": "已修好"}}
    estate.notice(A, outcome, valid_until="2026-11-24 20:00")
    estate.commit(when="2026-11-24 06:00")
    (live,) = estate.edition("2026-11-24 10:00").live
    assert live.leaves_at == estate.instant("2026-11-25 18:00")


@pytest.mark.parametrize(
    ("at", "leaves"), [("2026-11-24 20:00:00", "2026-11-25 20:00"), ("2026-11-24 20:00:01", "2026-11-24 20:00")]
)
def test_only_an_outcome_by_its_end_keeps_a_notice(estate: Any, at: str, leaves: str) -> None:
    """One that comes at the very end still leads for a day; of a later one nobody knows while the notice stands."""
    estate.notice(A, {"outcome": {"is": "resolved", "at": at, "note": "已修好"}}, valid_until="2026-11-24 20:00")
    estate.commit(when="2026-11-24 06:00")
    (live,) = estate.edition("2026-11-24 10:00").live
    assert live.leaves_at == estate.instant(leaves)
