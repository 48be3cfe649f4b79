"""`gaoshi check`: every finding, with its line, its clause and its fix."""

from __future__ import annotations

import json
from pathlib import Path

import click

from gaoshi.cli import OK, WITHHELD, findings
from gaoshi.cli.selection import changed_paths, select
from gaoshi.cli.surroundings import at_option, format_option, instant, language_option, project_option, words, zone_of
from gaoshi.outputs.wording import one_line


@click.command(
    "check",
    epilog="Example: gaoshi check 2026-11/tower-3-water --lang zh",
    short_help="Check notices.",
)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--since", metavar="REV", help="Only notices that changed since REV left this branch.")
@format_option("text", "github", "json")
@at_option
@language_option
@project_option
@click.pass_context
def command(
    ctx: click.Context,
    ids: tuple[str, ...],
    since: str | None,
    form: str,
    at: str | None,
    language: str | None,
    root: Path,
) -> None:
    """Check the notices of the working tree: all, those named by ID, or those changed --since REV.

    An ID is a notice's folder: 2026-11/tower-3-water, or any path below it. Exit status 1 when a
    finding would keep a notice off the board.
    """
    from contextlib import closing  # noqa: PLC0415

    from gaoshi.edition import Scope, compose  # noqa: PLC0415
    from gaoshi.rules.screens import judge_rounds  # noqa: PLC0415
    from gaoshi.rules.surroundings import judge_stray  # noqa: PLC0415
    from gaoshi.sources.docket import open_cache  # noqa: PLC0415
    from gaoshi.sources.ledger import losses  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, open_snapshot  # noqa: PLC0415

    catalogue = words(language)
    with open_snapshot(root, None) as snapshot:
        moment = instant(at, zone_of(snapshot.read(SETTINGS)))
        only = select(snapshot, ids, since)
        edition = compose(snapshot, moment, scope=Scope.ALL, only=only, proven=False)
        with closing(open_cache(snapshot)) as cache:
            changed = map(judge_stray, losses(snapshot, cache))
        # Asked about some notices, it says nothing of what others have left lying about.
        ours = set(changed_paths(snapshot, since)) if since is not None else set()
        found = [
            finding
            for finding in (*edition.all_findings, *changed, *(judge_rounds(edition) if only is None else ()))
            if only is None or finding.notice is not None or finding.position.path in ours
        ]
        if form == "json":
            click.echo(json.dumps(findings.as_data(found, catalogue), ensure_ascii=False, indent=1))
        elif form == "github":
            for finding in found:
                click.echo(findings.as_github(finding, catalogue))
        else:
            sources = _sources(snapshot, {finding.position.path for finding in found})
            for finding in found:
                click.echo(findings.as_text(finding, sources.get(finding.position.path, []), catalogue) + "\n")
            click.echo(findings.tally(found, len(edition.entries), catalogue))
    ctx.exit(WITHHELD if any(finding.blocks for finding in found) else OK)


def _sources(snapshot: object, paths: set[str]) -> dict[str, list[str]]:
    """The lines of the files that findings point to, as they can be shown."""
    from gaoshi.sources.snapshot import PARTS, Snapshot  # noqa: PLC0415

    assert isinstance(snapshot, Snapshot)
    if not paths:
        return {}
    files = (entry for entry in snapshot.entries(*PARTS) if entry.form == "file" and entry.path in paths)
    entries = {entry.id: entry.path for entry in files}
    sizes = snapshot.repository.sizes(entries)
    small = [blob for blob in entries if sizes.get(blob, 0) <= 1 << 20]
    lines: dict[str, list[str]] = {}
    for blob, data in snapshot.repository.blobs(small):
        text = data.decode("utf-8-sig", errors="replace")
        lines[entries[blob]] = [one_line(line.replace("\t", " ")) for line in text.split("\n")]
    return lines
