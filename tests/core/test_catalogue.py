"""The words of a language: blanks filled, plurals chosen, gaps visible."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gaoshi.core.words import Catalogue
from gaoshi.sources.templates import load_catalogue

ZONE = ZoneInfo("Asia/Shanghai")
WORDS = Catalogue(
    "en",
    {
        "a": {
            "b": "plain",
            "filled": "{name} is {what}",
            "n": {"one": "one thing", "other": "{count} things"},
            "m": {"other": "{count}"},
        },
        "facts": {"activity.theme": "Theme"},
        "language": {"tag": "en-GB"},
    },
)


@pytest.mark.parametrize(
    ("key", "values", "text"),
    [
        ("a.b", {}, "plain"),
        ("a.filled", {"name": "x", "what": 1}, "x is 1"),
        ("a.filled", {"name": "{what}", "what": "y"}, "{what} is y"),
        ("a.filled", {"name": "x"}, "x is {what}"),
        ("a.n", {"count": 1}, "one thing"),
        ("a.n", {"count": 0}, "0 things"),
        ("a.n", {"count": 2}, "2 things"),
        ("a.m", {"count": 1}, "1"),
        ("a.n", {}, "a.n"),
        ("a", {}, "a"),
        ("a.b.c", {}, "a.b.c"),
        ("nothing", {}, "nothing"),
        ("facts.activity.theme", {}, "Theme"),
    ],
)
def test_a_key_gives_its_text_or_itself(key: str, values: dict[str, object], text: str) -> None:
    """Blanks are filled once and not again; a gap shows its key and breaks nothing."""
    assert WORDS.text(key, **values) == text


def test_a_blank_may_have_any_name() -> None:
    """A text may have a blank called `key` or `self`."""
    assert Catalogue("en", {"a": "{key}"}).text("a", key="x") == "x"


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_a_language_has_its_tag(language: str, tag: str) -> None:
    """For the `lang` attribute; a catalogue without one uses its own code."""
    catalogue = load_catalogue(Path(__file__).resolve().parents[2] / "site_templates", language)
    assert catalogue is not None
    assert catalogue.tag.startswith(tag)
    assert Catalogue("xx", {}).tag == "xx"


@pytest.mark.parametrize(
    ("language", "moment", "same_day", "days"),
    [
        ("zh", "11月24日（周二）9:05", "11月24日（周二）9:05–17:00", "11月24日（周二）9:05 至 11月25日（周三）0:00"),
        ("en", "Tue 24 Nov, 9:05", "Tue 24 Nov, 9:05–17:00", "Tue 24 Nov, 9:05 to Wed 25 Nov, 0:00"),
    ],
)
def test_instants_are_told_in_words(language: str, moment: str, same_day: str, days: str) -> None:
    """Day, weekday and time in the board's zone; a span says its day once when it is the same."""
    catalogue = load_catalogue(Path(__file__).resolve().parents[2] / "site_templates", language)
    assert catalogue is not None
    start = datetime(2026, 11, 24, 9, 5, tzinfo=ZONE)
    assert catalogue.moment(start.astimezone(ZoneInfo("UTC")), ZONE, year=2026) == moment
    assert "2026" in catalogue.moment(start, ZONE, year=2027)
    assert catalogue.span(start, start.replace(hour=17, minute=0), ZONE, year=2026) == same_day
    assert catalogue.span(start, start.replace(day=25, hour=0, minute=0), ZONE, year=2026) == days
