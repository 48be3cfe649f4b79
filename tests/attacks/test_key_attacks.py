"""Keys out of their time or in other hands, as a way onto the board; each must fail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from attacked import BAILU, BOTH, GUYU, LICHUN, A, keyed, signed, state, whys

import approvals
from approvals import Word, receipt_files


@pytest.mark.parametrize(
    ("terms", "at", "why"),
    [
        ("from: 2026-03-01", "2026-02-02T09:00:00+08:00", "key-out-of-term"),
        ("until: 2026-03-01", "2026-03-02T00:00:00+08:00", "key-out-of-term"),
        ("revoked: 2026-03-01", "2026-03-01T00:00:00+08:00", "key-revoked"),
        ("revoked: 2026-03-01", "2026-02-02T09:00:00+08:00", "key-revoked"),
        ("until: 2026-03-01", "2026-02-02T09:00:00+08:00", "key-out-of-term"),
        ("from: 2026-01-01", "2026-11-25T09:00:00+08:00", "future"),
    ],
    ids=["before its term", "after it", "after revocation", "backdated, revoked", "backdated, over", "in the future"],
)
def test_a_key_counts_only_in_its_time(estate: Any, terms: str, at: str, why: str) -> None:
    """Before its term, after it, after revocation; and backdated, since no receipt tells when it was really signed."""
    keyed(estate, LICHUN, terms)
    estate.notice(A)
    signed(estate, BOTH[0], Word("publish", LICHUN, at))
    assert (state(estate), whys(estate)) == ("withheld", {why})


def test_a_late_receipt_does_not_make_a_backdated_statement_good(estate: Any) -> None:
    """Signed with a stolen key after its revocation and dated before: the publisher saw it first after it."""
    keyed(estate, LICHUN, 'revoked: "2026-03-01T00:00:00+08:00"')
    estate.notice(A)
    content_id = signed(estate, BOTH[0], BOTH[1])
    (payload, _) = BOTH[1].files(A, content_id).values()
    estate.record(receipt_files(payload, A, content_id, "2026-03-01T00:00:00+08:00"))
    assert (state(estate), whys(estate)) == ("withheld", {"key-revoked"})


def test_hands_do_not_sign_for_one_another(estate: Any) -> None:
    """The publisher's key does not sign for a person, nor a person's for the publisher, nor one person's for another."""
    estate.notice(A)
    click = (("forge", "github"), ("witness", approvals.WITNESS))
    words = [
        Word("publish", LICHUN, key=approvals.WITNESS),
        Word("publish", GUYU, how="forge", key=GUYU, given=click),
        Word("publish", GUYU, "2026-02-03T09:00:00+08:00", how="forge", key=GUYU, given=(("witness", GUYU),)),
        Word("publish", LICHUN, "2026-02-04T09:00:00+08:00", key=BAILU),
        Word("publish", approvals.WITNESS, key=approvals.WITNESS),
    ]
    signed(estate, BOTH[0], *words)
    assert (state(estate), whys(estate)) == ("withheld", {"other-hand", "unknown-person"})


def test_a_paper_is_recorded_by_a_witness_and_by_nobody_else(estate: Any) -> None:
    """Who approves does not witness himself, and who lacks the role records nothing on paper."""
    estate.notice(A)

    def paper(witness: str, key: str = "") -> Word:
        given = (("paper", "7"), ("witness", witness))
        return Word("publish", LICHUN, how="paper", key=key or witness, given=given)

    content_id = signed(estate, BOTH[0], paper(LICHUN), replace(paper(GUYU), at="2026-02-03T09:00:00+08:00"))
    assert (state(estate), whys(estate)) == ("withheld", {"no-witness"})
    estate.record(replace(paper("yun-xiaoxue", GUYU), at="2026-02-04T09:00:00+08:00").files(A, content_id))
    assert (state(estate), whys(estate)) == ("withheld", {"no-witness", "other-hand"})
    estate.record(replace(paper("yun-xiaoxue"), at="2026-02-05T09:00:00+08:00").files(A, content_id))
    assert state(estate) == "live"
