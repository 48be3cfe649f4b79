"""One person's word on one version of one notice, as it is signed and kept (docs/approval.md).

A statement is an in-toto v1 statement: its subject is what was judged (a notice's folder by git's tree
id, or the roster by git's blob id), its predicate who said what, for which stage, when and how. A
receipt is the publisher's own note of when it first saw a statement. Both are read here with
suspicion: whatever is not exactly of the documented form is refused with one word that says why.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from gaoshi.core.instants import NotAnInstant, parse_exact
from gaoshi.core.notice import ID_PATTERN

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "tag:gaoshi.example,2026:approval/v1"
STATEMENT_NAMESPACE = "gaoshi-approval"
RECEIPT_NAMESPACE = "gaoshi-receipt"
ROSTER_SUBJECT = ".github/approvers.yml"
FORMAT = 1
MOST_BYTES = 16 * 1024
"""A statement is a few hundred bytes; more than this means something else."""
_LONGEST_TEXT = 2000
_DIGEST = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}", re.ASCII)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_Word = TypeVar("_Word", bound=StrEnum)


class Stage(StrEnum):
    """What an approval is for; the policy says who may give it."""

    CONTENT = "content"
    PUBLISH = "publish"
    COMPANY = "company"
    LEGAL = "legal"
    URGENT = "urgent"
    AMENDMENT = "amendment"
    COUNTERSIGN = "countersign"
    ROSTER = "roster"


class Decision(StrEnum):
    """Yes, or no with a reason."""

    APPROVE = "approve"
    REJECT = "reject"


class How(StrEnum):
    """How the decision was given: by the person's own signature, by a click, or on paper."""

    SIGNATURE = "signature"
    FORGE = "forge"
    PAPER = "paper"


class NotAStatement(ValueError):
    """Bytes that are no statement or receipt of ours; `why` is one word, for logs and tests."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: a notice's id and content id, or the roster's path and blob id."""

    name: str
    digest: str

    @property
    def is_roster(self) -> bool:
        """Whether this is the roster rather than a notice."""
        return self.name == ROSTER_SUBJECT

    @property
    def algorithm(self) -> str:
        """The digest's name in in-toto's list."""
        return "gitBlob" if self.is_roster else "gitTree"

    @property
    def folder(self) -> str:
        """Where below `approvals/` and `receipts/` its records lie."""
        return "roster" if self.is_roster else self.name


@dataclass(frozen=True, slots=True)
class Statement:
    """One decision. `at` is aware, and only its signer's word; `given` are words on how it was given."""

    board: str
    subject: Subject
    stage: Stage
    decision: Decision
    approver: str
    at: datetime
    how: How = How.SIGNATURE
    reason: str = ""
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """When the publisher first saw the statement with this SHA-256 (of its bytes, hexadecimal).

    `key` is the fingerprint of the key whose signature was seen on it: anybody can sign the same bytes. Empty
    in receipts from before keys were named.
    """

    board: str
    statement: str
    at: datetime
    witness: str
    key: str = ""


def digest_of(payload: bytes) -> str:
    """What names a statement: the SHA-256 of its bytes, hexadecimal."""
    return hashlib.sha256(payload).hexdigest()


def short_number(digest: str) -> str:
    """A statement's number for people to read out: the first eight digits of its SHA-256, `3F2A-91C0`."""
    return f"{digest[:4]}-{digest[4:8]}".upper()


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def encode_statement(statement: Statement) -> bytes:
    """The bytes that are signed and kept: JSON, one way to write each statement."""
    subject = statement.subject
    predicate: dict[str, Any] = {
        "format": FORMAT,
        "board": statement.board,
        "stage": statement.stage.value,
        "decision": statement.decision.value,
        "reason": statement.reason or None,
        "approver": statement.approver,
        "at": statement.at.isoformat(timespec="seconds"),
        "given": {"how": statement.how.value, **dict(sorted(statement.given.items()))},
    }
    return _json(
        {
            "_type": STATEMENT_TYPE,
            "subject": [{"name": subject.name, "digest": {subject.algorithm: subject.digest}}],
            "predicateType": PREDICATE_TYPE,
            "predicate": predicate,
        }
    )


