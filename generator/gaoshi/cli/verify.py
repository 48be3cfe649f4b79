"""`gaoshi verify`: prove the board again, offline, from git and signatures alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import click

from gaoshi.cli import OK, WITHHELD, findings
from gaoshi.cli.surroundings import instant, judging_options, published_board, words, zone_of
from gaoshi.core.edition import Edition
from gaoshi.core.instants import iso
from gaoshi.core.published import Published
from gaoshi.core.words import Catalogue


@click.command(
    "verify",
    epilog="Example: gaoshi verify --rev main --root $(git rev-parse HEAD:.github/approvers.yml)",
    short_help="Prove the board.",
)
@click.option("--rev", "revision", metavar="REV", default="HEAD", show_default=True, help="Prove this revision.")
@click.option(
    "--board",
    "manifest",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A published board.json: prove what it shows, at its own revision and instant.",
)
@judging_options
@click.pass_context
def command(
    ctx: click.Context,
    revision: str,
    manifest: Path | None,
    trusted: str | None,
    at: str | None,
    language: str | None,
    root: Path,
) -> None:
    """Check every signature on what is public anew, with git and ssh-keygen alone; nothing kept is believed.

    Exit status 1 when anything public is not proved.
    """
    from gaoshi.edition import Scope, compose  # noqa: PLC0415
    from gaoshi.sources.proof import Trust  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, open_snapshot  # noqa: PLC0415

    catalogue = words(language)
    shown = published_board(manifest, "--board") if manifest is not None else None
    if shown is not None:
        revision, at = shown.revision, iso(shown.at, UTC)
    with open_snapshot(root, revision) as snapshot:
        moment = instant(at, zone_of(snapshot.read(SETTINGS)))
        records = shown.records if shown is not None else ()
        edition = compose(snapshot, moment, scope=Scope.CURRENT, trust=Trust(trusted, records), afresh=True)
    for entry in edition.live:
        given = ", ".join(
            f"{catalogue.text(f'stages.{one.stage.value}')} {one.person.id}" for one in entry.verdict.signed
        )
        click.echo(f"{entry.verdict.number}  {entry.id}  {entry.notice.content_id[:12]}  {given}")
    problems = list(_differences(edition, shown, catalogue)) if shown is not None else []
    problems += [
        catalogue.text("cli.verify.unproved", id=entry.id) for entry in edition.live if not entry.verdict.approved
    ]
    for problem in problems:
        click.echo(problem, err=True)
    for line in findings.as_lines(edition.findings, catalogue):
        click.echo(line, err=True)
    roster = edition.reign.blob if edition.reign else ""
    key, count = ("failed", len(problems)) if problems else ("proved", len(edition.live))
    click.echo(catalogue.text(f"cli.verify.{key}", count=count, roster=roster), err=True)
    ctx.exit(WITHHELD if problems else OK)


def _differences(edition: Edition, shown: Published, say: Catalogue) -> Iterator[str]:
    """Where the published board says something else than what is proved."""
    proved = {entry.id: entry for entry in edition.live}
    for notice_id, notice in shown.notices.items():
        entry = proved.get(notice_id)
        if entry is None:
            yield say.text("cli.verify.unproved", id=notice_id)
        elif (notice.content_id, notice.approval) != (entry.notice.content_id, entry.verdict.number):
            yield say.text("cli.verify.other", id=notice_id)
    yield from (
        say.text("cli.verify.not_shown", id=notice_id) for notice_id in proved if notice_id not in shown.notices
    )
