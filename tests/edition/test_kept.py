"""What has ended keeps its address for 90 days, to the second; what nobody could read has none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from approvals import Word

SECOND = timedelta(seconds=1)
A, B, C = "2026-11/a", "2026-11/b", "2026-11/c"
WITHDRAWN = {"is": "withdrawn", "at": "2026-11-22 12:00", "note": "x"}


def kept(estate: Any, at: Any) -> list[str]:
    """Ids of the notices whose address is kept at an instant."""
    return [entry.id for entry in estate.edition(at).kept]


@pytest.mark.parametrize(
    ("fields", "ended"),
    [
        ({"valid_until": "2026-11-22 18:00"}, "2026-11-22 18:00"),
        ({"valid_until": "2026-11-22 18:00", "valid_from": None}, "2026-11-22 18:00"),
        ({"outcome": WITHDRAWN}, "2026-11-22 12:00"),
        ({"outcome": {"is": "cancelled", "at": "2026-11-21 12:00", "note": "x"}}, "2026-11-22 12:00"),
        ({"type": "emergency", "occurred_at": "2026-11-20 09:00", "valid_until": None}, "2026-11-23 09:00"),
    ],
)
def test_what_ended_keeps_its_address_for_90_days_exactly(estate: Any, fields: dict[str, Any], ended: str) -> None:
    """From its first second off the board up to, not including, the second 90 days later; `next` knows when."""
    estate.notice(A, fields)
    estate.commit()
    end = estate.instant(ended)
    listed, gone = end + timedelta(days=7), end + timedelta(days=90)
    assert kept(estate, end - SECOND) == []
    assert kept(estate, end) == [A]
    assert estate.edition(listed).next == gone
    assert kept(estate, gone - SECOND) == [A]
    assert estate.edition(gone - SECOND).due == gone
    assert kept(estate, gone) == []
    assert estate.edition(gone).next is None


def test_what_was_replaced_keeps_its_address_from_then_on(estate: Any) -> None:
    """The 90 days run from the second in which its replacement began."""
    estate.notice(A, valid_until="2027-01-30 18:00")
    estate.notice(B, supersedes=A, valid_from="2026-11-24 12:00", valid_until="2027-02-01 18:00")
    estate.commit()
    since = estate.instant("2026-11-24 12:00")
    gone = since + timedelta(days=90)
    assert [A in kept(estate, at) for at in (since - SECOND, since, gone - SECOND, gone)] == [False, True, True, False]


@pytest.mark.parametrize("cut_off", [-SECOND, timedelta(0), SECOND])
def test_the_same_second_ends_an_address_and_its_reading(estate: Any, cut_off: timedelta) -> None:
    """A notice that ended is left unread from that very second on in which its address is gone, none earlier."""
    estate.notice(A, valid_until="2026-11-22 18:00")
    estate.commit()
    at = estate.instant("2026-11-22 18:00") + timedelta(days=90) + cut_off
    edition = estate.edition(at)
    assert (A in edition.entries) is (A in [entry.id for entry in edition.kept]) is (cut_off < timedelta(0))


@pytest.mark.parametrize(
    ("fields", "options"),
    [
        ({"approver": "nobody"}, {}),
        ({"type": "qqqq"}, {}),
        ({"valid_from": "2026-11-24 09:00", "outcome": WITHDRAWN}, {}),
        ({"valid_from": "2026-11-22 12:00", "outcome": WITHDRAWN}, {}),
        ({"valid_until": "2026-11-22 18:00"}, {"when": "2026-11-22 18:01"}),
        ({"valid_until": "2026-11-22 18:00", "valid_from": None}, {"when": "2026-11-22 18:01"}),
    ],
)
def test_what_nobody_could_read_has_no_address(estate: Any, fields: dict[str, Any], options: dict[str, str]) -> None:
    """Never approved, withheld for what it says, called off before its first second, brought after its last."""
    estate.notice(A, fields)
    estate.commit(**options)
    for at in ("2026-11-22 12:00", "2026-11-22 18:00", "2026-11-23 12:00", "2026-11-30 18:00", "2026-12-30 18:00"):
        assert kept(estate, at) == [], at


@pytest.mark.parametrize(
    ("starts", "has_one"), [("2026-11-24 11:59:59", True), ("2026-11-24 12:00", False), ("2026-11-26 09:00", False)]
)
def test_what_was_replaced_before_its_first_second_has_no_address(estate: Any, starts: str, *, has_one: bool) -> None:
    """One second on the board is enough to keep an address; none is not."""
    estate.notice(A, valid_from=starts)
    estate.notice(B, supersedes=A, valid_from="2026-11-24 12:00")
    estate.commit()
    assert (A in kept(estate, "2026-11-25 09:00")) is has_one


@pytest.mark.parametrize(("approved", "has_one"), [("2026-11-22T17:59:59", True), ("2026-11-22T18:00:01", False)])
def test_what_was_approved_only_after_its_end_has_no_address(estate: Any, approved: str, *, has_one: bool) -> None:
    """An approval that comes when the notice is over lets nothing out, not even that it is over."""
    estate.notice(A, valid_until="2026-11-22 18:00")
    at = f"{approved}+08:00"
    estate.signed(A, Word("content", "yun-bailu", at), Word("publish", "yun-lichun", at))
    assert estate.edition().entries[A].state == "expired"
    assert kept(estate, estate.at) == ([A] if has_one else [])
    assert [entry.id for entry in estate.edition().ended] == kept(estate, estate.at)


def test_what_appeared_keeps_its_address_whenever_it_was_approved_again(estate: Any) -> None:
    """An update that was approved after the end takes nothing away: the version before it was public."""
    estate.notice(A, valid_until="2026-11-22 18:00")
    estate.commit()
    estate.notice(A, valid_until="2026-11-22 18:00", body="请留意，已更正。\n")
    late = "2026-11-23T09:00:00+08:00"
    estate.signed(A, Word("content", "yun-bailu", late), Word("publish", "yun-lichun", late))
    assert estate.edition().entries[A].standing.current
    assert kept(estate, estate.at) == [A]


def test_an_edit_that_nobody_approved_does_not_show(estate: Any) -> None:
    """After its end a notice is told of by its newest approved version, under that version's own dates."""
    estate.notice(A, valid_until="2026-11-22 18:00")
    estate.commit()
    estate.notice(A, title="改过的标题", valid_until="2026-12-30 18:00", outcome=WITHDRAWN | {"note": "没人批准"})
    estate.commit(approved=False)
    (entry,) = estate.edition().kept
    assert entry.notice.text("zh", "title")[0] == estate.safety["title"]
    assert (entry.state, entry.outcome) == ("expired", None)
    assert entry.ended_at == estate.instant("2026-11-22 18:00")