def encode_receipt(receipt: Receipt) -> bytes:
    """The bytes of a receipt that are signed and kept."""
    return _json(
        {
            "format": FORMAT,
            "board": receipt.board,
            "statement": {"sha256": receipt.statement, **({"key": receipt.key} if receipt.key else {})},
            "at": receipt.at.isoformat(timespec="seconds"),
            "witness": receipt.witness,
        }
    )


def _json(data: object) -> bytes:
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return (unicodedata.normalize("NFC", text) + "\n").encode()


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def parse_statement(payload: bytes) -> Statement:
    """The statement in `payload`. Raises NotAStatement for anything that is not exactly one."""
    data = _load(payload)
    if data.get("_type") != STATEMENT_TYPE or data.get("predicateType") != PREDICATE_TYPE:
        raise NotAStatement("other-type")
    subjects = data.get("subject")
    if not isinstance(subjects, list) or len(subjects) != 1:
        raise NotAStatement("subject")
    predicate = _mapping(data.get("predicate"))
    if predicate.get("format") != FORMAT or isinstance(predicate.get("format"), bool):
        raise NotAStatement("format")
    given = {key: _text(value) for key, value in _mapping(predicate.get("given")).items()}
    decision = _one_of(Decision, predicate.get("decision"))
    reason = _text(predicate.get("reason")) if predicate.get("reason") is not None else ""
    if decision is Decision.REJECT and not reason.strip():
        raise NotAStatement("no-reason")
    stage, subject = _one_of(Stage, predicate.get("stage")), _subject(_mapping(subjects[0]))
    if subject.is_roster != (stage is Stage.ROSTER):
        raise NotAStatement("stage")
    return Statement(
        board=_slug(predicate.get("board")),
        subject=subject,
        stage=stage,
        decision=decision,
        approver=_slug(predicate.get("approver")),
        at=_instant(predicate.get("at")),
        how=_one_of(How, given.pop("how", None)),
        reason=reason,
        given=given,
    )


def parse_receipt(payload: bytes) -> Receipt:
    """The receipt in `payload`. Raises NotAStatement for anything that is not exactly one."""
    data = _load(payload)
    if data.get("format") != FORMAT or isinstance(data.get("format"), bool):
        raise NotAStatement("format")
    seen = _mapping(data.get("statement"))
    digest = seen.get("sha256")
    if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
        raise NotAStatement("subject")
    # One that names a key in a way that we cannot read is not one that names none.
    key = _text(seen["key"]) if "key" in seen else ""
    if "key" in seen and not _FINGERPRINT.fullmatch(key):
        raise NotAStatement("key")
    return Receipt(_slug(data.get("board")), digest, _instant(data.get("at")), _slug(data.get("witness")), key)


def _load(payload: bytes) -> Mapping[str, Any]:
    if len(payload) > MOST_BYTES:
        raise NotAStatement("too-large")
    try:
        return _mapping(json.loads(payload.decode("utf-8"), object_pairs_hook=_once))
    except NotAStatement:
        raise
    except (ValueError, RecursionError):
        raise NotAStatement("unreadable") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A mapping in which every key stands once: of two, readers would differ on which one counts."""
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise NotAStatement("key-twice")
    return mapping


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotAStatement("form")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise NotAStatement("form")
    return value


def _slug(value: object) -> str:
    if not isinstance(value, str) or not _SLUG.fullmatch(value):
        raise NotAStatement("form")
    return value


def _one_of(words: type[_Word], value: object) -> _Word:
    try:
        return words(_text(value))
    except ValueError:
        raise NotAStatement("word") from None


def _subject(data: Mapping[str, Any]) -> Subject:
    name, digests = data.get("name"), _mapping(data.get("digest"))
    if not isinstance(name, str) or (name != ROSTER_SUBJECT and not ID_PATTERN.fullmatch(name)):
        raise NotAStatement("subject")
    digest = digests.get("gitBlob" if name == ROSTER_SUBJECT else "gitTree")
    if len(digests) != 1 or not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise NotAStatement("subject")
    return Subject(name, digest)


def _instant(value: object) -> datetime:
    try:
        return parse_exact(_text(value))
    except NotAnInstant:
        raise NotAStatement("instant") from None
