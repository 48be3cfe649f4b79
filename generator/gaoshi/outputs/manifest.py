"""`board.json`: the edition for machines, live notices only (docs/formats.md, format 1)."""

from __future__ import annotations

import json
from typing import Any

from gaoshi.core.board import Board
from gaoshi.core.edition import Edition, Entry
from gaoshi.core.instants import iso
from gaoshi.core.schedule import State
from gaoshi.outputs import addresses

FORMAT = 1


def manifest(edition: Edition) -> bytes:
    """The manifest of `edition`, the same bytes for the same edition."""
    head = {
        "format": FORMAT,
        "board": edition.board.id,
        "at": iso(edition.at, edition.board.zone),
        "revision": edition.revision,
        "records": list(edition.records),
        "roster": edition.reign.blob if edition.reign else None,
        "next": iso(edition.next, edition.board.zone),
        "due": iso(edition.due, edition.board.zone),
    }
    # One line a notice: easy to compare, and Python's fast encoder writes it.
    opening = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    notices = ",\n  ".join(json.dumps(notice_data(entry, edition.board), ensure_ascii=False) for entry in edition.live)
    return f'{opening},\n "notices": [\n  {notices}\n ]\n}}\n'.encode()


def notice_data(entry: Entry, board: Board) -> dict[str, Any]:
    """A notice as machines know it."""
    notice, zone = entry.notice, board.zone
    default = board.default_contact
    return {
        "id": entry.id,
        "kind": notice.kind,
        "subtype": notice.subtype or None,
        "importance": entry.importance,
        "title": {code: text.title for code, text in notice.texts.items() if text.title},
        "url": {code: addresses.notice(board, entry.id, code) for code in board.languages},
        "valid_from": iso(entry.window.start, zone),
        "valid_until": iso(entry.window.end, zone),
        "foreseen": _foreseen(entry, board),
        "starts_at": iso(notice.instant("starts_at"), zone),
        "ends_at": iso(notice.instant("ends_at"), zone),
        "occurred_at": iso(notice.instant("occurred_at"), zone),
        "places": list(notice.places),
        "channels": list(entry.channels),
        "department": notice.department or None,
        "contact": notice.values.get("contact") or (default.id if default else None),
        "outcome": _outcome(entry, board),
        "corrected_at": iso(notice.instant("correction.at"), zone),
        "late": _late(entry, board),
        "content_id": notice.content_id,
        "approved_by": list(dict.fromkeys(given.role for given in entry.verdict.given)),
        "approval": entry.verdict.number,
    }


def _foreseen(entry: Entry, board: Board) -> dict[str, Any] | None:
    """How and when it leaves, where that is written already and is not simply that its validity ends."""
    then = entry.then
    if then is None or (then.state, then.ended_at) == (State.EXPIRED, entry.window.end):
        return None
    return {"is": then.state.value, "at": iso(then.ended_at, board.zone)}


def _outcome(entry: Entry, board: Board) -> dict[str, Any] | None:
    outcome = entry.outcome
    if outcome is None:
        return None
    notes = {
        code: text.fields["outcome.note"] for code, text in entry.notice.texts.items() if "outcome.note" in text.fields
    }
    return {
        "is": outcome.what,
        "at": iso(outcome.at, board.zone),
        "note": notes or None,
        "new_date": iso(outcome.new_date, board.zone),
    }


def _late(entry: Entry, board: Board) -> dict[str, Any] | None:
    late = entry.late
    if late is None:
        return None
    return {"timeliness": late.name, "limit": iso(late.limit, board.zone)}
