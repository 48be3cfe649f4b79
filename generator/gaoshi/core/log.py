"""The publication log (H-6.11): what owners could read, when, and by which channel (docs/formats.md).

One event a file, never changed. Events are not signed: they can make a late notice look as if it had been
in time, and can publish nothing. They are read with suspicion all the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from gaoshi.core.board import Board
from gaoshi.core.edition import Entry
from gaoshi.core.instants import YEARS, iso
from gaoshi.core.lateness import OUTCOME, Lateness, lateness, outcome_told_by
from gaoshi.core.notice import ID_PATTERN, Notice
from gaoshi.core.published import Foreseen, Published, Shown
from gaoshi.core.schedule import State, stated_end

FORMAT = 1
BOARD = "board"
"""The channel that the publisher itself looks at."""
MOST_BYTES = 64 * 1024
LONGEST = 2000
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{40,64}", re.ASCII)
_SECOND = timedelta(seconds=1)
_CLOCKS_DIFFER = timedelta(hours=1)
"""So far ahead may an event lie that a clock which was wrong for a while has written."""


class What(StrEnum):
    """What happened to a notice: owners can read it from now on, in other words, or not any more."""

    APPEARED = "appeared"
    CORRECTED = "corrected"
    LEFT = "left"


class Ending(StrEnum):
    """Why a notice left the board."""

    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    WITHHELD = "withheld"
    REMOVED = "removed"


class NotAnEvent(ValueError):
    """Bytes that are no event of the log."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The public board on which something was seen: when it was made, of which commit."""

    at: datetime
    revision: str


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One event. Instants are aware; what is not known is empty or None.

    `by` is who says so. Of the board's own events, `seen` is the board that showed it, `until` the end of the notice's
    validity, and `foreseen` how it leaves by itself where that is not simply then, both as that board said. `why` it
    left; `late` how late it came, judged by when owners were first told.
    """

    what: What
    id: str
    at: datetime
    content_id: str = ""
    channel: str = BOARD
    by: str = ""
    until: datetime | None = None
    seen: Seen | None = None
    why: str = ""
    late: Lateness | None = None
    note: str = ""
    foreseen: Foreseen | None = None

    @property
    def leaves(self) -> datetime | None:
        """When pages drop the notice by themselves; None where it has no end, or none was told."""
        return self.foreseen.at if self.foreseen is not None else self.until

    @property
    def ending(self) -> Ending:
        """Why it leaves by itself."""
        return Ending(self.foreseen.what) if self.foreseen is not None else Ending.EXPIRED

    @property
    def board_at(self) -> datetime:
        """When the board was made that showed it; where that is not said, when it was seen."""
        return self.seen.at if self.seen is not None else self.at


def in_order(events: Iterable[LogEntry]) -> list[LogEntry]:
    """Events as they happened."""
    return sorted(events, key=_when)


def _when(event: LogEntry) -> tuple[datetime, str, str, str]:
    return event.at, event.id, event.channel, event.what


def believed(notice: Notice, told: Iterable[datetime]) -> list[datetime]:
    """Those of the instants at which owners are said to have been told that can be true.

    Nobody was told of what had not happened yet. When the branch got the notice says nothing: owners may
    be told in their group first, and a commit bears what date its writer gives it.
    """
    occurred = notice.instant("occurred_at")
    return [instant for instant in told if occurred is None or instant >= occurred]


def written_by(seen: datetime, events: Iterable[LogEntry]) -> list[LogEntry]:
    """Those of `events` that can have been written by `seen`, an aware instant.

    One that lies more than an hour ahead, or was seen on a board that does, is no event: believed, it would
    hide until then all that really happens.
    """
    latest = seen + _CLOCKS_DIFFER
    return [event for event in events if max(event.at, event.board_at) <= latest]


# ── what is missing ──────────────────────────────────────────────────────────────────────────────


def missing(history: Mapping[str, Iterable[LogEntry]], board: Published, seen: datetime, by: str) -> list[LogEntry]:
    """What the log does not tell yet of the public board, as it was seen at `seen`.

    `history` is the log so far, of every notice that is on `board` or may still be on record as being there.
    Asked again with its own answer in `history` it has nothing to add. A board that is older than the one
    that a notice's last event was seen on is a cache's, and tells nothing of that notice.
    """
    events: list[LogEntry] = []
    for notice_id in sorted({*history, *board.notices}):
        last = last_on_board(history.get(notice_id, ()))
        if last is None or last.board_at <= board.at:
            events += _moves(last, board.notices.get(notice_id), notice_id, board, seen, by)
    return events


def last_on_board(events: Iterable[LogEntry]) -> LogEntry | None:
    """The last of a notice's events that is the board's own."""
    return max((event for event in events if event.channel == BOARD), key=_when, default=None)


def news(events: Iterable[LogEntry]) -> Iterator[LogEntry]:
    """Those of a notice's events, in order, with which the board got something new to read: not just another end."""
    content_id = ""
    for event in events:
        if event.channel == BOARD and event.what is not What.LEFT:
            if event.what is What.APPEARED or not content_id or event.content_id != content_id:
                yield event
            content_id = event.content_id


