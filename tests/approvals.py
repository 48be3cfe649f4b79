"""Keys and signed statements for test estates: real ones, made by ssh-keygen."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gaoshi.core.instants import parse_exact
from gaoshi.core.statement import ROSTER_SUBJECT, Decision, How, Receipt, Stage, Statement, Subject, digest_of
from gaoshi.sources.settings import own_standard
from gaoshi.sources.signatures import fingerprint_of
from gaoshi.sources.witness import signed_receipt, signed_statement

LONG_AGO = "2026-02-02T09:00:00+08:00"
"""When everything in a test estate was approved, unless a test says otherwise."""
HEADS = {
    "customer-service": "yun-xiaoman",
    "engineering": "yun-mangzhong",
    "security": "yun-bailu",
    "cleaning": "yun-hanlu",
}
HEAD, DEPUTY, LEADER, COUNSEL, KEEPER = "yun-lichun", "yun-guyu", "yun-dongzhi", "yun-qingming", "yun-dongzhi"
BOARD, WITNESS = "cloudtop", "publisher"


@functools.cache
def _folder() -> Path:
    """Where this process keeps its keys; they are made once and for all its tests."""
    return Path(tempfile.mkdtemp(prefix="gaoshi-test-keys-"))


@functools.cache
def key_of(holder: str) -> Path:
    """The private key of somebody."""
    key = _folder() / holder
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", holder, "-f", str(key)]
    subprocess.run(command, check=True, env=os.environ | {"LC_ALL": "C"}, capture_output=True)
    return key


def public_key(holder: str) -> str:
    """The public half of somebody's key, as the roster has it."""
    return " ".join(key_of(holder).with_name(f"{holder}.pub").read_text(encoding="utf-8").split()[:2])


def with_test_keys(roster: str) -> str:
    """The sample's roster with everybody's key replaced by one that the tests hold, valid at any time."""
    lines, holder = [], ""
    for line in roster.splitlines():
        found = re.match(r"  - id: (\S+)", line)
        holder = found[1] if found else holder
        keeps = re.match(r"      - \{key: ssh-ed25519 ", line)
        lines.append(f"      - {{key: {public_key(holder)}}}" if keeps else line)
    return "\n".join([*lines, ""])


@dataclass(frozen=True)
class Word:
    """One statement in the making: who says what about what."""

    stage: str
    approver: str
    at: str = LONG_AGO
    decision: str = "approve"
    reason: str = ""
    how: str = "signature"
    given: tuple[tuple[str, str], ...] = ()
    board: str = BOARD
    key: str = ""
    """Whose key signs; the approver's own, unless a test cheats."""

    def statement(self, name: str, digest: str) -> Statement:
        """The statement about a notice (or the roster) with this digest."""
        subject = Subject(name, digest)
        return Statement(
            self.board,
            subject,
            Stage(self.stage),
            Decision(self.decision),
            self.approver,
            parse_exact(self.at),
            How(self.how),
            self.reason,
            dict(self.given),
        )

    def files(self, name: str, digest: str) -> dict[str, bytes]:
        """Its two files."""
        return signed_statement(self.statement(name, digest), key_of(self.key or self.approver))


def receipt_files(
    payload: bytes, name: str, digest: str, at: str, *, key: str = WITNESS, hand: str = ""
) -> dict[str, bytes]:
    """The publisher's receipt for `hand`'s signature of a statement; without a hand it names no key."""
    signer = fingerprint_of(public_key(hand)) or "" if hand else ""
    receipt = Receipt(BOARD, digest_of(payload), parse_exact(at), WITNESS, signer)
    return signed_receipt(receipt, Subject(name, digest), key_of(key))


def usual(front_matter: str) -> Iterator[Word]:
    """What a notice with this front matter needs, each from another person; what asks `nobody` gets nothing."""

    def field(name: str) -> str:
        found = re.search(rf"^{name}: *([^#\n]*?) *$", front_matter, re.MULTILINE)
        return found[1] if found else ""

    if field("approver") == "nobody":
        return
    strictest = field("type") not in own_standard()["kinds"]
    if field("department") in HEADS:
        yield Word("content", HEADS[field("department")])
    yield Word("publish", DEPUTY if field("approver") == DEPUTY else HEAD)
    if strictest or field("issued_as") == "company":
        yield Word("company", LEADER)
    if strictest or field("legal") == "true":
        yield Word("legal", COUNSEL)


__all__ = ["ROSTER_SUBJECT", "Word", "key_of", "public_key", "receipt_files", "usual", "with_test_keys"]
