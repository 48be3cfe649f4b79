"""What was signed: statements in `records/approvals/`, receipts in `records/receipts/`.

Signed things prove themselves, so they count wherever they are found: in the revision, or on the
append-only branch `records`. What was once there and has been deleted or changed since counts as well:
nobody takes back a rejection by taking away its file.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from gaoshi.core.finding import Position
from gaoshi.core.notice import Problem
from gaoshi.core.record import Record, SignedReceipt, by_folder
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
from gaoshi.sources.git.command import GitError
from gaoshi.sources.git.output import TreeEntry
from gaoshi.sources.git.repository import Repository
from gaoshi.sources.signatures import Signed, signers
from gaoshi.sources.snapshot import RECORDS, Snapshot

APPROVALS = f"{RECORDS}/approvals"
RECEIPTS = f"{RECORDS}/receipts"
BRANCH = "records"
ROSTER_FOLDER = "roster"
SIGNATURE = ".sig"
_SEEN = "gaoshi/records-seen"
_COMMIT = re.compile(r"[0-9a-f]{40,64}", re.ASCII)
_TAKEN_AWAY = "records taken away"
_PLAIN = re.compile(r"[!-~]+", re.ASCII)
"""Paths of records hold nothing else; whatever lies elsewhere is none."""


class Pair(NamedTuple):
    """A document and the signature that lay beside it, as blobs; an empty one was not there.

    A signature is looked at only with the document that it lay beside at some commit, so that to look at all
    that ever lay at a path costs no more than it cost to put it there.
    """

    path: str
    document: str
    signature: str


class Loss(NamedTuple):
    """A file that was changed or deleted, and the document and signature of which it was one until then."""

    file: str
    pair: Pair


TakenAway = Callable[[], list[Loss]]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Records by the folder that they lie in, the tips of the branch `records`, and what was wrong."""

    records: Mapping[str, list[Record]] = field(default_factory=dict)
    tips: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def of(self, folder: str) -> list[Record]:
        """The records that lie in one folder."""
        return self.records.get(folder, [])


def read_ledger(
    snapshot: Snapshot,
    folders: Collection[str],
    cache: Cache,
    taken_away: TakenAway,
    *,
    after: Iterable[str] = (),
) -> Ledger:
    """The records on `folders` (ids of notices, or `roster`), also those that were `taken_away`.

    `after` are tips of the branch `records` that have been seen before. Raises GitError (`records-rewound`)
    when one of them is no longer part of the branch, and SignError without ssh-keygen.
    """
    repository = snapshot.repository
    tips = tips_of(snapshot)
    _must_descend(repository, after, tips, snapshot.revision)
    found = {folder: _Folder() for folder in folders}
    for tree in (snapshot.tree, *tips):
        for root in (APPROVALS, RECEIPTS):
            for folder, tree_id in subtrees(repository, tree, root, found):
                found[folder].trees.setdefault(tree_id, f"{root}/{folder}")
    changed: dict[str, None] = {}
    for file, pair in taken_away():
        if _folder(pair.path) in found:
            found[_folder(pair.path)].gone.add(pair)
            changed[file] = None
    return Ledger(_read(repository, found, cache), tips, _told(changed))


def losses(snapshot: Snapshot, cache: Cache) -> tuple[Problem, ...]:
    """Every file of the records that was changed or deleted once, of whatever notice. Raises GitError."""
    with watching_losses(snapshot, cache) as taken_away:
        return _told(dict.fromkeys(file for file, _ in taken_away()))


def _told(files: Iterable[str]) -> tuple[Problem, ...]:
    return tuple(Problem("record-changed", Position(file)) for file in files)


def record_tips(repository: Repository) -> tuple[str, ...]:
    """The commits that the branch `records` stands at, here and as last fetched; none that another one goes beyond."""
    return repository.newest(repository.refs(f"refs/heads/{BRANCH}", f"refs/remotes/*/{BRANCH}"))


def tips_of(snapshot: Snapshot) -> tuple[str, ...]:
    """The commits at which the branch `records` is to be read."""
    return record_tips(snapshot.repository) if snapshot.records is None else snapshot.records


def seen_before(repository: Repository) -> tuple[str, ...]:
    """The tips that this clone has published from before (see `remember`)."""
    try:
        lines = (repository.folder() / _SEEN).read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return ()
    return tuple(line for line in lines if _COMMIT.fullmatch(line))


