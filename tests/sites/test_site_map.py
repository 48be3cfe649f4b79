"""The site map: every page that search engines may know, each with its own last change, where that is known."""

from __future__ import annotations

import re
from typing import Any

import pytest

A, B = "2026-11/a", "2026-11/b"
LINE = re.compile(r"<url><loc>https://[^/]+/([^<]*)</loc>(?:<lastmod>([^<]+)</lastmod>)?</url>")


def last_changes(estate: Any, at: str = "2026-11-24 10:00") -> dict[str, str]:
    """The last change of every page that the site map names, by path; empty where it tells none."""
    assert estate.build(at=at).status == 0
    return dict(LINE.findall((estate.site / "sitemap.xml").read_text(encoding="utf-8")))


def test_each_page_tells_its_own_last_change(estate: Any) -> None:
    """A notice that came a week ago changed then, and one that begins today today, in every language; the list with the newest."""
    estate.notice(A, valid_from=None)
    estate.appeared(A, "2026-11-17 09:30")
    estate.notice(B, valid_from="2026-11-24 08:00")
    estate.commit()
    found = last_changes(estate)
    for home in ("", "en/"):
        assert found[f"{home}notices/{A}/"] == "2026-11-17T09:30:00+08:00"
        assert found[f"{home}notices/{B}/"] == found[home] == "2026-11-24T08:00:00+08:00"


def test_the_day_of_the_build_changes_nothing(estate: Any) -> None:
    """A board made anew of what it had says the same of every page; what has not changed is not read again."""
    estate.notice(A)
    estate.commit()
    assert last_changes(estate, "2026-11-24 10:00") == last_changes(estate, "2026-11-25 10:00")


@pytest.mark.parametrize(
    "fields",
    [
        {"correction": {"at": "2026-11-23 15:00", "note": "更正"}},
        {"outcome": {"is": "cancelled", "at": "2026-11-23 15:00", "note": "下雨"}, "starts_at": "2026-11-24 09:00"},
    ],
    ids=["corrected", "cancelled"],
)
def test_a_correction_and_an_outcome_are_changes(estate: Any, fields: dict[str, Any]) -> None:
    """What a notice says anew is its page's last change."""
    estate.notice(A, fields)
    estate.appeared(A, "2026-11-17 09:30")
    estate.commit()
    assert last_changes(estate)[f"notices/{A}/"] == "2026-11-23T15:00:00+08:00"


def test_a_list_that_lost_a_notice_has_changed(estate: Any) -> None:
    """When a notice ends, the list without it is new at that very instant."""
    estate.notice(A)
    estate.notice(B, valid_until="2026-11-23 18:00")
    estate.commit()
    found = last_changes(estate)
    assert f"notices/{B}/" not in found
    assert found[""] == "2026-11-23T18:00:00+08:00"
    assert found[f"notices/{A}/"] < found[""]


def test_where_nothing_is_known_nothing_is_told(estate: Any) -> None:
    """The board's own pages, and the list of a board that never had a notice, tell no change; they are named all the same."""
    estate.commit()
    assert last_changes(estate) == {"": "", "en/": "", "about/": "", "en/about/": ""}
