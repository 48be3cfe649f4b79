"""What a public site answered, and how an answer differs from what it should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from gaoshi.core.markup import Page, read_page

OK, MISSING, GONE = 200, 404, 410
LEFT = "left"
"""The problem of what was not read to its end because enough had been read."""
_READABLE = 100
_UTF8 = {"", "utf-8", "utf8"}


@dataclass(frozen=True)
class Answer:
    """What a site answered: status, media type, and the whole body.

    Without a `status` there was no answer: `problem` says by a word why, `detail` with what. `charset` is what
    the type says besides, in lower case; `time` when it is dated (UTC; None: not at all, or with
    nonsense), and `age` for how long a cache says that it has had it.
    """

    status: int = 0
    type: str = ""
    body: bytes = b""
    problem: str = ""
    detail: str = ""
    charset: str = ""
    time: datetime | None = field(default=None, compare=False)
    age: timedelta = field(default=timedelta(), compare=False)

    @cached_property
    def page(self) -> Page:
        """The body as a page."""
        return read_page(self.body)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the public board is not what it should be: on which page (from the site's root), of which notice.

    `code` names its sentence; `expected` and `found` fill it.
    """

    code: str
    page: str
    id: str = ""
    expected: str = ""
    found: str = ""


Check = Callable[[Answer], Iterator[Difference]]
"""How an answer differs from what it should be."""


def not_had(path: str, answer: Answer, *types: str, status: int = OK) -> Difference | None:
    """Why an answer is none to judge further: there is none, or of another status, type or charset.

    Without `types`, any type is right.
    """
    if answer.problem:
        return Difference(answer.problem, path, found=answer.detail)
    if answer.status != status:
        return Difference("status", path, expected=str(status), found=str(answer.status))
    if types and answer.type not in types:
        return Difference("type", path, expected=types[0], found=answer.type or "–")
    if types and answer.charset not in _UTF8:
        return Difference("charset", path, expected="utf-8", found=answer.charset)
    return None


def shortened(text: str) -> str:
    """A text as it stands in a sentence: no more of it than one can read."""
    return text if len(text) <= _READABLE else f"{text[: _READABLE - 1]}…"
