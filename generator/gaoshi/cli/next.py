"""`gaoshi next`: the next instant at which the board changes by itself."""

from __future__ import annotations

import json
from pathlib import Path

import click

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


@click.command("next", epilog='Example: gaoshi next --at "2026-11-24 10:00"', short_help="When the board changes next.")
@click.option("--rev", "revision", metavar="REV", help="Read this revision (default: the working tree).")
@format_option("text", "json")
@root_option
@at_option
@language_option
@project_option
def command(
    revision: str | None, form: str, trusted: str | None, at: str | None, language: str | None, root: Path
) -> None:
    """Tell the next instant, to the second, at which the board changes without anybody's doing."""
    from gaoshi.core.instants import iso  # noqa: PLC0415
    from gaoshi.edition import compose  # noqa: PLC0415
    from gaoshi.sources.proof import Trust  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, open_snapshot  # noqa: PLC0415

    with open_snapshot(root, revision) as snapshot:
        moment = instant(at, zone_of(snapshot.read(SETTINGS)))
        edition = compose(snapshot, moment, preview=revision is None, trust=Trust(trusted))
    following = iso(edition.next, edition.board.zone)
    if form == "json":
        at_text = iso(edition.at, edition.board.zone)
        click.echo(json.dumps({"format": 1, "at": at_text, "revision": edition.revision, "next": following}))
    elif following is None:
        click.echo(words(language).text("cli.no_next"), err=True)
    else:
        click.echo(following)
