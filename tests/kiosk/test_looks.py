"""How a screen looks: large enough, in contrast, nothing cut off; for everybody who passes by, and who needs longer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from lobby import MINUTE, PROJECT, SECOND, START, Lobby, Mount, Screen, entry, iso

SIZES = {"1080p": (1920, 1080), "4K": (3840, 2160), "old panel": (1366, 768), "upright": (1080, 1920)}
LEAST = 0.035
AXE_SOURCE = PROJECT / "tests/browser/node_modules/axe-core/axe.min.js"
AXE = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations.map(
  (each) => [each.id, each.help, each.nodes.map((node) => node.html.slice(0, 160))])"""
WRITTEN = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest("script, #measure, .hidden") || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const style = getComputedStyle(element);
    let under = element, ground = [0, 0, 0, 0];
    for (; under && (ground[3] ?? 1) < 1; under = under.parentElement)
      if (getComputedStyle(under).display !== "contents") ground = rgb(getComputedStyle(under).backgroundColor);
    const [one, other] = [light(rgb(style.color)), light(ground)].sort((a, b) => b - a);
    found.push({ text: walker.currentNode.data.trim().slice(0, 40), size: parseFloat(style.fontSize), contrast: (one + 0.05) / (other + 0.05), font: style.fontFamily });
  }
  return found;
}"""
CUT_OFF = """() => [...document.querySelectorAll("#stage :is(.kinds, .stamp, .number, .code, .fact, .title, .page), #frame p")].filter((each) => {
  if (!each.checkVisibility()) return false;
  const { left, right, top, bottom } = each.getBoundingClientRect();
  const panel = [...document.querySelectorAll("#stage .aside")].find((aside) => aside.contains(each) && aside.checkVisibility());
  const { bottom: floor, right: side } = (panel ?? each.closest(".sheet") ?? document.body).getBoundingClientRect();
  return left < 0 || top < 0 || right > side + 1 || bottom > floor + 1;
}).map((each) => each.outerHTML.slice(0, 120))"""

BROKEN = """() => [...document.querySelectorAll("#stage .title")].flatMap((title) => [...title.childNodes])
  .filter((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return node.nodeType === Node.TEXT_NODE && new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
  }).map((node) => node.data)"""
BELOW = """(box) => {
  const range = document.createRange();
  range.selectNodeContents(box);
  const lines = [...range.getClientRects()].map(({ bottom }) => bottom);
  return (Math.max(...lines) - box.getBoundingClientRect().bottom) / parseFloat(getComputedStyle(box).fontSize);
}"""

CONTACTS = {
    "zh": [
        {"name": "服务中心前台", "number": "000-5550-0100", "hours": "每日 8:00–20:00"},
        {"name": "24 小时值班电话", "number": "000-5550-0110", "hours": "昼夜有人接听"},
    ],
    "en": [
        {"name": "Service centre front desk", "number": "000-5550-0100", "hours": "Daily 8:00–20:00"},
        {"name": "Duty line (24 hours)", "number": "000-5550-0110", "hours": "Day and night"},
    ],
}
LONG = {
    "zh": {
        "kind": "停水",
        "title": "关于小区东门外市政道路塌陷抢修期间东门及地下车库东出入口临时封闭并调整车辆通行路线的紧急通知",
        "when": "2026年11月25日（周三）9:00 至 2027年1月25日（周一）17:00",
        "where": "1号楼、2号楼、3号楼、4号楼、地下车库、邻里会所 · 东门及地下车库东出入口、非机动车坡道",
        "until": "2027年1月25日（周一）20:00",
        "expected": "2027年1月25日（周一）17:00",
        "overdue": "已过预计恢复时间，尚未确认恢复：我们还在核实恢复情况，如有急需请致电 24 小时值班电话 000-5550-0110。",
        "state": "",
        "note": "",
    },
    "en": {
        "kind": "Water outage",
        "title": "Temporary closure of the east gate and the east entrance to the underground garage, with changed routes",
        "when": "Wed 25 Nov 2026, 9:00 to Mon 25 Jan 2027, 17:00",
        "where": "Tower 1, Tower 2, Tower 3, Tower 4, underground garage, clubhouse · East gate and ramp",
        "until": "Mon 25 Jan 2027, 20:00",
        "expected": "Mon 25 Jan 2027, 17:00",
        "overdue": "Past the expected time, not yet confirmed as restored: call Duty line (24 hours), 000-5550-0110.",
        "state": "",
        "note": "",
    },
}
SHORT = {
    "zh": {"kind": "停水", "title": "停水", "where": "全小区"},
    "en": {"kind": "Water outage", "title": "No water", "where": "Whole estate"},
}
BODIES = {
    "zh": "<p>" + "低区由另一路管网供水，不受影响。停水前，请备好当天的饮用水和冲厕用水。" * 6 + "</p>",
    "en": "<p>"
    + "The low zone is fed by a separate main and will not be affected. Please set aside water. " * 6
    + "</p>",
}
CODE = "https://board.cloudtop.example/notices/2026-11/one/"
URGENT: dict[str, Any] = {"tone": "urgent", "takes_over_until": START + 30 * MINUTE}
LOOKS: dict[str, dict[str, Any]] = {
    "general": {},
    "important": {"tone": "important"},
    "major": {"tone": "major"},
    "takeover": URGENT,
    "urgent": {"tone": "urgent", "takes_over_until": START - MINUTE},
    "outcome": {"outcome": {"is": "resolved", "at": None}},
}
KINDS = ("utility-outage", "emergency", "works", "survey", "policy", "owners-assembly", "community-activity", "notice")


def notice(name: str = "one", words: dict[str, dict[str, str]] = LONG, **more: Any) -> dict[str, Any]:
    """An entry in both languages with whom to call and a code."""
    made = entry(name, languages=("zh", "en"), **{"html": BODIES["zh"], "kind": "utility-outage", **more})
    blank = {"when": "", "until": "", "expected": "", "overdue": "", "state": "", "note": ""}
    said = {code: made["said"][code] | blank | words[code] | {"contacts": CONTACTS[code]} for code in words}
    if made["outcome"]:
        said["zh"] |= {"state": "已恢复 · 11月24日（周二）8:40", "note": "供水恢复正常。"}
        said["en"] |= {"state": "Restored · Tue 24 Nov, 8:40", "note": "The water is back on."}
    return made | {"said": said, "html": BODIES, "qr": dict.fromkeys(words, CODE)}


@pytest.fixture
def look(lobbies: Callable[..., Lobby], mount: Mount) -> Callable[..., Screen]:
    """A screen of a size in a language that shows these notices."""

    def make(*notices: dict[str, Any], size: str = "1080p", language: str = "zh", **screen: Any) -> Screen:
        lobby = lobbies(**({"languages": [language]} | screen))
        lobby.publish(*notices)
        width, height = SIZES[size]
        return mount(lobby, viewport={"width": width, "height": height}, reduced_motion="reduce")

    return make


def judge(screen: Screen) -> None:
    """Every word on the screen is large enough, in contrast and without serifs; what matters is not cut off."""
    height = screen.page.viewport_size["height"] if screen.page.viewport_size else 0
    written = screen.page.evaluate(WRITTEN)
    assert written
    assert [each for each in written if each["size"] < LEAST * height - 0.01] == []
    assert [each for each in written if each["contrast"] < 7] == []
    assert [each for each in written if "Serif" in each["font"] or "Song" in each["font"]] == []
    assert screen.page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_legible(look: Callable[..., Screen], size: str) -> None:
    """On every panel, each page of the longest and the shortest notices, in either language and each look, is."""
    calm = {role: more for role, more in LOOKS.items() if role != "takeover"}
    notices = [
        notice(f"{role}-{len(words['zh'])}", words, **more) for role, more in calm.items() for words in (LONG, SHORT)
    ]
    walk(look(*notices, size=size, languages=["zh", "en"]))


@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_a_takeover_is_legible(look: Callable[..., Screen], size: str) -> None:
    """So is each page of an urgent notice that has the screen for itself."""
    screen = look(notice(**URGENT), size=size, languages=["zh", "en"])
    assert screen.page.locator("#stage").get_attribute("data-role") == "takeover"
    walk(screen)


def test_every_kind_is_in_contrast(look: Callable[..., Screen]) -> None:
    """Whatever its kind's colour, a notice is in contrast, on a soft panel and on a solid one."""
    walk(
        look(
            *(
                notice(f"{kind}-{tone}", SHORT, kind=kind, tone=tone)
                for kind in KINDS
                for tone in ("general", "important")
            )
        )
    )


