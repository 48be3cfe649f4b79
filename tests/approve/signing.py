"""Signing with somebody's key by `gaoshi approve`, and what is written then."""

from __future__ import annotations

import json
from typing import Any

import approvals

A = "2026-11/a"
BAILU, LICHUN, GUYU, LEADER = "yun-bailu", "yun-lichun", "yun-guyu", "yun-dongzhi"
WITNESS = "yun-xiaoxue"
MORNING, NOON = "2026-11-24 09:00", "2026-11-24 10:00"
UNCOMMITTED = "changes that are not committed"


def sign(estate: Any, who: str, *more: str, at: str = MORNING, subject: str = A) -> Any:
    """Run `gaoshi approve` with somebody's key, without being asked."""
    return estate.run(
        "approve", subject, "--key", str(approvals.key_of(who)), "--yes", "--at", at, "--lang", "en", *more
    )


def statements(estate: Any, subject: str = A) -> list[dict[str, Any]]:
    """What is written on a notice, the oldest first."""
    folder = estate.root / "records/approvals" / subject
    return [json.loads(path.read_bytes())["predicate"] for path in sorted(folder.glob("*.json"))]


def state(estate: Any, at: str = NOON) -> str:
    """The state of the notice on main."""
    value: str = estate.edition(at).entries[A].state.value
    return value


def nothing_written(estate: Any) -> bool:
    """Whether no statement was made."""
    return not (estate.root / "records/approvals" / A).exists()
