"""A notice's address after its end: what a reader with an old link or a forgotten sheet of paper finds there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from conftest import OVER, REPLACED, TABLE, WITHDRAWN, Reader, Site, home, notice
from gaoshi.core.words import Catalogue

Make = Callable[..., Reader]


@pytest.mark.parametrize(
    ("notice_id", "state"), [(OVER, "expired"), (REPLACED, "superseded"), (WITHDRAWN, "withdrawn")]
)
def test_that_it_is_over_is_seen_at_once(
    reader: Make, words: dict[str, Catalogue], notice_id: str, state: str, device: str, language: str
) -> None:
    """Title, state and what to go by stand on the first screen, and the page's title says it, too."""
    page = reader(device).open(notice(notice_id, language))
    label = words[language].text(f"states.{state}")
    mark = page.locator(".over__state")
    expect(mark).to_have_text(label)
    expect(mark).to_be_in_viewport()
    expect(page.locator(".over__news")).to_contain_text(words[language].text(f"over.{state}"))
    expect(page.locator(".over__since time")).to_have_count(1)
    assert page.title().startswith(label)
    assert page.locator(".over").get_attribute("data-title") == page.title()
    expect(page.locator(".notice__text, .files, .notice .banner[data-banner=corrected]")).to_have_count(0)


def test_a_reader_gets_on_from_there(reader: Make, device: str, language: str) -> None:
    """From the list of what ended lately to the notice, from there to what replaced it, and to the board."""
    one = reader(device)
    page = one.open(home(language))
    page.locator(".ended summary").click()
    page.locator(f"[data-ended] a[href$='{REPLACED}/']").click()
    page.wait_for_url(one.address + notice(REPLACED, language))
    page.locator(".over__successor a").click()
    page.wait_for_url(one.address + notice(TABLE, language))
    expect(page.locator(".notice__text")).to_be_visible()
    page.go_back()
    page.locator(".over .button").click()
    page.wait_for_url(f"{one.address}{home(language)}**")
    assert one.cards


def test_the_other_language_is_a_tap_away(reader: Make, device: str) -> None:
    """An ended notice has its address in every language."""
    one = reader(device)
    page = one.open(notice(WITHDRAWN))
    page.locator(".languages a").click()
    page.wait_for_url(f"{one.address}{notice(WITHDRAWN, 'en')}**")
    expect(page.locator(".over__state")).to_have_text("Withdrawn")


def test_nobody_finds_it_by_searching(reader: Make, site: Site, language: str) -> None:
    """Neither the board's search nor a search engine leads to what has ended."""
    one = reader()
    page = one.open(f"{home(language)}?q=大风蓝色")
    assert one.cards == []
    expect(page.locator("[data-ended]:visible")).to_have_count(0)
    page = one.open(notice(OVER, language))
    assert page.locator("meta[name=robots]").get_attribute("content") == "noindex"
    assert OVER not in (site.folder / "sitemap.xml").read_text(encoding="utf-8")


def test_on_paper_it_says_that_it_is_over(reader: Make, language: str) -> None:
    """Printed, the mark, the reason and the address are there, and nothing that one would have to tap."""
    page = reader("desktop").open(notice(WITHDRAWN, language))
    page.emulate_media(media="print")
    for seen in (".over__state", "[data-banner=withdrawn]", ".notice__address", ".over .phone__number"):
        expect(page.locator(seen).first).to_be_visible()
    for unseen in (".over .button", ".back"):
        expect(page.locator(unseen)).to_be_hidden()
