"""When owners were told decides whether a notice was late; the log can hide lateness and publish nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from gaoshi.sources.settings import own_standard

A = "2026-11/a"
FAULT = {"type": "emergency", "occurred_at": "2026-11-24 02:40", "valid_from": None, "valid_until": None}
EVENT = {"type": "notice", "occurred_at": "2026-11-24 02:40", "valid_from": None}
PLANNED = {
    "type": "works",
    "starts_at": "2026-11-26 09:00",
    "ends_at": "2026-11-26 17:00",
    "valid_from": None,
    "valid_until": "2026-11-26 20:00",
    "works": {"by": "云上园艺"},
}


def event(
    estate: Any, at: str, *, channel: str = "board", what: str = "appeared", notice_id: str = A, **more: Any
) -> dict[str, bytes]:
    """An event as a file of the branch `records`."""
    when = estate.instant(at)
    data = {"format": 1, "event": what, "id": notice_id, "at": when.isoformat(), "channel": channel, "by": "p"} | more
    return {f"records/log/{notice_id}/{when:%Y%m%dT%H%M%SZ}-{channel}-{what}.json": json.dumps(data).encode()}


def codes(entry: Any) -> set[str]:
    return {finding.code for finding in entry.findings}


@pytest.fixture
def notice(estate: Any) -> Any:
    """A notice on main since 04:00 (or `when`), approved."""

    def make(fields: dict[str, Any], when: str = "2026-11-24 04:00", **more: Any) -> Any:
        estate.notice(A, fields, approver="yun-mangzhong" if "occurred_at" in fields else "yun-lichun", **more)
        estate.commit(when=when)
        return estate

    return make


# ── where the log lies ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("where", ["revision", "branch", "remote"])
def test_the_log_counts_wherever_it_lies(estate: Any, notice: Any, where: str) -> None:
    """In the revision, on the branch `records` here, or as it was last fetched: an appearance is one."""
    if where == "revision":
        estate.appeared(A, "2026-11-24 03:05")
    notice(FAULT)
    if where != "revision":
        tip = estate.record(event(estate, "2026-11-24 03:05"))
    if where == "remote":
        estate.git("update-ref", "refs/remotes/origin/records", tip)
        estate.git("update-ref", "-d", "refs/heads/records")
    entry = estate.edition("2026-11-24 10:00").entries[A]
    assert (entry.public_at, entry.late) == (estate.instant("2026-11-24 03:05"), None)


def test_of_revision_and_branch_the_earliest_counts(estate: Any, notice: Any) -> None:
    """Wherever the earliest appearance lies, it is the first."""
    estate.appeared(A, "2026-11-24 03:20")
    notice(FAULT)
    estate.record(event(estate, "2026-11-24 03:05"))
    assert estate.edition("2026-11-24 10:00").entries[A].public_at == estate.instant("2026-11-24 03:05")


def test_a_broken_file_on_the_branch_is_a_finding_and_the_rest_goes_on(estate: Any, notice: Any) -> None:
    """What cannot be read on the branch is told with its path; every other event counts."""
    notice(FAULT)
    bad = f"records/log/{A}/20261124T000000Z-appeared.json"
    estate.record(event(estate, "2026-11-24 03:05") | {bad: b"{" * 70000, f"records/log/{A}/README-appeared": b""})
    edition = estate.edition("2026-11-24 10:00")
    assert [(finding.key, finding.position.path, finding.blocks) for finding in edition.findings] == [
        ("E102.log-unreadable", bad, False)
    ]
    assert (edition.entries[A].late, edition.entries[A].state) == (None, "live")


def test_a_flood_of_events_is_bounded(estate: Any, notice: Any) -> None:
    """Of one notice's files the first thousand by name are looked at, and the first appearance is among them."""
    for path, data in event(estate, "2026-11-24 03:05").items():
        estate.write(path, data)
    for number in range(1200):
        estate.write(f"records/log/{A}/20270101T{number:06}Z-appeared.json", "{")
    notice(FAULT)
    edition = estate.edition("2026-11-24 10:00")
    assert len(edition.findings) == 999
    assert edition.entries[A].public_at == estate.instant("2026-11-24 03:05")


