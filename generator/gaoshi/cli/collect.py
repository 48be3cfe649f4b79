"""`gaoshi approvals collect`: what was clicked on the forge becomes signed statements with receipts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing, nullcontext
from datetime import tzinfo
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

import click

from gaoshi.cli import OK, SURROUNDINGS, WITHHELD
from gaoshi.cli.surroundings import LANGUAGES, format_option, instant, judging_options, words, zone_of
from gaoshi.core.instants import iso
from gaoshi.core.statement import short_number
from gaoshi.core.words import Catalogue

if TYPE_CHECKING:
    from gaoshi.sources.collecting import Collected, Dropped
    from gaoshi.sources.forges.github import GitHub

FORMAT = 1
MESSAGE = "Collect approvals"


@click.command(
    "collect",
    epilog="Example: gaoshi approvals collect --key witness --repository cloudtop/board --push",
    short_help="Collect approvals that were clicked on the forge.",
)
@click.option(
    "--forge",
    type=click.Choice(["github", "none"]),
    default="github",
    show_default=True,
    help="Where to ask; none: write receipts only.",
)
@click.option("--repository", metavar="OWNER/NAME", envvar="GITHUB_REPOSITORY", help="Default: $GITHUB_REPOSITORY.")
@click.option("--api", metavar="URL", envvar="GITHUB_API_URL", help="Default: $GITHUB_API_URL, or the public one.")
@click.option("--key", type=click.Path(path_type=Path), help="The witness’s private key.")
@click.option("--witness", metavar="ID", help="Sign as this witness (default: the one whose key it is).")
@click.option("--remote", default="origin", show_default=True, help="Fetch from here, and push to it.")
@click.option("--push/--no-push", "pushes", default=False, show_default=True, help="Push the branch records.")
@click.option("--rev", "revision", metavar="REV", default="HEAD", show_default=True, help="What main has.")
@click.option("--again", is_flag=True, help="Ask also about versions that were asked about before.")
@format_option("text", "json")
@judging_options
@click.pass_context
def command(
    ctx: click.Context,
    forge: str,
    repository: str | None,
    api: str | None,
    key: Path | None,
    witness: str | None,
    remote: str,
    *,
    pushes: bool,
    revision: str,
    again: bool,
    form: str,
    trusted: str | None,
    at: str | None,
    language: str | None,
    root: Path,
) -> None:
    """Ask the forge who approved what main has, and add what counts to the branch records, signed.

    Also writes receipts for statements that have none. The forge is asked with the token in
    $GITHUB_TOKEN. Exit status 1 when something could not be asked; the rest is added all the same.
    """
    catalogue = words(language)
    hub = None if forge == "none" else connect(repository, api, catalogue)
    if key is None or not key.is_file():
        what = "cli.collect.witness.no-key" if key is None else "cli.collect.witness.no-file"
        click.echo(catalogue.text(what, path=key), err=True)
        ctx.exit(SURROUNDINGS)
    with nullcontext() if hub is None else closing(hub):
        found, zone = _collect(
            hub,
            key,
            witness,
            (remote, revision, trusted),
            root,
            at,
            again=again,
            pushes=pushes,
            catalogue=catalogue,
        )
    if form == "json":
        click.echo(json.dumps(_as_data(found, zone), ensure_ascii=False, indent=1))
    else:
        for line in _as_text(found, catalogue):
            click.echo(line)
    for failure in found.failures:
        why = catalogue.text(f"cli.collect.failed.{failure.what}", detail=failure.detail)
        click.echo(catalogue.text("cli.collect.not_asked", id=failure.folder, why=why), err=True)
    ctx.exit(WITHHELD if found.failures else OK)


def connect(repository: str | None, api: str | None, catalogue: Catalogue) -> GitHub:
    """The forge to ask. Raises click.UsageError."""
    from gaoshi.sources.forges.github import API, GitHub, is_repository  # noqa: PLC0415

    if repository is None or not is_repository(repository):
        raise click.UsageError(catalogue.text("cli.collect.no_repository", value=repository or ""))
    address = api or API
    if not address.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):  # a token goes there
        raise click.UsageError(catalogue.text("cli.collect.bad_api", value=address))
    return GitHub(repository, os.environ.get("GITHUB_TOKEN", "").strip(), sleep, address)


def _collect(
    hub: GitHub | None,
    key: Path,
    witness: str | None,
    where: tuple[str, str, str | None],
    root: Path,
    at: str | None,
    *,
    again: bool,
    pushes: bool,
    catalogue: Catalogue,
) -> tuple[Collected, tzinfo]:
    """What was found, already added to the branch; and the board's zone. `where`: remote, revision, first roster."""
    from gaoshi.sources.branch import append, fetch, push  # noqa: PLC0415
    from gaoshi.sources.collecting import collect  # noqa: PLC0415
    from gaoshi.sources.docket import open_cache, read_docket  # noqa: PLC0415
    from gaoshi.sources.hand import witness_hand  # noqa: PLC0415
    from gaoshi.sources.ledger import seen_before  # noqa: PLC0415
    from gaoshi.sources.proof import Trust  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, open_snapshot  # noqa: PLC0415

    remote, revision, trusted = where
    with open_snapshot(root, revision) as snapshot:
        moment = instant(at, zone_of(snapshot.read(SETTINGS)))
        known = snapshot.repository.has_remote(remote)
        if pushes and not known:
            raise click.UsageError(catalogue.text("cli.collect.no_remote", value=remote))
        if known:
            fetch(snapshot.repository, remote)
        with closing(open_cache(snapshot)) as cache:
            trust = Trust(trusted, seen_before(snapshot.repository))
            docket = read_docket(snapshot, moment, cache, trust, settled_by=moment)
        hand = witness_hand(docket.reign.roster, docket.board.id, key, witness, moment)
        language = docket.board.language if docket.board.language in LANGUAGES else LANGUAGES[-1]
        unsaid = words(language).text("cli.collect.unsaid")
        found = collect(docket, hub, hand, remote=remote if known else None, again=again, unsaid=unsaid)
        if found.files:
            repository = snapshot.repository.signing_as(hand.witness, f"{hand.witness}@{docket.board.id}.invalid")
            if pushes:
                push(repository, found.files, MESSAGE, moment, remote, fetched=True)
            else:
                append(repository, found.files, MESSAGE, moment)
    return found, docket.board.zone


