"""What was signed: statements in `records/approvals/`, receipts in `records/receipts/`.

Signed things prove themselves, so they count wherever they are found: in the revision, or on the
append-only branch `records`. What was once there and has been deleted or changed since counts as well:
nobody takes back a rejection by taking away its file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from gaoshi.core.approval import Record, SignedReceipt, by_folder
from gaoshi.core.finding import Position
from gaoshi.core.notice import Problem
from gaoshi.core.statement import (
    MOST_BYTES,
    RECEIPT_NAMESPACE,
    STATEMENT_NAMESPACE,
    NotAStatement,
    Receipt,
    digest_of,
    parse_receipt,
    parse_statement,
)
from gaoshi.sources import signatures
from gaoshi.sources.cache import Cache
from gaoshi.sources.git import GitError, Repository
from gaoshi.sources.signatures import Signed, signers
from gaoshi.sources.snapshot import RECORDS, Snapshot

APPROVALS = f"{RECORDS}/approvals"
RECEIPTS = f"{RECORDS}/receipts"
BRANCH = "records"
ROSTER_FOLDER = "roster"
SIGNATURE = ".sig"
_MANY = 300
"""For more folders than this it is quicker to list all of them."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Records by the folder that they lie in, the tips of the branch `records`, and what was wrong."""

    records: Mapping[str, list[Record]] = field(default_factory=dict)
    tips: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def of(self, folder: str) -> list[Record]:
        """The records that lie in one folder."""
        return self.records.get(folder, [])


@dataclass(slots=True)
class _Pair:
    """A document and its signature at one path; more than one of each where somebody changed them."""

    documents: set[str] = field(default_factory=set)
    signatures: set[str] = field(default_factory=set)


def read_ledger(
    snapshot: Snapshot, folders: Collection[str], cache: Cache, *, after: Iterable[str] = ()
) -> Ledger:
    """The records on `folders` (ids of notices, or `roster`).

    `after` are tips of the branch `records` that have been seen before. Raises GitError (`records-rewound`)
    when one of them is no longer part of the branch, and SignError without ssh-keygen.
    """
    repository = snapshot.repository
    tips = record_tips(repository)
    _must_descend(repository, after, tips, snapshot.revision)
    pairs: dict[str, _Pair] = {}
    for tree in (snapshot.tree, *tips):
        for path, blob in _listed(repository, tree, folders):
            _add(pairs, path, blob)
    problems = []
    for commit in (*filter(None, [snapshot.revision]), *tips):
        for path, blob in _taken_away(repository, commit, cache):
            if _folder(path) in folders:
                _add(pairs, path, blob)
                problems.append(Problem("record-changed", Position(path)))
    records = _records(repository, pairs, cache)
    return Ledger(by_folder(records), tips, tuple(dict.fromkeys(problems)))


def record_tips(repository: Repository) -> tuple[str, ...]:
    """The commits that the branch `records` stands at, here and as last fetched."""
    return repository.refs(f"refs/heads/{BRANCH}", f"refs/remotes/*/{BRANCH}")


def _must_descend(
    repository: Repository, after: Iterable[str], tips: Iterable[str], revision: str | None
) -> None:
    ends = [*tips, *filter(None, [revision])]
    for seen in after:
        if not any(repository.descends(end, seen) for end in ends):
            raise GitError("records-rewound", seen)


# ── finding ──────────────────────────────────────────────────────────────────────────────────────


def _listed(repository: Repository, tree: str, folders: Collection[str]) -> Iterator[tuple[str, str]]:
    roots = (APPROVALS, RECEIPTS)
    wanted = [f"{root}/{folder}" for root in roots for folder in sorted(folders)]
    if not wanted:
        return
    for entry in repository.list_tree(tree, *(wanted if len(wanted) <= _MANY else roots)):
        if entry.form == "file" and _folder(entry.path) in folders:
            yield entry.path, entry.id


def _taken_away(repository: Repository, commit: str, cache: Cache) -> list[tuple[str, str]]:
    """What a branch once had in its records and has no more, as (path, blob)."""
    key = f"records taken away {commit}"
    kept = cache.get([key])
    if key in kept:
        gone: list[tuple[str, str]] = kept[key]
        return gone
    gone = repository.replaced(commit, APPROVALS, RECEIPTS)
    cache.put({key: gone})
    return gone


def _folder(path: str) -> str:
    """The folder below `approvals/` or `receipts/` in which a file lies."""
    return "/".join(path.split("/")[2:-1])


def _add(pairs: dict[str, _Pair], path: str, blob: str) -> None:
    pair = pairs.setdefault(path.removesuffix(SIGNATURE), _Pair())
    (pair.signatures if path.endswith(SIGNATURE) else pair.documents).add(blob)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def _records(repository: Repository, pairs: Mapping[str, _Pair], cache: Cache) -> list[Record]:
    contents = _contents(repository, pairs.values())
    statements: list[tuple[str, bytes, Record, list[Signed]]] = []
    receipts: list[tuple[Receipt, str, list[Signed]]] = []
    for path, pair in sorted(pairs.items()):
        if not path.endswith(".json"):
            continue
        namespace = STATEMENT_NAMESPACE if path.startswith(APPROVALS) else RECEIPT_NAMESPACE
        for document in sorted(pair.documents):
            payload = contents.get(document)
            signed = [
                Signed(payload, contents[signature], namespace)
                for signature in sorted(pair.signatures)
                if payload is not None and signature in contents
            ]
            if path.startswith(APPROVALS):
                statements.append((path, payload or b"", _record(path, payload), signed))
            elif payload is not None:
                receipt = _receipt(payload)
                if receipt is not None:
                    receipts.append((receipt, _folder(path), signed))
    checked = signers(
        (item for _, _, record, signed in statements if record.statement is not None for item in signed), cache
    )
    checked |= signers((item for _, _, signed in receipts for item in signed), cache)
    seen: dict[tuple[str, str], list[SignedReceipt]] = {}
    for receipt, folder, signed in receipts:
        for signer in filter(None, (checked.get(item) for item in signed)):
            seen.setdefault((folder, receipt.statement), []).append(SignedReceipt(receipt, signer))
    found: dict[tuple[str, str], Record] = {}
    for path, _, record, signed in statements:
        signer = next(filter(None, (checked.get(item) for item in signed)), None)
        key = (record.folder, record.digest)
        if key not in found or found[key].signer is None:
            found[key] = Record(
                path, record.folder, record.digest, record.statement, record.broken, signer, tuple(seen.get(key, ()))
            )
    return list(found.values())


def _contents(repository: Repository, pairs: Iterable[_Pair]) -> dict[str, bytes]:
    """The bytes of all that is small enough to be what it should be."""
    most = max(MOST_BYTES, signatures.MOST_BYTES)
    sizes = repository.sizes(blob for pair in pairs for blob in sorted(pair.documents | pair.signatures))
    return dict(repository.blobs(blob for blob, size in sizes.items() if size <= most))


def _record(path: str, payload: bytes | None) -> Record:
    folder = _folder(path)
    if payload is None:
        return Record(path, folder, digest_of(path.encode()), broken="too-large")
    try:
        return Record(path, folder, digest_of(payload), parse_statement(payload))
    except NotAStatement as error:
        return Record(path, folder, digest_of(payload), broken=error.why)


def _receipt(payload: bytes) -> Receipt | None:
    try:
        return parse_receipt(payload)
    except NotAStatement:
        return None