def remember(repository: Repository, tips: Iterable[str]) -> None:
    """Keep the tips that a board was published from, in git's own folder; the next one must descend from them."""
    path = repository.folder() / _SEEN
    fresh = path.with_suffix(".new")
    with contextlib.suppress(OSError):  # a clone that cannot be written to remembers nothing
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text("".join(f"{tip}\n" for tip in tips), encoding="ascii")
        fresh.replace(path)


def _must_descend(repository: Repository, after: Iterable[str], tips: Iterable[str], revision: str | None) -> None:
    ends = [*tips, *filter(None, [revision])]
    for seen in after:
        if not any(repository.descends(end, seen) for end in ends):
            raise GitError("records-rewound", seen)


# ── finding ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Folder:
    """Where one folder's records lie: trees with their paths, and what was there once."""

    trees: dict[str, str] = field(default_factory=dict)
    gone: set[Pair] = field(default_factory=set)

    def key(self, folder: str) -> str:
        """What its records are kept under: they are the same as long as all this is."""
        return f"records {folder} {' '.join(sorted(self.trees))} {sorted(self.gone)}"


def subtrees(repository: Repository, tree: str, root: str, folders: Collection[str]) -> Iterator[tuple[str, str]]:
    """The folders below `root` with their tree ids, listed month by month."""
    months = sorted({folder.partition("/")[0] for folder in folders if "/" in folder})
    for entry in repository.list_folder(tree, root, *(f"{root}/{month}" for month in months)):
        folder = entry.path.removeprefix(f"{root}/")
        if entry.form == "folder" and folder in folders:
            yield folder, entry.id


@contextmanager
def watching_losses(snapshot: Snapshot, cache: Cache) -> Iterator[TakenAway]:
    """Begin to look for what the branches once had in their records and have no more.

    git looks while other things are read. What is yielded waits for it. Each branch is walked whole once,
    and from then on only what has come since.
    """
    repository = snapshot.repository
    kept: dict[str, list[Loss]] = cache.get([_TAKEN_AWAY]).get(_TAKEN_AWAY, {})
    commits = list(dict.fromkeys((*filter(None, [snapshot.revision]), *tips_of(snapshot))))
    with ExitStack() as walks:
        walking = {}
        for commit in commits:
            if commit not in kept:
                known = next((old for old in kept if repository.descends(commit, old)), None)
                since = f"{known}..{commit}" if known else commit
                walk = walks.enter_context(repository.replaced(since, APPROVALS, RECEIPTS))
                walking[commit] = (kept.get(known or "", []), walk)

        def arrive() -> list[Loss]:
            now = {commit: kept[commit] for commit in commits if commit in kept}
            now |= {commit: [*before, *_lay(repository, walk())] for commit, (before, walk) in walking.items()}
            if walking:
                cache.put({_TAKEN_AWAY: now})
            return list(dict.fromkeys(loss for those in now.values() for loss in those))

        yield arrive


def _lay(repository: Repository, places: Iterable[tuple[str, str]]) -> list[Loss]:
    """What lay at these places (a path, and a commit that had it), each document with its signature."""
    wanted = [(file, file.removesuffix(SIGNATURE), commit) for file, commit in places if _PLAIN.fullmatch(file)]
    documents = repository.ids_at([(commit, path) for _, path, commit in wanted])
    signed = repository.ids_at([(commit, path + SIGNATURE) for _, path, commit in wanted])
    lost = (
        Loss(file, Pair(path, document or "", signature or ""))
        for (file, path, _), document, signature in zip(wanted, documents, signed, strict=True)
    )
    return list(dict.fromkeys(lost))


def _folder(path: str) -> str:
    """The folder below `approvals/` or `receipts/` in which a file lies."""
    return "/".join(path.split("/")[2:-1])


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Found:
    """A document's bytes (None: too large), where it lay, and the signature that lay beside it."""

    path: str
    payload: bytes | None
    signed: Signed | None

    @property
    def folder(self) -> str:
        return _folder(self.path)


