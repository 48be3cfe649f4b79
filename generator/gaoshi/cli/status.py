"""`gaoshi status`: every notice and its state at an instant."""

from __future__ import annotations

import json
from pathlib import Path

import click

from gaoshi.cli import OK, WITHHELD, findings
from gaoshi.cli.surroundings import format_option, instant, judging_options, words, zone_of
from gaoshi.outputs.wording import fix, message, one_line

FORMAT = 1
WORTH_A_LINE = ("A107", "A108", "T107")
"""What blocks nothing and is told: a change that waits for approval, a countersignature missing, a limit near."""
_COLOURS = {"live": "green", "upcoming": "cyan", "withheld": "red", "withdrawn": "magenta"}


@click.command("status", epilog='Example: gaoshi status --at "2026-11-24 10:00"', short_help="List states.")
@click.option("--rev", "revision", metavar="REV", help="Read this revision (default: the working tree).")
@format_option("text", "json")
@judging_options
@click.pass_context
def command(
    ctx: click.Context,
    revision: str | None,
    form: str,
    trusted: str | None,
    at: str | None,
    language: str | None,
    root: Path,
) -> None:
    """List every notice with its state at an instant, and why it is withheld if it is.

    The working tree is judged as if it were published; what is not on the branch as it is here is
    marked as proposed. Exit status 1 when something is withheld.
    """
    from gaoshi.core.instants import iso  # noqa: PLC0415
    from gaoshi.edition import Scope, compose  # noqa: PLC0415
    from gaoshi.sources.proof import Trust  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, open_snapshot  # noqa: PLC0415

    catalogue = words(language)
    with open_snapshot(root, revision) as snapshot:
        moment = instant(at, zone_of(snapshot.read(SETTINGS)))
        edition = compose(snapshot, moment, scope=Scope.ALL, preview=revision is None, trust=Trust(trusted))
    if form == "json":
        data = {
            "format": FORMAT,
            "at": iso(edition.at, edition.board.zone),
            "revision": edition.revision,
            "notices": [
                {
                    "id": entry.id,
                    "state": entry.state.value,
                    "reasons": [
                        {
                            "code": finding.code,
                            "message": message(finding, catalogue),
                            "fix": fix(finding, catalogue),
                        }
                        for finding in entry.reasons
                    ],
                    "public_by": iso(entry.public_by, edition.board.zone),
                    "proposed": entry.proposed,
                    "asked": entry.notice.approver or None,
                    "authors": sorted(entry.authors),
                }
                for entry in edition.entries.values()
            ],
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        for entry in edition.entries.values():
            label = catalogue.text(f"states.{entry.state.value}")
            proposed = f" ({catalogue.text('states.proposed')})" if entry.proposed else ""
            title = entry.notice.text(catalogue.language, "title")
            state = click.style(label, fg=_COLOURS.get(entry.state.value))
            click.echo(f"{state}  {entry.id}{proposed}  {one_line(title[0]) if title else ''}")
            for finding in entry.findings:
                if not finding.blocks and finding.code not in WORTH_A_LINE:
                    continue
                click.echo(f"      {finding.code} {message(finding, catalogue)}")
        for line in findings.as_lines(edition.findings, catalogue):
            click.echo(line, err=True)
    ctx.exit(OK if edition.clean else WITHHELD)
