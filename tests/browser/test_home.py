"""The home page: what is urgent leads, everybody finds what touches them, and nothing else is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from conftest import AT, LIFT_FAULT, TAGS, UNTRANSLATED, WATER, Reader, Site, home, notice
from gaoshi.core.words import Catalogue

Make = Callable[..., Reader]


def ids(notices: list[dict[str, Any]]) -> list[str]:
    """Their ids."""
    return [item["id"] for item in notices]


def concerning(site: Site, place: str) -> list[str]:
    """Ids of the live notices that concern a place: its own and those of the whole estate."""
    return ids([item for item in site.live if not item["places"] or place in item["places"]])


def test_what_is_urgent_or_major_leads(reader: Make, site: Site, device: str, language: str) -> None:
    """The board shows its live notices in the manifest's order, urgent and major ones in a section of their own on top."""
    one = reader(device)
    page = one.open(home(language))
    assert one.cards == ids(site.live)
    groups = page.locator("[data-group]").evaluate_all("all => all.map(group => group.dataset.group)")
    assert groups == ["urgent", "dated", "standing"]
    tones = page.locator("[data-group=urgent] .card").evaluate_all("all => all.map(card => card.dataset.tone)")
    assert tones[0] == "urgent"
    others = page.locator(".card:not([data-group=urgent] .card)")
    assert set(others.evaluate_all("all => all.map(card => card.dataset.tone)")) <= {"important", "general"}


def test_a_card_tells_what_when_where_and_until(reader: Make, words: dict[str, Catalogue], language: str) -> None:
    """A card has its kind, its title as a link, its time, its place and how long it is valid."""
    one = reader()
    card = one.open(home(language)).locator(".card", has=one.page.locator(f'a[href$="{WATER}/"]'))
    text = card.inner_text()
    catalogue = words[language]
    assert catalogue.text("subtypes.water") in text
    assert card.locator("h3 a").count() == 1
    assert card.locator("time").first.get_attribute("datetime") == "2026-11-25T09:00:00+08:00"
    assert {"zh": "3号楼", "en": "Tower 3"}[language] in text
    assert catalogue.text("board.until") in text


def test_a_place_narrows_without_reload(reader: Make, site: Site, device: str, language: str) -> None:
    """Choosing a building leaves its own notices and those of the whole estate, without loading a page."""
    one = reader(device)
    page = one.open(home(language))
    page.evaluate("window.same = true")
    page.select_option("#place", "tower-3")
    assert one.cards == concerning(site, "tower-3")
    assert set(ids([item for item in site.live if not item["places"]])) <= set(one.cards)
    assert one.query == "place=tower-3"
    assert page.evaluate("window.same")


def test_a_kind_narrows_without_reload(reader: Make, site: Site, device: str, language: str) -> None:
    """Choosing a kind leaves its notices; headings of empty sections go."""
    one = reader(device)
    page = one.open(home(language))
    page.evaluate("window.same = true")
    page.locator(".kind-chip[data-kind=community-activity]").click()
    assert one.cards == ids([item for item in site.live if item["kind"] == "community-activity"])
    assert page.evaluate("window.same")
    for group in page.locator("[data-group]:visible").all():
        assert group.locator(".card:visible").count() > 0
    assert one.query == "kind=community-activity"


def test_choices_survive_reload_and_history(reader: Make, site: Site, language: str) -> None:
    """Reload keeps what was chosen; back and forward go through it step by step."""
    one = reader()
    page = one.open(home(language))
    page.select_option("#place", "tower-1")
    page.locator(".kind-chip[data-kind=utility-outage]").click()
    both = [item for item in concerning(site, "tower-1") if item in _of_kind(site, "utility-outage")]
    assert one.cards == both
    page.reload()
    assert one.cards == both
    page.go_back()
    assert one.cards == concerning(site, "tower-1")
    page.go_back()
    assert one.cards == ids(site.live)
    page.go_forward()
    page.go_forward()
    assert one.cards == both
    assert page.input_value("#place") == "tower-1"


def _of_kind(site: Site, kind: str) -> list[str]:
    return ids([item for item in site.live if item["kind"] == kind])


def test_a_choice_can_be_bookmarked(reader: Make, site: Site, device: str, language: str) -> None:
    """An address with choices opens with them; what the board does not offer counts as no choice."""
    one = reader(device)
    one.open(home(language) + "?place=tower-2&kind=utility-outage")
    assert one.cards == [item for item in concerning(site, "tower-2") if item in _of_kind(site, "utility-outage")]
    one.open(home(language) + "?place=tower-99&kind=nonsense")
    assert one.cards == ids(site.live)


