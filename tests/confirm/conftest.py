"""A project that is published once, a server with its board, and nobody who waits.

A file that asks about another board has a `project` of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from confirmed import AT, ENDED, NEXT, SHORT, TEXT, UPCOMING, WITHHELD, A
from public_server import PublicServer, files_of

from gaoshi.cli import confirm
from gaoshi.engine.inspection import Here

_KEPT: dict[str, Any] = {}
_MADE: dict[tuple[Any, ...], Any] = {}


@pytest.fixture(autouse=True)
def made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a board should be is built once for each revision, instant and records: it is the same every time."""
    begin = Here.__init__

    def begin_with_what_is_made(here: Here, snapshot: Any, trusted: str | None) -> None:
        begin(here, snapshot, trusted)
        made = _MADE.setdefault((snapshot.repository.folder(), snapshot.revision, trusted), {})
        monkeypatch.setattr(here, "_made", made)

    monkeypatch.setattr(Here, "__init__", begin_with_what_is_made)


@pytest.fixture
def project(make_estate: Callable[[str], Any]) -> Any:
    """A project with notices in every state; what it publishes at AT is in `project.site`. Made once, never changed."""
    if not _KEPT:
        estate = make_estate("confirmed")
        english = "---\ntitle: Beware of people who only claim to be staff\n---\nPlease ask for an identity card.\n"
        estate.notice(A, languages="[zh, en]", body="来访人员请出示证件。\n", texts={"en": english})
        estate.notice(SHORT, title="关于电梯口请勿堆物的温馨提示", valid_until=NEXT, body="请勿堆放杂物。\n")
        estate.notice(ENDED, title="关于已经结束之事的温馨提示", valid_until="2026-11-23 18:00", body=f"{TEXT}。\n")
        estate.notice(WITHHELD, title="关于未获批准之事的温馨提示", approver="nobody", body=f"{TEXT}，勿外传。\n")
        estate.notice(UPCOMING, title="关于尚未开始之事的温馨提示", valid_from="2026-11-25 09:00", body="明天再看。\n")
        estate.commit()
        assert estate.build(at=AT).status == 1
        _KEPT["estate"] = estate
    return _KEPT["estate"]


@pytest.fixture
def public(project: Any) -> Iterator[PublicServer]:
    """A server with the board as it was built."""
    server = PublicServer(files_of(project.site))
    yield server
    server.close()


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits between two looks; how long it would have been."""
    waited: list[float] = []
    monkeypatch.setattr(confirm, "sleep", waited.append)
    return waited
