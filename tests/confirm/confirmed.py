"""A board that was published and is then asked about: its notices, its pages, and ways to falsify it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from public_server import PublicServer

A, SHORT, ENDED, WITHHELD, UPCOMING = "2026-11/a", "2026-11/b", "2026-11/c", "2026-11/d", "2026-11/e"
AT = "2026-11-24 10:00"
NEXT = "2026-11-24 10:30"
"""When SHORT ends."""
TEXT = "今晚请不要使用三号门的临时通道"
PAGES = ("", "en/", f"notices/{A}/", f"en/notices/{A}/", f"notices/{SHORT}/", f"en/notices/{SHORT}/")
OWN = ("about/", "en/about/")
Lying = Callable[[PublicServer], None]
Found = set[tuple[str, str, str]]
OLD = "2026-11-24T09:45:00+08:00"


def age(public: PublicServer, *paths: str) -> None:
    """Make pages those of an older edition."""
    for path in paths:
        public.edit(path, 'data-at="2026-11-24T10:00:00+08:00"', f'data-at="{OLD}"')


def portal(public: PublicServer, *paths: str) -> None:
    """Put somebody's sign-in page in the place of pages."""
    for path in paths:
        public.files[path] = b"<!doctype html><html lang=en><title>Sign in</title><h1>Sign in</h1></html>"


def manifest(public: PublicServer, **fields: Any) -> None:
    """Change fields of the manifest."""
    public.files["board.json"] = json.dumps(json.loads(public.files["board.json"]) | fields).encode()


def in_notices(public: PublicServer, change: Callable[[list[dict[str, Any]]], object]) -> None:
    """Change what the manifest says of notices."""
    notices = json.loads(public.files["board.json"])["notices"]
    change(notices)
    manifest(public, notices=notices)
