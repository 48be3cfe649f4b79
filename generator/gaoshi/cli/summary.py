"""`gaoshi summary`: changed notices as owners will read them, as Markdown for a pull request's summary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from gaoshi.cli import OK, WITHHELD, findings
from gaoshi.cli.selection import removed_since, select
from gaoshi.cli.surroundings import at_option, instant, language_option, project_option, words, zone_of
from gaoshi.core.edition import Edition, Entry
from gaoshi.core.words import Catalogue
from gaoshi.outputs.wording import fix, message

_PICTURE = re.compile(r'<img src="[^"]*" alt="([^"]*)"(?: [a-z]+="[^"]*")*>')

LIMIT = 900_000
"""A summary that is longer is refused by the forge (it takes 1 MiB)."""


@click.command(
    "summary", epilog="Example: gaoshi summary --since origin/main", short_help="Changed notices, for a head to read."
)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--since", metavar="REV", help="The notices that changed since REV left this branch.")
@at_option
@language_option
@project_option
@click.pass_context
def command(
    ctx: click.Context, ids: tuple[str, ...], since: str | None, at: str | None, language: str | None, root: Path
) -> None:
    """Print changed notices as owners will read them: facts, text in every language, findings.

    Written for a pull request's summary page, so that a head can judge them on a phone.
    """
    from gaoshi.edition import Scope, compose  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, open_snapshot  # noqa: PLC0415
    from gaoshi.sources.templates import load_catalogues, own_templates  # noqa: PLC0415

    catalogue = words(language or "zh")
    with open_snapshot(root, None) as snapshot:
        moment = instant(at, zone_of(snapshot.read(SETTINGS)))
        only = select(snapshot, ids, since)
        edition = compose(snapshot, moment, scope=Scope.ALL, only=only, render=True, preview=True)
        gone = removed_since(snapshot, since) if since is not None else []
    catalogues = load_catalogues(own_templates(), edition.board.languages)
    page = "\n".join(_page(edition, catalogue, catalogues, gone))
    click.echo(page if len(page.encode()) <= LIMIT else page.encode()[:LIMIT].decode(errors="ignore") + "\n…")
    ctx.exit(WITHHELD if any(finding.blocks for finding in edition.all_findings) else OK)


def _page(edition: Edition, say: Catalogue, catalogues: dict[str, Catalogue], gone: list[str]) -> Iterator[str]:
    yield f"# {say.text('cli.summary.title')}"
    yield ""
    if not edition.entries and not gone:
        yield say.text("cli.summary.nothing")
        return
    yield say.text("cli.summary.judged", at=say.moment(edition.at, edition.board.zone))
    for entry in edition.entries.values():
        yield ""
        yield from _notice(entry, edition, say, catalogues)
    if gone:
        yield ""
        yield say.text("cli.summary.removed")
        yield ""
        yield from (f"- `{notice_id}`" for notice_id in gone)
    for finding in edition.findings:
        yield f"- {_cell(findings.as_line(finding, say))}"


def _notice(entry: Entry, edition: Edition, say: Catalogue, catalogues: dict[str, Catalogue]) -> Iterator[str]:
    from gaoshi.outputs.facts import Teller  # noqa: PLC0415

    yield "---"
    for language in [code for code in edition.board.languages if code in entry.notice.texts] or [
        edition.board.language
    ]:
        teller = Teller(edition, catalogues[language], catalogues)
        yield ""
        yield f"## {_cell(teller.title(entry).text)}"
        yield ""
        for banner in teller.banners(entry):
            yield f"> **{_cell(banner.title)}** {_cell(banner.text.text) if banner.text else ''}"
            yield ""
        yield f"| {say.text('states.' + entry.state.value)} | `{entry.id}` |"
        yield "|---|---|"
        for fact in teller.facts(entry):
            values = [fact.words.text] if fact.words else []
            values += [fact.moment.text] if fact.moment else []
            values += [f"{phone.name} {phone.number} {phone.hours}".strip() for phone in fact.phones]
            yield f"| {_cell(fact.label)} | {_cell(' · '.join(values))} |"
        yield ""
        salutation = teller.field(entry, "salutation")
        if salutation:
            yield f"**{_cell(salutation.text)}**"
            yield ""
        yield _without_pictures(entry.html.get(language, ""))
    yield ""
    yield f"### {say.text('cli.summary.findings')}"
    yield ""
    if not entry.findings:
        yield say.text("cli.summary.clean")
    for finding in entry.findings:
        severity = say.text(f"cli.severity.{finding.severity.value}")
        what = _cell(message(finding, say))
        yield f"- **{severity} {finding.code}** {what} {_cell(fix(finding, say))}"
    yield ""
    yield f"_{say.text('cli.summary.asked')}_"


def _cell(text: str) -> str:
    """Text as one line that Markdown takes literally."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(text.split()))


def _without_pictures(html: str) -> str:
    """The finished HTML; a summary cannot show pictures that are not published yet, so their words stand in."""
    return _PICTURE.sub(r"<em>🖼 \1</em>", html)