def _read(repository: Repository, found: Mapping[str, _Folder], cache: Cache) -> dict[str, list[Record]]:
    """The records of each folder, from the cache where nothing has changed there."""
    keys = {place.key(folder): folder for folder, place in found.items() if place.trees or place.gone}
    kept: dict[str, list[Record]] = cache.get(keys)
    unread = [found[folder] for key, folder in keys.items() if key not in kept]
    trees = repository.trees(tree for place in unread for tree in place.trees)
    pairs = {pair for place in unread for pair in place.gone}
    for place in unread:
        for tree, path in place.trees.items():
            pairs.update(_pairs(path, trees.get(tree, ())))
    fresh = by_folder(_records(repository, sorted(pairs)))
    new = {key: fresh.get(folder, []) for key, folder in keys.items() if key not in kept}
    cache.put(new)
    return {folder: (kept | new)[key] for key, folder in keys.items()}


def _pairs(folder: str, entries: Iterable[TreeEntry]) -> Iterator[Pair]:
    """The documents of one folder as it is in one tree, each with its signature."""
    files = {entry.path: entry.id for entry in entries if entry.form == "file"}
    for name in dict.fromkeys(name.removesuffix(SIGNATURE) for name in files):
        yield Pair(f"{folder}/{name}", files.get(name, ""), files.get(name + SIGNATURE, ""))


def _records(repository: Repository, pairs: Sequence[Pair]) -> list[Record]:
    contents = _contents(repository, pairs)
    statements = list(_found(pairs, contents, APPROVALS, STATEMENT_NAMESPACE))
    receipts = [
        (found, receipt)
        for found in _found(pairs, contents, RECEIPTS, RECEIPT_NAMESPACE)
        if (receipt := _receipt(found.payload)) is not None
    ]
    read = [(found, _record(found)) for found in statements]
    worth_checking = [found for found, record in read if record.statement is not None]
    worth_checking += [found for found, _ in receipts]
    checked = signers(found.signed for found in worth_checking if found.signed is not None)
    seen: dict[tuple[str, str], list[SignedReceipt]] = {}
    for found, receipt in receipts:
        signer = checked.get(found.signed) if found.signed is not None else None
        if signer is not None:
            seen.setdefault((found.folder, receipt.statement), []).append(SignedReceipt(receipt, signer))
    records: dict[tuple[str, str, str | None], Record] = {}
    for found, record in read:
        good = checked.get(found.signed) if found.signed is not None else None
        # The same bytes may have lain there with several signatures. Anybody can sign a copy with a key of his own,
        # so each signer is asked about by himself, and none takes another one's place.
        key = (record.folder, record.digest, good)
        if key not in records:
            records[key] = replace(record, signer=good, receipts=tuple(seen.get(key[:2], ())))
    for folder, digest, good in list(records):
        if good is not None:
            records.pop((folder, digest, None), None)
    hands = Counter((folder, digest) for folder, digest, _ in records)
    return [replace(record, sole=hands[key[:2]] == 1) for key, record in records.items()]


def _found(pairs: Iterable[Pair], contents: Mapping[str, bytes], root: str, namespace: str) -> Iterator[_Found]:
    """The documents below `root` with their bytes."""
    for path, document, signature in pairs:
        if document and path.startswith(f"{root}/") and path.endswith(".json"):
            payload, by = contents.get(document), contents.get(signature)
            signed = Signed(payload, by, namespace) if payload is not None and by is not None else None
            yield _Found(path, payload, signed)


def _contents(repository: Repository, pairs: Iterable[Pair]) -> dict[str, bytes]:
    """The bytes of all that is small enough to be what it should be."""
    most = max(MOST_BYTES, signatures.MOST_BYTES)
    sizes = repository.sizes(blob for pair in pairs for blob in (pair.document, pair.signature) if blob)
    return dict(repository.blobs(blob for blob, size in sizes.items() if size <= most))


def _record(found: _Found) -> Record:
    if found.payload is None:
        return Record(found.path, found.folder, digest_of(found.path.encode()), broken="too-large")
    digest = digest_of(found.payload)
    try:
        return Record(found.path, found.folder, digest, parse_statement(found.payload))
    except NotAStatement as error:
        return Record(found.path, found.folder, digest, broken=error.why)


def _receipt(payload: bytes | None) -> Receipt | None:
    try:
        return None if payload is None else parse_receipt(payload)
    except NotAStatement:
        return None