# ── limits, to the second ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("channel", ["board", "owners-group"])
@pytest.mark.parametrize(
    ("fields", "told", "late"),
    [
        (FAULT, "2026-11-24 03:09:59", None),
        (FAULT, "2026-11-24 03:10:00", None),
        (FAULT, "2026-11-24 03:10:01", "urgent"),
        (EVENT, "2026-11-24 06:39:59", None),
        (EVENT, "2026-11-24 06:40:00", None),
        (EVENT, "2026-11-24 06:40:01", "event"),
        (PLANNED, "2026-11-24 00:00:00", None),
        (PLANNED, "2026-11-24 23:59:59", None),
        (PLANNED, "2026-11-25 00:00:00", "general"),
    ],
)
def test_a_limit_is_kept_to_the_second(
    estate: Any, notice: Any, channel: str, fields: dict[str, Any], told: str, late: str | None
) -> None:
    """Owners told in time were not told late, whenever main and the board had it; told a second on, they were."""
    notice(fields, "2026-11-25 08:00", late_reason="{is: weather}")
    estate.record(event(estate, told, channel=channel))
    entry = estate.edition("2026-11-25 10:00").entries[A]
    assert (entry.late.name if entry.late else None) == late
    assert entry.state == "live"


def test_every_channel_of_the_standard_counts(estate: Any, notice: Any) -> None:
    """Owners read every channel that the standard names, so whichever told them first is what counts."""
    notice(FAULT)
    for number, channel in enumerate(reversed(own_standard()["channels"])):
        estate.record(event(estate, f"2026-11-24 03:{20 - number}", channel=channel))
        assert estate.edition("2026-11-24 10:00").entries[A].late is not None
        estate.record(event(estate, "2026-11-24 03:10", channel=channel))
        assert estate.edition("2026-11-24 10:00").entries[A].late is None, channel
        estate.git("update-ref", "-d", "refs/heads/records")


def test_told_in_their_group_and_later_on_the_board(estate: Any, notice: Any) -> None:
    """Owners told at 02:55 of what happened at 02:40 were told in time, though the board had it at 04:05."""
    notice(FAULT)
    estate.record(event(estate, "2026-11-24 02:55", channel="owners-group") | event(estate, "2026-11-24 04:05"))
    entry = estate.edition("2026-11-24 10:00").entries[A]
    assert (entry.late, entry.public_at) == (None, estate.instant("2026-11-24 04:05"))


def test_the_board_alone_decides_since_when_a_notice_is_public(estate: Any, notice: Any) -> None:
    """What is said of another channel moves no notice on the board, neither its lane nor its beginning."""
    notice(FAULT, "2026-11-25 03:00")
    before = estate.edition("2026-11-25 10:00").entries[A]
    estate.record(event(estate, "2026-11-24 02:55", channel="owners-group"))
    after = estate.edition("2026-11-25 10:00").entries[A]
    assert (before.public_at, before.urgent) == (after.public_at, after.urgent)
    assert (before.late is not None, after.late) == (True, None)


def test_once_public_it_is_never_withheld_for_being_late(estate: Any, notice: Any) -> None:
    """A planned notice that is late without a reason is withheld until the log says that it is public."""
    notice(PLANNED, "2026-11-25 08:00")
    assert estate.edition("2026-11-25 10:00").entries[A].state == "withheld"
    estate.record(event(estate, "2026-11-25 08:05"))
    entry = estate.edition("2026-11-25 10:00").entries[A]
    assert (entry.state, entry.late.name) == ("live", "general")
    assert "T103" not in codes(entry)


# ── forged events ────────────────────────────────────────────────────────────────────────────────


def test_told_too_late_elsewhere_a_planned_notice_still_needs_a_reason(estate: Any, notice: Any) -> None:
    """Saying that the group was told, too late, is no way around the reason that the approver must see."""
    notice(PLANNED, "2026-11-25 08:00")
    estate.record(event(estate, "2026-11-25 00:00:00", channel="owners-group"))
    assert estate.edition("2026-11-25 10:00").entries[A].state == "withheld"


@pytest.mark.parametrize("channel", ["board", "owners-group"])
@pytest.mark.parametrize(("told", "believed"), [("2026-11-24 02:39:59", False), ("2026-11-24 02:40:00", True)])
def test_nobody_is_told_before_it_happens(estate: Any, notice: Any, channel: str, told: str, believed: bool) -> None:
    """An event that lies before what it tells of does not make the notice prompt, and is told as a finding."""
    notice(FAULT)
    estate.record(event(estate, told, channel=channel))
    entry = estate.edition("2026-11-24 10:00").entries[A]
    assert (entry.late is None, "T108" not in codes(entry)) == (believed, believed)
    assert entry.state == "live"


def test_a_channel_that_the_standard_does_not_have_tells_nobody(estate: Any, notice: Any) -> None:
    """An event of an unknown channel is told as a finding and does not count."""
    notice(FAULT)
    estate.record(event(estate, "2026-11-24 02:55", channel="telegraph"))
    edition = estate.edition("2026-11-24 10:00")
    assert [finding.key for finding in edition.findings] == ["E102.log-channel"]
    assert edition.entries[A].late is not None