# ── telling it ───────────────────────────────────────────────────────────────────────────────────


def _as_text(found: Collected, catalogue: Catalogue) -> Iterator[str]:
    for made in found.made:
        statement = made.statement
        yield catalogue.text(
            f"cli.collect.made.{statement.decision.value}",
            id=statement.subject.folder,
            stage=catalogue.text(f"stages.{statement.stage.value}"),
            person=statement.approver,
            number=statement.given.get("pull_request", ""),
            statement=short_number(made.document.digest),
        )
    for dropped in found.dropped:
        yield catalogue.text(
            "cli.collect.dropped",
            id=dropped.folder,
            number=dropped.pull_request,
            account=_account(dropped, catalogue),
            why=catalogue.text(f"cli.collect.why.{dropped.why.value}"),
        )
    for folder in found.unbrought:
        yield catalogue.text("cli.collect.unbrought", id=folder)
    yield catalogue.text(
        "cli.collect.tally", asked=len(found.asked), statements=len(found.made), receipts=len(found.receipts)
    )


def _account(dropped: Dropped, catalogue: Catalogue) -> str:
    account = dropped.review.account
    return catalogue.text("cli.collect.deleted_account") if account is None else f"{account.name} ({account.number})"


def _as_data(found: Collected, zone: tzinfo) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "asked": found.asked,
        "unbrought": found.unbrought,
        "statements": [
            {
                "path": made.document.path,
                "id": made.statement.subject.folder,
                "stage": made.statement.stage.value,
                "decision": made.statement.decision.value,
                "approver": made.statement.approver,
                "at": iso(made.statement.at, zone),
                "pull_request": int(made.statement.given["pull_request"]),
                "number": short_number(made.document.digest),
            }
            for made in found.made
        ],
        "receipts": [document.path for document in found.receipts],
        "ignored": [
            {
                "id": dropped.folder,
                "pull_request": dropped.pull_request,
                "review": dropped.review.number,
                "account": dropped.review.account.number if dropped.review.account else None,
                "why": dropped.why.value,
            }
            for dropped in found.dropped
        ],
        "failed": [{"id": failure.folder, "why": failure.what, "detail": failure.detail} for failure in found.failures],
    }