def _moves(
    last: LogEntry | None, shown: Shown | None, notice_id: str, board: Published, seen: datetime, by: str
) -> Iterator[LogEntry]:
    """The events of one notice after its `last` one."""
    there = last if last is not None and last.what is not What.LEFT else None
    if shown is None:
        if there is not None:
            yield _left(there, board, seen, by)
        return
    over = _over(shown.leaves, seen)
    if over and there is None and last is not None and last.at >= (shown.leaves or last.at):
        return  # the page has dropped it, and the log says so
    # Owners could read it when it was seen; what was over by then, when its board was made.
    at = _after(max(board.at if over else seen, shown.valid_from or board.at, board.at), last)
    on = Seen(board.at, board.revision)
    now = LogEntry(
        What.APPEARED, notice_id, at, shown.content_id, by=by, until=shown.valid_until, seen=on, foreseen=shown.foreseen
    )
    if there is None:
        yield now
    elif _changed(there, now):
        now = replace(now, what=What.CORRECTED)
        yield now
    else:
        now = there
    if over:
        yield _left(now, board, seen, by)


def _changed(there: LogEntry, now: LogEntry) -> bool:
    """Whether owners read something else now, or can until another instant, or for another reason, than the log tells.

    The end can move while the content stays. An event that no publisher wrote may tell of no end: it left it open.
    """
    if there.content_id != now.content_id:
        return True
    left_open = there.seen is None and there.leaves is None and now.foreseen is None
    return not left_open and (there.leaves, there.ending) != (now.leaves, now.ending)


def _left(there: LogEntry, board: Published, seen: datetime, by: str) -> LogEntry:
    """That a notice is gone: since pages dropped it by themselves, where they have by now, else seen to be gone."""
    over = _over(there.leaves, seen)
    return LogEntry(
        What.LEFT,
        there.id,
        _left_at(there.leaves if over else None, there, seen),
        there.content_id,
        by=by,
        seen=Seen(board.at, board.revision),
        why=there.ending if over else Ending.REMOVED,
    )


def _left_at(end: datetime | None, last: LogEntry | None, seen: datetime) -> datetime:
    """When a notice left that is gone at `seen`, and of which `last` was the last that was known.

    At its `end`, when pages drop it, where it can have been there until then; else when it was seen to be gone.
    """
    possible = end is not None and end <= seen and (last is None or last.at < end)
    return _after(end if end is not None and possible else seen, last)


def _over(until: datetime | None, seen: datetime) -> bool:
    return until is not None and until <= seen


def _after(at: datetime, last: LogEntry | None) -> datetime:
    """`at`, but after the event before it, whatever a clock that was moved back says."""
    return at if last is None or at > last.at else last.at + _SECOND


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def path_of(event: LogEntry, root: str) -> str:
    """Where below `root` an event lies: by id, instant and, when it is not the board's, channel."""
    name = event.what.value if event.channel == BOARD else f"{event.channel}-{event.what.value}"
    return f"{root}/{event.id}/{event.at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{name}.json"


def encode_event(event: LogEntry, zone: tzinfo) -> bytes:
    """The bytes of an event, its instants with the offset of `zone`."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "event": event.what.value,
        "id": event.id,
        "content_id": event.content_id,
        "at": iso(event.at, zone),
        "channel": event.channel,
        "by": event.by,
    }
    late = event.late
    more: dict[str, Any] = {
        "why": event.why,
        "valid_until": iso(event.until, zone),
        "foreseen": event.foreseen and {"is": event.foreseen.what.value, "at": iso(event.foreseen.at, zone)},
        "late": None
        if late is None
        else {"timeliness": late.name, "limit": iso(late.limit, zone), "reason": late.reason},
        "board": event.seen and {"at": iso(event.seen.at, zone), "revision": event.seen.revision},
        "note": event.note,
    }
    data |= {key: value for key, value in more.items() if value}
    return (json.dumps(data, ensure_ascii=False) + "\n").encode()


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def named(path: str, root: str) -> tuple[str, What] | None:
    """Of which notice, and what, a file below `root` tells by its name; None when it is no event's."""
    notice_id, _, name = path.removeprefix(f"{root}/").rpartition("/")
    for what in What:
        if name.endswith(f"-{what}.json") and ID_PATTERN.fullmatch(notice_id):
            return notice_id, what
    return None


def parse_event(data: bytes, notice_id: str, what: str) -> LogEntry:
    """The event in `data`, which lies in the folder of `notice_id` in a file that is named for `what`.

    `format`, `event`, `id` and `at` are needed; what else is there must be of its form. Raises NotAnEvent.
    """
    if len(data) > MOST_BYTES:
        raise NotAnEvent("too-large")
    try:
        return _event(json.loads(data, object_pairs_hook=_once), notice_id, what)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotAnEvent(str(error)) from None


