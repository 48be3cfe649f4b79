"""The search finds what owners can read now, and nothing that is only to come."""

from __future__ import annotations

import re
from typing import Any

import pytest

A = "2026-11/a"


@pytest.mark.parametrize(("at", "found"), [("2026-11-24 10:00", False), ("2026-11-24 18:00", True)])
def test_what_is_said_of_an_outcome_is_found_once_it_came(estate: Any, at: str, found: bool) -> None:
    """The note of an outcome that lies ahead is in no list and no search, in no language; from its instant on it is."""
    english = "---\ntitle: A notice\noutcome:\n  note: Heavy rain\n---\nText.\n"
    outcome = {"is": "cancelled", "at": "2026-11-24 18:00", "note": "因大雨取消"}
    estate.notice(A, {"outcome": outcome, "starts_at": "2026-11-26 09:00"}, languages="[zh, en]", texts={"en": english})
    estate.commit()
    assert estate.build(at=at).status == 0
    for home in ("index.html", "en/index.html"):
        text = (estate.site / home).read_text(encoding="utf-8")
        [searched] = re.findall(r'data-search="([^"]*)"', text)
        assert ("因大雨取消" in searched, "heavy rain" in searched) == (found, found)
        assert found or ("大雨" not in text and "Heavy rain" not in text)
    kiosk = (estate.site / "kiosk.json").read_text(encoding="utf-8")
    board = (estate.site / "board.json").read_text(encoding="utf-8")
    assert ("因大雨取消" in kiosk, "因大雨取消" in board) == (found, found)
