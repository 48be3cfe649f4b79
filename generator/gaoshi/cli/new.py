"""`gaoshi new KIND`: a notice from its kind's skeleton, with what can be inferred filled in."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import click

from gaoshi.cli import USAGE
from gaoshi.cli.surroundings import at_option, instant, project_option, say, words

_SLUG = re.compile(r"[a-z0-9-]{1,60}", re.ASCII)


@click.command(
    "new",
    epilog="Example: gaoshi new utility-outage --subtype water --slug tower-3-water",
    short_help="Write a new notice.",
)
@click.argument("kind", required=False)
@click.option("--subtype", help="What is out, for a utility-outage: water, power, gas, lift or heating.")
@click.option("--unplanned", is_flag=True, help="It has happened already (an urgent notice).")
@click.option("--slug", help="Name of the notice's folder.")
@click.option("--title", help="Title in the board's first language.")
@click.option("--department", help="Department that asks for the notice.")
@click.option("--approver", help="Roster id of the person who is asked to approve.")
@at_option
@project_option
@click.pass_context
def command(
    ctx: click.Context,
    kind: str | None,
    subtype: str | None,
    *,
    unplanned: bool,
    slug: str | None,
    title: str | None,
    department: str | None,
    approver: str | None,
    at: str | None,
    root: Path,
) -> None:
    """Write a new notice of KIND; asks for what is missing and cannot be inferred.

    Your department is inferred from the roster by your git e-mail address, the approver from the
    policy, dates from the standard's lead times. What only you know is left as a blank (＿＿).
    """
    from gaoshi.cli.skeleton import Plan, infer, write  # noqa: PLC0415
    from gaoshi.sources.settings import read_settings  # noqa: PLC0415
    from gaoshi.sources.snapshot import open_snapshot  # noqa: PLC0415

    catalogue = words()
    with open_snapshot(root, None) as snapshot:
        settings = read_settings(snapshot)
        home = snapshot.repository.root
        email = snapshot.repository.setting("user.email")
    board = settings.board
    moment = instant(at, board.zone)
    kinds = list(board.standard.kinds)
    if kind is None:
        for name in kinds:
            click.echo(f"  {name:22} {catalogue.text(f'kinds.{name}')}", err=True)
        kind = click.prompt(catalogue.text("cli.new.kind"), err=True, type=click.Choice(kinds), show_choices=False)
    if kind not in board.standard.kinds:
        raise click.BadParameter(
            catalogue.text("cli.new.unknown_kind", value=kind, kinds=", ".join(kinds)), param_hint="KIND"
        )
    choices = board.standard.kinds[kind].subtypes
    if choices and subtype not in choices:
        subtype = click.prompt(catalogue.text("cli.new.subtype"), err=True, type=click.Choice(choices))
    happened = unplanned or board.standard.kinds[kind].timeliness == "urgent"
    inferred = infer(settings, email, urgent=happened, at=moment)
    department = (
        department
        or inferred.department
        or click.prompt(catalogue.text("cli.new.department"), err=True, type=click.Choice(list(board.departments)))
    )
    approver = (
        approver
        or inferred.approver
        or click.prompt(catalogue.text("cli.new.approver"), err=True, type=click.Choice(list(settings.roster.people)))
    )
    title = title or click.prompt(catalogue.text("cli.new.title"), err=True)
    slug = slug or click.prompt(catalogue.text("cli.new.slug"), err=True, default=_suggest(kind, subtype, moment))
    if not _SLUG.fullmatch(slug):
        raise click.BadParameter(catalogue.text("cli.new.bad_slug"), param_hint="--slug")
    plan = Plan(
        kind=kind,
        subtype=subtype or "",
        unplanned=happened,
        title=title,
        department=department,
        approver=approver,
        at=moment,
    )
    notice_id = f"{moment.astimezone(board.zone):%Y-%m}/{slug}"
    folder = home / "notices" / notice_id
    if folder.exists():
        say("cli.new.exists", path=folder.relative_to(home))
        ctx.exit(USAGE)
    blanks = write(folder, plan, board)
    say("cli.new.written", path=(folder / "notice.md").relative_to(home), blank=blanks, id=notice_id)
    click.echo(notice_id)


def _suggest(kind: str, subtype: str | None, at: datetime) -> str:
    return f"{kind}-{subtype}-{at:%d}" if subtype else f"{kind}-{at:%d}"
