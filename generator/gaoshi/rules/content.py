"""Content: no script in any text, and Markdown that survives rendering as its author meant it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from gaoshi.core.finding import Position, Severity
from gaoshi.core.weight import can_be_rendered, weigh
from gaoshi.rules.marks import marks, place, without_code
from gaoshi.rules.problems import BLANK
from gaoshi.rules.registry import Case, Report, rule


def _spaced(word: str) -> str:
    """A pattern for a word whose letters may stand apart, as browsers ignore line breaks in a scheme."""
    return r"\s*+".join(word)


# Every `\s*` is possessive: with nothing to give back, no text takes longer than its length.
_ELEMENT = re.compile(
    r"<\s*+/?+\s*+(?:script|iframe|frame|frameset|object|embed|applet|portal|form|input|button|textarea|select"
    r"|base|meta|link|style|svg|math|template|audio|video|source|noscript|dialog)(?![\w-])",
    re.ASCII | re.IGNORECASE,
)
_HANDLER = re.compile(
    r"<[a-z!/?][^<>]{0,4000}?[\s/\"']on[a-z]{3,30}+\s*+=|\{[^{}\n]{0,300}?\bon[a-z]{3,30}+\s*+=",
    re.ASCII | re.IGNORECASE,
)
_ADDRESS = re.compile(
    rf"(?:=\s*+[\"']?+|\]\(\s*+<?+|\]:\s*+<?+|<)\s*+(?:{_spaced('javascript')}|{_spaced('vbscript')}|data|file|blob)\s*+:",
    re.ASCII | re.IGNORECASE,
)
_SCRIPT_SCHEMES = frozenset({"javascript", "vbscript", "data", "file", "blob"})
_TAG = re.compile(
    r"(?<!\]\()<(?:!--|!\[CDATA\[|[!?][a-z]|/?[a-z][a-z0-9-]{0,40}(?=[\s/>])[^<>]{0,2000}>)", re.ASCII | re.IGNORECASE
)
_HEADING = re.compile(r"^(?: {0,3}#(?!#)[ \t]*\S|(?=\S)[^\n]{1,300}\n {0,3}=+[ \t]*$)", re.MULTILINE)
_HEADING_MARKS = " \t#*_"


@rule("C101", clause="P-7.1", always=True)
def nothing_is_active(case: Case) -> Iterator[Report]:
    """No script and nothing that runs, in no text and no language (P-7.1, S-A.1.4)."""
    for text in case.notice.texts.values():
        for name, words in text.fields.items():
            if _active_at(words) is not None:
                own = text.path == case.notice.path
                yield Report(case.notice.where(name) if own else Position(text.path), "field", {"field": name})
        offset = _active_at(text.body)
        if offset is None:
            offset = next((mark.offset for mark in marks(text.body) if mark.scheme in _SCRIPT_SCHEMES), None)
        if offset is not None:
            yield Report(place(text, offset), "body", {"found": _excerpt(text.body, offset)})


def _active_at(words: str) -> int | None:
    """Where active content begins in `words`, or None. Entities are looked through, once."""
    if "<" not in words and ":" not in words and "{" not in words and "&" not in words:
        return None
    found = _search(words)
    if found is None and "&" in words and _search(html.unescape(words)) is not None:
        found = words.index("&")
    return found


def _search(words: str) -> int | None:
    for pattern, needed in ((_ELEMENT, "<"), (_HANDLER, "="), (_ADDRESS, ":")):
        if needed in words and (match := pattern.search(words)):
            return match.start()
    return None


def _excerpt(body: str, offset: int) -> str:
    return body[offset : offset + 40].partition("\n")[0]


@rule("C102", clause="P-2.4", severity=Severity.WARNING)
def body_is_plain_markdown(case: Case) -> Iterator[Report]:
    """A body is Markdown without HTML (P-2.4): tags and comments are dropped, and what they meant is lost."""
    for text in case.notice.texts.values():
        if "<" not in text.body:
            continue
        match = _TAG.search(without_code(text.body))
        if match:
            yield Report(place(text, match.start()), "", {"found": _excerpt(text.body, match.start())})


@rule("C103", clause="P-2.t1", severity=Severity.HINT)
def headings_begin_at_the_second_level(case: Case) -> Iterator[Report]:
    """The title is the only first-level heading (P-2.t1), as screen readers and one uniform format expect."""
    for text in case.notice.texts.values():
        if "#" not in text.body and "=" not in text.body:
            continue
        match = _HEADING.search(without_code(text.body))
        if match:
            yield Report(place(text, match.start()), "", {"found": _excerpt(text.body, match.start())})


@rule("C104", clause="P-2.t1", severity=Severity.HINT)
def body_does_not_repeat_the_title(case: Case) -> Iterator[Report]:
    """The text begins after the title (P-2.t1), which every output sets above it already.

    Two blanks are not the same words: they are still to be filled in.
    """
    for text in case.notice.texts.values():
        first_line = text.body.lstrip().partition("\n")[0].strip(_HEADING_MARKS)
        if first_line == text.title.strip(_HEADING_MARKS) and first_line.strip(BLANK):
            offset = len(text.body) - len(text.body.lstrip())
            yield Report(place(text, offset), "", {"title": text.title})


@rule("C105", clause="P-2.4", always=True)
def body_can_be_rendered(case: Case) -> Iterator[Report]:
    """A body is light enough to be made into a page (P-2.4): one that never finishes would stop the board."""
    for text in case.notice.texts.values():
        if not can_be_rendered(text.body, case.board.standard):
            yield Report(place(text, weigh(text.body).offset), "")
