"""`gaoshi log published`: what the public board shows goes into the log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from gaoshi.cli import findings
from gaoshi.cli.log import FORMAT, PUBLISHER, told
from gaoshi.cli.log_branch import as_files, bring, where_it_is
from gaoshi.cli.surroundings import format_option, instant, judging_options, published_board, words
from gaoshi.core.failure import Failure

if TYPE_CHECKING:
    from gaoshi.core.board import Board
    from gaoshi.core.edition import Entry
    from gaoshi.core.log import LogEntry
    from gaoshi.core.notice import Problem
    from gaoshi.core.published import Published
    from gaoshi.core.words import Catalogue
    from gaoshi.sources.snapshot import Snapshot

MESSAGE = "Log what was published"


class LogError(Failure):
    """What is public cannot be logged: it is another board's (`other-board`), or made in the future (`ahead`)."""

    family = "log.failed"


@click.command(
    "published",
    epilog="Example: gaoshi log published --site https://board.example --push",
    short_help="Log what the public board shows.",
)
@click.option(
    "--board",
    "manifest",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The public board.json, as it was fetched.",
)
@click.option("--site", metavar="URL", help="The board’s address; its board.json is fetched now.")
@click.option("--by", metavar="NAME", default=PUBLISHER, show_default=True, help="Who says so.")
@click.option("--remote", default="origin", show_default=True, help="Fetch from here, and push to it.")
@click.option("--push/--no-push", "pushes", default=False, show_default=True, help="Push the branch records.")
@format_option("text", "json")
@judging_options
def command(
    manifest: Path | None,
    site: str | None,
    by: str,
    remote: str,
    *,
    pushes: bool,
    form: str,
    trusted: str | None,
    at: str | None,
    language: str | None,
    root: Path,
) -> None:
    """Add to the branch records what the log does not tell yet of the public board, as it is seen --at.

    A notice appeared when it was seen to be public, not when its board was made: only then could owners
    read it. It left at its end, when pages drop it by themselves, or when it was seen to be gone. Run
    again it adds nothing.
    """
    from gaoshi.core.log import LONGEST, encode_event  # noqa: PLC0415
    from gaoshi.sources.branch import append, push  # noqa: PLC0415
    from gaoshi.sources.settings import parse_board  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, open_snapshot  # noqa: PLC0415

    catalogue = words(language)
    if len(by) > LONGEST:
        raise click.BadParameter(catalogue.text("cli.log.long_by", most=LONGEST), param_hint="--by")
    shown = _public(manifest, site)
    with open_snapshot(root, shown.revision or "HEAD") as snapshot:
        board = parse_board(snapshot.read(SETTINGS))[0]
        seen = instant(at, board.zone)
        _must_be_ours(shown, board, seen)
        bring(snapshot.repository, remote, pushes=pushes)
        known = _Known({}, (), ())
        events: list[LogEntry] = []

        def files() -> Mapping[str, bytes]:
            nonlocal known
            known = _known(snapshot, shown, seen)
            events[:] = _missing(snapshot, shown, known.history, seen, by, trusted)
            return as_files(snapshot, events, board.zone)

        repository = snapshot.repository.signing_as(PUBLISHER, f"{PUBLISHER}@{board.id}.invalid")
        sent = None
        if pushes:
            sent = push(repository, files, MESSAGE, seen, remote).sent
        else:
            append(repository, files, MESSAGE, seen)
    for line in _doubts(known, catalogue, board.zone):
        click.echo(line, err=True)
    if form == "json":
        data = {"format": FORMAT, "events": [json.loads(encode_event(event, board.zone)) for event in events]}
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    for event in events:
        click.echo(told(event, catalogue, board.zone))
    added = catalogue.text("cli.log.added", count=len(events), events=len(events))
    click.echo(added if events else catalogue.text("cli.log.nothing"), err=True)
    if sent is not None:
        click.echo(where_it_is(catalogue, remote, sent=sent), err=True)


