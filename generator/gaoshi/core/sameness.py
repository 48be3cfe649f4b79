"""Is a public file the one that was built, byte for byte? And if not: is it told otherwise, or only spelt otherwise?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from gaoshi.core.alongside import NOWHERE
from gaoshi.core.answer import MISSING, OK, Answer, Difference, shortened
from gaoshi.core.expected import Expected
from gaoshi.core.markup import Page
from gaoshi.core.notice import ROOT
from gaoshi.core.shape import apart
from gaoshi.core.tolerated import is_of_the_host

_DATA = ".json"
_SHOWN = 200


def compare_built(
    expected: Expected,
    answers: Mapping[str, Answer],
    pages: Mapping[str, Page],
    host: str,
    known: Iterable[Difference],
) -> Iterator[Difference]:
    """What differs from the files as they were built and is not among the `known` differences yet.

    `pages` are those of the board among `answers`, `host` is the site's. Where it is not known what was built, nothing.
    """
    told: dict[str, list[Difference]] = {}
    for difference in known:
        told.setdefault(difference.page, []).append(difference)
    notices = {
        f"{home}{ROOT}/{one}/": one
        for home in expected.homes.values()
        for one in (*expected.board.notices, *expected.gone)
    }
    for path, answer in answers.items() if expected.built else ():
        before = told.get(path, [])
        if before and (path == NOWHERE or not all(map(is_of_the_host, before))):
            continue  # what is wrong has been said
        found = _judge(expected, path, answer, pages.get(path), notices.get(path, ""), host)
        if found is not None and found not in before and not (before and found.code == "rewritten"):
            yield found


def _judge(
    expected: Expected, path: str, answer: Answer, page: Page | None, notice_id: str, host: str
) -> Difference | None:
    """How an answer differs from what was built for its path; a notice that is gone may have no `page` at all."""
    is_gone = notice_id in expected.gone
    if (is_gone and page is None) or answer.problem or answer.status != (MISSING if path == NOWHERE else OK):
        return None
    if path not in expected.built:
        return Difference("still", path, notice_id) if is_gone else None  # it calls itself over, and nobody made it
    return None if answer.body == expected.built[path] else _apart(expected, path, answer.body, page, notice_id, host)


def _apart(expected: Expected, path: str, found: bytes, page: Page | None, notice_id: str, host: str) -> Difference:
    """How other bytes differ."""
    if path.endswith(_DATA):
        return _compare_data(path, expected.built[path], found)
    guarded = page is not None and page.policy == expected.policy
    where = apart(expected.built[path], found, host if guarded else "")
    if where is None:
        return Difference("rewritten", path, notice_id)
    if path == NOWHERE or path in expected.pages:
        return Difference("nowhere" if path == NOWHERE else "own", path)
    return Difference("page", path, notice_id, *(shortened(part) or "–" for part in where))


# ── data ─────────────────────────────────────────────────────────────────────────────────────────

_NOTHING = object()
_Field = tuple[str, object, object]
"""Where two values differ: the field's name, what it should be, and what it is."""


def _compare_data(path: str, should: bytes, found: bytes) -> Difference:
    try:
        field = _first_apart("", json.loads(should), json.loads(found))
        if field is None:
            return Difference("rewritten", path)
        name, one, other = field
        return Difference("field", path, shortened(name), shortened(_told(one)), shortened(_told(other)))
    except (ValueError, RecursionError):
        return Difference("page", path, found=shortened(found[:_SHOWN].decode(errors="replace")))


def _first_apart(name: str, should: object, found: object) -> _Field | None:
    parts: Iterable[_Field]
    if isinstance(should, dict) and isinstance(found, dict):
        keys = should | found
        parts = ((f"{name}.{key}".lstrip("."), should.get(key, _NOTHING), found.get(key, _NOTHING)) for key in keys)
    elif isinstance(should, list) and isinstance(found, list) and len(should) == len(found):
        parts = ((f"{name}[{at}]", *both) for at, both in enumerate(zip(should, found, strict=True)))
    else:
        same = type(should) is type(found) and should == found
        return None if same else (name, should, found)
    return next((where for part in parts if (where := _first_apart(*part))), None)


def _told(value: object) -> str:
    return "–" if value is _NOTHING else json.dumps(value, ensure_ascii=False, sort_keys=True)
