"""What ends is gone at its second from every list, count and page, and what is overdue says so; by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from board_server import BoardServer
from conftest import AT, OVER, WATER, Reader, Site, home, instant, notice
from gaoshi.core.words import Catalogue
from gaoshi.edition import compose
from gaoshi.sources.snapshot import open_snapshot

Visit = Callable[..., Reader]

SECOND = timedelta(seconds=1)
BUILT = instant(AT)
GAS = "2026-11/tower-2-gas"
EXPECTED, GAS_ENDS = instant("2026-11-24 11:30"), instant("2026-11-27 08:12")
"""When GAS is expected back, and when it ends."""
WATER_EXPECTED, WATER_ENDS = instant("2026-11-25 17:00"), instant("2026-11-25 20:00")
STALE = instant("2026-11-24 12:30")
"""An hour after the sample board is due, which is at its next change."""
LATER = instant("2040-01-01 00:00")
SCRIPT = re.compile(r"/assets/board\.\w+\.js")


def visible(page: Page, selector: str) -> set[str]:
    """Ids of the notices in which something is to be seen."""
    script = "all => all.filter(one => one.checkVisibility()).map(one => one.closest('[data-id]').dataset.id)"
    return set(page.locator(selector).evaluate_all(script))


def ends(site: Site) -> list[datetime]:
    """Every instant at which a live notice ends or may become overdue, in order."""
    found = {item["ends_at"] for item in site.live if item["ends_at"]}
    found |= {(item["foreseen"] or {"at": item["valid_until"]})["at"] for item in site.live if item["valid_until"]}
    return sorted(each for each in map(datetime.fromisoformat, found) if each > BUILT)


# ── the home page ────────────────────────────────────────────────────────────────────────────────


def test_the_page_is_at_every_second_as_if_it_were_made_then(visit: Visit, site: Site, host: BoardServer) -> None:
    """The second before and at each end and each expected restoration an open page shows what a board made then would."""
    one = visit(BUILT)
    published = {item["id"] for item in site.live}
    with open_snapshot(site.origin, "HEAD") as snapshot:
        for boundary in ends(site)[:12]:
            for moment in (boundary - SECOND, boundary):
                edition = compose(snapshot, moment)
                host.stop(moment)
                page = one.pass_time(moment)
                live = {entry.id for entry in edition.live} & published
                assert visible(page, ".card") == live, moment
                overdue = {entry.id for entry in edition.live if entry.overdue}
                assert visible(page, ".card [data-banner=overdue]") == overdue & published, moment


def test_what_is_over_at_first_is_not_there_at_all(visit: Visit, language: str) -> None:
    """Opened after a notice's end, an old page has no trace of it that a search, a printer or a screen reader finds."""
    page = visit(WATER_ENDS, home(language)).page
    assert page.locator(f"[data-id='{WATER}']").count() == 0
    assert visible(page, ".card")


COUNTED = """() => {
  const cards = [...document.querySelectorAll(".card")].filter((card) => card.checkVisibility());
  const kinds = {};
  for (const card of cards) kinds[card.dataset.kind] = (kinds[card.dataset.kind] || 0) + 1;
  const chips = [...document.querySelectorAll(".kind-chip[data-kind]")].filter((chip) => chip.checkVisibility());
  const told = Object.fromEntries(chips.map((chip) => [chip.dataset.kind, Number(chip.querySelector("small").textContent)]));
  const headings = [...document.querySelectorAll("[data-group]")].filter((group) => group.checkVisibility());
  return { cards: cards.length, kinds, told, bare: headings.filter((group) => !group.querySelector(".card")).length,
           groups: headings.length };
}"""


def test_counts_and_groups_follow(visit: Visit, site: Site, words: dict[str, Catalogue], language: str) -> None:
    """As notices end, the kinds' counts, the number of notices and the groups say what is left; an empty one is gone."""
    one = visit(BUILT, home(language))
    for moment in (
        BUILT,
        *(each for each in ends(site) if each < instant("2027-01-01 00:00")),
        instant("2028-01-01 00:00"),
    ):
        page = one.pass_time(moment + SECOND)
        found = page.evaluate(COUNTED)
        assert found["told"] == found["kinds"], moment
        assert found["bare"] == 0, moment
        said = words[language].text("board.results.all", count=found["cards"])
        expect(page.get_by_role("status")).to_have_text(said)
    assert (found["cards"], found["groups"]) == (2, 1)


