"""A notice's page: the facts in one look, what became of it, its text, pictures and files."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from conftest import FILE, LIFT_FAULT, PICTURE, TAGS, UNTRANSLATED, WATER, Reader, Site, home, notice
from gaoshi.core.words import Catalogue

Make = Callable[..., Reader]

FACTS = (
    *("what", "when", "where", "scope", "cause", "validity", "contact", "issuer", "department"),
    *("approved_by", "approval"),
)


def test_the_facts_are_labelled(reader: Make, words: dict[str, Catalogue], device: str, language: str) -> None:
    """What, when, where, whom, why, until when, whom to call, from whom, by which department, approved by whom and how."""
    one = reader(device)
    page = one.open(notice(WATER, language))
    shown = page.locator(".facts > .fact").evaluate_all("all => all.map(fact => fact.dataset.fact)")
    assert tuple(shown) == FACTS
    for name in FACTS:
        fact = page.locator(f"[data-fact={name}]")
        expect(fact.locator("dt")).to_have_text(words[language].text(f"facts.{name}"))
        assert fact.locator("dd").inner_text().strip()
    expect(page.locator("[data-fact=where] dd")).to_have_text({"zh": "3号楼", "en": "Tower 3"}[language])


def test_every_notice_tells_its_facts(reader: Make, site: Site, language: str) -> None:
    """Every live notice has a title, labelled facts without an empty one, and a number that answers day and night."""
    one = reader()
    for item in site.live:
        page = one.open(notice(item["id"], language))
        assert page.locator("h1").inner_text().strip()
        for fact in page.locator(".facts > .fact").all():
            assert fact.locator("dt").inner_text().strip(), item["id"]
            assert fact.locator("dd").inner_text().strip(), item["id"]
        always = page.locator("[data-fact=contact] .phone--always a")
        assert str(always.get_attribute("href")).startswith("tel:"), item["id"]


@pytest.mark.parametrize(
    ("notice_id", "banner"),
    [
        (LIFT_FAULT, "overdue"),
        ("2026-11/tower-4-water-fault", "resolved"),
        ("2026-11/garden-family-games", "postponed"),
        ("2026-11/tree-pruning", "corrected"),
    ],
)
def test_what_became_of_a_matter_leads(reader: Make, notice_id: str, banner: str, device: str, language: str) -> None:
    """An outcome, a restoration that is overdue, a correction: said in a banner before the text."""
    page = reader(device).open(notice(notice_id, language))
    leading = page.locator(f"[data-banner={banner}]")
    expect(leading).to_be_visible()
    text = page.locator(".notice__text").bounding_box()
    box = leading.bounding_box()
    assert box is not None
    assert text is not None
    assert box["y"] < text["y"]


def test_a_missing_translation_is_said_in_the_readers_language(
    reader: Make, words: dict[str, Catalogue], device: str
) -> None:
    """On the English page of a notice without English a banner says so in English, and the text says it is Chinese."""
    page = reader(device).open(notice(UNTRANSLATED, "en"))
    assert page.locator("html").get_attribute("lang") == "en"
    banner = page.locator("[data-banner=untranslated]")
    expect(banner).to_be_visible()
    assert banner.inner_text().isascii() or "—" in banner.inner_text() or "’" in banner.inner_text()
    assert page.locator(".notice__text").get_attribute("lang") == TAGS["zh"]
    assert page.locator("h1").get_attribute("lang") == TAGS["zh"]
    assert page.locator("[data-fact=what] dt").inner_text() == words["en"].text("facts.what")


def test_a_missing_translation_is_not_offered_to_search_engines(reader: Make) -> None:
    """The switch leads to the page whose facts are in English; as a translation it is announced to nobody."""
    page = reader().open(notice(UNTRANSLATED))
    assert page.locator("link[rel=alternate][hreflang=en]").count() == 0
    page.locator(".languages a[lang=en]").click()
    expect(page.locator("[data-banner=untranslated]")).to_be_visible()


def test_the_language_switch_stays_with_the_notice(reader: Make, device: str) -> None:
    """From a notice to the same notice in the other language, and back."""
    one = reader(device)
    page = one.open(notice(WATER))
    page.locator(".languages a").click()
    page.wait_for_url(f"{one.address}{notice(WATER, 'en')}**")
    assert page.locator("h1").inner_text() == "Planned water outage in Tower 3"
    page.locator(".languages a").click()
    page.wait_for_url(f"{one.address}{notice(WATER)}**")


def test_the_way_back_keeps_what_was_chosen(reader: Make, device: str, language: str) -> None:
    """Back from a notice the list is as the reader left it."""
    one = reader(device)
    page = one.open(home(language))
    page.select_option("#place", "tower-3")
    before = one.cards
    page.locator(".card__title a:visible").first.click()
    page.locator("[data-back]").click()
    page.wait_for_url(f"{one.address}{home(language)}?place=tower-3")
    assert one.cards == before


def test_the_way_back_is_there_for_who_came_by_a_link(reader: Make, language: str) -> None:
    """Who opened the notice from a message gets to the board as well."""
    one = reader()
    one.open(notice(WATER, language)).locator("[data-back]").click()
    one.page.wait_for_url(f"{one.address}{home(language)}**")
    assert one.cards


def test_files_can_be_fetched(reader: Make, site: Site, language: str) -> None:
    """A file of a notice is offered with name, type and size, and is what it says, from both languages' pages."""
    one = reader()
    page = one.open(notice(FILE, language))
    links = page.locator(".notice a[href$='.pdf']")
    assert links.count() >= 1
    for link in links.all():
        answer = one.context.request.get(str(link.evaluate("a => a.href")))
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.body() == (site.folder / "notices" / FILE / "common-income-2026-q3.pdf").read_bytes()


def test_pictures_are_there_before_the_text_needs_them(reader: Make, site: Site, language: str) -> None:
    """Every picture loads, is described, and its place is kept: its width and height stand in the page."""
    one = reader()
    seen = 0
    for item in site.live:
        page = one.open(notice(item["id"], language))
        for picture in page.locator(".notice img").all():
            picture.scroll_into_view_if_needed()
            picture.evaluate("img => img.decode()")
            facts = picture.evaluate(
                "img => [img.naturalWidth, img.naturalHeight, +img.getAttribute('width'), +img.getAttribute('height')]"
            )
            assert facts[:2] == facts[2:], item["id"]
            assert min(facts) > 0
            assert str(picture.get_attribute("alt")).strip(), item["id"]
            seen += 1
    assert seen >= 5
    assert PICTURE in [item["id"] for item in site.live]
