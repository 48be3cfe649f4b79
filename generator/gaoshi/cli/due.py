"""`gaoshi due`: does the public board have to be made anew?"""

from __future__ import annotations

import json
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaoshi.cli import OK
from gaoshi.cli.surroundings import (
    at_option,
    format_option,
    instant,
    language_option,
    project_option,
    words,
)
from gaoshi.core.dueness import Reason, Value, reasons
from gaoshi.core.instants import iso
from gaoshi.core.published import NotABoard, Published, read_published
from gaoshi.core.words import Catalogue

if TYPE_CHECKING:
    from gaoshi.sources.git.repository import Repository

FORMAT = 1
DUE = 1
"""The exit status with `--exit-code`, as `git diff --exit-code` has it."""
_SHORT = 12


@click.command(
    "due",
    epilog="Example: gaoshi due --site https://board.example/ --exit-code",
    short_help="Does the board have to be made anew?",
)
@click.option(
    "--after", "manifest", metavar="FILE", type=click.Path(path_type=Path), help="The board.json that is public."
)
@click.option("--site", "address", metavar="URL", help="Ask the public board at this address for it instead.")
@click.option("--rev", "revision", metavar="REV", help="What would be published (default: HEAD, or what it follows).")
@click.option("--exit-code", "tells", is_flag=True, help="Exit status 1 when it is due.")
@format_option("text", "json")
@at_option
@language_option
@project_option
@click.pass_context
def command(
    ctx: click.Context,
    manifest: Path | None,
    address: str | None,
    revision: str | None,
    *,
    tells: bool,
    form: str,
    at: str | None,
    language: str | None,
    root: Path,
) -> None:
    """Tell whether the public board has to be made anew, and why.

    It has to when main or the branch records has gone on, when it is time for its next change, when it is a day
    old, and when it cannot be read. No notice is looked into, so the answer is quick.
    """
    from gaoshi.sources.git.command import GitError  # noqa: PLC0415
    from gaoshi.sources.git.repository import Repository  # noqa: PLC0415
    from gaoshi.sources.ledger import record_tips  # noqa: PLC0415
    from gaoshi.sources.remote import followed  # noqa: PLC0415
    from gaoshi.sources.settings import parse_board  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, Snapshot  # noqa: PLC0415

    catalogue = words(language)
    if (manifest is None) == (address is None):
        raise click.UsageError(catalogue.text("cli.due.which"))
    repository = Repository.containing(root)
    revision = revision or followed(repository)
    commit = repository.commit(revision)
    if commit is None:
        raise GitError("no-revision", revision)
    # Not open_snapshot: how deep this clone's history goes does not matter here.
    settings = Snapshot(repository, repository.tree(commit), commit, worktree=False).read(SETTINGS)
    board = parse_board(settings)[0]
    moment = instant(at, board.zone)
    published, why = _published(manifest, address, catalogue)
    found = (
        [Reason("no-board", now=why)]
        if published is None
        else list(reasons(published, board.id, commit, record_tips(repository), moment))
    )
    told = [_told(reason, _sentence(reason, repository, published, commit), catalogue, board.zone) for reason in found]
    if form == "json":
        data = {
            "format": FORMAT,
            "due": bool(found),
            "reasons": [
                {
                    "code": reason.code,
                    "was": _exact(reason.was, board.zone),
                    "now": _exact(reason.now, board.zone),
                    "message": message,
                }
                for reason, message in zip(found, told, strict=True)
            ],
            "at": iso(moment, board.zone),
            "revision": commit,
            "next": iso(published.next, board.zone) if published is not None else None,
            "due_at": iso(published.due, board.zone) if published is not None else None,
        }
        click.echo(json.dumps(data, ensure_ascii=False))
    else:
        for message in told:
            click.echo(message)
        if published is not None and not told:
            click.echo(catalogue.text("cli.due.not", due=catalogue.moment(published.due, board.zone)))
    ctx.exit(DUE if found and tells else OK)


def _sentence(reason: Reason, repository: Repository, published: Published | None, commit: str) -> str:
    """By which sentence people are told of `reason`: that main has gone on is said only where it is known."""
    if reason.code != "revision" or published is None:
        return reason.code
    if repository.commit(published.revision) is None:  # not fetched yet, too far back for this clone, or rewritten
        return "unknown"
    return "ahead" if repository.descends(published.revision, commit) else "revision"


def _told(reason: Reason, sentence: str, catalogue: Catalogue, zone: tzinfo) -> str:
    """A reason for people."""
    was, now = (_in_words(value, catalogue, zone) for value in (reason.was, reason.now))
    return catalogue.text(f"cli.due.reasons.{sentence}", was=was, now=now)


def _in_words(value: Value, catalogue: Catalogue, zone: tzinfo) -> str:
    if isinstance(value, datetime):
        return catalogue.moment(value, zone)
    shown = value if isinstance(value, str) else ", ".join(commit[:_SHORT] for commit in value)
    return shown or "–"


def _exact(value: Value, zone: tzinfo) -> str | list[str] | None:
    """The same for programs."""
    if isinstance(value, datetime):
        return iso(value, zone)
    return value if isinstance(value, str) else list(value)


def _published(manifest: Path | None, address: str | None, catalogue: Catalogue) -> tuple[Published | None, str]:
    """What is public; or None, and why it cannot be read."""
    if address is not None:
        from gaoshi.cli.inspection import site_at, told  # noqa: PLC0415
        from gaoshi.engine.inspection import manifest_of  # noqa: PLC0415

        seen = manifest_of(site_at(address, "--site"))
        return seen.published, "".join(told(difference, catalogue) for difference in seen.differences)
    try:
        return read_published((manifest or Path()).read_bytes()), ""
    except OSError as error:
        sentence = catalogue.text("cli.no_such_board", path=manifest, detail=error.strerror or "")
        raise click.BadParameter(sentence, param_hint="--after") from None
    except NotABoard:
        return None, catalogue.text("cli.no_manifest", path=manifest)
