"""`gaoshi due`: does the public board have to be made anew?"""

from __future__ import annotations

import json
from pathlib import Path

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
from gaoshi.core.published import NotABoard, Published, read_published
from gaoshi.core.words import Catalogue

FORMAT = 1
DUE = 1
"""The exit status with `--exit-code`, as `git diff --exit-code` has it."""


@click.command(
    "due",
    epilog="Example: gaoshi due --site https://board.example/ --exit-code",
    short_help="Does the board have to be made anew?",
)
@click.option(
    "--after", "manifest", metavar="FILE", type=click.Path(path_type=Path), help="The board.json that is public."
)
@click.option("--site", "address", metavar="URL", help="Ask the public board at this address for it instead.")
@click.option("--rev", "revision", metavar="REV", default="HEAD", show_default=True, help="What would be published.")
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
    revision: str,
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
    from gaoshi.core.dueness import Reason, reasons  # noqa: PLC0415
    from gaoshi.core.instants import iso  # noqa: PLC0415
    from gaoshi.sources.git import GitError, Repository  # noqa: PLC0415
    from gaoshi.sources.ledger import record_tips  # noqa: PLC0415
    from gaoshi.sources.settings import parse_board  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, Snapshot  # noqa: PLC0415

    catalogue = words(language)
    if (manifest is None) == (address is None):
        raise click.UsageError(catalogue.text("cli.due.which"))
    repository = Repository.containing(root)
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
        else list(reasons(published, board.id, commit, record_tips(repository), moment, board.zone))
    )
    told = [
        (reason.code, catalogue.text(f"cli.due.reasons.{reason.code}", was=reason.was or "–", now=reason.now or "–"))
        for reason in found
    ]
    due_at = iso(published.due, board.zone) if published is not None else None
    if form == "json":
        data = {
            "format": FORMAT,
            "due": bool(found),
            "reasons": [{"code": code, "message": message} for code, message in told],
            "at": iso(moment, board.zone),
            "revision": commit,
            "next": iso(published.next, board.zone) if published is not None else None,
            "due_at": due_at,
        }
        click.echo(json.dumps(data, ensure_ascii=False))
    else:
        for _, message in told or [("", catalogue.text("cli.due.not", due=due_at))]:
            click.echo(message)
    ctx.exit(DUE if found and tells else OK)


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
        return None, error.strerror or ""
    except NotABoard:
        return None, catalogue.text("cli.no_manifest", path=manifest)
