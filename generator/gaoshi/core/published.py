"""A published `board.json`, read back: what a public board says it is (docs/formats.md, format 1)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from gaoshi.core.instants import parse_exact
from gaoshi.core.notice import ID_PATTERN
from gaoshi.core.schedule import State

FORMAT = 1
MANIFEST = "board.json"
LATEST_AHEAD = timedelta(minutes=5)
"""So far may the publisher's clock be ahead of ours."""
_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)
_ENDED = frozenset({State.EXPIRED, State.SUPERSEDED, State.WITHDRAWN})
MOST_RECORDS = 50
"""A board is made of one branch of records, or of a few that are not joined yet; never of more."""
LONGEST = timedelta(hours=24)
"""No estate's standard lets a board stand longer than this, so none may say that it is due later."""


class NotABoard(ValueError):
    """What was read is no `board.json`, or one that this version does not understand."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """That a notice leaves the board at the aware instant `at`, by no new board: `what` becomes of it then."""

    what: State
    at: datetime

    def __post_init__(self) -> None:
        if self.what not in _ENDED:
            raise ValueError(self.what)


@dataclass(frozen=True, slots=True)
class Shown:
    """A live notice as the board shows it; instants are aware, `url` is by language, from the site's root.

    `valid_until` is the end of its validity; `foreseen` how it leaves where that is not simply then.
    """

    id: str
    content_id: str
    approval: str
    url: Mapping[str, str]
    title: Mapping[str, str]
    valid_from: datetime | None
    valid_until: datetime | None
    foreseen: Foreseen | None = None

    @property
    def leaves(self) -> datetime | None:
        """The instant at which pages drop it by themselves; None: never."""
        return self.foreseen.at if self.foreseen is not None else self.valid_until


@dataclass(frozen=True, slots=True)
class Published:
    """A public board: when it was made, of what, and when it must be made anew at the latest (`due`).

    Instants are UTC; `zone` is the offset that it tells its own instant with.
    """

    board: str
    at: datetime
    revision: str
    records: tuple[str, ...]
    roster: str
    next: datetime | None
    due: datetime
    notices: Mapping[str, Shown]
    zone: tzinfo = UTC


def read_published(data: bytes) -> Published:
    """What a `board.json` says. A board that does not tell when it is due is due at once, any other within a day.

    Raises NotABoard.
    """
    try:
        return _published(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotABoard(str(error) or type(error).__name__) from None


def _published(said: Mapping[str, Any]) -> Published:
    if said["format"] != FORMAT:
        raise NotABoard(f"format {said['format']}")
    at = parse_exact(_text(said["at"]))
    zone = datetime.fromisoformat(_text(said["at"])).tzinfo
    return Published(
        board=_text(said["board"]),
        at=at,
        revision=_full_id(said["revision"]) if said["revision"] else "",
        records=_records(said["records"]),
        roster=_text(said.get("roster") or ""),
        next=_instant(said.get("next")),
        due=min(_instant(said.get("due")) or at, at + LONGEST),
        notices={item["id"]: _shown(item) for item in said["notices"]},
        zone=zone or UTC,
    )


def _records(said: list[object]) -> tuple[str, ...]:
    """The commits that a board's records were read from, each once: every one of them is looked for in history."""
    records = tuple(dict.fromkeys(map(_full_id, said)))
    if len(records) > MOST_RECORDS:
        raise NotABoard("records")
    return records


def _shown(item: Mapping[str, Any]) -> Shown:
    if not ID_PATTERN.fullmatch(item["id"]):
        raise NotABoard("id")
    return Shown(
        id=item["id"],
        content_id=_full_id(item["content_id"]),
        approval=_text(item.get("approval") or ""),
        url={_text(language): _text(path) for language, path in item["url"].items()},
        title={_text(language): _text(text) for language, text in item["title"].items()},
        valid_from=_instant(item.get("valid_from")),
        valid_until=_instant(item.get("valid_until")),
        foreseen=_foreseen(item.get("foreseen")),
    )


def _foreseen(said: Mapping[str, Any] | None) -> Foreseen | None:
    return None if said is None else Foreseen(State(_text(said["is"])), parse_exact(_text(said["at"])))


def _instant(text: object) -> datetime | None:
    return None if text is None else parse_exact(_text(text))


def _full_id(value: object) -> str:
    """A full id of git's, of a commit or a content: nothing else that a site says is handed to git, or logged."""
    if not _ID.fullmatch(text := _text(value)):
        raise NotABoard("git id")
    return text


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotABoard(type(value).__name__)
    return value
