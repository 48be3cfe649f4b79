"""What `gaoshi approvals` tells of copies that strangers signed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from approvals import HEAD, HEADS, Word, receipt_files

A, NOON = "2026-11/a", "2026-11-24 12:00"
CONTENT, PUBLISH = Word("content", HEADS["security"]), Word("publish", HEAD)


@pytest.fixture
def copied(estate: Any) -> Any:
    """An approved notice, and the statement that let it out signed again with keys of three strangers."""
    estate.notice(A)
    content_id = estate.signed(A, CONTENT, PUBLISH)
    for number in range(3):
        made = replace(PUBLISH, key=f"stranger-{number}").files(A, content_id)
        estate.record({path.replace(".json", f"-{number}.json"): data for path, data in made.items()})
    return estate


def lines(estate: Any, language: str) -> list[str]:
    return list(map(str.strip, estate.run("approvals", A, "--at", NOON, "--lang", language).out.splitlines()))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "has signatures that do not count (3): the key that signed is not on the roster (the first: records/"),
        ("zh", "有 3 个签名不算数：签名的密钥不在名册上（其一：records/"),
    ],
)
def test_copies_that_do_not_count_are_one_line(copied: Any, language: str, text: str) -> None:
    """However many strangers sign a statement, it is told once, and not that the statement does not count."""
    assert [text in line for line in lines(copied, language) if line.startswith("–")] == [True]


def test_a_single_copy_of_what_counts_is_no_statement_that_does_not(estate: Any) -> None:
    """Of a statement that counts only the other signature is said not to."""
    estate.notice(A)
    content_id = estate.signed(A, CONTENT, PUBLISH)
    copy = replace(PUBLISH, key="stranger").files(A, content_id)
    estate.record({path.replace(".json", "-x.json"): data for path, data in copy.items()})
    assert [" has signatures that do not count (1): " in line for line in lines(estate, "en") if line[0] == "–"] == [
        True
    ]


@pytest.mark.parametrize(("hand", "told"), [("", 1), (HEAD, 0)])
def test_a_receipt_that_may_be_a_strangers_is_told(copied: Any, hand: str, told: int) -> None:
    """Where a receipt names no key and strangers signed too, people learn that it counts for nobody."""
    content_id = copied.contents("HEAD")[A]
    payload = next(iter(PUBLISH.files(A, content_id).values()))
    copied.record(receipt_files(payload, A, content_id, "2026-02-03T09:00:00+08:00", hand=hand))
    for language, word in (("en", "it counts for nobody"), ("zh", "对谁都不算数")):
        assert sum(word in line for line in lines(copied, language)) == told
