"""What holds of screens whatever is on them: windows are kept, nothing is starved, no word is lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gaoshi.core.screens import (
    Item,
    Role,
    ScreenStandard,
    Showable,
    counted,
    packed,
    round_of,
    seconds,
    sentences,
    visible,
)
from gaoshi.core.standard import build_standard
from gaoshi.sources.settings import own_standard

STANDARD: ScreenStandard = build_standard(own_standard()).screens
CASES: dict[str, Any] = json.loads((Path(__file__).parents[1] / "cases" / "screens.json").read_text("utf-8"))
BASE = datetime(2026, 11, 24, tzinfo=UTC)
IDS = st.sampled_from("abcdef")
INSTANTS = st.integers(0, 40).map(lambda minutes: BASE + timedelta(minutes=minutes))
SHOWABLES = st.builds(
    Showable,
    id=IDS,
    screens=st.frozensets(st.sampled_from(["lobby", "gate"])),
    begins=st.none() | INSTANTS,
    leaves=st.none() | INSTANTS,
    tone=st.sampled_from(["urgent", "major", "important", "general"]),
    urgent=st.booleans(),
    takes_over_until=st.none() | INSTANTS,
    standing=st.booleans(),
    over=st.booleans(),
)
ITEMS = st.lists(
    st.builds(Item, IDS, st.sampled_from(Role), st.integers(1, 4)), max_size=6, unique_by=lambda one: one.id
)
MOST = st.integers(1, 4)
TEXTS = st.lists(
    st.sampled_from(
        [
            "字",
            "楼" * 70,
            "，",
            "。",
            "！”",
            "……",
            "word ",
            "e-bike",
            " 1,000 ",
            ". ",
            "？",
            ")",
            "\n",
            "、",
            ": ",
            "𠮷",
            "x",
        ]
    ),
    max_size=60,
).map("".join) | st.text(max_size=300)


def test_the_cases_have_the_numbers_of_the_standard() -> None:
    """What the table of cases reckons with is the standard's own."""
    told = CASES["standard"]
    for name in ScreenStandard.__dataclass_fields__:
        value = getattr(STANDARD, name)
        assert told[name] == (value.total_seconds() if isinstance(value, timedelta) else value), name


@given(st.lists(SHOWABLES, max_size=6, unique_by=lambda one: one.id), INSTANTS, st.booleans(), st.integers(0, 40))
def test_nothing_is_visible_outside_its_window(
    notices: list[Showable], now: datetime, verified: bool, days: int
) -> None:
    """Whatever is shown belongs on the screen, has begun, has not ended, and stands where the time is not known."""
    silence = timedelta(days=days)
    found = visible(notices, "lobby", now, verified=verified, silence=silence, standard=STANDARD)
    by_id = {notice.id: notice for notice in notices}
    known = verified and silence < STANDARD.standing_after
    for notice_id, role in found:
        notice = by_id[notice_id]
        assert "lobby" in notice.screens
        assert notice.begins is None or notice.begins <= now
        assert notice.leaves is None or now < notice.leaves
        assert known or notice.standing
        assert (role is Role.TAKEOVER) <= (notice.urgent and not notice.over)
    order = [notice.id for notice in notices]
    assert [notice_id for notice_id, _ in found] == sorted((one for one, _ in found), key=order.index)


@given(ITEMS, MOST)
def test_every_page_of_what_is_visible_is_in_the_round(items: list[Item], most: int) -> None:
    """Nothing is starved: a round has every page of every notice, or, when something takes over, of all that does."""
    slides = round_of(items, most)
    takeover = [item for item in items if item.role is Role.TAKEOVER]
    shown = {(each, slide.page) for slide in slides for each in slide.ids}
    assert shown >= {(item.id, page) for item in takeover or items for page in range(item.slides)}
    assert {each for each, _ in shown} == {item.id for item in takeover or items}
    assert takeover or all(len(slide.ids) == 1 for slide in slides)


@given(ITEMS, MOST)
def test_no_more_share_a_screen_than_there_is_room_for(items: list[Item], most: int) -> None:
    """What takes over comes in its order, in groups of which none is larger than there is room for, or lonelier than need be."""
    groups = list(dict.fromkeys(slide.ids for slide in round_of(items, most)))
    takeover = [item.id for item in items if item.role is Role.TAKEOVER]
    if takeover:
        sizes = [len(group) for group in groups]
        assert [each for group in groups for each in group] == takeover
        assert max(sizes) <= most
        assert len(groups) == -(-len(takeover) // most)
        assert max(sizes) - min(sizes) <= 1


@given(ITEMS, MOST)
def test_a_notice_is_read_from_its_first_page_on(items: list[Item], most: int) -> None:
    """The pages of a notice come in their order, whatever comes between them."""
    slides = [slide for slide in round_of(items, most) if len(slide.ids) == 1]
    for item in items:
        pages = [slide.page for slide in slides if slide.ids == (item.id,)]
        assert pages == [number % item.slides for number in range(len(pages))]


@given(ITEMS, MOST)
def test_urgent_ones_are_every_second_slide(items: list[Item], most: int) -> None:
    """Beside others, an urgent notice is on every second slide, and never two others follow each other."""
    roles = {item.id: item.role for item in items}
    urgent = [roles[slide.ids[0]] is Role.URGENT for slide in round_of(items, most)]
    if Role.TAKEOVER not in roles.values() and Role.URGENT in roles.values() and not all(urgent):
        assert urgent == [number % 2 == 0 for number in range(len(urgent))]


@given(TEXTS)
def test_no_word_is_lost(text: str) -> None:
    """Sentences, and pages of them, put together again are the text, to the last mark."""
    parts = sentences(text)
    assert "".join(parts) == text
    assert "".join(part for page in packed(parts, STANDARD) for part in page) == text


@given(TEXTS)
def test_no_page_holds_too_much_and_none_is_empty(text: str) -> None:
    """A page holds no more than the standard says, and no page was begun whose first part fitted on the one before."""

    def load(parts: list[str]) -> float:
        characters, words = (sum(numbers) for numbers in zip(*map(counted, parts), strict=True))
        return characters * STANDARD.words + words * STANDARD.characters

    whole = STANDARD.characters * STANDARD.words
    pages = packed(sentences(text), STANDARD)
    assert all(page and load(page) <= whole for page in pages)
    assert all(load([*page, following[0]]) > whole for page, following in pairwise(pages))


@given(TEXTS)
def test_a_slide_stays_neither_too_short_nor_too_long(text: str) -> None:
    """Between eight and forty seconds, whatever stands on it."""
    assert 8 <= seconds(text, STANDARD) <= 40
