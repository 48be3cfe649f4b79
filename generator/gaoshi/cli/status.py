"""`gaoshi status`: every notice and its state at an instant."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaoshi.cli import OK, WITHHELD, findings
from gaoshi.cli.surroundings import format_option, instant, judging_options, words, zone_of
from gaoshi.core.edition import Edition, Entry
from gaoshi.core.schedule import State
from gaoshi.core.words import Catalogue
from gaoshi.outputs.wording import fix, message, one_line

if TYPE_CHECKING:
    from gaoshi.sources.git.repository import Repository

FORMAT = 1
_LIMIT = "T107"
WORTH_A_LINE = ("A107", "A108", _LIMIT)
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
    marked as proposed, and what is not approved as it is as waiting. Exit status 1 when something
    is withheld.
    """
    from gaoshi.core.instants import iso  # noqa: PLC0415
    from gaoshi.edition import Scope, compose  # noqa: PLC0415
    from gaoshi.sources.proof import Trust  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, open_snapshot  # noqa: PLC0415

    catalogue = words(language)
    with open_snapshot(root, revision) as snapshot:
        moment = instant(at, zone_of(snapshot.read(SETTINGS)))
        edition = compose(snapshot, moment, scope=Scope.ALL, preview=revision is None, trust=Trust(trusted))
        gone_on = _gone_on(snapshot.repository) if revision is None else None
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
        for line in _listed(edition, catalogue):
            click.echo(line)
        if not edition.entries:
            click.echo(catalogue.text("cli.status.none" if revision is None else "cli.status.none_there"))
        if gone_on is not None:
            click.echo(catalogue.text("cli.status.behind", branch=gone_on), err=True)
        for line in findings.as_lines(edition.findings, catalogue):
            click.echo(line, err=True)
    ctx.exit(OK if edition.clean else WITHHELD)


def _listed(edition: Edition, catalogue: Catalogue) -> Iterator[str]:
    """Every notice with what is to be said of it, those that are withheld first; and how many there are."""
    entries = sorted(edition.entries.values(), key=lambda entry: entry.state is not State.WITHHELD)
    for entry in entries:
        state = click.style(_state(entry.state, catalogue), fg=_COLOURS.get(entry.state.value))
        notes = [catalogue.text("states.proposed")] if entry.proposed else []
        notes += [catalogue.text("cli.status.waiting")] if _waits(entry) else []
        noted = f" ({catalogue.text('formats.list').join(notes)})" if notes else ""
        title = entry.notice.text(catalogue.language, "title")
        yield f"{state}  {entry.id}{noted}  {one_line(title[0]) if title else ''}"
        for finding in entry.findings:
            if finding.blocks or (finding.code in WORTH_A_LINE and not (finding.code == _LIMIT and _was_public(entry))):
                yield f"      {finding.code} {message(finding, catalogue)}"
    if entries:
        counts = Counter(entry.state for entry in entries)
        states = [f"{_state(state, catalogue)} {counts[state]}" for state in State if counts[state]]
        listed = catalogue.text("formats.list").join(states)
        tally = catalogue.text("cli.status.tally", notices=len(entries), states=listed)
        waiting = sum(map(_waits, entries))
        yield tally + (catalogue.text("cli.status.waiting_too", notices=waiting) if waiting else "")


def _state(state: State, catalogue: Catalogue) -> str:
    return catalogue.text(f"states.{state.value}")


def _waits(entry: Entry) -> bool:
    """Whether the content that is listed is not the one that is approved. Where nothing is committed, nothing is."""
    standing = entry.standing
    if standing is None:
        return True
    return standing.public is None or standing.public.content_id != entry.notice.content_id


def _was_public(entry: Entry) -> bool:
    """Whether it is on the board, in this version or in the one approved before, or its time there is over."""
    if entry.state is State.LIVE:
        return entry.standing is not None and entry.standing.public is not None
    return entry.state not in {State.WITHHELD, State.UPCOMING}


def _gone_on(repository: Repository) -> str | None:
    """The branch that this one follows, where that has gone on from it, as in a clone that only fetches."""
    from gaoshi.sources.remote import followed  # noqa: PLC0415

    there = followed(repository)
    if repository.commit(there) == repository.commit("HEAD"):
        return None
    return repository.run("rev-parse", "--abbrev-ref", there).decode().strip()
