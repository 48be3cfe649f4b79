"""A published board.json is read back as it was written, or refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gaoshi.core.published import NotABoard, read_published
from gaoshi.outputs.manifest import manifest


def empty_manifest(**more: object) -> bytes:
    """The least that a board.json can say: no notices, and not when it is due."""
    said = {
        "format": 1,
        "board": "x",
        "at": "2026-11-24T10:00:00+08:00",
        "revision": None,
        "records": [],
        "notices": [],
    }
    return json.dumps(said | more).encode()


def test_what_is_published_is_read_back(sample: Any) -> None:
    """Every live notice, with its content, its addresses and its end, and when the board is due."""
    edition = sample.edition("2026-11-24 10:00")
    published = read_published(manifest(edition))
    assert (published.at, published.revision, published.next, published.due) == (
        edition.at,
        edition.revision,
        edition.next,
        edition.due,
    )
    assert {shown.id: (shown.content_id, shown.valid_until) for shown in published.notices.values()} == {
        entry.id: (entry.notice.content_id, entry.window.end) for entry in edition.live
    }


def test_a_board_that_does_not_say_when_it_is_due_is_due_at_once() -> None:
    """As one of an earlier version is."""
    published = read_published(empty_manifest())
    assert published.due == published.at == datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "read"),
    [
        ("2026-11-24T10:30:00+08:00", "2026-11-24T02:30:00+00:00"),
        ("2026-11-25T10:00:00+08:00", "2026-11-25T02:00:00+00:00"),
        ("2026-11-25T10:00:01+08:00", "2026-11-25T02:00:00+00:00"),
        ("2999-12-31T23:59:59+08:00", "2026-11-25T02:00:00+00:00"),
    ],
)
def test_no_board_is_good_for_longer_than_a_day(due: str, read: str) -> None:
    """Whatever it says: a board that could say so would never be missed."""
    published = read_published(empty_manifest(due=due))
    assert published.due == datetime.fromisoformat(read)
    assert published.zone.utcoffset(None) == timedelta(hours=8)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"<!doctype html><title>Sign in</title>",
        b'{"format": 2}',
        b'{"format": 1}',
        b'{"format": 1, "board": "x", "at": "yesterday", "revision": "", "records": [], "notices": []}',
        b'{"format": 1, "board": "x", "at": 7, "revision": "", "records": [], "notices": []}',
        b'{"format": 1, "board": "x", "at": "2026-11-24T10:00:00Z", "revision": "", "records": [], "notices": [{"id": "../x"}]}',
        b'{"format": 1, "board": "x", "at": "2026-11-24T10:00:00Z", "revision": "", "records": [], "notices": [3]}',
        b'{"format": 1, "board": "x", "at": "2026-11-24T10:00:00Z", "revision": "HEAD", "records": [], "notices": []}',
        b'{"format": 1, "board": "x", "at": "2026-11-24T10:00:00Z", "revision": "", "records": ["a\\u0000b"], "notices": []}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_anything_else_is_no_board(data: bytes) -> None:
    """A portal's page, half a file, another format: one error, never a traceback."""
    with pytest.raises(NotABoard):
        read_published(data)


def test_the_same_records_are_named_once_and_not_without_end() -> None:
    """Each is looked for in history, so a file that repeats them, or names hundreds, must not keep a build busy."""
    one = "1" * 40
    assert read_published(empty_manifest(records=[one] * 2_000)).records == (one,)
    many = [f"{number:040x}" for number in range(51)]
    assert read_published(empty_manifest(records=many[:50])).records == tuple(many[:50])
    with pytest.raises(NotABoard):
        read_published(empty_manifest(records=many))