def slides(screen: Screen) -> int:
    """How many slides the round has."""
    return int(screen.page.locator(".frame__count").inner_text().partition("/")[2] or 1)


def walk(screen: Screen) -> None:
    """Judge every slide of the round, each of those that come twice once."""
    count, judged = slides(screen), set()
    assert count > 1
    for _ in range(count):
        slide = screen.page.locator("#stage").inner_html()
        if slide not in judged:
            judge(screen)
        judged.add(slide)
        screen.page.keyboard.press("ArrowRight")


@pytest.mark.parametrize("size", ["1080p", "upright"])
@pytest.mark.parametrize("count", [2, 3])
def test_several_urgent_ones_share_the_screen(look: Callable[..., Screen], count: int, size: str) -> None:
    """Two or three urgent notices at once keep their titles and their numbers whole."""
    screen = look(*(notice(f"n{number}", SHORT, **URGENT) for number in range(count)), size=size)
    judge(screen)
    assert screen.page.locator("#stage .call:first-child .number:visible").count() == count


def resized(screen: Screen) -> Iterator[str]:
    """The screen in every size, one after the other."""
    for size, (width, height) in SIZES.items():
        screen.page.set_viewport_size({"width": width, "height": height})
        screen.until(
            "(note) => Math.abs(parseFloat(document.documentElement.style.getPropertyValue('--note')) - note) < 0.2",
            LEAST * height,
        )
        screen.pass_time(timedelta(0))  # until every notice is laid out for it
        yield size