def test_what_ends_is_told_to_nobody_aloud(visit: Visit) -> None:
    """The live region is mute while notices come and go by themselves, and speaks again when the reader chooses."""
    one = visit(BUILT)
    page = one.pass_time(WATER_ENDS)
    assert page.get_by_role("status").get_attribute("aria-live") == "off"
    page.select_option("#place", "tower-2")
    assert page.get_by_role("status").get_attribute("aria-live") == "polite"


def test_a_search_forgets_what_ended(visit: Visit, words: dict[str, Catalogue]) -> None:
    """What a search found is gone from its results when it ends, and the page says that nothing is left of them."""
    one = visit(BUILT, "?q=关于3号楼计划停水")
    assert visible(one.page, ".card") == {WATER}
    page = one.pass_time(WATER_ENDS)
    assert visible(page, ".card") == set()
    expect(page.locator("[data-empty=narrowed]")).to_be_visible()
    expect(page.locator("[data-empty=none]")).to_be_hidden()
    assert page.input_value("#q") == "关于3号楼计划停水"


def test_a_kind_that_was_chosen_stays_chosen(visit: Visit) -> None:
    """The last notice of the chosen kind ends: the choice stays to be seen, and other kinds without any go."""
    one = visit(BUILT, "?kind=weather-reminder")
    page = one.pass_time(instant("2026-11-26 20:00"))
    expect(page.locator(".kind-chip[data-kind=weather-reminder]")).to_be_visible()
    expect(page.locator(".kind-chip[data-kind=emergency]")).to_be_hidden()
    expect(page.locator("[data-empty=narrowed]")).to_be_visible()


def test_when_the_last_one_ends_nothing_is_left(visit: Visit, words: dict[str, Catalogue], language: str) -> None:
    """With its last notice gone the board says that there are none now, whom to call, and offers nothing to filter."""
    one = visit(BUILT, home(language))
    last = instant("2029-03-01 20:00")
    page = one.pass_time(last - SECOND)
    assert len(one.cards) == 1
    expect(page.locator("[data-empty=none]")).to_be_hidden()
    page = one.pass_time(last)
    assert one.cards == []
    none = page.locator("[data-empty=none]")
    expect(none).to_contain_text(words[language].text("board.empty.none"))
    assert none.locator("a[href^='tel:']").is_visible()
    for gone in ("[data-filters]", ".results", "[data-group]", "[data-empty=narrowed]", ".ended"):
        for element in page.locator(gone).all():
            expect(element).to_be_hidden()


def test_the_list_of_what_ended_empties_line_by_line(visit: Visit, site: Site) -> None:
    """Each line goes seven days after its notice ended, at the second; the count follows; with the last the list goes."""
    one = visit(BUILT)
    lines = one.page.locator("[data-ended]")
    until = sorted(
        datetime.fromisoformat(text) for text in lines.evaluate_all("all => all.map(one => one.dataset.until)")
    )
    assert len(until) == lines.count() >= 3
    for gone, moment in enumerate(until):
        page = one.pass_time(moment - SECOND)
        assert page.locator("[data-ended]").count() == len(until) - gone
        page = one.pass_time(moment)
        assert page.locator("[data-ended]").count() == len(until) - gone - 1
        assert page.locator(".ended__count").text_content() == str(len(until) - gone - 1)
    expect(page.locator(".ended")).to_be_hidden()


def test_nothing_on_a_page_changes_before_the_board_is_due(site: Site) -> None:
    """No page has a part that comes or goes before `data-due`: what looks only from then on overlooks nothing."""
    due = datetime.fromisoformat(site.board["due"])
    for path, html in site.html.items():
        for text in re.findall(r'data-(?:from|until)="([^"]+)"', html):
            assert datetime.fromisoformat(text) >= due, path


# ── a notice's own page ──────────────────────────────────────────────────────────────────────────


