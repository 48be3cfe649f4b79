"""Each notice's state at each boundary, replacements and what has ended, on real repositories."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gaoshi.edition import Scope

SECOND = timedelta(seconds=1)
A, B, C = "2026-11/a", "2026-11/b", "2026-11/c"


def states(estate: Any, at: Any) -> dict[str, str]:
    """The state of every notice at an instant."""
    return {entry.id: entry.state.value for entry in estate.edition(at).entries.values()}


def ids(entries: Any) -> list[str]:
    """Ids of some entries, in their order."""
    return [entry.id for entry in entries]


@pytest.mark.parametrize(
    ("fields", "at", "state"),
    [
        ({}, "2026-11-20 08:59:59", "upcoming"),
        ({}, "2026-11-20 09:00:00", "live"),
        ({}, "2026-11-30 17:59:59", "live"),
        ({}, "2026-11-30 18:00:00", "expired"),
        ({"approver": "nobody"}, "2026-11-24 10:00", "withheld"),
        ({"approver": "nobody"}, "2026-12-24 10:00", "withheld"),
        ({"outcome": {"is": "withdrawn", "at": "2026-11-22 12:00", "note": "x"}}, "2026-11-22 11:59:59", "live"),
        ({"outcome": {"is": "withdrawn", "at": "2026-11-22 12:00", "note": "x"}}, "2026-11-22 12:00:00", "withdrawn"),
        ({"outcome": {"is": "withdrawn", "at": "2026-11-22 12:00", "note": "x"}}, "2026-12-22 12:00:00", "withdrawn"),
        (
            {"approver": "nobody", "outcome": {"is": "withdrawn", "at": "2026-11-22 12:00", "note": "x"}},
            "2026-11-23 12:00",
            "withheld",
        ),
        ({"outcome": {"is": "cancelled", "at": "2026-11-22 12:00", "note": "x"}}, "2026-11-23 11:59:59", "live"),
        ({"outcome": {"is": "cancelled", "at": "2026-11-22 12:00", "note": "x"}}, "2026-11-23 12:00:00", "expired"),
        ({"valid_from": None}, "2026-11-30 17:59:59", "live"),
    ],
)
def test_a_notice_is_in_the_first_state_that_holds(estate: Any, fields: dict[str, Any], at: str, state: str) -> None:
    """Withheld, withdrawn, expired, upcoming, live: to the second, in this order."""
    estate.notice(A, fields)
    estate.commit()
    assert states(estate, at) == {A: state}


@pytest.mark.parametrize(
    ("old", "at", "state"),
    [
        ({}, "2026-11-24 11:59:59", "live"),
        ({}, "2026-11-24 12:00:00", "superseded"),
        ({"approver": "nobody"}, "2026-11-24 12:00:00", "withheld"),
        ({"outcome": {"is": "withdrawn", "at": "2026-11-22 12:00", "note": "x"}}, "2026-11-24 12:00:00", "withdrawn"),
        ({"valid_until": "2026-11-23 18:00"}, "2026-11-24 11:59:59", "expired"),
        ({"valid_until": "2026-11-23 18:00"}, "2026-11-24 12:00:00", "superseded"),
        ({"valid_from": "2026-11-26 09:00"}, "2026-11-24 11:59:59", "upcoming"),
        ({"valid_from": "2026-11-26 09:00"}, "2026-11-24 12:00:00", "superseded"),
        ({}, "2026-12-20 12:00:00", "superseded"),
    ],
)
def test_a_replaced_notice_gives_way_when_its_replacement_begins(
    estate: Any, old: dict[str, Any], at: str, state: str
) -> None:
    """Superseded comes after withheld and withdrawn and before all else, from the replacement's first second."""
    estate.notice(A, old)
    estate.notice(B, supersedes=A, valid_from="2026-11-24 12:00")
    estate.commit()
    assert states(estate, at)[A] == state