def test_a_reason_that_was_approved_after_the_end_does_show(estate: Any) -> None:
    """Its newest approved version may say more than the one that was live."""
    estate.notice(A)
    estate.commit()
    estate.notice(A, outcome=WITHDRAWN)
    estate.commit()
    (entry,) = estate.edition().kept
    assert (entry.state, entry.outcome.what) == ("withdrawn", "withdrawn")


def test_a_removed_folder_takes_its_address_along(estate: Any) -> None:
    """What is not on the branch any more is gone at once."""
    estate.notice(A, valid_until="2026-11-22 18:00")
    estate.commit()
    assert kept(estate, estate.at) == [A]
    estate.git("rm", "-q", "-r", f"notices/{A}")
    estate.commit()
    assert kept(estate, estate.at) == []


@pytest.mark.parametrize(("listed_for", "days"), [("1d", (1, 9)), ("9d", (9,)), ("200d", (9,))])
def test_what_is_listed_always_has_its_address(estate: Any, listed_for: str, days: tuple[int, ...]) -> None:
    """An estate that would list longer than it keeps addresses lists as long as it keeps them."""
    standard = f"      standard: {{ended: {{listed_for: {listed_for}, kept_for: 9d}}}}\n"
    estate.edit("mkdocs.yml", "  - gaoshi:\n", f"  - gaoshi:\n{standard}")
    estate.notice(A, valid_until="2026-11-22 18:00")
    estate.commit()
    end = estate.instant("2026-11-22 18:00")
    changes = [estate.edition(at).next for at in (end, end + timedelta(days=1), end + timedelta(days=9))]
    assert [at for at in dict.fromkeys(changes) if at] == [end + timedelta(days=number) for number in days]
    for number in range(11):
        edition = estate.edition(end + timedelta(days=number))
        assert {entry.id for entry in edition.ended} <= {entry.id for entry in edition.kept}, number
