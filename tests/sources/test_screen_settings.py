"""The screens in the settings: every limit, and what stands in the place of what cannot be used."""

from __future__ import annotations

from typing import Any

import pytest

from gaoshi.core.board import Screen
from gaoshi.core.notice import Problem
from gaoshi.sources.settings import parse_board


def read(options: str, key: str = "lobby") -> tuple[Screen, list[str], tuple[Problem, ...]]:
    """A screen with these settings, and what is wrong with them."""
    text = (
        "site_name: x\nplugins:\n  - gaoshi:\n      board: x\n      languages: [zh, en]\n"
        '      contacts: {a: {phone: "000", always: true}}\n'
        f"      places: {{tower-1: 1号楼}}\n      screens:\n        {key}: {{{options}}}\n"
    )
    board, problems = parse_board(text.encode())
    found = [problem.what.removeprefix("settings-") for problem in problems]
    return board.screens.get(key), found, problems  # type: ignore[return-value]


def test_a_screen_needs_nothing_but_its_id() -> None:
    """Everything has a default: landscape, 43 inches read from 3 metres, all languages in turn, the whole estate."""
    screen, problems, _ = read("")
    assert problems == []
    assert (screen.name, screen.place, screen.orientation, screen.size, screen.distance) == (
        {"zh": "lobby"},
        None,
        "landscape",
        43,
        3,
    )
    assert (screen.languages, screen.together, screen.heartbeat) == (("zh", "en"), False, "")


@pytest.mark.parametrize(
    ("option", "name", "value"),
    [
        ("orientation: portrait", "orientation", "portrait"),
        ("place: tower-1", "place", "tower-1"),
        ("size: 5", "size", 5),
        ("size: 200", "size", 200),
        ("size: 15.6", "size", 15.6),
        ("distance: 0.5", "distance", 0.5),
        ("distance: 20", "distance", 20),
        ("languages: [en]", "languages", ("en",)),
        ("languages: en", "languages", ("en",)),
        ("languages: [en, zh, en]", "languages", ("en", "zh")),
        ("together: true", "together", True),
        ("together: false", "together", False),
        ("pages: 1", "pages", 1),
        ("pages: 99", "pages", 99),
        ('heartbeat: "https://health.example/ping/8b1d"', "heartbeat", "https://health.example/ping/8b1d"),
        ('heartbeat: "https://health.example:8443"', "heartbeat", "https://health.example:8443"),
        ('heartbeat: "http://localhost:8000/ping"', "heartbeat", "http://localhost:8000/ping"),
        ('heartbeat: "http://127.0.0.1/ping"', "heartbeat", "http://127.0.0.1/ping"),
        ('heartbeat: "http://[::1]:8000/"', "heartbeat", "http://[::1]:8000/"),
    ],
)
def test_a_good_value_is_taken(option: str, name: str, value: Any) -> None:
    """The last good value of each setting is used as it stands."""
    screen, problems, _ = read(option)
    assert problems == []
    assert getattr(screen, name) == value


@pytest.mark.parametrize(
    ("option", "problem", "name", "default"),
    [
        ("orientation: upright", "bad-orientation", "orientation", "landscape"),
        ("place: tower-9", "unknown-place", "place", None),
        ("size: 4.9", "bad-size", "size", 43),
        ("size: 200.1", "bad-size", "size", 43),
        ("size: large", "bad-size", "size", 43),
        ("size: nan", "bad-size", "size", 43),
        ("size: inf", "bad-size", "size", 43),
        ("size: ４３", "bad-size", "size", 43),
        ("distance: 0.4", "bad-distance", "distance", 3),
        ("distance: 20.1", "bad-distance", "distance", 3),
        ("distance: [3]", "wrong-type", "distance", 3),
        ("languages: [fr]", "bad-languages", "languages", ("zh", "en")),
        ("languages: [en, fr]", "bad-languages", "languages", ("en",)),
        ("together: yes", "bad-together", "together", False),
        ("pages: 0", "bad-pages", "pages", None),
        ("pages: 100", "bad-pages", "pages", None),
        ("pages: 1.0", "bad-pages", "pages", None),
        ("pages: １", "bad-pages", "pages", None),
        ("pages: first", "bad-pages", "pages", None),
        ('heartbeat: "http://health.example/ping"', "bad-heartbeat", "heartbeat", ""),
        ('heartbeat: "http://localhost.example/"', "bad-heartbeat", "heartbeat", ""),
        ('heartbeat: "https://a:b@health.example/"', "bad-heartbeat", "heartbeat", ""),
        ('heartbeat: "https://health.example\'; script-src *"', "bad-heartbeat", "heartbeat", ""),
        ('heartbeat: "https://health.example;x/"', "bad-heartbeat", "heartbeat", ""),
        ('heartbeat: "javascript:alert(1)"', "bad-heartbeat", "heartbeat", ""),
        ('heartbeat: "ping"', "bad-heartbeat", "heartbeat", ""),
    ],
)
def test_a_bad_value_is_reported_and_the_default_stands(option: str, problem: str, name: str, default: Any) -> None:
    """The first bad value of each setting is a problem with its place, and the screen is there all the same."""
    screen, problems, [found] = read(option)
    assert problems == [problem]
    assert (found.position.path, found.position.line) == ("mkdocs.yml", 9)
    assert getattr(screen, name) == default


def test_an_unknown_setting_is_told() -> None:
    """A misspelt setting is named, and the others hold."""
    screen, problems, _ = read("colour: red, size: 55")
    assert (problems, screen.size) == (["unknown-key"], 55)


@pytest.mark.parametrize(
    ("key", "problem"), [("app", "reserved-screen"), ("files", "reserved-screen"), ("Lobby", "bad-id")]
)
def test_a_screen_without_an_address_of_its_own_is_left_out(key: str, problem: str) -> None:
    """What lies beside the screens' pages is no screen's id, nor is what cannot stand in an address."""
    screen, problems, _ = read("", key)
    assert (screen, problems) == (None, [problem])


@pytest.mark.parametrize(
    ("place", "places", "concerned"),
    [
        (None, ("tower-1",), True),
        (None, (), True),
        ("tower-1", (), True),
        ("tower-1", ("tower-2", "tower-1"), True),
        ("tower-1", ("tower-2",), False),
    ],
)
def test_a_screen_shows_what_concerns_its_place(place: str | None, places: tuple[str, ...], concerned: bool) -> None:
    """What names no place concerns every screen, and a screen without a place shows everything."""
    assert Screen("a", {}, place).concerns(places) is concerned