def _public(manifest: Path | None, site: str | None) -> Published:
    """The public board. Raises click.UsageError when none is named, or two are; NoBoard as public_board."""
    if (manifest is None) == (site is None):
        raise click.UsageError(words().text("cli.log.which_board"))
    if manifest is not None:
        return published_board(manifest, "--board")
    from gaoshi.cli.inspection import public_board  # noqa: PLC0415

    return public_board(site or "", "--site")


def _must_be_ours(shown: Published, board: Board, seen: datetime) -> None:
    """Raise LogError where `shown` cannot be this board as it was seen at `seen`."""
    from gaoshi.core.published import LATEST_AHEAD  # noqa: PLC0415

    if shown.board != board.id:
        raise LogError("other-board", shown.board)
    if shown.at > seen + LATEST_AHEAD:
        raise LogError("ahead", words().moment(shown.at, board.zone))


# ── what the log tells, and what it does not ─────────────────────────────────────────────────────


class _Known(NamedTuple):
    """What the log tells so far, by notice; and what of it does not count: broken files, and what lies ahead."""

    history: Mapping[str, list[LogEntry]]
    broken: tuple[Problem, ...]
    ahead: tuple[LogEntry, ...]


def _known(snapshot: Snapshot, shown: Published, seen: datetime) -> _Known:
    """The log of every notice that is on the board, or may have been until now."""
    from gaoshi.core.log import written_by  # noqa: PLC0415
    from gaoshi.sources.docket import open_cache  # noqa: PLC0415
    from gaoshi.sources.records import read_events, still_there  # noqa: PLC0415

    with closing(open_cache(snapshot)) as cache:
        there = still_there(snapshot, seen, cache)
    found, broken = read_events(snapshot, sorted({*shown.notices, *there}))
    history = {notice_id: written_by(seen, events) for notice_id, events in found.items()}
    ahead = (event for notice_id, events in found.items() for event in events if event not in history[notice_id])
    return _Known(history, broken, tuple(ahead))


def _doubts(known: _Known, catalogue: Catalogue, zone: tzinfo) -> Iterator[str]:
    """What of the log does not count, and why."""
    from gaoshi.rules.surroundings import judge_stray  # noqa: PLC0415

    for problem in known.broken:
        yield findings.as_line(judge_stray(problem), catalogue)
    for event in known.ahead:
        at = catalogue.moment(max(event.at, event.board_at), zone)
        yield catalogue.text("cli.log.ahead", id=event.id, at=at)


def _missing(
    snapshot: Snapshot,
    shown: Published,
    history: Mapping[str, list[LogEntry]],
    seen: datetime,
    by: str,
    trusted: str | None,
) -> list[LogEntry]:
    """What the log does not tell yet, with why each notice left and how late it came."""
    from gaoshi.core.log import What, missing  # noqa: PLC0415
    from gaoshi.core.notice import ROOT  # noqa: PLC0415
    from gaoshi.edition import Scope, compose  # noqa: PLC0415
    from gaoshi.sources.proof import Trust  # noqa: PLC0415

    events = missing(history, shown, seen, by)
    if not events:
        return []
    edition = compose(snapshot, seen, trust=Trust(trusted))  # whole: what replaced a notice is read, too
    unread = {event.id for event in events if event.what is What.LEFT and event.id not in edition.entries}
    if any(snapshot.id_of(f"{ROOT}/{notice_id}") for notice_id in unread):  # it was over long ago, and nobody looked
        edition = compose(snapshot, seen, scope=Scope.ALL, trust=Trust(trusted))
    return [
        _explained(event, history.get(event.id, ()), edition.entries.get(event.id), edition.board, shown, seen)
        for event in events
    ]


def _explained(
    event: LogEntry, before: Iterable[LogEntry], entry: Entry | None, board: Board, shown: Published, seen: datetime
) -> LogEntry:
    """An event with what only the notice itself can tell: why and when it left, how late it came."""
    from gaoshi.core.log import What, first_late, gone  # noqa: PLC0415

    if event.what is What.LEFT:  # of what is still shown the board itself has told the end
        return event if event.id in shown.notices else gone(event, before, entry, seen)
    if entry is None or entry.notice.content_id != event.content_id:
        return event
    return replace(event, late=first_late(event, before, entry, board))
