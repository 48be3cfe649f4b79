"""Blanks: what a skeleton left for the author to fill in is filled in, in every text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gaoshi.core.finding import Position
from gaoshi.rules.marks import place
from gaoshi.rules.registry import Case, Report, rule

BLANK = "＿＿"
"""How the skeletons of `gaoshi new` write a blank: two full-width low lines, seldom used otherwise."""

_LINE_WITH_BLANK = re.compile(rf"^.*?({BLANK[0]}).*$", re.MULTILINE)
_LONGEST_EXCERPT = 40


@rule("B101", clause="P-2.4")
def nothing_is_left_blank(case: Case) -> Iterator[Report]:
    """No blank of the skeleton is left (P-2.4): in no text, no field of words, no language.

    A blank in any other field (a date, a place, a choice) is no value of that field's type, which
    the rules of those fields say.
    """
    notice, fields = case.notice, case.board.standard.fields
    for name, value in notice.values.items():
        if BLANK[0] in value and name in fields and fields[name].type == "string":
            yield Report(notice.where(name), "field", {"field": name})
    for text in notice.texts.values():
        own = text.path == notice.path
        for name, words in text.fields.items():
            if BLANK[0] in words:
                yield Report(notice.where(name) if own else Position(text.path), "field", {"field": name})
        if BLANK[0] in text.body:
            for match in _LINE_WITH_BLANK.finditer(text.body):
                yield Report(place(text, match.start(1)), "body", {"found": match[0].strip()[:_LONGEST_EXCERPT]})
