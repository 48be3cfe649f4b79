"""Statements that are not what they seem, as a way onto the board; each must fail."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from attacked import BAILU, BOTH, GUYU, LICHUN, MANGZHONG, A, B, signed, state, whys

import approvals
from approvals import Word
from gaoshi.core.statement import Subject, encode_statement
from gaoshi.sources.signatures import sign


def test_statements_of_another_matter_are_not_this_ones(estate: Any) -> None:
    """Of another notice, another board or another stage: nothing of it counts here."""
    estate.notice(A)
    estate.stage(approved=False)
    content_id = estate.contents()[A]
    elsewhere = {path.replace(B, A): data for word in BOTH for path, data in word.files(B, content_id).items()}
    estate.record(elsewhere)
    signed(estate)
    assert (state(estate), whys(estate)) == ("withheld", {"other-place"})
    board = [replace(word, board="othertop", at="2026-02-03T09:00:00+08:00") for word in BOTH]
    estate.record({path: data for word in board for path, data in word.files(A, content_id).items()})
    assert (state(estate), whys(estate)) == ("withheld", {"other-place", "other-board"})
    stage = (Word("content", BAILU), Word("countersign", LICHUN), Word("amendment", GUYU), Word("urgent", MANGZHONG))
    estate.record({path: data for word in stage for path, data in word.files(A, content_id).items()})
    assert state(estate) == "withheld"


def test_a_signed_commit_is_no_approval(estate: Any) -> None:
    """The head's signature on an ordinary commit, tag or file is in another namespace, and counts for nothing."""
    estate.notice(A)
    content_id = signed(estate)
    files: dict[str, bytes] = {}
    for word in BOTH:
        (path, payload), (signature, _) = word.files(A, content_id).items()
        for namespace in ("git", "file", "gaoshi-receipt"):
            files[path.replace(".json", f"-{namespace}.json")] = payload
            key = approvals.key_of(word.approver)
            files[signature.replace(".json", f"-{namespace}.json")] = sign(payload, namespace, key)
    estate.record(files)
    assert (state(estate), whys(estate)) == ("withheld", {"bad-signature"})


def test_a_signature_of_other_bytes_is_none(estate: Any) -> None:
    """A good signature moved beside another statement proves nothing."""
    estate.notice(A)
    content_id = signed(estate)
    yes, no = (Word("publish", LICHUN, decision=d, reason=r) for d, r in (("approve", ""), ("reject", "不")))
    (path, payload), _ = yes.files(A, content_id).items()
    _, (_, signature) = no.files(A, content_id).items()
    estate.record({path: payload, f"{path}.sig": signature})
    assert whys(estate) == {"bad-signature"}


def resigned(change: Callable[[bytes], bytes]) -> Callable[[bytes, bytes], tuple[bytes, bytes]]:
    """Other bytes, really signed by the head."""

    def damage(payload: bytes, _signature: bytes) -> tuple[bytes, bytes]:
        return change(payload), sign(change(payload), "gaoshi-approval", approvals.key_of(LICHUN))

    return damage


DAMAGE: dict[str, Callable[[bytes, bytes], tuple[bytes, bytes]]] = {
    "statement cut": lambda payload, signature: (payload[:-20], signature),
    "statement empty": lambda _, signature: (b"", signature),
    "statement twice": resigned(lambda payload: payload * 2),
    "key twice": resigned(lambda payload: payload.replace(b'"stage"', b'"stage": "content",\n  "stage"')),
    "statement huge": resigned(lambda payload: payload + b" " * 20_000),
    "signature cut": lambda payload, signature: (payload, signature[:-60]),
    "signature empty": lambda payload, _: (payload, b""),
    "signature huge": lambda payload, signature: (payload, signature + b"\n" * 9000),
    "signature garbage": lambda payload, _: (payload, os.urandom(300)),
    "signature of a line": lambda payload, _: (payload, b"-----BEGIN SSH SIGNATURE-----\n"),
    "one byte more": lambda payload, signature: (payload + b"\n", signature),
}
"""Ways in which somebody might have damaged a statement or its signature."""


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_statements_count_for_nothing_and_stop_nothing(estate: Any, damage: str) -> None:
    """Malformed, oversized, truncated or doubled: left out with a reason, and all other notices are published."""
    estate.notice(A)
    estate.notice(B)
    estate.commit(approved=False)
    contents = estate.contents("HEAD")
    files = {path: data for word in BOTH for path, data in word.files(B, contents[B]).items()}
    files |= BOTH[0].files(A, contents[A])
    (path, payload), (_, signature) = BOTH[1].files(A, contents[A]).items()
    statement, beside = DAMAGE[damage](payload, signature)
    estate.record(files | {path: statement, f"{path}.sig": beside})
    assert (state(estate), bool(whys(estate) & {"broken", "bad-signature"})) == ("withheld", True)
    assert estate.build().status == 1
    assert [notice["id"] for notice in estate.manifest["notices"]] == [B]
    estate.record(
        {path.replace("publish", "publish-2"): payload, path.replace("publish", "publish-2") + ".sig": signature}
    )
    assert state(estate) == "live"


def test_the_same_statement_twice_is_one(estate: Any) -> None:
    """A copy of a statement, under another name or beside another signature, adds nobody and takes nobody away."""
    estate.notice(A)
    content_id = signed(estate)
    (path, payload), (_, signature) = BOTH[1].files(A, content_id).items()
    files = {path: payload, f"{path}.sig": b"garbage", path.replace(".json", "-b.json"): payload}
    estate.record(files | {path.replace(".json", "-b.json.sig"): signature})
    assert state(estate) == "withheld"
    estate.record(BOTH[0].files(A, content_id))
    assert state(estate) == "live"


def test_an_outsider_checks_a_statement_with_the_same_result(estate: Any, tmp_path: Path) -> None:
    """`ssh-keygen -Y verify` takes what we take and refuses what we refuse."""
    statement = BOTH[1].statement(A, "1" * 40)
    payload = encode_statement(statement)
    assert json.loads(payload)["subject"] == [{"name": A, "digest": {"gitTree": Subject(A, "1" * 40).digest}}]
    for namespace, status in (("gaoshi-approval", 0), ("git", 255)):
        signature = tmp_path / namespace
        signature.write_bytes(sign(payload, namespace, approvals.key_of(LICHUN)))
        allowed = tmp_path / "allowed"
        allowed.write_text(f"{LICHUN} {approvals.public_key(LICHUN)}\n", encoding="utf-8")
        verify = ["-Y", "verify", "-f", str(allowed), "-I", LICHUN, "-n", "gaoshi-approval", "-s", str(signature)]
        assert (
            subprocess.run(["ssh-keygen", *verify], input=payload, check=False, capture_output=True).returncode
            == status
        )
