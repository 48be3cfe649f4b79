"""What a body costs to render is told before, and what is allowed is rendered soon."""

from __future__ import annotations

import time

import pytest

from gaoshi.core.prose import render
from gaoshi.core.standard import build_standard
from gaoshi.core.weight import MOST_WORK, can_be_rendered, weigh
from gaoshi.sources.settings import own_standard

STANDARD = build_standard(own_standard())
OPENERS = [
    *("[", "![", "<a ", "<![CDATA[", "[a](", "[a][", "[](", "[a\n", "`", "*_", "> ", "1. "),
    *("a\n===\n", "a\n: b\n", "[a]:\n", "a|b\n-|-\n"),
]
HEAVY = [opener for opener in OPENERS if not can_be_rendered(opener * (65_536 // len(opener)), STANDARD)]
"""Openers of which a body of the largest size is too heavy."""


def heaviest(opener: str, tail: str) -> str:
    """As much of `opener` as is allowed, before or between what makes a search go far."""
    low, high = 0, STANDARD.text_max_bytes // len(opener)
    while low < high:
        middle = (low + high + 1) // 2
        fits = can_be_rendered(opener * middle + tail, STANDARD) and len(opener * middle + tail) <= 65_536
        low, high = (middle, high) if fits else (low, middle - 1)
    return opener * low + tail


@pytest.mark.parametrize("tail", ["", "x" * 20_000, "x" * 60_000, "\\" * 20_000, "&a;" * 5_000, "\n\nx"])
@pytest.mark.parametrize("opener", OPENERS)
def test_the_heaviest_body_allowed_is_rendered_soon(opener: str, tail: str) -> None:
    """Nobody can write a body that passes and takes long: the worst of each kind takes less than two seconds."""
    body = heaviest(opener, tail)
    began = time.process_time()
    render(body, {})
    assert time.process_time() - began < 2


@pytest.mark.parametrize("opener", HEAVY)
def test_a_heavier_body_is_shown_as_it_was_written(opener: str) -> None:
    """Even asked to, nothing renders a body that is too heavy: its text is shown, safe and at once."""
    body = opener * (65_536 // len(opener))
    began = time.process_time()
    assert render(body, {}).startswith("<pre>")
    assert time.process_time() - began < 1


def test_the_standard_allows_no_more_than_is_rendered() -> None:
    """A body that the standard lets pass is never one that rendering refuses."""
    assert STANDARD.text_max_work <= MOST_WORK


def test_paragraphs_are_weighed_one_by_one() -> None:
    """Blank lines divide the work; a tag is looked for in the whole text."""
    assert weigh("[[x").work == 2 * (3 + 2 * 14)
    assert weigh("[x\n \t\n[[x") == ((2 + 14) + 2 * (3 + 2 * 14), 6)
    assert weigh("x\nx").work == 3
    assert weigh("<\n\nxx").work == 5 + (1 + 14)
    assert weigh("") == (0, 0)
