"""The texts of notices as HTML: from the cache, or rendered once; many of them in a second process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime

from gaoshi.core.board import Board
from gaoshi.core.edition import Entry
from gaoshi.core.notice import Notice
from gaoshi.core.schedule import State, window
from gaoshi.sources.beside import beside
from gaoshi.sources.cache import Cache
from gaoshi.sources.notices import Shelf

MANY = 100
"""So many notices that were not rendered before are worth a process of their own."""


class Renderer:
    """Renders notices: what a cold start has to render is begun while approval is still being judged."""

    def __init__(self, cache: Cache, at: datetime, stack: ExitStack) -> None:
        self._cache = cache
        self._at = at
        self._stack = stack
        self._begun: Callable[[], Rendered] = dict

    def begin(self, board: Board, shelf: Shelf) -> None:
        """Begin with what will probably be shown."""
        standard = board.standard
        probable = [
            notice.limited_to(board.languages, board.places)
            for notice in shelf.notices.values()
            if window(
                notice,
                standard.kind_for(notice.kind, unplanned=notice.unplanned, values=notice.values),
                standard,
                self._at,
            ).state(self._at)
            is State.LIVE
        ]
        unknown = self._unknown(probable)
        if len(unknown) > MANY:
            self._begun = self._stack.enter_context(beside(lambda: _render(unknown)))

    def _unknown(self, notices: Iterable[Notice]) -> dict[str, Notice]:
        wanted = {_html_key(notice): notice for notice in notices}
        kept = self._cache.get(wanted)
        return {key: notice for key, notice in wanted.items() if key not in kept}

    def finish(self, shown: Iterable[Entry]) -> dict[str, Entry]:
        """The entries with their texts as HTML, from the cache where it has them."""
        entries = {_html_key(entry.notice): entry for entry in shown}
        kept: Rendered = self._cache.get(entries)
        begun = self._begun()
        fresh = {key: begun[key] for key in entries if key in begun and key not in kept}
        fresh |= _render({key: entry.notice for key, entry in entries.items() if key not in kept and key not in begun})
        self._cache.put(fresh)
        kept |= fresh
        return {entry.id: replace(entry, html=kept[key]) for key, entry in entries.items()}


Rendered = dict[str, dict[str, str]]
"""HTML by language, by what it is kept under."""


def _html_key(notice: Notice) -> str:
    return f"html {notice.id} {notice.content_id}"


def _render(notices: Mapping[str, Notice]) -> Rendered:
    if not notices:
        return {}
    from gaoshi.core.prose import render  # noqa: PLC0415  (slow to import, and needed only to publish)

    return {
        key: {code: render(text.body, notice.attachments) for code, text in notice.texts.items()}
        for key, notice in notices.items()
    }
