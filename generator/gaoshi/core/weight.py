"""How much work a body in Markdown is to render, told before anybody renders it.

Markdown is read with a library whose time grows with the lines and with what may open a mark, times
the length of the paragraph that they stand in (for a tag: of the whole text). Only texts for which that
product is small may reach it, so that no text can keep a board from being built.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gaoshi.core.standard import Standard

MOST_WORK = 5_000_000
"""What is rendered at all, whatever a standard says: about a second of work."""

_BETWEEN = re.compile(r"\n[ \t]*+\n")
_MARKS = "[<`*_&\\"
_MARK = re.compile(f"[{re.escape(_MARKS)}]")
_STAND_IN = 14
"""Characters that the library puts for the time being where it has read a mark."""


class Weight(NamedTuple):
    """The work that a text makes, and where its heaviest paragraph begins."""

    work: int
    offset: int


def weigh(text: str) -> Weight:
    """The work of rendering `text`; telling it takes time in proportion to its length only."""
    work = text.count("<") * len(text)
    heaviest = offset = start = 0
    for end, following in [*(match.span() for match in _BETWEEN.finditer(text)), (len(text), len(text))]:
        marks = len(_MARK.findall(text, start, end))
        own = (marks + text.count("\n", start, end)) * (end - start + _STAND_IN * marks)
        if own > heaviest:
            heaviest, offset = own, start
        work += own
        start = following
    return Weight(work, offset)


def can_be_rendered(text: str, standard: Standard) -> bool:
    """Whether a body is light enough to be rendered; rule C105 withholds a notice with one that is not."""
    marks = sum(map(text.count, _MARKS))
    most = (text.count("<") + marks + text.count("\n")) * (len(text) + _STAND_IN * marks)
    return most <= standard.text_max_work or weigh(text).work <= standard.text_max_work
