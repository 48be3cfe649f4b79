"""A screen that shows only the first pages of a notice, and says where the rest is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from lobby import MINUTE, START, Lobby, Mount, Screen, entry

LONG = "<p>" + "本周三上午九点至下午五点停水，请提前储水。" * 20 + "</p>"
CODE = "https://board.cloudtop.example/notices/2026-11/one/"
MORE = {"zh": "全文请扫码", "en": "Scan for the rest"}
PORTRAIT = {"width": 720, "height": 1280}


def long_notice(name: str, **more: Any) -> dict[str, Any]:
    """A notice of several pages in both languages, with a code."""
    return entry(name, html=LONG, languages=("zh", "en"), qr=dict.fromkeys(MORE, CODE), **more)


def pages(screen: Screen) -> list[tuple[str, str, bool]]:
    """The slides of a round: the language of each, its page, and whether it says that there is more."""
    found = []
    count = screen.page.locator(".frame__count").inner_text().partition("/")[2] or "1"
    for _ in range(int(count)):
        slide = screen.page.locator("#stage .slide")
        language = next(code for code in MORE if (slide.get_attribute("lang") or "").startswith(code))
        page = slide.locator("small.page")
        says = slide.get_by_text(MORE[language], exact=True).locator("visible=true").count() == 1
        assert says <= (slide.locator(".code").locator("visible=true").count() == 1)
        found.append((language, page.inner_text() if page.count() else "", says))
        screen.page.keyboard.press("ArrowRight")
    return found


CUT = {
    "general": {},
    "important": {"tone": "important"},
    "urgent, every second slide": {"tone": "urgent", "takes_over_until": START - MINUTE},
    "an outcome": {"outcome": {"is": "postponed", "at": START.isoformat(), "note": {}}},
}


@pytest.mark.parametrize("viewport", [None, PORTRAIT], ids=["landscape", "upright"])
@pytest.mark.parametrize("more", CUT.values(), ids=list(CUT))
def test_only_the_first_pages_are_shown(
    lobbies: Callable[..., Lobby], mount: Mount, more: Mapping[str, Any], viewport: Mapping[str, int] | None
) -> None:
    """Two pages in each language, and the last of them says, beside the code, that there is more."""
    lobby = lobbies(pages=2)
    lobby.publish(long_notice("water", **more))
    screen = mount(lobby, **({"viewport": viewport} if viewport else {}))
    assert pages(screen) == [(code, f"{page}/2", page == 2) for code in ("zh", "en") for page in (1, 2)]


def test_of_what_is_over_only_its_outcome_is_told(lobbies: Callable[..., Lobby], mount: Mount) -> None:
    """What was to be done while the water was off is not on the screen any more once it is back."""
    lobby = lobbies(languages=["zh"])
    over = entry("water", html=LONG, outcome={"is": "resolved", "at": START.isoformat(), "note": {}})
    over["said"]["zh"] |= {"state": "已恢复 · 11月24日 8:40", "note": "供水恢复正常。"}
    lobby.publish(over)
    screen = mount(lobby)
    screen.shows("water", role="outcome")
    assert screen.page.locator("#stage .text").inner_text().strip() == "供水恢复正常。"


@pytest.mark.parametrize(
    ("html", "count"),
    [
        (f"<p>{'本周三停水，' * 40}</p>", 2),  # no sentence ends on the first page
        (f"<p>{'本周三停水，' * 4}请储水。{'本周三停水，' * 40}</p>", 1),
        (f"<p>{'本周三停水，' * 4}请您：</p><ul>{'<li>关好家中的水龙头，并暂停使用洗衣机</li>' * 9}</ul>", 1),
    ],
    ids=["a long sentence", "a sentence before a long one", "a list"],
)
def test_the_first_page_is_one_that_says_something(
    lobbies: Callable[..., Lobby], mount: Mount, html: str, count: int
) -> None:
    """Where only one page is shown, and it would break off in its first sentence, the next one is shown as well."""
    lobby = lobbies(pages=1, languages=["zh"])
    lobby.publish(entry("water", html=html, languages=("zh",), qr={"zh": CODE}))
    screen = mount(lobby)
    assert len(pages(screen)) == count
    assert not screen.page.locator("#stage .text").inner_text().strip().endswith("：")


def test_one_page_says_so_itself(lobbies: Callable[..., Lobby], mount: Mount) -> None:
    """With one page that is the last one; it has no number."""
    lobby = lobbies(pages=1)
    lobby.publish(long_notice("water"))
    assert pages(mount(lobby)) == [("zh", "", True), ("en", "", True)]


def test_what_is_short_enough_says_nothing(lobbies: Callable[..., Lobby], mount: Mount) -> None:
    """A notice that has no more pages than may be shown is shown as ever."""
    lobby = lobbies(pages=1)
    lobby.publish(entry("water", languages=("zh", "en"), qr=dict.fromkeys(MORE, CODE)))
    assert pages(mount(lobby)) == [("zh", "", False), ("en", "", False)]


def test_what_takes_over_is_shown_to_its_end(lobbies: Callable[..., Lobby], mount: Mount) -> None:
    """An urgent notice has all its pages while it has the screen to itself, on a screen of one page, too."""
    found = []
    for setting in (1, None):
        lobby = lobbies(pages=setting)
        lobby.publish(long_notice("gas", tone="urgent", takes_over_until=START + 30 * MINUTE))
        found.append(pages(mount(lobby)))
    assert found[0] == found[1]
    assert len(found[0]) > 2
    assert not any(says for *_, says in found[0])


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("本周三停水，" * 80, "本周三停水……"),
        ("Water is off, " * 240, "Water is off…"),
        ("本周三停水。" * 40, "本周三停水。"),
    ],
)
def test_what_breaks_off_says_so(lobbies: Callable[..., Lobby], mount: Mount, text: str, ends: str) -> None:
    """A page that ends in the middle of a sentence ends with dots, when the rest of it is not shown."""
    lobby = lobbies(pages=1, languages=["zh"])
    lobby.publish(entry("water", html=f"<p>{text}</p>", languages=("zh",), qr={"zh": CODE}))
    screen = mount(lobby)
    screen.page.keyboard.press("ArrowLeft")  # to the last page
    assert screen.page.locator("#stage .text").inner_text().strip().endswith(ends)


@pytest.mark.parametrize(("words", "texts"), [(LONG, [False]), ("", [True])], ids=["before words", "alone"])
def test_words_come_before_pictures(lobbies: Callable[..., Lobby], mount: Mount, words: str, texts: list[bool]) -> None:
    """Where only the first page is shown, it is one of words, also of a text that begins with a picture."""
    lobby = lobbies(pages=1, languages=["zh"])
    picture = '<p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt=""></p>'
    lobby.publish(entry("water", html=picture + words, languages=("zh",), qr={"zh": CODE}))
    screen = mount(lobby)
    assert [screen.page.locator("#stage img").count() == 1] == texts
    assert ("停水" in screen.page.locator("#stage").inner_text()) is not texts[0]


def test_languages_side_by_side_are_cut_together(lobbies: Callable[..., Lobby], mount: Mount) -> None:
    """Where both languages share a slide, there are as many slides as pages."""
    lobby = lobbies(pages=1, together=True)
    lobby.publish(long_notice("water"))
    screen = mount(lobby, viewport={"width": 1920, "height": 1080})
    assert screen.page.locator("#stage .tongue").count() == 2
    assert screen.page.locator(".frame__count").inner_text() == ""
    assert screen.page.get_by_text(MORE["zh"]).locator("visible=true").count() == 1
