"""Does a public `kiosk.json` hold what the screens should show? Pure comparison."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from gaoshi.core.answer import Answer, Difference, not_had, shortened
from gaoshi.core.instants import NotAnInstant, exact_or_none, iso, parse_exact
from gaoshi.core.kiosk import CHANNEL
from gaoshi.core.notice import ID_PATTERN
from gaoshi.core.published import Published

KIOSK = "kiosk.json"
SCREENS = "kiosk/"
"""Below this lies everything that screens load, and nothing else."""
_HEAD = ("format", "name", "desk", "duty")
_CODES = {
    "content_id": "content",
    "valid_from": "since",
    "valid_until": "until",
    "foreseen": "until",
    "html": "words",
    "said": "words",
}
"""Parts of a notice whose difference has a sentence of its own."""


def check_screens(board: Published, expected: bytes, answer: Answer) -> Iterator[Difference]:
    """How what the screens get differs from `expected`; where that is not known (empty), from the `board` itself."""
    wrong = not_had(KIOSK, answer)
    if wrong is not None:
        yield wrong
        return
    try:
        found = json.loads(answer.body)
        notices = {str(each["id"]): each for each in found["notices"]}
        made, sequence, of = str(found["at"]), found["sequence"], str(found["board"])
        at = parse_exact(made)
    except (ValueError, KeyError, TypeError, RecursionError, NotAnInstant):
        yield Difference("no-kiosk", KIOSK)
        return
    if of != board.board:
        yield Difference("board", KIOSK, expected=board.board, found=of)
    elif at != board.at:
        yield Difference("stale", KIOSK, expected=iso(board.at, board.zone) or "", found=made)
    elif sequence != int(board.at.timestamp()):
        yield Difference("field", KIOSK, "sequence", str(int(board.at.timestamp())), str(sequence))
    elif expected:
        yield from _compare(found, notices, json.loads(expected))
    else:
        yield from _judge_alone(board, notices)


def check_screen_page(path: str, word: str, answer: Answer) -> Iterator[Difference]:
    """Whether a screen's page is there and of this version, which its `word` tells."""
    wrong = not_had(path, answer, "text/html")
    if wrong is not None:
        yield wrong
    elif word.encode() not in answer.body:
        yield Difference("own", path)


def _compare(
    found: Mapping[str, Any], notices: Mapping[str, Mapping[str, Any]], expected: Mapping[str, Any]
) -> Iterator[Difference]:
    for name in _HEAD:
        if found.get(name) != expected[name]:
            yield Difference("field", KIOSK, name, _told(expected[name]), _told(found.get(name)))
    should = {each["id"]: each for each in expected["notices"]}
    yield from (Difference("missing", KIOSK, notice_id) for notice_id in should if notice_id not in notices)
    yield from (Difference("stranger", KIOSK, notice_id) for notice_id in notices if notice_id not in should)
    for notice_id in (each for each in should if each in notices):
        for name, value in should[notice_id].items():
            if notices[notice_id].get(name) != value:
                code = _CODES.get(name, "field")
                of = f"{notice_id} {name}" if code == "field" else notice_id
                yield Difference(code, KIOSK, of, _told(value), _told(notices[notice_id].get(name)))
                break  # the first tells that it is another; the rest would only repeat that


def _judge_alone(board: Published, notices: Mapping[str, Mapping[str, Any]]) -> Iterator[Difference]:
    """What can be told without the edition: only what is live, as the board shows it, and what is to come."""
    for notice_id, notice in notices.items():
        live = board.notices.get(notice_id)
        begins = exact_or_none(str(notice.get("valid_from")))
        if not ID_PATTERN.fullmatch(notice_id):
            yield Difference("no-kiosk", KIOSK)
        elif CHANNEL not in _list(notice.get("channels")):
            yield Difference("stranger", KIOSK, notice_id)
        elif live is not None and notice.get("content_id") != live.content_id:
            yield Difference("content", KIOSK, notice_id, live.content_id, _told(notice.get("content_id")))
        elif live is None and (begins is None or begins <= board.at):
            yield Difference("stranger", KIOSK, notice_id)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _told(value: object) -> str:
    """A value in a sentence: no more of it than one can read."""
    return shortened(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
