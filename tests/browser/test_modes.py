"""Large type, night, small screens, keyboards and fingers: the board fits whoever reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from conftest import PICTURE, TABLE, WATER, Reader, Site, home, notice, page_types

Make = Callable[..., Reader]

LARGE = "localStorage.setItem('gaoshi:large', '1')"
SHIFTS = """
  window.shifts = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
"""


def size(page: Page, selector: str) -> float:
    """The type size of an element, in CSS pixels."""
    return float(page.locator(selector).first.evaluate("element => parseFloat(getComputedStyle(element).fontSize)"))


def brightness(page: Page) -> float:
    """How bright the page's ground is, from 0 to 1."""
    script = """() => {
      const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number);
      return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
    }"""
    return float(page.evaluate(script))


def test_large_type_is_remembered(reader: Make, device: str, language: str) -> None:
    """Large type, once chosen, is there on every page and after a reload; off again, it stays off."""
    one = reader(device)
    page = one.open(home(language))
    normal = size(page, ".card__title")
    button = page.locator("[data-mode=large]")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    large = size(page, ".card__title")
    assert large >= normal * 1.15
    page.reload()
    assert size(page, ".card__title") == large
    one.open(notice(WATER, language))
    assert page.locator("[data-mode=large]").get_attribute("aria-pressed") == "true"
    page.locator("[data-mode=large]").click()
    one.open(home(language))
    assert size(page, ".card__title") == normal


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("width", [390, 320])
def test_no_page_scrolls_sideways(reader: Make, site: Site, width: int, large: bool) -> None:
    """On a phone, even a narrow one, no page of the board is wider than the screen, with large type neither."""
    one = reader(viewport={"width": width, "height": 844})
    if large:
        one.context.add_init_script(LARGE)
    wide = {}
    for path in site.html:
        page = one.open(path)
        page.evaluate("for (const more of document.querySelectorAll('details')) more.open = true")
        needed = page.evaluate("document.scrollingElement.scrollWidth")
        if needed > width:
            wide[path] = needed
    one.problems = [problem for problem in one.problems if "404" not in problem]
    assert wide == {}


def test_night_follows_the_system(reader: Make, device: str) -> None:
    """Dark by itself where the reader's system is dark, and at once when that changes."""
    one = reader(device, color_scheme="dark")
    page = one.open()
    assert brightness(page) < 0.2
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert brightness(page) > 0.8


@pytest.mark.parametrize("system", ["light", "dark"])
def test_night_can_be_switched_and_is_remembered(reader: Make, device: str, system: Any) -> None:
    """The reader's own choice wins over the system's, on every page, until it is taken back."""
    one = reader(device, color_scheme=system)
    page = one.open()
    page.locator("[data-mode=dark]").click()
    chosen = brightness(page)
    assert (chosen < 0.2) == (system == "light")
    page.reload()
    assert brightness(page) == chosen
    one.open(notice(WATER))
    assert brightness(page) == chosen
    page.locator("[data-mode=dark]").click()
    one.open()
    assert brightness(page) != chosen


@pytest.mark.parametrize("start", ["plain", "narrowed", "large"])
def test_nothing_moves_while_loading(reader: Make, device: str, start: str) -> None:
    """Home and notices load without a layout shift, with a remembered building and large type as well."""
    one = reader(device)
    one.context.add_init_script(SHIFTS)
    if start == "large":
        one.context.add_init_script(LARGE)
    if start == "narrowed":
        one.context.add_init_script("localStorage.setItem('gaoshi:place', 'tower-3')")
    for path in (home("zh"), home("en"), notice(PICTURE), notice(TABLE), notice(WATER, "en")):
        page = one.open(path)
        page.wait_for_load_state("networkidle")
        for _ in range(3):
            page.mouse.wheel(0, 3000)
            page.wait_for_timeout(100)
        assert page.evaluate("window.shifts") == 0, path


def test_nothing_moves_for_who_wants_stillness(reader: Make, device: str) -> None:
    """With reduced motion asked for, nothing is animated and nothing glides."""
    one = reader(device, reduced_motion="reduce")
    for path in (home("zh"), notice(WATER)):
        page = one.open(path)
        moving = page.evaluate(
            """() => [...document.querySelectorAll("*")].filter((element) => {
              const style = getComputedStyle(element);
              const longest = (text) => Math.max(...text.split(",").map(parseFloat));
              return longest(style.transitionDuration) > 0.01 || longest(style.animationDuration) > 0.01
                || style.scrollBehavior === "smooth";
            }).map((element) => element.outerHTML.slice(0, 80))"""
        )
        assert moving == []


FOCUSED = """() => {
  const element = document.activeElement;
  const styles = [getComputedStyle(element), getComputedStyle(element, "::after")];
  if (element.nextElementSibling) styles.push(getComputedStyle(element.nextElementSibling));
  const visible = styles.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  const box = element.getBoundingClientRect();
  return { name: element.id || element.name || element.className || element.tagName, visible,
           card: Boolean(element.closest(".card")), inside: box.bottom > 0 && box.top < innerHeight };
}"""


def test_the_keyboard_reaches_everything(reader: Make, language: str) -> None:
    """By Tab alone: the skip link first, then tools, filters, search, kinds and the first card; focus always shows."""
    one = reader("desktop")
    page = one.open(home(language))
    order: list[str] = []
    for _ in range(20):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        assert focused["visible"], focused
        assert focused["inside"], focused
        order.append("card" if focused["card"] else focused["name"])
        if focused["card"]:
            break
    assert order[0] == "skip"
    positions = [order.index(name) for name in ("skip", "place", "q", "kind", "card")]
    assert positions == sorted(positions)
    page.keyboard.press("Enter")
    page.wait_for_url("**/notices/**")


def test_the_skip_link_skips(reader: Make, device: str, language: str) -> None:
    """The skip link shows itself when focused and leads past the masthead."""
    one = reader(device)
    page = one.open(home(language))
    skip = page.locator(".skip")
    page.keyboard.press("Tab")
    box = skip.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["height"] >= 24
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_kinds_are_chosen_by_arrow_keys(reader: Make, site: Site) -> None:
    """The kinds are one stop for Tab; arrows go through them and narrow the list."""
    one = reader("desktop")
    page = one.open()
    page.focus("input[name=kind]:checked")
    page.keyboard.press("ArrowRight")
    assert 0 < len(one.cards) < len(site.live)


def test_fingers_hit_what_they_aim_at(reader: Make, language: str) -> None:
    """On a phone every control is at least 44 pixels high and wide; only links inside running text are smaller."""
    one = reader()
    small = {}
    for name, path in page_types(language).items():
        page = one.open(path)
        page.evaluate("for (const more of document.querySelectorAll('details')) more.open = true")
        found = page.evaluate(
            """() => [...document.querySelectorAll("a, button, select, summary, input:not([type=radio]), label:has(input)")]
              .filter((each) => each.checkVisibility() && !each.closest(".text p, .text li, .text td, .skip"))
              .map((each) => {
                const box = each.getBoundingClientRect();
                const face = each.closest(".card") ? each.closest(".card").getBoundingClientRect() : box;
                return [each.outerHTML.slice(0, 90), Math.round(face.width * 10) / 10, Math.round(face.height * 10) / 10];
              })
              .filter(([, width, height]) => width < 44 || height < 44)"""
        )
        if found:
            small[name] = found
    one.problems = [problem for problem in one.problems if "404" not in problem]
    assert small == {}
