"""What attacks on approval have in common: who is who, one notice, and how it stands afterwards."""

from __future__ import annotations

from typing import Any

import approvals
from approvals import Word
from gaoshi.core.edition import Edition, Entry

A, B = "2026-11/a", "2026-11/b"
ROSTER = ".github/approvers.yml"
BAILU, LICHUN, GUYU, MANGZHONG, KEEPER = "yun-bailu", "yun-lichun", "yun-guyu", "yun-mangzhong", "yun-dongzhi"
BOTH = (Word("content", BAILU), Word("publish", LICHUN))


def signed(estate: Any, *words: Word, author: str = "writer@cloudtop.example") -> str:
    """Commit everything as it is, with these words on A; A's content id."""
    content_id: str = estate.signed(A, *words, author=author)
    return content_id


def entry(estate: Any, at: str = "2026-11-24 10:00", **options: Any) -> Entry:
    """A as the board has it."""
    found: Entry = estate.edition(at, **options).entries[A]
    return found


def state(estate: Any, at: str = "2026-11-24 10:00") -> str:
    """The state of A."""
    return str(entry(estate, at).state)


def whys(estate: Any, at: str = "2026-11-24 10:00") -> set[str]:
    """Why records on A's newest version do not count."""
    standing = entry(estate, at).standing
    assert standing is not None
    return {aside.why.value for aside in standing.newest.set_aside}


def codes(edition: Edition) -> set[tuple[str, str]]:
    """What is said besides the notices."""
    return {(finding.code, finding.variant) for finding in edition.findings}


def keyed(estate: Any, holder: str, terms: str) -> None:
    """Give somebody's key these terms."""
    old = f"{{key: {approvals.public_key(holder)}}}"
    estate.edit(ROSTER, old, old.replace("}", f", {terms}}}"))