def test_a_notice_becomes_its_ended_form(visit: Visit, words: dict[str, Catalogue], device: str, language: str) -> None:
    """The second before its end a notice's page has its text; at its end it says that it is over, and its title, too."""
    one = visit(BUILT, notice(WATER, language), device)
    title = one.page.title()
    page = one.pass_time(WATER_ENDS - SECOND)
    expect(page.locator(".notice__text")).to_be_visible()
    expect(page.locator("[data-over]")).to_have_count(0)
    page = one.pass_time(WATER_ENDS)
    for gone in (".notice__text", "[data-content]", "[data-fact=scope]"):
        expect(page.locator(gone)).to_have_count(0)
    expect(page.locator("[data-over]")).to_contain_text(words[language].text("states.expired"))
    expect(page.locator("h1")).to_have_count(1)
    assert page.title() != title
    assert words[language].text("states.expired") in page.title()


def test_what_is_overdue_says_so_at_the_second(visit: Visit, words: dict[str, Catalogue], language: str) -> None:
    """When the expected restoration passes, card and page say so and whom to call; the expectation is no longer told."""
    for path in (home(language), notice(GAS, language)):
        one = visit(BUILT, path)
        whole = one.page.locator(f"[data-id='{GAS}'][data-content]")
        page = one.pass_time(EXPECTED - SECOND)
        expect(whole.locator("[data-banner=overdue]")).to_have_count(0)
        expect(whole).to_contain_text(words[language].text("facts.restoration"))
        one.pass_time(EXPECTED)
        banner = whole.locator("[data-banner=overdue]")
        expect(banner).to_contain_text(words[language].text("banners.overdue"))
        expect(banner).to_contain_text("000-5550-0110")
        assert whole.locator("time[datetime='2026-11-24T11:30:00+08:00']").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_number_to_call_can_be_tapped(visit: Visit) -> None:
    """On its own page the overdue notice's number is a link as high as a finger; on its card all is one link."""
    page = visit(EXPECTED, notice(GAS)).page
    box = page.locator("[data-banner=overdue] a[href^='tel:']").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert visit(EXPECTED).page.locator(".card [data-banner] a").count() == 0


@pytest.mark.parametrize("path", [home("zh"), notice(WATER)], ids=["home", "notice"])
def test_paper_has_nothing_that_is_over(visit: Visit, host: BoardServer, path: str) -> None:
    """Printing looks at the clock first, even when no second has ticked: what just ended does not print."""
    one = visit(BUILT, path)
    one.page.wait_for_load_state("networkidle")  # the server's word, too, makes a page look at the clock
    host.stop(WATER_ENDS)
    one.page.clock.set_system_time(WATER_ENDS)  # no timer runs
    assert one.page.locator(f"[data-id='{WATER}'][data-content]").count() == 1
    one.page.pdf()
    assert one.page.locator(f"[data-id='{WATER}'][data-content]").count() == 0
    assert one.page.locator("[data-over]").count() == bool(path)


def test_paper_says_until_when_it_holds(visit: Visit, language: str) -> None:
    """On a printed notice and on each card of a printed board stands until when it is posted."""
    page = visit(BUILT, notice(WATER, language)).page
    page.emulate_media(media="print")
    expect(page.locator(".facts")).to_contain_text({"zh": "11月25日（周三）20:00", "en": "Wed 25 Nov, 20:00"}[language])
    page = visit(BUILT, home(language)).page
    page.emulate_media(media="print")
    for card in page.locator(".card").all():
        expect(card.locator(".card__until time")).to_be_visible()


# ── the foot ─────────────────────────────────────────────────────────────────────────────────────

NEXT = "footer [data-until='2026-11-24T11:30:00+08:00']"
"""The line of the foot that tells of the next change, which is EXPECTED."""


@pytest.mark.parametrize("path", [home("zh"), home("en"), notice(WATER), notice(OVER), "about/"])
def test_the_next_change_is_told_of_until_it_has_come(visit: Visit, path: str) -> None:
    """The foot says when the board changes next up to the second before; a change that has come is no longer the next."""
    one = visit(BUILT, path)
    page = one.pass_time(EXPECTED - SECOND)
    expect(page.locator(NEXT)).to_be_visible()
    one.pass_time(EXPECTED)
    expect(page.locator(NEXT)).to_have_count(0)
    expect(page.locator(".foot__board time")).to_have_count(1)


