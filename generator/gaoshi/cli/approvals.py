"""`gaoshi approvals`: who approved what, when and how; what is missing, and what does not count."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import click

from gaoshi.cli import OK, WITHHELD, findings
from gaoshi.cli.selection import select
from gaoshi.cli.surroundings import (
    at_option,
    format_option,
    instant,
    language_option,
    project_option,
    root_option,
    words,
    zone_of,
)
from gaoshi.outputs.wording import one_line

FORMAT = 1
COLLECT = "collect"


class _Approvals(click.Group):
    """`approvals collect` is a verb of its own; anything else names notices to list."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args[:1] not in ([COLLECT], ["--help"], ["-h"]):
            args = ["list", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return ["list", COLLECT]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name == COLLECT:
            command = import_module("gaoshi.cli.collect").command
            assert isinstance(command, click.Command)
            return command
        return _list if cmd_name == "list" else None


@click.group(
    "approvals",
    cls=_Approvals,
    epilog="Example: gaoshi approvals 2026-11/tower-3-water --lang zh",
    short_help="List approvals.",
)
def command() -> None:
    """Tell how approval stands: of notices (`approvals [ID]...`), or collect it from a forge (`approvals collect`)."""


@click.command("list", short_help="Who approved what, and what is missing.")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--rev", "revision", metavar="REV", default="HEAD", show_default=True, help="Judge this revision.")
@click.option("--since", metavar="REV", help="The notices that changed since REV left this branch.")
@click.option("--all", "everything", is_flag=True, help="Also what has long ended.")
@format_option("text", "json")
@root_option
@at_option
@language_option
@project_option
@click.pass_context
def _list(
    ctx: click.Context,
    ids: tuple[str, ...],
    revision: str,
    since: str | None,
    *,
    everything: bool,
    form: str,
    trusted: str | None,
    at: str | None,
    language: str | None,
    root: Path,
) -> None:
    """List who approved what, when and how, what is missing and who can give it, and what does not count.

    Without ID: every notice that can still matter to the board. Exit status 1 when an approval is missing.
    """
    from gaoshi.core.instants import iso  # noqa: PLC0415
    from gaoshi.edition import Scope, compose  # noqa: PLC0415
    from gaoshi.outputs import verdicts  # noqa: PLC0415
    from gaoshi.sources.proof import Trust  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, open_snapshot  # noqa: PLC0415

    catalogue = words(language)
    with open_snapshot(root, revision) as snapshot:
        moment = instant(at, zone_of(snapshot.read(SETTINGS)))
        only = select(snapshot, ids, since)
        scope = Scope.ALL if everything or only is not None else Scope.CURRENT
        edition = compose(snapshot, moment, scope=scope, only=only, trust=Trust(trusted))
    zone = edition.board.zone
    standings = {entry.id: entry.standing for entry in edition.entries.values() if entry.standing is not None}
    if form == "json":
        data = {
            "format": FORMAT,
            "at": iso(edition.at, zone),
            "revision": edition.revision,
            "roster": edition.reign.blob if edition.reign else None,
            "notices": [verdicts.as_data(key, standing, catalogue, zone) for key, standing in standings.items()],
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        for notice_id, standing in standings.items():
            title = edition.entries[notice_id].notice.text(catalogue.language, "title")
            click.echo(click.style(notice_id, bold=True) + f"  {one_line(title[0]) if title else ''}")
            for line in verdicts.told(standing, catalogue, zone):
                click.echo(f"  {line}")
    for finding in edition.findings:
        click.echo(findings.as_line(finding, catalogue), err=True)
    ctx.exit(OK if all(standing.current for standing in standings.values()) else WITHHELD)
