"""`gaoshi approve` in the urgent lane: what a duty officer let out is countersigned by a head."""

from __future__ import annotations

from typing import Any

from signing import BAILU, GUYU, LEADER, LICHUN, NOON, A, sign, statements

from approvals import Word


def test_a_head_countersigns_what_a_duty_officer_let_out(estate: Any) -> None:
    """Nothing else is missing, so that this is what he is asked for; who is no head is not."""
    estate.notice(A, type="emergency", occurred_at="2026-11-24 08:50", valid_from=None, valid_until=None)
    estate.commit(approved=False)
    assert sign(estate, BAILU, "--stage", "urgent").status == 0
    estate.commit(approved=False)
    assert estate.edition(NOON).entries[A].verdict.countersign_due is not None
    for other in (LEADER, BAILU):
        refused = sign(estate, other, at="2026-11-24 09:20").err
        assert "its countersignature is still due" in refused
        assert f"{other} cannot. These can: 云立春 ({LICHUN})" in refused
    assert sign(estate, LICHUN, at="2026-11-24 09:30").status == 0
    estate.commit(approved=False)
    assert {said["stage"] for said in statements(estate)} == {"urgent", "countersign"}
    assert estate.edition(NOON).entries[A].verdict.countersign_due is None
    assert "nothing is missing" in sign(estate, LEADER, at="2026-11-24 09:40").err


def test_a_countersignature_is_listed_and_decides_nothing(estate: Any) -> None:
    """Text, data and proof name it beside what approved the notice, whose number and roles stay as they were."""
    estate.notice(A, type="emergency", occurred_at="2026-11-24 08:50", valid_from=None, valid_until=None)
    estate.commit(approved=False)
    urgent, later, again = (
        Word("urgent", BAILU, "2026-11-24T09:00:00+08:00"),
        Word("countersign", LICHUN, "2026-11-24T09:30:00+08:00"),
        Word("countersign", GUYU, "2026-11-24T09:40:00+08:00"),
    )
    estate.approve(A, None, urgent, later, again)
    estate.commit(approved=False)
    listed = estate.run("approvals", A, "--at", NOON, "--lang", "zh").out
    assert "✓ 补签：云立春（服务中心负责人），" in listed
    assert "□" not in listed
    standing = estate.run("approvals", A, "--at", NOON, "--format", "json").data["notices"][0]["newest"]
    assert [(one["stage"], one["approver"]) for one in standing["given"]] == [
        ("urgent", BAILU),
        ("countersign", LICHUN),
    ]
    assert [one["why"] for one in standing["set_aside"]] == ["not-needed"]
    assert standing["approval"] == standing["given"][0]["number"]
    assert f"countersignature {LICHUN}" in estate.run("verify", "--at", NOON, "--lang", "en").out
    estate.build()
    assert "service-centre-head" not in estate.manifest["notices"][0]["approved_by"]