def _event(said: Mapping[str, Any], notice_id: str, what: str) -> LogEntry:
    if isinstance(said["format"], bool) or said["format"] != FORMAT:
        raise NotAnEvent("format")
    if said["id"] != notice_id or said["event"] != what:
        raise NotAnEvent("other-place")
    seen, late, foreseen = said.get("board"), said.get("late"), said.get("foreseen")
    return LogEntry(
        what=What(what),
        id=notice_id,
        at=_exact(_text(said["at"])),
        content_id=_matching(_DIGEST, said.get("content_id")),
        channel=_matching(_SLUG, said.get("channel", BOARD)),
        by=_text(said.get("by")),
        until=_instant(said.get("valid_until")),
        seen=None if seen is None else Seen(_exact(_text(seen["at"])), _matching(_DIGEST, seen["revision"])),
        why=_text(said.get("why")),
        late=None if late is None else _late(late),
        note=_text(said.get("note")),
        foreseen=None if foreseen is None else Foreseen(State(_text(foreseen["is"])), _exact(_text(foreseen["at"]))),
    )


def _late(said: Mapping[str, Any]) -> Lateness:
    reason = said.get("reason")
    name = _matching(_SLUG, said["timeliness"])
    return Lateness(name, _exact(_text(said["limit"])), None if reason is None else _text(reason))


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """A mapping in which every key stands once: of two, readers would differ on which one counts."""
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise NotAnEvent("key-twice")
    return mapping


def _instant(value: object) -> datetime | None:
    return None if value is None else _exact(_text(value))


def _exact(text: str) -> datetime:
    """The instant that ISO 8601 with an offset names, UTC, to the second; ten thousand are read at a time."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None or instant.year not in YEARS:
        raise NotAnEvent(text)
    return instant.astimezone(UTC).replace(microsecond=0)


def _matching(pattern: re.Pattern[str], value: object) -> str:
    """A word of this form, or nothing."""
    text = _text(value)
    if text and not pattern.fullmatch(text):
        raise NotAnEvent(text)
    return text


def _text(value: object) -> str:
    """A text; nothing where nothing was said."""
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST:
        raise NotAnEvent(type(value).__name__)
    value.encode()  # JSON can hold half a character, which nobody could print
    return value


# ── what only the notice can tell ────────────────────────────────────────────────────────────────

_BY_STATE = {
    State.WITHDRAWN: Ending.WITHDRAWN,
    State.SUPERSEDED: Ending.SUPERSEDED,
    State.WITHHELD: Ending.WITHHELD,
}


def gone(event: LogEntry, before: Iterable[LogEntry], entry: Entry | None, seen: datetime) -> LogEntry:
    """`event`, that the board seen at `seen` no longer shows a notice, with why it left and when.

    `before` are the notice's earlier events; `entry` is how it stands by that board's revision (None: its folder
    was removed). What was over by its own end left at that end: at the one in force then, which may have been
    changed since the notice was last seen. Where it cannot have left at that instant, because it is known to have
    been there then or later, and where it left for another reason, it left when it was seen to be gone; unless the
    board had foreseen both, and it came to that.
    """
    last, end = last_on_board(before), None if entry is None else entry.window.end
    if entry is None or (event.at == entry.ended_at and event.why in _BY_STATE.values()):
        return event
    if end is not None and _ended_by_itself(entry):
        return replace(event, at=_left_at(end, last, seen), why=Ending.EXPIRED)
    if event.why == Ending.EXPIRED and not _prolonged(entry, seen):
        return event  # it left by itself, whatever became of it since
    return replace(event, at=_after(seen, last), why=_BY_STATE.get(entry.state, Ending.REMOVED))


def _ended_by_itself(entry: Entry) -> bool:
    """Whether its own end took a notice off the board, though another one may have replaced it since."""
    return entry.state in {State.EXPIRED, State.SUPERSEDED} and entry.ended_at == entry.window.end


def _prolonged(entry: Entry, seen: datetime) -> bool:
    """Whether something else took a notice off the board at a time when its own end still lay ahead."""
    if entry.state not in {State.WITHDRAWN, State.SUPERSEDED}:
        return False
    # Of what is withdrawn the window ends with that; what counts is the end that it would have had.
    end = stated_end(entry.notice, entry.kind) if entry.state is State.WITHDRAWN else entry.window.end
    return end is None or end > seen


def first_late(event: LogEntry, before: Iterable[LogEntry], entry: Entry, board: Board) -> Lateness | None:
    """How late owners were told what `event` says; None where they were told in time, or this is no news.

    Judged once: when the notice first appears, by when any channel first told of it; and when its outcome does.
    """
    notice, earlier = entry.notice, list(before)
    last = last_on_board(earlier)
    if last is not None and event.what is What.CORRECTED and last.content_id == event.content_id:
        return None  # only its end has moved
    if not any(one.what is What.APPEARED and one.channel == BOARD for one in earlier):
        told = [one.at for one in earlier if one.what is What.APPEARED and one.channel in board.standard.channels]
        return lateness(notice, entry.kind, board.standard, board.zone, min([*believed(notice, told), event.at]))
    limit, outcome = outcome_told_by(notice, board.standard), entry.outcome
    if limit is None or outcome is None or event.at <= limit:
        return None
    if any(one.channel == BOARD and one.what is not What.LEFT and one.at >= outcome.at for one in earlier):
        return None
    return Lateness(OUTCOME, limit, None)