def test_a_title_is_broken_between_words(look: Callable[..., Screen]) -> None:
    """No word of a Chinese title is on two lines, and none of its lines is a character of its own."""
    titles = ("关于谨防冒充物业人员上门收费的通告", "关于1号楼1号电梯停运的紧急通知", LONG["zh"]["title"])
    notices = [
        notice(f"n{number}", {code: said | {"title": title} for code, said in SHORT.items()})
        for number, title in enumerate(titles)
    ]
    screen = look(*notices)
    for _ in resized(screen):
        found = set()
        for _ in range(slides(screen)):
            title = screen.page.locator("#stage .title").first
            found.add((title.text_content() or "").partition(" ")[0])
            assert screen.page.evaluate(BROKEN) == []
            assert title.evaluate("(each) => each.childNodes.length") > len(titles)  # it was taken for words
            screen.page.keyboard.press("ArrowRight")
        assert found == set(titles)


def test_a_long_kind_keeps_its_stamp(look: Callable[..., Screen]) -> None:
    """The name of a kind and the word that it is important are whole, however long the name."""
    words = {code: said | {"kind": "Announcement"} for code, said in SHORT.items()}
    screen = look(notice("one", words, tone="important"), language="en")
    for _ in resized(screen):
        judge(screen)
        assert screen.page.locator("#stage .stamp").inner_text() == "Important"


def test_an_upright_screen_holds_a_page(look: Callable[..., Screen]) -> None:
    """Upright, a text of 120 characters has one page below its title, after the page with the facts."""
    text = "停水前请备好当天的饮用水和冲厕用水，出门前请关好水龙头。" * 4 + "低区不受影响。"
    long = notice() | {"html": dict.fromkeys(BODIES, f"<p>{text}</p>")}
    assert len([letter for letter in text if letter.isalpha()]) in range(108, 121)
    assert slides(look(long, size="upright")) == 2


def test_what_is_overdue_is_said_whole(look: Callable[..., Screen]) -> None:
    """That a restoration is overdue is told in a whole clause on every panel, not in the beginning of a sentence."""
    late = notice("late", overdue_from=iso(START - MINUTE))
    screen = look(late)
    for size in resized(screen):
        state = screen.page.locator("#stage .state > span")
        assert "已过预计恢复时间，尚未确认恢复" in state.inner_text()
        assert state.evaluate(BELOW) < 0.5, size  # of a line


def test_side_by_side(look: Callable[..., Screen]) -> None:
    """Both languages side by side have each its title, and one code."""
    screen = look(notice(), together=True, languages=["zh", "en"])
    judge(screen)
    assert screen.page.locator("#stage .title").count() == 2
    assert screen.page.locator("#stage .tongue").evaluate_all("(all) => all.map((each) => each.lang)") == [
        "zh-CN",
        "en",
    ]


def test_side_by_side_needs_room(look: Callable[..., Screen]) -> None:
    """An upright screen, too narrow for two languages side by side, shows one after the other."""
    screen = look(notice(), size="upright", together=True, languages=["zh", "en"])
    assert screen.page.locator("#stage .title").count() == 1
    judge(screen)


@pytest.mark.parametrize("size", SIZES)
def test_nothing_to_show(look: Callable[..., Screen], size: str) -> None:
    """Without a notice: the estate's name, the clock and the desk's number, all of them to be seen."""
    screen = look(size=size, languages=["zh", "en"])
    screen.shows()
    judge(screen)
    stage = screen.page.locator("#stage")
    assert [word in stage.inner_text() for word in ("云上苑", "Cloudtop Court", "10:00", "000-5550-0100")] == [True] * 4


