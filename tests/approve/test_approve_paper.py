"""`gaoshi approve --on-paper`: a witness records what was signed on a sheet."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from signing import BAILU, GUYU, LICHUN, NOON, WITNESS, A, nothing_written, sign, state, statements

BY_KEY = "2026-11/b"


def test_a_witness_records_what_was_signed_on_paper(asked: Any, scan: Path) -> None:
    """With the sheet's number and the scan's SHA-256; the page tells it from one that was approved by key."""
    asked.notice(BY_KEY)
    asked.commit(approved=False)
    asked.approve(BY_KEY)
    for approver, at in ((BAILU, "2026-11-24 09:00"), (LICHUN, "2026-11-24 09:05")):
        paper = ("--on-paper", "纸审2026-031", "--scan", str(scan), "--approver", approver)
        assert sign(asked, WITNESS, *paper, at=at).status == 0
        asked.commit(approved=False)
    assert state(asked) == "live"
    [first, _] = statements(asked)
    digest = hashlib.sha256(scan.read_bytes()).hexdigest()
    assert re.search(digest, json.dumps(first))
    asked.build(at=NOON)
    on_paper, by_key = (
        (asked.site / "notices" / notice / "index.html").read_text(encoding="utf-8") for notice in (A, BY_KEY)
    )
    number = asked.edition(NOON).entries[A].verdict.number
    assert f"{number}（纸质审批）" in on_paper
    assert "纸质审批" not in by_key


def test_a_rejection_on_paper_says_why(asked: Any, scan: Path) -> None:
    """The words on the sheet are in the statement, and it counts."""
    paper = ("--on-paper", "纸审2026-031", "--scan", str(scan), "--approver", BAILU)
    assert sign(asked, WITNESS, *paper, "--reject", "时间写错了").status == 0
    asked.commit(approved=False)
    [rejection] = asked.edition(NOON).entries[A].standing.newest.rejected
    assert (rejection.person.id, rejection.statement.reason) == (BAILU, "时间写错了")


@pytest.mark.parametrize(
    "told",
    [
        ("--on-paper",),
        ("--scan",),
        ("--approver",),
        ("--on-paper", "--scan"),
        ("--on-paper", "--approver"),
        ("--scan", "--approver"),
    ],
)
def test_paper_needs_number_scan_and_name(asked: Any, scan: Path, told: tuple[str, ...]) -> None:
    """Half a record is none, and is never taken for an approval of who holds the key."""
    values = {"--on-paper": "纸审2026-031", "--scan": str(scan), "--approver": BAILU}
    run = sign(asked, BAILU, *(part for option in told for part in (option, values[option])))
    assert (run.status, nothing_written(asked)) == (2, True)
    assert "give all of --on-paper, --scan and --approver" in run.err


def test_who_is_no_witness_records_nothing_on_paper(asked: Any, scan: Path) -> None:
    """Nor does a witness record his own approval."""
    for who, approver in ((GUYU, BAILU), (BAILU, BAILU)):
        run = sign(asked, who, "--on-paper", "1", "--scan", str(scan), "--approver", approver)
        assert (run.status, nothing_written(asked)) == (2, True)
