"""A notice printed from the browser: facts and text on paper, nothing that needs a screen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from conftest import TABLE, WATER, Reader, home, notice

Make = Callable[..., Reader]

CHROME = (".masthead__tools", ".skip", "[data-back]", ".languages", "button")


def pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return max(int(count) for count in re.findall(rb"/Type\s*/Pages[^>]*?/Count\s+(\d+)", pdf, re.DOTALL))


@pytest.mark.parametrize("notice_id", [WATER, TABLE])
def test_paper_has_the_facts_and_no_controls(reader: Make, notice_id: str, language: str) -> None:
    """On paper are the title, the facts, the text and the address; switches, ways and search are not."""
    one = reader("desktop")
    page = one.open(notice(notice_id, language))
    page.emulate_media(media="print")
    for selector in ("h1", ".facts", ".notice__text", ".notice__address", "[data-fact=contact] .phone--always"):
        expect(page.locator(selector).first).to_be_visible()
    for selector in CHROME:
        for element in page.locator(selector).all():
            expect(element).to_be_hidden()
    for fact in page.locator(".fact").all():
        expect(fact).to_be_visible()


def test_a_short_notice_fits_on_one_sheet(reader: Make, language: str) -> None:
    """A short notice prints on one sheet of A4, also for who reads in large type or by night."""
    for large in (False, True):
        one = reader("desktop", color_scheme="dark" if large else "light")
        if large:
            one.context.add_init_script("localStorage.setItem('gaoshi:large', '1')")
        pdf = one.open(notice(WATER, language)).pdf(prefer_css_page_size=True)
        assert pages(pdf) == 1


def test_paper_is_white_by_night_too(reader: Make) -> None:
    """Who reads by night prints dark ink on white paper."""
    one = reader("desktop", color_scheme="dark")
    page = one.open(notice(WATER))
    page.emulate_media(media="print", color_scheme="dark")
    ink, ground = page.evaluate(
        "[getComputedStyle(document.querySelector('.notice__text')).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert max(int(part) for part in re.findall(r"\d+", ink)[:3]) < 80
    assert ground in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}


def test_the_board_prints_all_its_notices(reader: Make, language: str) -> None:
    """The whole board on paper: every card, no filters."""
    one = reader("desktop")
    page = one.open(home(language))
    page.emulate_media(media="print")
    for card in page.locator(".card").all():
        expect(card).to_be_visible()
    expect(page.locator("[data-filters]")).to_be_hidden()