def test_without_scripts_the_next_change_stands_with_a_warning(visit: Visit) -> None:
    """With JavaScript off the line stays after its instant, and the page says that from that very instant it may be old."""
    page = visit(EXPECTED, java_script_enabled=False).page
    expect(page.locator(NEXT)).to_be_visible()
    expect(page.locator("noscript .stale time")).to_have_attribute("datetime", "2026-11-24T11:30:00+08:00")


def test_what_the_page_says_of_itself_is_well_set(visit: Visit, language: str) -> None:
    """Lines about the page end in a full stop where they are sentences, and no space follows a Chinese colon."""
    page = visit(STALE - SECOND, home(language)).page
    assert "： " not in page.locator("footer").inner_text()
    page.clock.run_for(1000)
    assert page.locator(".stale").inner_text().rstrip().endswith({"zh": "。", "en": "."}[language])


# ── a board that was forgotten ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", [home("zh"), home("en"), notice(WATER), notice(WATER, "en")])
def test_a_forgotten_board_says_so(visit: Visit, site: Site, path: str) -> None:
    """An hour after it should have been made anew, and not before, a page says when it was last checked and whom to call."""
    one = visit(BUILT, path)
    page = one.pass_time(STALE - SECOND)
    expect(page.locator(".stale")).to_have_count(0)
    page = one.pass_time(STALE)
    expect(page.locator(".stale")).to_be_visible()
    assert page.locator(".stale time").get_attribute("datetime") == site.board["at"]
    box = page.locator(".stale a[href^='tel:']").bounding_box()
    assert box is not None
    assert box["height"] >= 44


def test_a_page_that_tells_no_news_does_not_grow_old(visit: Visit) -> None:
    """The board's own pages, such as the one about it, never say so, and wait for nobody's time."""
    page = visit(LATER, "about/").page
    expect(page.locator(".stale")).to_have_count(0)
    assert page.locator("html").get_attribute("data-asking") is None


# ── without scripts, and without the one that counts ─────────────────────────────────────────────


@pytest.mark.parametrize("path", [home("zh"), home("en"), notice(GAS), notice(GAS, "en")])
def test_without_scripts_a_page_says_what_it_cannot_do(visit: Visit, path: str) -> None:
    """With JavaScript off nothing that is still to come shows; every notice says its end, and the page when it will be old."""
    page = visit(BUILT, path, java_script_enabled=False).page
    note = page.locator("noscript .stale")
    expect(note).to_be_visible()
    assert note.locator("time").get_attribute("datetime") == "2026-11-24T11:30:00+08:00"
    for ahead in page.locator("[data-from]").all():
        expect(ahead).to_be_hidden()
    for card in page.locator(".card").all():
        expect(card.locator(".card__until time")).to_be_visible()
    assert page.locator("main h1:visible").count() == 1


@pytest.mark.parametrize("path", [home("zh"), notice(WATER)])
def test_the_page_keeps_time_when_its_script_does_not_come(visit: Visit, path: str) -> None:
    """With the script file blocked nothing is shown that is over when the page opens, nor when it ends later."""
    for start in (WATER_ENDS, WATER_ENDS - 5 * SECOND):
        one = visit(BUILT, "about/")
        one.context.route(SCRIPT, lambda route: route.abort())
        one.pass_time(start)
        page = one.open(path)
        present = visible(page, "[data-content]")
        assert (WATER in present) == (start < WATER_ENDS)
        page.clock.run_for(5000)
        assert WATER not in visible(page, "[data-content]")
        if path:
            expect(page.locator("[data-over]")).to_be_visible()
        one.problems = [problem for problem in one.problems if "ERR_FAILED" not in problem]


def test_nothing_that_is_over_flashes(visit: Visit) -> None:
    """While the script file is still on its way, what is over is not seen already."""
    one = visit(BUILT, "about/")
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    one.context.route(SCRIPT, hold)
    one.pass_time(WATER_ENDS)
    one.page.goto(one.address, wait_until="commit")
    one.page.locator("footer").wait_for()
    assert late
    present = visible(one.page, ".card")
    assert WATER not in present
    assert present
    for route in late:
        route.continue_()