def test_a_chain_leaves_the_last_one_standing(estate: Any) -> None:
    """Of three that replace one another only the newest is live."""
    estate.notice(A)
    estate.notice(B, supersedes=A, valid_from="2026-11-21 09:00")
    estate.notice(C, supersedes=B, valid_from="2026-11-22 09:00")
    estate.commit()
    assert states(estate, "2026-11-24 10:00") == {A: "superseded", B: "superseded", C: "live"}
    assert states(estate, "2026-11-21 10:00") == {A: "superseded", B: "live", C: "upcoming"}


@pytest.mark.parametrize("ring", [(A,), (A, B), (A, B, C)])
def test_notices_that_replace_each_other_do_not_vanish(estate: Any, ring: tuple[str, ...]) -> None:
    """A circle of replacements takes nothing off the board: the notices are withheld with that reason."""
    for notice_id, old in zip(ring, (*ring[1:], ring[0]), strict=True):
        estate.notice(notice_id, supersedes=old)
    estate.notice("2026-11/other")
    estate.commit()
    edition = estate.edition()
    assert "superseded" not in states(estate, estate.at).values()
    assert {reason.code for entry in edition.withheld for reason in entry.reasons} == {"X103"}
    assert ids(edition.live) == ["2026-11/other"]


def test_urgent_notices_that_replace_each_other_stay_on_the_board(estate: Any) -> None:
    """News is never lost by a slip: two urgent notices that name each other are both shown."""
    fault = {"type": "emergency", "occurred_at": "2026-11-24 09:40", "valid_from": None, "valid_until": None}
    estate.notice(A, fault, supersedes=B)
    estate.notice(B, fault, supersedes=A)
    estate.commit()
    assert states(estate, "2026-11-24 10:00") == {A: "live", B: "live"}


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ({"approver": "nobody"}, "withheld"),
        ({"valid_from": "2026-11-25 09:00"}, "upcoming"),
        (
            {"valid_from": "2026-11-25 09:00", "outcome": {"is": "withdrawn", "at": "2026-11-23 09:00", "note": "x"}},
            "withdrawn",
        ),
    ],
)
def test_a_replacement_that_never_began_replaces_nothing(estate: Any, new: dict[str, Any], reason: str) -> None:
    """The old notice stays while its replacement is withheld, upcoming, or withdrawn before its first second."""
    estate.notice(A)
    estate.notice(B, new, supersedes=A)
    estate.commit()
    assert states(estate, estate.at) == {A: "live", B: reason}


@pytest.mark.parametrize("at", ["2026-11-24 10:00", "2026-11-26 10:00"])
def test_a_withdrawn_replacement_does_not_bring_the_old_one_back(estate: Any, at: str) -> None:
    """What was replaced stays replaced, also when its replacement is withdrawn or over."""
    estate.notice(A)
    estate.notice(B, supersedes=A, valid_from="2026-11-22 09:00", valid_until="2026-11-25 09:00")
    estate.commit()
    assert states(estate, at)[A] == "superseded"
    estate.notice(
        B,
        supersedes=A,
        valid_from="2026-11-22 09:00",
        outcome={"is": "withdrawn", "at": "2026-11-23 09:00", "note": "x"},
    )
    estate.commit()
    assert states(estate, at) == {A: "superseded", B: "withdrawn"}


def test_of_two_replacements_the_first_to_begin_counts(estate: Any) -> None:
    """A notice that two others replace ended when the first of them began."""
    estate.notice(A)
    estate.notice(B, supersedes=A, valid_from="2026-11-23 09:00")
    estate.notice(C, supersedes=A, valid_from="2026-11-22 09:00")
    estate.commit()
    entry = estate.edition().entries[A]
    assert (entry.superseded_by, entry.ended_at) == (C, estate.instant("2026-11-22 09:00"))


