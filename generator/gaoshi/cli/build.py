"""`gaoshi build`: the public board of a revision, or with --preview every notice of the working tree."""

from __future__ import annotations

import time
from pathlib import Path

import click

from gaoshi.cli import OK, WITHHELD, findings
from gaoshi.cli.surroundings import instant, judging_options, now, words
from gaoshi.core.published import MANIFEST, NotABoard, Published, read_published
from gaoshi.core.words import Catalogue

_SLICE = 0.01


@click.command("build", epilog="Example: gaoshi build --rev main -o site", short_help="Build the board.")
@click.option("--rev", "revision", metavar="REV", default="HEAD", show_default=True, help="Publish this revision.")
@click.option("--preview", is_flag=True, help="Build the working tree instead, with every notice and its state.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("site"), show_default=True)
@click.option(
    "--after",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A board.json published before: refuse records that lack what it was built from.",
)
@click.option(
    "--on-time",
    is_flag=True,
    help="With --at in the future: build now, write all of it to disk, and put it up then.",
)
@judging_options
@click.pass_context
def command(
    ctx: click.Context,
    revision: str,
    *,
    preview: bool,
    output: Path,
    after: Path | None,
    on_time: bool,
    trusted: str | None,
    at: str | None,
    language: str | None,
    root: Path,
) -> None:
    """Build the board into a folder: approved and live notices only.

    The folder is replaced whole or not at all: kill the build at any moment and the old board still
    stands. Exit status 1 when notices are withheld (the rest is published all the same).
    """
    from gaoshi.engine.replace import replacing  # noqa: PLC0415
    from gaoshi.engine.site import render_site  # noqa: PLC0415
    from gaoshi.engine.stage import set_stage  # noqa: PLC0415
    from gaoshi.sources.git.command import GitError  # noqa: PLC0415
    from gaoshi.sources.ledger import remember, seen_before  # noqa: PLC0415
    from gaoshi.sources.proof import Trust  # noqa: PLC0415
    from gaoshi.sources.settings import parse_board  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, open_snapshot  # noqa: PLC0415

    catalogue = words(language)
    with open_snapshot(root, None if preview else revision) as snapshot:
        board, _ = parse_board(snapshot.read(SETTINGS))
        moment = instant(at, board.zone)
        before = _published_before(after, board.id, catalogue) if after is not None else None
        if before and before.revision and not snapshot.repository.on_mainline(before.revision, snapshot.revision or ""):
            raise GitError("main-rewound", before.revision)
        seen = () if preview else (*seen_before(snapshot.repository), *(before.records if before else ()))
        trust = Trust(trusted, seen)

        def until_then() -> None:
            while on_time and now() < moment:
                time.sleep(_SLICE)

        with (
            set_stage(snapshot, moment, preview=preview, trust=trust) as stage,
            replacing(output, MANIFEST, until_then, durable=on_time) as fresh,
        ):
            render_site(stage, fresh)
        if not preview:
            remember(snapshot.repository, stage.edition.records)
    edition = stage.edition
    for entry in edition.withheld:
        click.echo(catalogue.text("cli.withheld", id=entry.id), err=True)
        for finding in entry.reasons:
            click.echo(
                f"  {findings.as_line(finding, catalogue)}",
                err=True,
            )
    for entry in edition.live:
        if not preview and entry.standing is not None and not entry.standing.current:
            click.echo(catalogue.text("cli.waiting", id=entry.id), err=True)
    for line in findings.as_lines(edition.findings, catalogue):
        click.echo(line, err=True)
    click.echo(
        catalogue.text(
            "cli.built",
            folder=output,
            live=len(edition.live),
            withheld=len(edition.withheld),
            at=catalogue.moment(edition.at, edition.board.zone),
        ),
        err=True,
    )
    ctx.exit(OK if edition.clean or preview else WITHHELD)


def _published_before(path: Path, board: str, catalogue: Catalogue) -> Published | None:
    """The `board` as it was published before; None, and that is told, where `path` holds something else.

    Something else is what a host answers that has no board yet: refusing it would keep away the board that mends it.
    Raises click.BadParameter where the file cannot be opened.
    """
    try:
        published = read_published(path.read_bytes())
    except OSError as error:
        sentence = catalogue.text("cli.no_such_board", path=path, detail=error.strerror or "")
        raise click.BadParameter(sentence, param_hint="--after") from None
    except NotABoard:
        click.echo(catalogue.text("cli.after.no_board", path=path), err=True)
        return None
    if published.board != board:
        click.echo(catalogue.text("cli.after.other_board", path=path), err=True)
        return None
    return published