@pytest.mark.parametrize("path", [home("zh"), notice(WATER)])
def test_what_ends_while_the_script_is_on_its_way_is_gone_at_its_second(
    visit: Visit, host: BoardServer, path: str
) -> None:
    """A page whose script file takes minutes to come keeps time meanwhile, though it is not wholly loaded."""
    one = visit(BUILT, "about/")
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    one.context.route(SCRIPT, hold)
    page = one.pass_time(WATER_ENDS - 2 * SECOND)
    host.set(WATER_ENDS)
    page.goto(one.address + path, wait_until="commit")
    page.locator("footer").wait_for()
    assert late
    assert WATER in visible(page, "[data-content]")
    page.clock.run_for(2000)
    assert WATER not in visible(page, "[data-content]")
    for route in late:
        route.continue_()
    expect(page.locator(f"[data-id='{WATER}'][data-content]")).to_have_count(0)  # taken out, by presence.js


# ── how long it takes ────────────────────────────────────────────────────────────────────────────

MOST = 50.0
"""Milliseconds, for 1,000 of 3,000."""
TIMES = 2.5
"""So many times what the browser takes for nothing but the removal, on a machine that has much else to do."""

LEAP = """(until) => {
  document.body.getBoundingClientRect();   // the page is laid out, as it is when somebody looks at it
  const real = Date.now;
  Date.now = () => until;   // as after sleep; and the page is told to look
  const before = performance.now();
  dispatchEvent(new Event("online"));
  const took = performance.now() - before;
  Date.now = real;
  return took;
}"""
BARE = """() => {
  const cards = [...document.querySelectorAll(".card")].filter((_, number) => number % 3 === 0).slice(0, 1000);
  document.body.getBoundingClientRect();
  const before = performance.now();
  for (const card of cards) card.remove();
  return performance.now() - before;
}"""


def crowded(html: str, now: datetime) -> bytes:
    """The home page as of an hour ago, with 3,000 cards of which 1,000 end in an hour."""
    hour, far = timedelta(hours=1), (now + timedelta(days=900)).isoformat()
    found = re.search(rf'<li class="card" data-id="{WATER}".*?</li>', html, re.DOTALL)
    assert found is not None
    model = re.sub('(data-(?:from|until))="[^"]+"', rf'\1="{far}"', found[0])
    ended = model.replace(f'data-until="{far}"', f'data-until="{(now + hour).isoformat()}"', 1)
    cards = [(model if number % 3 else ended).replace(WATER, f"2026-11/n{number}") for number in range(3000)]
    html = html[: found.start()] + "".join(cards) + html[found.end() :]
    html = re.sub('data-at="[^"]+"', f'data-at="{(now - hour).isoformat()}"', html, count=1)
    return re.sub('data-(due|stale)="[^"]+"', rf'data-\1="{far}"', html, count=2).encode()


def test_a_thousand_ends_do_not_stutter(reader: Visit, site: Site, host: BoardServer) -> None:
    """1,000 of 3,000 cards go, and counts and groups are right again, in under 50 ms (the best of five).

    Most of it is the browser's own; where all is slower, for other work is done meanwhile, that is the measure.
    """
    now = datetime.now(BUILT.tzinfo)
    host.set(now)
    body = crowded(site.html[""], now)
    host.instead = lambda path: (200, {"Content-Type": "text/html; charset=utf-8"}, body) if path == "/" else None
    one = reader("desktop", address=host.address, at=None)
    one.context.set_default_timeout(30_000)  # so many cards take their time to be laid out
    took, bare = [], []
    for _ in range(5):
        page = one.open()
        before = page.locator(".card").count()
        took.append(page.evaluate(LEAP, (now + timedelta(hours=2)).timestamp() * 1000))
        assert before - page.locator(".card").count() == 1000
        bare.append(one.open().evaluate(BARE))
        if min(took) < max(MOST, TIMES * min(bare)):
            break
    assert min(took) < max(MOST, TIMES * min(bare)), (took, bare)
