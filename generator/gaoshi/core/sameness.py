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
    for path, answer in answers.items():
        before = told.get(path, [])
        if not expected.built or not all(is_of_the_host(one) for one in before):
            continue  # what is wrong has been said
        notice_id = notices.get(path, "")
        if path in expected.built:
            if _is_there(path, answer) and (notice_id not in expected.gone or path in pages):
                guarded = path in pages and pages[path].policy == expected.policy
                found = _compare(path, expected.built[path], answer.body, host if guarded else "", notice_id)
                yield from (_as_own(one, expected) for one in found if one.code != "rewritten" or not before)
        elif path in pages and notice_id in expected.gone:
            yield Difference("still", path, notice_id)  # it calls itself over, and nobody made it


def _is_there(path: str, answer: Answer) -> bool:
    return not answer.problem and answer.status == (MISSING if path == NOWHERE else OK)


def _as_own(difference: Difference, expected: Expected) -> Difference:
    """Of the board's own pages there are sentences of their own."""
    if difference.code == "page" and difference.page in expected.pages:
        return Difference("own", difference.page)
    if difference.code == "page" and difference.page == NOWHERE:
        return Difference("nowhere", NOWHERE)
    return difference


def _compare(path: str, should: bytes, found: bytes, host: str, notice_id: str) -> Iterator[Difference]:
    if should == found:
        return
    if path.endswith(_DATA):
        different = _compare_data(path, should, found)
    else:
        where = apart(should, found, host)
        different = where and Difference("page", path, notice_id, *map(shortened, where))
    yield different or Difference("rewritten", path, notice_id)


# ── data ─────────────────────────────────────────────────────────────────────────────────────────

_NOTHING = object()
_Field = tuple[str, object, object]
"""Where two values differ: the field's name, what it should be, and what it is."""


def _compare_data(path: str, should: bytes, found: bytes) -> Difference | None:
    try:
        field = _first_apart("", json.loads(should), json.loads(found))
        return field and Difference("field", path, *map(shortened, (field[0], _told(field[1]), _told(field[2]))))
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