def test_what_was_postponed_is_struck_out(look: Callable[..., Screen]) -> None:
    """The former date of what was postponed is struck out, and the new one stands out."""
    words = {code: said | {"state": "已延期：改期至 12月5日 · 11月24日（周二）9:00"} for code, said in LONG.items()}
    moved = notice(outcome={"is": "postponed", "at": None}) | {"said": notice(words=words)["said"]}
    stage = look(moved).page.locator("#stage")
    assert stage.locator(".badge").inner_text() == "已延期"
    assert stage.locator(".state").inner_text() == "改期至 12月5日"
    assert stage.locator("[data-fact=when] s").count() == 1


def test_it_can_be_read_from_afar(look: Callable[..., Screen]) -> None:
    """A text that is read from 6 metres is set larger than one read from 3, up to a twelfth of the shorter side."""
    sizes = []
    for distance in (3, 6, 20):
        screen = look(notice(words=SHORT), distance=distance, size="1080p")
        screen.page.keyboard.press("ArrowRight")
        found = screen.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--type')")
        sizes.append(float(found.removesuffix("px")))
        judge(screen)
    assert sizes[0] == pytest.approx(37.8)  # 3.5 % of the height
    assert sizes[1] == pytest.approx(30 * 2203 / (43 * 25.4), abs=0.1)
    assert sizes[2] == 90


@pytest.mark.parametrize("role", LOOKS)
def test_axe_finds_nothing(look: Callable[..., Screen], role: str) -> None:
    """No violation of WCAG 2 A, AA or of axe's best practices in any look, paused or not."""
    screen = look(notice(**LOOKS[role]))
    screen.page.evaluate("testClock.letRun()")  # axe waits for timers
    screen.page.evaluate(AXE_SOURCE.read_text(encoding="utf-8"))
    assert screen.page.evaluate(AXE) == []
    screen.page.keyboard.press(" ")
    assert screen.page.evaluate(AXE) == []


def test_who_needs_longer_can_pause(look: Callable[..., Screen]) -> None:
    """Space keeps a slide for two minutes, and then the round goes on by itself."""
    screen = look(notice("one", SHORT), notice("two", SHORT))
    assert screen.page.locator(".controls__pause").evaluate("(each) => getComputedStyle(each).visibility") == "hidden"
    first = screen.seen()
    screen.page.keyboard.press(" ")
    screen.pass_time(MINUTE)
    assert screen.seen() == first
    screen.pass_time(MINUTE + 45 * SECOND)
    assert screen.page.locator("html[data-paused]").count() == 0
    assert len(set(screen.round(3, 30 * SECOND))) == 2


def test_slides_are_turned_by_key_and_by_touch(look: Callable[..., Screen]) -> None:
    """Arrows turn pages; a touch brings buttons that do the same and leave again."""
    screen = look(notice("one", SHORT), notice("two", SHORT))
    place = screen.page.locator(".frame__count")
    first = place.inner_text()
    screen.page.keyboard.press("ArrowRight")
    second = place.inner_text()
    screen.page.keyboard.press("ArrowLeft")
    assert (place.inner_text(), second == first) == (first, False)
    controls = screen.page.locator("#controls.shown")
    screen.pass_time(11 * SECOND)
    assert controls.count() == 0
    screen.page.mouse.move(200, 200)
    assert controls.count() == 1
    now = place.inner_text()
    screen.page.get_by_role("button", name="下一页").click()
    assert place.inner_text() != now
    screen.pass_time(11 * SECOND)
    assert controls.count() == 0


def test_buttons_stay_for_who_has_only_keys(look: Callable[..., Screen]) -> None:
    """Tab leads to the buttons, where nothing hurries anybody; after two minutes without a key they leave."""
    screen = look(notice("one", SHORT), notice("two", SHORT))
    controls = screen.page.locator("#controls.shown")
    screen.page.keyboard.press("Tab")
    screen.page.keyboard.press("Tab")
    assert screen.page.evaluate("document.activeElement.className") == "controls__pause"
    screen.pass_time(MINUTE)
    assert controls.count() == 1
    screen.pass_time(MINUTE + SECOND)
    assert controls.count() == 0
    assert screen.page.evaluate("document.activeElement === document.body")


def test_pixels_wander(look: Callable[..., Screen]) -> None:
    """The picture moves a pixel each minute, by four at most, and is back after half an hour."""
    screen = look(notice())
    places = []
    for _ in range(33):
        places.append(screen.page.evaluate("getComputedStyle(document.body).translate"))
        screen.pass_time(MINUTE)
    moves = [tuple(int(part.removesuffix("px")) for part in [*place.split(), "0px"][:2]) for place in places]
    assert all(abs(x) <= 4 and abs(y) <= 4 for x, y in moves)
    steps = [abs(a - c) + abs(b - d) for (a, b), (c, d) in pairwise(moves)]
    assert set(steps) == {1}
    assert moves[32] == moves[0]
