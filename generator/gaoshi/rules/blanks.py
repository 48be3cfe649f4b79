"""Blanks: what a skeleton left for the author to fill in is filled in, in every text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gaoshi.core.finding import Position
from gaoshi.rules.fields import required
from gaoshi.rules.marks import place
from gaoshi.rules.problems import BLANK, is_blank_instant
from gaoshi.rules.registry import Case, Report, rule

_LINE_WITH_BLANK = re.compile(rf"^.*?({BLANK[0]}).*$", re.MULTILINE)
_LONGEST_EXCERPT = 40


@rule("B101", clause="P-2.4")
def nothing_is_left_blank(case: Case) -> Iterator[Report]:
    """No blank of the skeleton is left (P-2.4): in no text, no field of words, no language.

    A blank in a list or among choices is no value of that field's type, which the rules of those fields say.
    """
    notice, fields = case.notice, case.board.standard.fields
    for problem in notice.problems:
        if is_blank_instant(problem):
            yield _blank_field(case, problem.values["field"], problem.position)
    for name, value in notice.values.items():
        if BLANK[0] in value and name in fields and fields[name].type == "string":
            yield _blank_field(case, name, notice.where(name))
    for text in notice.texts.values():
        for name, words in text.fields.items():
            if BLANK[0] in words:
                yield _blank_field(case, name, text.where(name))
        if BLANK[0] in text.body:
            for match in _LINE_WITH_BLANK.finditer(text.body):
                yield Report(place(text, match.start(1)), "body", {"found": match[0].strip()[:_LONGEST_EXCERPT]})


def _blank_field(case: Case, name: str, position: Position) -> Report:
    """Only a line that need not be there may be deleted."""
    return Report(position, "required" if name in {"title", *required(case)} else "field", {"field": name})
