"""`gaoshi log`: what owners could read, when and where; and what adds to it."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaoshi.cli import findings
from gaoshi.cli.surroundings import format_option, language_option, project_option, words
from gaoshi.core.notice import ID_PATTERN, ROOT
from gaoshi.outputs.wording import one_line

if TYPE_CHECKING:
    from datetime import tzinfo

    from gaoshi.core.log import LogEntry
    from gaoshi.core.words import Catalogue
    from gaoshi.sources.snapshot import Snapshot

FORMAT = 1
PUBLISHER = "publisher"
"""Who says what was seen on the board, where nobody else is named: the program that publishes it."""
_OWN = {"published": "gaoshi.cli.log_published", "appeared": "gaoshi.cli.log_appeared"}


class _Log(click.Group):
    """`log published` and `log appeared` are verbs of their own; anything else names notices to list."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args[:1] not in ([["list"], ["--help"], ["-h"]] + [[name] for name in _OWN]):
            args = ["list", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return ["list", *_OWN]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _OWN:
            return _list if cmd_name == "list" else None
        command = import_module(_OWN[cmd_name]).command
        assert isinstance(command, click.Command)
        return command


@click.group(
    "log",
    cls=_Log,
    epilog="Example: gaoshi log 2026-11/tower-3-water",
    short_help="The publication log.",
)
def command() -> None:
    """Tell what owners could read, when and where (`log [ID]...`), or add to it (`log published`, `log appeared`)."""


@click.command("list", short_help="What owners could read, when and where.")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--rev", "revision", metavar="REV", help="Read this revision (default: the working tree).")
@format_option("text", "json")
@language_option
@project_option
def _list(ids: tuple[str, ...], revision: str | None, form: str, language: str | None, root: Path) -> None:
    """List the events of the publication log, of these notices or of all, the oldest first.

    Counted are those of the revision and those on the branch `records`, here and as last fetched.
    """
    from gaoshi.core.log import encode_event, in_order  # noqa: PLC0415
    from gaoshi.rules.surroundings import judge_stray  # noqa: PLC0415
    from gaoshi.sources.records import logged, read_events  # noqa: PLC0415
    from gaoshi.sources.settings import parse_board  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, open_snapshot  # noqa: PLC0415

    catalogue = words(language)
    with open_snapshot(root, revision) as snapshot:
        board = parse_board(snapshot.read(SETTINGS))[0]
        known = logged(snapshot)
        chosen = [_known(snapshot, text, known) for text in ids] or known
        found, problems = read_events(snapshot, chosen)
    events = in_order(event for those in found.values() for event in those)
    if form == "json":
        data = {"format": FORMAT, "events": [json.loads(encode_event(event, board.zone)) for event in events]}
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        for event in events:
            click.echo(told(event, catalogue, board.zone))
        if ids and not events:
            click.echo(catalogue.text("cli.log.no_events"), err=True)
    for problem in problems:
        click.echo(findings.as_line(judge_stray(problem), catalogue), err=True)


def _known(snapshot: Snapshot, text: str, known: list[str]) -> str:
    """The id that is meant. Raises click.BadParameter when the log does not speak of it and there is no such notice."""
    notice_id = text.strip("/").removeprefix("notices/")
    if notice_id not in known and not (ID_PATTERN.fullmatch(notice_id) and snapshot.id_of(f"{ROOT}/{notice_id}")):
        raise click.BadParameter(words().text("cli.log.not_logged", value=text), param_hint="ID")
    return notice_id


def told(event: LogEntry, catalogue: Catalogue, zone: tzinfo) -> str:
    """An event in words, on one line."""
    channel = catalogue.find(f"channels.{event.channel}") or event.channel
    what = f"left.{event.why}" if event.why and catalogue.find(f"cli.log.left.{event.why}") else event.what.value
    what = "left.removed" if what == "left" else what
    by = catalogue.text("cli.log.by.publisher") if event.by == PUBLISHER else one_line(event.by)
    line = catalogue.text(f"cli.log.{what}", at=catalogue.moment(event.at, zone), id=event.id, channel=channel, by=by)
    if event.late is not None:
        line += catalogue.text("cli.log.late", limit=catalogue.moment(event.late.limit, zone))
    return line + (catalogue.text("cli.log.note", note=one_line(event.note)) if event.note else "")
