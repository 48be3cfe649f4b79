"""A finding in words: what is wrong and how to mend it, in a reader's language."""

from __future__ import annotations

from gaoshi.core.finding import Finding
from gaoshi.core.words import Catalogue


def message(finding: Finding, words: Catalogue) -> str:
    """What is wrong, in the words' language."""
    return _text(finding, "message", words)


def fix(finding: Finding, words: Catalogue) -> str:
    """How to mend it."""
    return _text(finding, "fix", words)


def one_line(text: str) -> str:
    """Text from a notice as it may stand on a terminal or in a pipeline's log: no line of its own, no control."""
    return "".join(char if char.isprintable() else "·" for char in text)


_NAMES = {"roles": "roles", "needed": "roles", "stages": "stages"}
"""Values that list ids, and where the catalogue names what they stand for."""

LENGTHS = frozenset({"left", "takes", "allowed"})
"""Values that are a length of time, in seconds."""


def _named(name: str, value: str, words: Catalogue) -> str:
    """`value` with its ids or its length of time put into words, where the catalogue has words for them."""
    if name in LENGTHS:
        return words.length(int(value))
    if name not in _NAMES or not value:
        return value
    labels = {item: words.find(f"{_NAMES[name]}.{item}") for item in value.split(", ")}
    return words.text("formats.list").join(str(label or item) for item, label in labels.items())


def _text(finding: Finding, part: str, words: Catalogue) -> str:
    values = {name: _named(name, one_line(value), words) for name, value in finding.values.items() if name != "count"}
    for key in (f"rules.{finding.code}.variants.{finding.variant}.{part}", f"rules.{finding.code}.{part}"):
        if isinstance(words.find(key), str):
            return words.text(key, **values)
    return words.text(f"rules.{finding.code}.title")
