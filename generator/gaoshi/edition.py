"""The one pipeline: from a snapshot of the repository and an instant to an edition of the board."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import datetime
from enum import Enum

from gaoshi.bench import Bench
from gaoshi.core.board import Board
from gaoshi.core.edition import Edition, Entry, is_held_back, is_kept, is_listed
from gaoshi.core.finding import Finding, Position
from gaoshi.core.notice import ROOT, Problem
from gaoshi.core.schedule import State
from gaoshi.rules.registry import RULES
from gaoshi.rules.surroundings import judge_stray
from gaoshi.sources.cache import Cache
from gaoshi.sources.docket import Begin, open_cache, read_docket
from gaoshi.sources.history import History, walking
from gaoshi.sources.notices import read_shelf
from gaoshi.sources.proof import Trust
from gaoshi.sources.rendering import Renderer
from gaoshi.sources.settings import Settings, read_settings
from gaoshi.sources.snapshot import SETTINGS, Snapshot
from gaoshi.sources.versions import history_of

_RENDERED = frozenset({State.LIVE, State.UPCOMING})
"""What is shown now, and what screens hold ready."""


class Scope(Enum):
    """Which notices are read: all, or only those that can still matter to the board."""

    ALL = "all"
    CURRENT = "current"


def compose(
    snapshot: Snapshot,
    at: datetime,
    *,
    scope: Scope = Scope.CURRENT,
    only: Iterable[str] | None = None,
    render: bool = False,
    preview: bool = False,
    proven: bool = True,
    trust: Trust | None = None,
    afresh: bool = False,
    newest: bool = False,
) -> Edition:
    """The edition at the aware instant `at`.

    `only`: judge just these notices (and whatever they refer to). `render`: with the texts as HTML,
    of live notices and those to come, or in a `preview` of all. `proven`: judge approval by what was signed; without it
    only by whom the notice asks, which is enough to check a text. `trust`: what is known from before. `afresh`:
    believe nothing that was kept. `newest`: show each notice as it is now, approved or not, as somebody
    must see it who is to approve it.

    Raises SettingsError when the estate's settings cannot be read, GitError when git cannot (or
    records were taken back), SignError without ssh-keygen.
    """
    only = None if only is None else list(dict.fromkeys(only))
    with closing(Cache(None, "") if afresh else open_cache(snapshot)) as cache, ExitStack() as stack:
        renderer = Renderer(cache, at, stack)
        bench = _bench(
            snapshot,
            cache,
            only=only,
            settled_by=at if scope is Scope.CURRENT and only is None else None,
            at=at,
            proven=proven and snapshot.revision is not None,
            trust=trust or Trust(),
            preview=preview or newest,
            begin=renderer.begin if render else None,
        )
        entries = bench.judge(at)
        if preview:
            changed = _proposed(snapshot)
            entries = {
                key: replace(entry, proposed=True) if key in changed or _awaits_approval(entry) else entry
                for key, entry in entries.items()
            }
        whole = only is None and (preview or scope is Scope.CURRENT)
        next_change = bench.next_change(entries, at) if whole else None
        if render:
            shown = [entry for entry in entries.values() if preview or newest or entry.state in _RENDERED]
            entries |= renderer.finish(shown)
    return _edition(bench, entries, at, snapshot.revision, next_change, preview=preview)


def _awaits_approval(entry: Entry) -> bool:
    return entry.standing is not None and not entry.standing.current


def _bench(
    snapshot: Snapshot,
    cache: Cache,
    *,
    only: list[str] | None,
    settled_by: datetime | None,
    at: datetime,
    proven: bool,
    trust: Trust,
    preview: bool,
    begin: Begin | None,
) -> Bench:
    """All that is read, in the order in which one thing needs the other."""
    if not proven:
        settings = read_settings(snapshot)
        with walking(snapshot, only, cache) as walk:
            shelf = read_shelf(snapshot, settings.board, cache, only=only, settled_by=settled_by)
            history = _history(snapshot, walk())
        return Bench.of(snapshot, settings, shelf, history)
    docket = read_docket(snapshot, at, cache, trust, only=only, settled_by=settled_by, begin=begin)
    settings = Settings(docket.board, docket.reign.roster, docket.problems)
    history = _history(snapshot, history_of(docket.versions, docket.notices.keys()))
    return replace(Bench.of(snapshot, settings, docket.shelf, history), proof=docket.proof, preview=preview)


# ── what surrounds the notices ───────────────────────────────────────────────────────────────────


def _history(snapshot: Snapshot, history: History) -> History:
    """What history says of the notices; in a preview, whoever works here wrote the changes."""
    me = snapshot.repository.setting("user.email") if snapshot.worktree else ""
    if not me:
        return history
    mine = {notice_id: history.authors.get(notice_id, frozenset()) | {me} for notice_id in _proposed(snapshot)}
    return replace(history, authors={**history.authors, **mine})


def _proposed(snapshot: Snapshot) -> frozenset[str]:
    """Ids of notices that are not on the branch as they are in the working tree."""
    if not snapshot.worktree:
        return frozenset()
    if snapshot.revision is None:
        paths = [entry.path for entry in snapshot.entries(ROOT)]
    else:
        paths = snapshot.repository.changed(snapshot.revision, snapshot.tree, ROOT)
    return frozenset("/".join(path.split("/")[1:3]) for path in paths)


# ── the edition ──────────────────────────────────────────────────────────────────────────────────


def _edition(
    bench: Bench,
    entries: dict[str, Entry],
    at: datetime,
    revision: str | None,
    next_change: datetime | None,
    *,
    preview: bool,
) -> Edition:
    board = bench.board
    kept = [entry for entry in entries.values() if is_kept(entry, board, at)]
    kept.sort(key=lambda entry: (entry.ended_at, entry.id), reverse=True)
    problems = (*bench.settings.problems, *_useless(board), *bench.shelf.strays, *bench.log.problems)
    findings: tuple[Finding, ...] = tuple(judge_stray(problem) for problem in problems)
    return Edition(
        board=board,
        at=at,
        revision=revision,
        entries=entries,
        live=tuple(sorted((e for e in entries.values() if e.state is State.LIVE), key=_by_need)),
        upcoming=tuple(sorted((e for e in entries.values() if e.state is State.UPCOMING), key=_by_start)),
        ended=tuple(entry for entry in kept if is_listed(entry, board, at)),
        kept=tuple(kept),
        withheld=tuple(entry for entry in entries.values() if is_held_back(entry, at)),
        findings=findings,
        next=next_change,
        preview=preview,
        records=bench.proof.ledger.tips if bench.proof else (),
        reign=bench.proof.reign(at) if bench.proof else None,
    )


CHANGED = 2
"""Up to this rank the newest leads: see Entry.rank."""


def _useless(board: Board) -> Iterator[Problem]:
    """Severities that the settings give to rules that do not exist, or that cannot be changed."""
    for code in board.rules:
        if code not in RULES or RULES[code].always:
            what = "settings-unknown-rule" if code not in RULES else "settings-fixed-rule"
            yield Problem(what, board.rule_positions.get(code, Position(SETTINGS)), {"name": code})


def _by_need(entry: Entry) -> tuple[int, float, str]:
    """What is urgent or major first, the newest of it leading; then by when it matters; standing last."""
    moment = entry.matters_at.timestamp()
    return entry.rank, -moment if entry.rank <= CHANGED else moment, entry.id


def _by_start(entry: Entry) -> tuple[datetime, str]:
    return entry.window.start or entry.public_at, entry.id
