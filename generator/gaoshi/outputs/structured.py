"""schema.org data of a notice (`SpecialAnnouncement`), for search engines and assistants."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from gaoshi.core.board import Board
from gaoshi.core.edition import Entry
from gaoshi.core.instants import iso
from gaoshi.outputs import addresses
from gaoshi.outputs.facts import Teller

_TAG = re.compile(r"<[^>]+>")
_SPACE = re.compile(r"\s+")


def plain_text(html: str) -> str:
    """The words of finished HTML, on one line."""
    return _SPACE.sub(" ", unescape(_TAG.sub(" ", html))).strip()


def announcement(entry: Entry, teller: Teller, text: str) -> str:
    """The notice as JSON-LD, safe inside a `<script>` element. `text` is its plain text."""
    board, notice = teller.board, entry.notice
    place = {
        "@type": "ApartmentComplex",
        "name": board.words(board.name, teller.language),
    }
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "SpecialAnnouncement",
        "@id": addresses.absolute(board, addresses.notice(board, entry.id, teller.language)),
        "name": teller.title(entry).text,
        "text": text,
        "url": addresses.absolute(board, addresses.notice(board, entry.id, teller.language)),
        "inLanguage": [teller.catalogues[code].tag for code in notice.texts if code in teller.catalogues],
        "datePosted": iso(entry.public_at, board.zone),
        "expires": iso(entry.leaves_at or entry.window.end, board.zone),
        "dateModified": iso(notice.instant("correction.at"), board.zone),
        "category": teller.kind(entry),
        "spatialCoverage": place,
        "publisher": {"@type": "Organization", "name": board.words(board.issuer, teller.language)},
        "about": _event(entry, teller, place, board),
    }
    present = {key: value for key, value in data.items() if value is not None}
    return (
        json.dumps(present, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").replace("&", "\\u0026")
    )


def _event(entry: Entry, teller: Teller, place: dict[str, Any], board: Board) -> dict[str, Any] | None:
    """The matter itself, when it has a beginning."""
    starts = entry.notice.instant("starts_at")
    if starts is None:
        return None
    outcome = entry.outcome.what if entry.outcome else ""
    status = {"postponed": "EventPostponed", "cancelled": "EventCancelled"}.get(outcome, "EventScheduled")
    ends = entry.notice.instant("ends_at")
    event = {
        "@type": "Event",
        "name": teller.title(entry).text,
        "startDate": iso(starts, board.zone),
        "endDate": iso(ends, board.zone),
        "eventStatus": f"https://schema.org/{status}",
        "location": place | {"address": teller.places(entry)},
    }
    return {key: value for key, value in event.items() if value is not None}
