"""Signing: a statement or a receipt as the files that are kept, each beside its signature."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from gaoshi.core.statement import (
    RECEIPT_NAMESPACE,
    STATEMENT_NAMESPACE,
    Receipt,
    Statement,
    Subject,
    encode_receipt,
    encode_statement,
)
from gaoshi.sources.ledger import APPROVALS, RECEIPTS, SIGNATURE
from gaoshi.sources.signatures import sign


def signed_statement(statement: Statement, key: Path) -> dict[str, bytes]:
    """The two files of a statement, by path. Raises SignError."""
    name = f"{_compact(statement.at)}-{statement.stage.value}-{statement.approver}"
    return _pair(
        f"{APPROVALS}/{statement.subject.folder}/{name}", encode_statement(statement), STATEMENT_NAMESPACE, key
    )


def signed_receipt(receipt: Receipt, subject: Subject, key: Path) -> dict[str, bytes]:
    """The two files of a receipt for a statement about `subject`, by path. Raises SignError."""
    path = f"{RECEIPTS}/{subject.folder}/{receipt.statement}"
    return _pair(path, encode_receipt(receipt), RECEIPT_NAMESPACE, key)


def _pair(path: str, payload: bytes, namespace: str, key: Path) -> dict[str, bytes]:
    return {f"{path}.json": payload, f"{path}.json{SIGNATURE}": sign(payload, namespace, key)}


def _compact(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