# ── what ended lately ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "ended"),
    [
        ({"valid_until": "2026-11-22 18:00"}, "2026-11-22 18:00"),
        ({"outcome": {"is": "withdrawn", "at": "2026-11-22 12:00", "note": "x"}}, "2026-11-22 12:00"),
        ({"outcome": {"is": "cancelled", "at": "2026-11-21 12:00", "note": "x"}}, "2026-11-22 12:00"),
    ],
)
def test_what_ended_is_listed_for_seven_days_exactly(estate: Any, fields: dict[str, Any], ended: str) -> None:
    """From its last second a notice is among what ended lately, for 7 days to the second."""
    estate.notice(A, fields)
    estate.commit()
    end = estate.instant(ended)
    gone = end + timedelta(days=7)
    assert ids(estate.edition(end - SECOND).ended) == []
    assert ids(estate.edition(end).ended) == [A]
    assert estate.edition(end).next == gone
    assert ids(estate.edition(gone - SECOND).ended) == [A]
    assert ids(estate.edition(gone).ended) == []


@pytest.mark.parametrize(
    "outcome",
    [
        {"is": "withdrawn", "at": "2026-11-22 12:00", "note": "x"},
        {"is": "cancelled", "at": "2026-11-20 12:00", "note": "x"},
    ],
)
def test_what_never_began_is_never_listed_as_ended(estate: Any, outcome: dict[str, str]) -> None:
    """A notice that was called off before its first second is shown nowhere: nobody was to read it yet."""
    estate.notice(A, valid_from="2026-11-24 09:00", outcome=outcome)
    estate.commit()
    for at in ("2026-11-22 12:00", "2026-11-23 12:00", "2026-11-24 09:00"):
        edition = estate.edition(at)
        assert (edition.live, edition.upcoming, edition.ended) == ((), (), ()), at


def test_an_upcoming_notice_that_is_replaced_is_not_listed_as_ended(estate: Any) -> None:
    """A notice replaced before its first second is shown nowhere."""
    estate.notice(A, valid_from="2026-11-26 09:00")
    estate.notice(B, supersedes=A)
    estate.commit()
    assert not estate.edition().ended


def test_withheld_notices_are_reported_until_their_time_is_over(estate: Any) -> None:
    """A withheld notice is listed with its reasons until it would have ended anyway, and never shown as ended."""
    estate.notice(A, approver="nobody")
    estate.commit()
    end = estate.instant("2026-11-30 18:00")
    before, after = estate.edition(end - SECOND), estate.edition(end)
    assert [[reason.code for reason in entry.reasons] for entry in before.withheld] == [["A101", "A106"]]
    assert before.next == end
    assert (after.withheld, after.ended, after.next) == ((), (), None)
    assert after.clean


def test_an_end_that_is_too_far_away_holds_back_for_good(estate: Any) -> None:
    """A notice that would stay up too long, counted from its coming to the branch, waits for a nearer end."""
    estate.notice(A, valid_from=None, valid_until="2027-03-01 12:00")
    estate.commit()
    near = estate.instant("2027-03-01 12:00") - timedelta(days=90)
    assert states(estate, near - SECOND) == {A: "withheld"}
    assert states(estate, near) == {A: "withheld"}


def test_news_that_came_in_time_stays_urgent(estate: Any) -> None:
    """Once on the branch in time, news stays in the urgent lane for as long as it is live."""
    estate.notice(A, type="emergency", occurred_at="2026-11-24 09:40", valid_from=None, valid_until="2026-11-26 09:00")
    estate.commit()
    edition = estate.edition("2026-11-24 10:15")
    assert [entry.urgent for entry in edition.live] == [True]
    assert edition.next == estate.instant("2026-11-26 09:00")
    assert [entry.urgent for entry in estate.edition("2026-11-26 08:59").live] == [True]


