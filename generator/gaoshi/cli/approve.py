"""`gaoshi approve`: read what one vouches for, then sign it with one's own SSH key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from gaoshi.cli import OK
from gaoshi.cli.reading_room import show_notice, show_roster
from gaoshi.cli.selection import select
from gaoshi.cli.signing import Hand, find_hand, find_key
from gaoshi.cli.surroundings import instant, judging_options, words, zone_of
from gaoshi.core.approval import Missing
from gaoshi.core.edition import Edition, Entry
from gaoshi.core.record import Objection
from gaoshi.core.statement import ROSTER_SUBJECT, Decision, How, Stage, Statement, Subject, short_number
from gaoshi.core.words import Catalogue
from gaoshi.sources.snapshot import Snapshot

ROSTER = "roster"


@dataclass(frozen=True, slots=True)
class _Paper:
    """What a witness says of a sheet that somebody signed."""

    number: str
    scan: str
    approver: str


@click.command("approve", epilog="Example: gaoshi approve 2026-11/tower-3-water --push", short_help="Approve a notice.")
@click.argument("subject", metavar="ID|roster")
@click.option("--stage", type=click.Choice([stage.value for stage in Stage]), help="Default: what is missing.")
@click.option("--reject", "reason", metavar="REASON", help="Send it back instead, and say why.")
@click.option("--key", "key_file", type=click.Path(path_type=Path), help="Your SSH key (default: git's, or ~/.ssh).")
@click.option("--rev", "revision", metavar="REV", default="HEAD", show_default=True, help="The version to approve.")
@click.option("--on-paper", "paper", metavar="NUMBER", help="As a witness: the number of the sheet that was signed.")
@click.option("--scan", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The scan of that sheet.")
@click.option("--approver", metavar="PERSON", help="Who signed that sheet.")
@click.option(
    "--push", is_flag=True, help="Add it to the branch records of --remote; your working tree stays as it is."
)
@click.option("--remote", default="origin", show_default=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
@judging_options
@click.pass_context
def command(
    ctx: click.Context,
    subject: str,
    stage: str | None,
    reason: str | None,
    key_file: Path | None,
    revision: str,
    paper: str | None,
    scan: Path | None,
    approver: str | None,
    *,
    push: bool,
    remote: str,
    yes: bool,
    trusted: str | None,
    at: str | None,
    language: str | None,
    root: Path,
) -> None:
    """Show a notice as owners will read it, with all that is to be known of it, and sign that you approve it.

    The statement binds your name to these very bytes: any change asks for approval again. It is written
    to records/approvals for you to commit, or with --push added to the branch records.
    """
    from gaoshi.edition import Scope, compose  # noqa: PLC0415
    from gaoshi.sources.proof import Trust  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, open_snapshot  # noqa: PLC0415
    from gaoshi.sources.witness import signed_statement  # noqa: PLC0415

    say = words(language)
    with open_snapshot(root, revision) as snapshot:
        moment = instant(at, zone_of(snapshot.read(SETTINGS)))
        only = [] if subject == ROSTER else _committed(snapshot, subject, root)
        edition = compose(snapshot, moment, scope=Scope.ALL, only=only, trust=Trust(trusted), newest=True, render=True)
        assert edition.reign is not None
        roster = edition.reign.roster
        hand = find_hand(roster, find_key(snapshot.repository, key_file, roster))
        sheet = _sheet(paper, scan, approver)
        if subject == ROSTER:
            about = Subject(ROSTER_SUBJECT, snapshot.id_of(ROSTER_SUBJECT))
            wanted = Stage.ROSTER
            show_roster(snapshot, edition, say)
        else:
            [entry] = edition.entries.values()
            about = Subject(entry.id, entry.notice.content_id)
            wanted = _stage(
                stage, edition, entry, sheet.approver if sheet else hand.person.id, moment, give=reason is None
            )
            show_notice(snapshot, edition, entry, say, vouches=reason is None)
        statement = _statement(edition, about, wanted, hand, sheet, reason, moment)
        _must_count(snapshot, statement, hand, trusted, moment, say)
        if revision == "HEAD" and snapshot.repository.run("status", "--porcelain", "--", _path(about)).strip():
            click.secho(say.text("cli.approve.uncommitted", path=_path(about)), fg="yellow")
        click.echo(say.text(f"cli.approve.vouch.{statement.decision.value}", **_told(statement, edition, say)))
        if not yes:
            click.confirm(say.text("cli.approve.ask"), abort=True)
        files = signed_statement(statement, hand.key)
        _keep(snapshot.repository.root, files, statement, push=push, remote=remote)
        payload = next(iter(files.values()))
        number = short_number(hashlib.sha256(payload).hexdigest())
        if push:
            click.echo(say.text("cli.approve.pushed", number=number, remote=remote), err=True)
        else:
            click.echo(say.text("cli.approve.done", number=number, path=next(iter(files))), err=True)
            click.echo(say.text("cli.approve.commit"), err=True)
    ctx.exit(OK)


def _sheet(number: str | None, scan: Path | None, approver: str | None) -> _Paper | None:
    if number is None and scan is None and approver is None:
        return None
    if number is None or scan is None or approver is None:
        raise click.UsageError(words().text("cli.approve.paper_needs_all"))
    return _Paper(number, hashlib.sha256(scan.read_bytes()).hexdigest(), approver)


def _stage(given: str | None, edition: Edition, entry: Entry, approver: str, at: datetime, *, give: bool) -> Stage:
    """The stage asked for, or the one that is missing and that this person can give. Raises click.UsageError."""
    if given is not None:
        return Stage(given)
    assert edition.reign is not None
    assert entry.standing is not None
    verdict, roster = entry.standing.newest, edition.reign.roster
    for rejection in verdict.rejected:
        if rejection.person.id == approver:
            return rejection.stage
    for missing in verdict.missing:
        if any(person.id == approver for person in missing.people):
            return missing.stage
    may = [stage for stage in Stage if roster.role_for(approver, stage, entry.notice.department, at) is not None]
    if verdict.countersign_due is not None and Stage.COUNTERSIGN in may:
        return Stage.COUNTERSIGN
    if not give and may:
        return may[0]
    key, lacking = "nothing_missing" if verdict.approved else "not_yours", verdict.missing
    if verdict.countersign_due is not None:
        heads = roster.who_may(Stage.COUNTERSIGN, entry.notice.department, at)
        key, lacking = "countersign_not_yours", (Missing(Stage.COUNTERSIGN, heads),)
    raise click.UsageError(words().text(f"cli.approve.{key}", id=entry.id, name=approver, people=_names(lacking)))


def _names(missing: Iterable[Missing]) -> str:
    """Who can give what is missing; that nobody can, when it is so."""
    people = dict.fromkeys(f"{person.name} ({person.id})" for one in missing for person in one.people)
    return ", ".join(people) or words().text("cli.approve.nobody")


def _committed(snapshot: Snapshot, subject: str, root: Path) -> list[str] | None:
    """The notice to approve. Raises click.BadParameter, for one that is only in the working tree with the reason."""
    try:
        return select(snapshot, (subject,), None)
    except click.BadParameter:
        folder = subject.strip("/").removeprefix("notices/")
        if (root / "notices" / folder).is_dir():
            raise click.UsageError(words().text("cli.approve.not_committed", id=folder)) from None
        raise


def _path(about: Subject) -> str:
    return about.name if about.is_roster else f"notices/{about.name}"


def _must_count(
    snapshot: Snapshot, statement: Statement, hand: Hand, trusted: str | None, at: datetime, say: Catalogue
) -> None:
    """Raise click.UsageError, with the reason, for a statement that would count for nothing."""
    from contextlib import closing  # noqa: PLC0415

    from gaoshi.core.record import Given, Record  # noqa: PLC0415
    from gaoshi.core.statement import digest_of, encode_statement  # noqa: PLC0415
    from gaoshi.sources.docket import open_cache, read_docket  # noqa: PLC0415
    from gaoshi.sources.proof import Trust  # noqa: PLC0415
    from gaoshi.sources.signatures import fingerprint_of, public_line  # noqa: PLC0415

    about = statement.subject
    digest, signer = digest_of(encode_statement(statement)), fingerprint_of(public_line(hand.key))
    record = Record("", about.folder, digest, statement, signer=signer)
    with closing(open_cache(snapshot)) as cache:
        docket = read_docket(snapshot, at, cache, Trust(trusted), only=[about.name])
    if about.is_roster:
        weighed = docket.court.weigh(record, "")
        why = None if isinstance(weighed, Given) else weighed
        content_first = []
    else:
        verdict = docket.with_record(record).standing(about.name).newest
        mine = (aside for aside in verdict.set_aside if (aside.record.digest, aside.record.signer) == (digest, signer))
        why = next((aside.why for aside in mine), None)
        publishes = (statement.stage, statement.decision) == (Stage.PUBLISH, Decision.APPROVE)
        content_first = [missing for missing in verdict.missing if publishes and missing.stage is Stage.CONTENT]
    if why is not None and why is not Objection.NOT_NEEDED:
        reason = say.text(f"approval.why.{why.value}")
        raise click.UsageError(say.text("cli.approve.would_not_count", name=statement.approver, reason=reason))
    if content_first:
        raise click.UsageError(say.text("cli.approve.content_first", id=about.name, people=_names(content_first)))


def _statement(
    edition: Edition,
    about: Subject,
    stage: Stage,
    hand: Hand,
    sheet: _Paper | None,
    reason: str | None,
    at: datetime,
) -> Statement:
    decision = Decision.APPROVE if reason is None else Decision.REJECT
    if reason is not None and not reason.strip():
        raise click.UsageError(words().text("cli.approve.no_reason"))
    if sheet is None:
        return Statement(edition.board.id, about, stage, decision, hand.person.id, at, How.SIGNATURE, reason or "")
    given = {"witness": hand.person.id, "paper": sheet.number, "scan_sha256": sheet.scan}
    return Statement(edition.board.id, about, stage, decision, sheet.approver, at, How.PAPER, reason or "", given)


def _told(statement: Statement, edition: Edition, say: Catalogue) -> dict[str, str]:
    assert edition.reign is not None
    return {
        "name": edition.reign.roster.people[statement.approver].name,
        "stage": say.text(f"stages.{statement.stage.value}"),
        "subject": statement.subject.name,
        "digest": statement.subject.digest,
        "reason": statement.reason,
    }


def _keep(root: Path, files: dict[str, bytes], statement: Statement, *, push: bool, remote: str) -> None:
    """Into the working tree, or onto the branch `records` of a remote."""
    if push:
        from gaoshi.sources import branch  # noqa: PLC0415
        from gaoshi.sources.git.repository import Repository  # noqa: PLC0415

        message = f"{statement.decision.value} {statement.subject.name} ({statement.stage.value})\n"
        branch.push(Repository(root), files, message, statement.at, remote)
        return
    for path in files:
        if (root / path).exists():
            raise click.ClickException(words().text("cli.approve.there", path=path))
    for path, data in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