def test_the_building_is_remembered(reader: Make, site: Site) -> None:
    """Who chose a building finds it chosen at the next visit; `all` is remembered as well."""
    one = reader()
    one.open().select_option("#place", "tower-4")
    one.open()
    assert one.cards == concerning(site, "tower-4")
    one.page.locator("[data-clear]").click()
    one.open()
    assert one.cards == ids(site.live)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("停水", WATER),
        ("电梯", LIFT_FAULT),
        ("outage", WATER),
        ("OUTAGE", WATER),
        ("ｏｕｔａｇｅ", WATER),
        ("  停水　3号楼 ", WATER),
        ("３号楼 water", WATER),
        ("Handover", UNTRANSLATED),  # not translated, but its kind has a name in English
    ],
)
def test_search_finds_words_of_any_language(
    reader: Make, site: Site, device: str, language: str, query: str, found: str
) -> None:
    """On both language's pages Chinese and English words are found, whatever their case and width."""
    one = reader(device)
    page = one.open(home(language))
    page.fill("#q", query)
    assert found in one.cards
    assert len(one.cards) < len(site.live)
    page.reload()
    assert page.input_value("#q") == query.strip()


def test_the_number_of_results_is_announced(
    reader: Make, site: Site, words: dict[str, Catalogue], device: str, language: str
) -> None:
    """A polite live region says how many notices are shown, at first and after every choice."""
    one = reader(device)
    page = one.open(home(language))
    status = page.get_by_role("status")
    expect(status).to_have_text(words[language].text("board.results.all", count=len(site.live)))
    page.select_option("#place", "tower-3")
    shown = len(concerning(site, "tower-3"))
    expect(status).to_have_text(words[language].text("board.results.some", shown=shown, count=len(site.live)))
    assert status.evaluate("element => element.checkVisibility()")


def test_an_empty_result_says_what_to_do(
    reader: Make, site: Site, words: dict[str, Catalogue], device: str, language: str
) -> None:
    """When nothing is left the board says so, gives a number to call, and one tap shows everything again."""
    one = reader(device)
    page = one.open(home(language))
    page.fill("#q", "没有这样的公告")
    assert one.cards == []
    empty = page.locator("[data-empty=narrowed]")
    expect(empty).to_contain_text(words[language].text("board.empty.narrowed"))
    assert empty.locator("a[href^='tel:']").is_visible()
    page.locator("[data-clear]").click()
    assert one.cards == ids(site.live)
    expect(empty).to_be_hidden()


def test_without_scripts_everything_can_be_read(reader: Make, site: Site, device: str, language: str) -> None:
    """With JavaScript off all cards are there, what needs it is hidden, and what ended can be unfolded."""
    one = reader(device, java_script_enabled=False)
    page = one.open(home(language))
    for card in page.locator(".card").all():
        expect(card).to_be_visible()
    assert page.locator(".card").count() == len(site.live)
    for control in page.locator(".needs-js").all():
        expect(control).to_be_hidden()
    page.locator(".ended summary").click()
    expect(page.locator(".ended li").first).to_be_visible()
    page.locator(".card__title a").first.click()
    expect(page.locator("[data-content] .facts")).to_be_visible()


def test_what_ended_lately_is_listed(reader: Make, site: Site, device: str, language: str) -> None:
    """A reader who remembers a notice learns that it is over, and how, and its page still tells what became of it."""
    one = reader(device)
    page = one.open(home(language))
    page.locator(".ended summary").click()
    lines = page.locator("[data-ended]:visible")
    assert lines.count() == len(site.in_state("expired", "superseded", "withdrawn"))
    ended = site.in_state("expired", "superseded", "withdrawn")
    assert sorted(one.see("[data-ended] a")) == sorted(notice(notice_id, language) for notice_id in ended)
    for line in lines.all():
        assert line.locator(".ended__state").inner_text().strip()
        assert line.locator("time").count() == 1


def test_the_language_switch_keeps_page_and_choices(reader: Make, device: str) -> None:
    """From the Chinese board to the English one and back, with the building still chosen."""
    one = reader(device)
    page = one.open()
    page.select_option("#place", "tower-2")
    before = one.cards
    page.locator(".languages a").click()
    page.wait_for_url("**/en/?place=tower-2")
    assert page.locator("html").get_attribute("lang") == TAGS["en"]
    assert one.cards == before
    page.locator(".languages a").click()
    page.wait_for_url(lambda url: "/en/" not in url)
    assert one.cards == before


def test_the_board_says_how_fresh_it_is(reader: Make, site: Site, language: str) -> None:
    """The foot of every page says when the board was made and when it changes next."""
    one = reader()
    times = one.open(notice(WATER, language)).locator(".foot time")
    assert AT[:10] in str(times.first.get_attribute("datetime"))
    assert times.last.get_attribute("datetime") == site.board["next"]