def test_news_that_is_not_on_the_branch_grows_old(estate: Any) -> None:
    """A draft leaves the urgent lane 24 hours after its event, which is a change of the preview, and `next` says so."""
    estate.commit()
    estate.notice(A, type="emergency", occurred_at="2026-11-24 09:40", valid_from=None, valid_until="2026-11-26 09:00")
    edition = estate.edition("2026-11-24 10:15", rev=None)
    assert [entry.urgent for entry in edition.live] == [True]
    assert edition.next == estate.instant("2026-11-25 09:40")
    assert [entry.urgent for entry in estate.edition(edition.next, rev=None).live] == [False]


# ── the board as a whole ─────────────────────────────────────────────────────────────────────────


def test_the_live_list_leads_with_what_is_urgent_and_ends_with_what_is_standing(estate: Any) -> None:
    """Urgent first and the newest leading, then major, then outcomes, then by date, standing notices last."""
    estate.notice("2026-11/standing", type="fee-standard")
    for name, day in (("later", 28), ("sooner", 26)):
        estate.notice(f"2026-11/{name}", starts_at=f"2026-11-{day} 09:00")
    estate.notice("2026-11/outcome", outcome={"is": "cancelled", "at": "2026-11-24 09:00", "note": "x"})
    estate.notice("2026-11/major", importance="major", channels="[board, household]")
    for name, minute in (("older", "10"), ("newer", "40")):
        estate.notice(f"2026-11/{name}", type="emergency", occurred_at=f"2026-11-24 09:{minute}", valid_from=None)
    estate.commit()
    order = ["newer", "older", "major", "outcome", "sooner", "later", "standing"]
    assert [entry.id.removeprefix("2026-11/") for entry in estate.edition().live] == order


def test_an_empty_board_is_clean_and_never_changes(estate: Any) -> None:
    """No notices: nothing live, nothing withheld, no next."""
    estate.commit()
    edition = estate.edition()
    assert (edition.live, edition.withheld, edition.next, edition.clean) == ((), (), None, True)


@pytest.mark.parametrize(
    ("until", "extra", "kept"),
    [
        ("2026-06-01 12:00", "", False),
        ("2026-08-26 10:00", "", False),
        ("2026-08-26 10:01", "", True),
        ("2026-06-01 12:00", "outcome: {is: cancelled, at: 2026-11-24 09:00, note: x}", True),
        ("2026-06-01 12:00", '"outcome": {is: cancelled, at: 2026-11-24 09:00, note: x}', True),
        ("2026-06-01 12:00", "supersedes: 2026-11/b", True),
        ("2026-06-01 12:00", "'supersedes': 2026-11/b", True),
        ("2026-06-01 12:00", '"valid_\\u0075ntil": 2026-12-01 12:00', True),
        ("2026-06-01 12:00", "title: 又一个\nvalid_until: 2026-12-01 12:00", True),
        ("'2026-06-01 12:00'", "", True),
        ("2026-06-01 12:00  # over", "", True),
        ("2026-06-01", "", True),
        ("soon", "", True),
    ],
)
def test_what_is_left_unread_changes_nothing(estate: Any, until: str, extra: str, *, kept: bool) -> None:
    """A notice over for 90 days is left unread, unless anything in it could still matter to the board."""
    front = "---\ntype: safety\ndepartment: security\napprover: yun-lichun\nlanguages: [zh]\n"
    front += f"valid_from: 2026-05-20 09:00\n{extra}\nvalid_until: {until}\n"
    front += "" if "title" in extra else "title: 旧\n"
    estate.write("notices/2026-05/old/notice.md", front.replace("\n\n", "\n") + "---\n旧的。\n")
    estate.notice(B)
    estate.commit()
    whole, current = estate.edition(scope=Scope.ALL, preview=True), estate.edition()
    assert ("2026-05/old" in current.entries) is kept
    for part in ("live", "upcoming", "ended"):
        assert ids(getattr(whole, part)) == ids(getattr(current, part))
    assert whole.next == current.next
