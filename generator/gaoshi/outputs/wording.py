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


def _text(finding: Finding, part: str, words: Catalogue) -> str:
    values = {name: one_line(value) for name, value in finding.values.items() if name != "count"}
    for key in (f"rules.{finding.code}.variants.{finding.variant}.{part}", f"rules.{finding.code}.{part}"):
        if isinstance(words.find(key), str):
            return words.text(key, **values)
    return words.text(f"rules.{finding.code}.title")
