"""`gaoshi log appeared`: owners were told by another channel, maybe before the board had it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaoshi.cli.log import told
from gaoshi.cli.log_branch import as_files, bring, where_it_is
from gaoshi.cli.selection import select
from gaoshi.cli.surroundings import instant, language_option, now, project_option, words

if TYPE_CHECKING:
    from gaoshi.core.board import Board
    from gaoshi.core.log import LogEntry
    from gaoshi.core.notice import Notice
    from gaoshi.core.roster import Roster
    from gaoshi.sources.snapshot import Snapshot


@click.command(
    "appeared",
    epilog='Example: gaoshi log appeared 2026-11/tower-4-water-fault --channel owners-group --at "2026-11-24 02:55"',
    short_help="Log that owners were told by another channel.",
)
@click.argument("notice_id", metavar="ID")
@click.option("--channel", required=True, help="Where: owners-group, sms, paper … (see docs/standard.md).")
@click.option("--at", "at", metavar="TIME", required=True, help='When owners could read it, e.g. "2026-11-24 02:55".')
@click.option("--by", metavar="PERSON", help="Who told them, by roster id (default: you, by git’s user.email).")
@click.option("--note", default="", help="What an auditor should know.")
@click.option("--rev", "revision", metavar="REV", help="Look here for the notice (default: the working tree).")
@click.option("--remote", default="origin", show_default=True, help="Fetch from here, and push to it.")
@click.option("--push/--no-push", "pushes", default=False, show_default=True, help="Push the branch records.")
@language_option
@project_option
def command(
    notice_id: str,
    channel: str,
    at: str,
    by: str | None,
    note: str,
    revision: str | None,
    remote: str,
    *,
    pushes: bool,
    language: str | None,
    root: Path,
) -> None:
    """Add to the branch records that owners could read a notice by CHANNEL at that time.

    Lateness is judged by when any channel first told them: who was told in the owners' group at 02:55 was
    not told late, whenever the board had it. It puts nothing on the board.
    """
    from gaoshi.core.log import LONGEST, LogEntry, What  # noqa: PLC0415
    from gaoshi.sources.branch import append, push  # noqa: PLC0415
    from gaoshi.sources.cache import Cache  # noqa: PLC0415
    from gaoshi.sources.git.repository import Repository  # noqa: PLC0415
    from gaoshi.sources.notices import read_shelf  # noqa: PLC0415
    from gaoshi.sources.settings import read_settings  # noqa: PLC0415
    from gaoshi.sources.snapshot import open_snapshot  # noqa: PLC0415

    catalogue = words(language)
    with open_snapshot(root, revision) as snapshot:
        settings = read_settings(snapshot)
        board = settings.board
        [notice] = read_shelf(
            snapshot, board, Cache(None, ""), only=select(snapshot, (notice_id,), None)
        ).notices.values()
        when, present = instant(at, board.zone), now()
        _must_be_possible(notice, board, channel, when, present)
        if len(note) > LONGEST:
            raise click.BadParameter(catalogue.text("cli.log.long_note", most=LONGEST), param_hint="--note")
        event = LogEntry(
            What.APPEARED,
            notice.id,
            when,
            notice.content_id,
            channel,
            by=_person(snapshot, settings.roster, by),
            note=note,
        )
        repository = Repository(snapshot.repository.root)  # what reads the working tree writes to a scratch folder
        bring(repository, remote, pushes=pushes)
        message = f"Log {channel} of {notice.id}"
        known = False

        def files() -> Mapping[str, bytes]:
            nonlocal known
            known = _is_known(snapshot, event)
            return {} if known else as_files(snapshot, [event], board.zone)

        sent = None
        if pushes:
            sent = push(repository, files, message, present, remote).sent
        else:
            append(repository, files, message, present)
    click.echo(told(event, catalogue, board.zone))
    if known:
        click.echo(catalogue.text("cli.log.known"), err=True)
    if sent is not None:
        click.echo(where_it_is(catalogue, remote, sent=sent), err=True)


def _is_known(snapshot: Snapshot, event: LogEntry) -> bool:
    """Whether the log tells already that owners could read it by this channel from this second on."""
    from gaoshi.sources.records import read_events  # noqa: PLC0415

    told_before = read_events(snapshot, [event.id], [event.what])[0].get(event.id, ())
    return any((one.at, one.channel) == (event.at.replace(microsecond=0), event.channel) for one in told_before)


def _must_be_possible(notice: Notice, board: Board, channel: str, when: datetime, present: datetime) -> None:
    """Raise click.BadParameter where nobody can have been told by that channel at that time."""
    from gaoshi.core.log import BOARD, believed  # noqa: PLC0415

    catalogue = words()
    others = [name for name in board.standard.channels if name != BOARD]
    if channel == BOARD:
        raise click.BadParameter(catalogue.text("cli.log.not_the_board"), param_hint="--channel")
    if channel not in others:
        choices = ", ".join(others)
        raise click.BadParameter(
            catalogue.text("cli.log.no_channel", value=channel, choices=choices), param_hint="--channel"
        )
    if when > present:
        value = catalogue.moment(when, board.zone)
        raise click.BadParameter(catalogue.text("cli.log.future", value=value), param_hint="--at")
    occurred = notice.instant("occurred_at")
    if occurred is not None and not believed(notice, [when]):
        values = {"value": catalogue.moment(when, board.zone), "occurred": catalogue.moment(occurred, board.zone)}
        raise click.BadParameter(catalogue.text("cli.log.too_early", **values), param_hint="--at")


def _person(snapshot: Snapshot, roster: Roster, by: str | None) -> str:
    """The roster id of whoever says so. Raises click.BadParameter when it is nobody on the roster."""
    if by is None:
        email = snapshot.repository.setting("user.email").casefold()
        mine = [person.id for person in roster.people.values() if email and email in person.emails]
        if not mine:
            raise click.BadParameter(words().text("cli.log.who", value=email), param_hint="--by")
        return mine[0]
    if by not in roster.people:
        raise click.BadParameter(words().text("cli.log.no_person", value=by), param_hint="--by")
    return by
