"""`gaoshi approvals`: who approved what, when and how; what is missing, and what does not count."""

from __future__ import annotations

import json
import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaoshi.cli import OK, WITHHELD, findings
from gaoshi.cli.selection import select
from gaoshi.cli.surroundings import format_option, instant, judging_options, words, zone_of
from gaoshi.core.instants import iso
from gaoshi.core.words import Catalogue
from gaoshi.outputs.wording import one_line

if TYPE_CHECKING:
    from gaoshi.sources.docket import Docket

FORMAT = 1
COLLECT = "collect"


class _Approvals(click.Group):
    """`approvals collect` is a verb of its own; anything else names notices to list."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args[:1] not in ([COLLECT], ["list"], ["--help"], ["-h"]):
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
@click.option("--pull-request", type=int, metavar="NUMBER", help="As if this pull request were merged now.")
@click.option("--all", "everything", is_flag=True, help="Also what has long ended.")
@format_option("text", "json")
@judging_options
@click.pass_context
def _list(
    ctx: click.Context,
    ids: tuple[str, ...],
    revision: str,
    since: str | None,
    pull_request: int | None,
    *,
    everything: bool,
    form: str,
    trusted: str | None,
    at: str | None,
    language: str | None,
    root: Path,
) -> None:
    """List who approved what, when and how, what is missing and who can give it, and what does not count.

    Without ID: every notice that can still matter to the board. With --pull-request, as if that pull
    request were merged now: its reviews are asked for with the token in $GITHUB_TOKEN. Exit status 1
    when an approval is missing.
    """
    from contextlib import closing  # noqa: PLC0415

    from gaoshi.outputs import verdicts  # noqa: PLC0415
    from gaoshi.rules.surroundings import judge_stray  # noqa: PLC0415
    from gaoshi.sources.docket import open_cache, read_docket  # noqa: PLC0415
    from gaoshi.sources.proof import Trust  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, open_snapshot  # noqa: PLC0415

    catalogue = words(language)
    with open_snapshot(root, revision) as snapshot, closing(open_cache(snapshot)) as cache:
        moment = instant(at, zone_of(snapshot.read(SETTINGS)))
        only = select(snapshot, ids, since)
        settled_by = None if everything or only is not None else moment
        docket = read_docket(snapshot, moment, cache, Trust(trusted), only=only, settled_by=settled_by)
        if pull_request is not None:
            docket = _as_if_merged(docket, pull_request, catalogue)
    zone = docket.board.zone
    standings = {notice_id: docket.standing(notice_id) for notice_id in docket.notices}
    if form == "json":
        data = {
            "format": FORMAT,
            "at": iso(moment, zone),
            "revision": snapshot.revision,
            "roster": docket.reign.blob,
            "notices": [verdicts.as_data(key, standing, catalogue, zone) for key, standing in standings.items()],
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        for notice_id, standing in standings.items():
            title = docket.notices[notice_id].text(catalogue.language, "title")
            click.echo(click.style(notice_id, bold=True) + f"  {one_line(title[0]) if title else ''}")
            for line in verdicts.told(standing, catalogue, zone):
                click.echo(f"  {line}")
    for line in findings.as_lines(map(judge_stray, docket.problems), catalogue):
        click.echo(line, err=True)
    ctx.exit(OK if all(standing.current for standing in standings.values()) else WITHHELD)


def _as_if_merged(docket: Docket, number: int, catalogue: Catalogue) -> Docket:
    """What the reviews of a pull request would add up to. A forge that does not answer is said, and adds nothing."""
    from contextlib import closing  # noqa: PLC0415

    from gaoshi.cli.collect import connect  # noqa: PLC0415
    from gaoshi.sources.collecting import as_if_merged  # noqa: PLC0415
    from gaoshi.sources.forges import ForgeError  # noqa: PLC0415

    with closing(connect(os.environ.get("GITHUB_REPOSITORY"), os.environ.get("GITHUB_API_URL"), catalogue)) as hub:
        try:
            return as_if_merged(docket, hub, number, unsaid=catalogue.text("cli.collect.unsaid"))
        except ForgeError as error:
            why = catalogue.text(f"cli.collect.failed.{error.what}", detail=error.detail)
            click.echo(catalogue.text("cli.collect.not_asked", id=f"#{number}", why=why), err=True)
            return docket
