"""`gaoshi log published`: what the public board shows goes into the log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaoshi.cli.log import FORMAT, told
from gaoshi.cli.surroundings import format_option, instant, judging_options, published_board, words
from gaoshi.core.failure import Failure

if TYPE_CHECKING:
    from gaoshi.core.board import Board
    from gaoshi.core.edition import Entry
    from gaoshi.core.log import Event
    from gaoshi.core.published import Published
    from gaoshi.sources.snapshot import Snapshot

MESSAGE = "Log what was published"
PUBLISHER = "publisher"


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
    from gaoshi.core.log import encode_event  # noqa: PLC0415
    from gaoshi.core.published import LATEST_AHEAD  # noqa: PLC0415
    from gaoshi.sources.branch import append, push  # noqa: PLC0415
    from gaoshi.sources.settings import parse_board  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, open_snapshot  # noqa: PLC0415

    catalogue = words(language)
    shown = _public(manifest, site)
    with open_snapshot(root, shown.revision or "HEAD") as snapshot:
        board = parse_board(snapshot.read(SETTINGS))[0]
        seen = instant(at, board.zone)
        if shown.board != board.id:
            raise LogError("other-board", shown.board)
        if shown.at > seen + LATEST_AHEAD:
            raise LogError("ahead", catalogue.moment(shown.at, board.zone))
        bring(snapshot, remote, pushes=pushes)
        events: list[Event] = []

        def files() -> Mapping[str, bytes]:
            events[:] = _missing(snapshot, shown, seen, by, trusted)
            return as_files(events, board.zone)

        if files():
            repository = snapshot.repository.signing_as(PUBLISHER, f"{PUBLISHER}@{board.id}.invalid")
            if pushes:
                push(repository, files, MESSAGE, seen, remote)
            else:
                append(repository, as_files(events, board.zone), MESSAGE, seen)
    if form == "json":
        data = {"format": FORMAT, "events": [json.loads(encode_event(event, board.zone)) for event in events]}
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    for event in events:
        click.echo(told(event, catalogue, board.zone))
    click.echo(catalogue.text("cli.log.added", count=len(events), events=len(events)), err=True)


def _public(manifest: Path | None, site: str | None) -> Published:
    """The public board. Raises click.UsageError when none is named, or two are; NoBoard as public_board."""
    if (manifest is None) == (site is None):
        raise click.UsageError(words().text("cli.log.which_board"))
    if manifest is not None:
        return published_board(manifest, "--board")
    from gaoshi.cli.inspection import public_board  # noqa: PLC0415

    return public_board(site or "", "--site")


def bring(snapshot: Snapshot, remote: str, *, pushes: bool) -> None:
    """Fetch what others have recorded, where there is a remote. Raises click.UsageError when one is needed."""
    from gaoshi.sources.branch import fetch  # noqa: PLC0415

    if snapshot.repository.has_remote(remote):
        fetch(snapshot.repository, remote)
    elif pushes:
        raise click.UsageError(words().text("cli.collect.no_remote", value=remote))


def as_files(events: Iterable[Event], zone: tzinfo) -> dict[str, bytes]:
    """Events as they are kept."""
    from gaoshi.core.log import encode_event, path_of  # noqa: PLC0415
    from gaoshi.sources.records import LOG  # noqa: PLC0415

    return {path_of(event, LOG): encode_event(event, zone) for event in events}


def _missing(snapshot: Snapshot, shown: Published, seen: datetime, by: str, trusted: str | None) -> list[Event]:
    """What the log does not tell yet, with why each notice left and how late it came."""
    from gaoshi.core.log import missing  # noqa: PLC0415
    from gaoshi.edition import compose  # noqa: PLC0415
    from gaoshi.sources.proof import Trust  # noqa: PLC0415
    from gaoshi.sources.records import read_events, still_there  # noqa: PLC0415

    history, _ = read_events(snapshot, sorted({*shown.notices, *still_there(snapshot)}))
    events = missing(history, shown, seen, by)
    if not events:
        return []
    edition = compose(snapshot, seen, trust=Trust(trusted))  # whole: what replaced a notice is read, too
    return [
        _explained(event, history.get(event.id, ()), edition.entries.get(event.id), edition.board) for event in events
    ]


def _explained(event: Event, before: Iterable[Event], entry: Entry | None, board: Board) -> Event:
    """An event with what only the notice itself can tell: why it left, how late it came."""
    from gaoshi.core.log import What, first_late, why_left  # noqa: PLC0415

    if event.what is What.LEFT:
        return replace(event, why=why_left(event, entry))
    if entry is None or entry.notice.content_id != event.content_id:
        return event
    return replace(event, late=first_late(event, before, entry, board))
