"""What somebody reads before he signs: the notice as owners will, its findings, what changed, what he vouches for."""

from __future__ import annotations

import click

from gaoshi.cli import findings
from gaoshi.core.edition import Edition, Entry
from gaoshi.core.reign import has_keeper
from gaoshi.core.statement import ROSTER_SUBJECT
from gaoshi.core.words import Catalogue
from gaoshi.outputs import verdicts
from gaoshi.outputs.facts import Teller
from gaoshi.outputs.wording import one_line
from gaoshi.rules.surroundings import judge_stray
from gaoshi.sources.rosters import parse_roster
from gaoshi.sources.settings_reader import SettingsError
from gaoshi.sources.snapshot import Snapshot
from gaoshi.sources.templates import load_catalogues, own_templates

_MOST_LINES = 200
"""Of what changed so much is shown; the rest is to be read where it was proposed."""


def show_notice(snapshot: Snapshot, edition: Edition, entry: Entry, say: Catalogue, *, vouches: bool) -> None:
    """Print all that an approver should see of a notice, and what he vouches for if he approves."""
    _texts(edition, entry)
    _findings(entry, say)
    standing = entry.standing
    if standing is not None:
        if standing.public is not None and not standing.current and standing.public.content_id:
            _heading(say.text("cli.approve.changes"))
            _difference(snapshot, standing.public.content_id, entry.notice.content_id)
        _heading(say.text("cli.approve.standing"))
        for line in verdicts.told(standing, say, edition.board.zone):
            click.echo(f"  {line}")
    if not vouches:
        return
    _heading(say.text("cli.approve.list_title"))
    for number, line in enumerate(say.find("cli.approve.list") or (), 1):
        click.echo(f"  {number}. {line}")


def _texts(edition: Edition, entry: Entry) -> None:
    """The notice in every language: title, facts, text; then what is attached."""
    catalogues = load_catalogues(own_templates(), edition.board.languages)
    for language in (code for code in entry.notice.texts if code in catalogues):
        teller = Teller(edition, catalogues[language], catalogues)
        _heading(one_line(teller.title(entry).text))
        for fact in teller.facts(entry):
            values = [fact.words.text] if fact.words else []
            values += [fact.moment.text] if fact.moment else []
            values += [f"{phone.name} {phone.number} {phone.hours}".strip() for phone in fact.phones]
            click.echo(f"  {fact.label}  {one_line(' · '.join(values))}")
        click.echo("")
        for line in entry.notice.texts[language].body.strip().splitlines():
            click.echo(f"  {one_line(line)}")
    for name, attachment in entry.notice.attachments.items():
        click.echo(f"  📎 {one_line(name)}  {attachment.size} B  {attachment.blob[:12]}")


def _findings(entry: Entry, say: Catalogue) -> None:
    _heading(say.text("cli.summary.findings"))
    for finding in entry.findings:
        click.echo(f"  {findings.as_line(finding, say)}")
    if not entry.findings:
        click.echo(f"  {say.text('cli.summary.clean')}")


def show_roster(snapshot: Snapshot, edition: Edition, say: Catalogue) -> None:
    """Print what a change of the roster changes, and what is wrong with it.

    Raises click.UsageError for one that must not come into force: it cannot be read, or nobody could
    approve the next one.
    """
    try:
        roster, problems = parse_roster(snapshot.read(ROSTER_SUBJECT), edition.board.zone, edition.board.language)
    except SettingsError as error:
        raise click.UsageError(say.text("cli.approve.roster_unreadable", line=error.position.line)) from None
    if not has_keeper(roster):
        raise click.UsageError(say.text("cli.approve.roster_without_keeper"))
    _heading(say.text("cli.approve.changes"))
    assert edition.reign is not None
    if edition.reign.blob:
        _difference(snapshot, edition.reign.blob, snapshot.id_of(ROSTER_SUBJECT))
    for problem in problems:
        click.echo(f"  {findings.as_line(judge_stray(problem), say)}")


def _heading(text: str) -> None:
    click.echo("\n" + click.style(text, bold=True))


def _difference(snapshot: Snapshot, old: str, new: str) -> None:
    """What changed between two objects, line by line."""
    output = snapshot.repository.run("diff", "--no-color", "--no-ext-diff", "--no-textconv", "-U1", old, new)
    lines = output.decode(errors="replace").splitlines()
    colours = {"+": "green", "-": "red"}
    for line in lines[:_MOST_LINES]:
        if not line.startswith(("diff ", "index ", "--- ", "+++ ")):
            click.echo("  " + click.style(one_line(line), fg=colours.get(line[:1])))
    if len(lines) > _MOST_LINES:
        click.echo("  …")