@pytest.mark.parametrize("at", ["2026-11-20 09:00", "2026-11-24 10:00", "2030-01-01 00:00"])
def test_the_log_publishes_nothing(estate: Any, at: str) -> None:
    """Whatever the log says, a notice that nobody approved is withheld, and one to come is upcoming."""
    estate.notice(A, approver="nobody")
    estate.notice("2026-11/b", valid_from="2026-11-25 09:00")
    estate.commit()
    estate.record(
        event(estate, at) | event(estate, at, notice_id="2026-11/b") | event(estate, at, notice_id="2026-11/no")
    )
    states = {entry.id: entry.state.value for entry in estate.edition().entries.values()}
    assert states == {A: "withheld", "2026-11/b": "upcoming"}


def test_an_event_that_lies_ahead_tells_nothing_yet(estate: Any, notice: Any) -> None:
    """What is said to happen later has not happened, and `next` is the instant at which it has."""
    notice(FAULT)
    estate.record(event(estate, "2026-11-24 12:00"))
    edition = estate.edition("2026-11-24 10:00")
    assert edition.entries[A].late.name == "urgent"
    assert edition.entries[A].public_at == estate.instant("2026-11-24 04:00")


# ── what is said of it ───────────────────────────────────────────────────────────────────────────


def test_lateness_stands_in_the_preview_and_not_on_the_public_page(estate: Any, notice: Any) -> None:
    """Card and page of a preview say that a notice comes late, and what the limit was; owners read neither."""
    notice(FAULT)
    estate.record(event(estate, "2026-11-24 03:20"))
    assert estate.build(at="2026-11-24 10:00").status == 0
    assert estate.manifest["notices"][0]["late"] == {"timeliness": "urgent", "limit": "2026-11-24T03:10:00+08:00"}
    public = [(estate.site / page).read_text() for page in ("index.html", f"notices/{A}/index.html", "en/index.html")]
    assert not any("迟发" in page or "due by" in page for page in public)
    estate.build("--preview", at="2026-11-24 10:00")
    for page, words in (
        ("index.html", "迟发（应在11月24日（周二）3:10前）"),
        (f"notices/{A}/index.html", "迟发（应在11月24日（周二）3:10前）"),
        (f"en/notices/{A}/index.html", "late (due by Tue 24 Nov, 3:10)"),
    ):
        assert words in (estate.site / page).read_text(), page


def test_the_countdown_ends_when_owners_are_told(estate: Any, notice: Any) -> None:
    """Until the log says that owners could read it, a notice has a limit ahead; by whatever channel they were told."""
    notice(FAULT, "2026-11-24 02:50")
    at = estate.instant("2026-11-24 03:00")
    entry = estate.edition(at).entries[A]
    assert (entry.public_by, "T107" in codes(entry)) == (at + timedelta(minutes=10), True)
    estate.record(event(estate, "2026-11-24 02:55", channel="owners-group"))
    entry = estate.edition(at).entries[A]
    assert (entry.public_by, "T107" in codes(entry)) == (None, False)


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("2026-11-24 14:00:00", False),
        ("2026-11-24 14:00:01", True),
        ("2026-11-24 23:00:00", True),
    ],
)
@pytest.mark.parametrize(
    ("renewed", "silent"),
    [(None, False), ("2026-11-24 09:59:59", False), ("2026-11-24 10:00:00", True), ("2026-11-24 13:00:00", True)],
)
def test_an_outcome_is_told_within_four_hours(
    estate: Any, notice: Any, at: str, found: bool, renewed: str | None, silent: bool
) -> None:
    """Four hours after an outcome it is late news, to the second, unless the board got something new since."""
    notice(FAULT, "2026-11-24 02:50", outcome={"is": "resolved", "at": "2026-11-24 10:00"})
    files = event(estate, "2026-11-24 03:00")
    estate.record(files | (event(estate, renewed, what="corrected") if renewed else {}))
    entry = estate.edition(at).entries[A]
    assert ("O109" in codes(entry)) == (found and not silent)
    assert entry.state == "live"


def test_what_is_over_has_no_late_news(estate: Any, notice: Any) -> None:
    """A notice that was withdrawn is gone at once; nobody is warned to tell of it."""
    notice(FAULT, "2026-11-24 02:50", outcome={"is": "withdrawn", "at": "2026-11-24 10:00", "note": "误报"})
    estate.record(event(estate, "2026-11-24 03:00"))
    assert "O109" not in codes(estate.edition("2026-11-24 15:00").entries[A])
