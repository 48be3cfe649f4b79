"""`gaoshi confirm`: prove that the public board shows the edition."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from random import uniform
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import click

from gaoshi.cli import OK, SURROUNDINGS, WITHHELD
from gaoshi.cli.surroundings import format_option, instant, judging_options, words, zone_of
from gaoshi.core.instants import iso, parse_length
from gaoshi.sources.git.command import GitError
from gaoshi.sources.git.repository import Repository
from gaoshi.sources.remote import followed
from gaoshi.sources.snapshot import SETTINGS, open_snapshot

if TYPE_CHECKING:
    from gaoshi.core.words import Catalogue
    from gaoshi.engine.inspection import Expect, Look

FORMAT = 1
_LONGEST_WAIT = 30.0
"""Seconds between two looks, at most."""


def _length(ctx: click.Context, parameter: click.Parameter, value: str | None) -> timedelta | None:
    """The length of time that an option names, such as 30m."""
    try:
        return None if value is None else parse_length(value)
    except ValueError:
        raise click.BadParameter(words().text("cli.confirm.no_length", value=value), ctx, parameter) from None


@click.command(
    "confirm",
    epilog="Example: gaoshi confirm https://board.example/ --fresh-within 30m",
    short_help="Prove that the public board shows the edition.",
)
@click.argument("address", metavar="URL")
@click.option(
    "--rev", "revision", metavar="REV", help="It shows this revision (default: in a project HEAD, or what it follows)."
)
@click.option("--not-before", metavar="TIME", help="It was made then or later: the instant that was deployed.")
@click.option(
    "--within",
    callback=_length,
    default="5m",
    show_default=True,
    metavar="LENGTH",
    help="Look again for so long: a cache may lag.",
)
@click.option(
    "--fresh-within",
    callback=_length,
    metavar="LENGTH",
    help="It was made anew no later than this after it was due; without --rev, no project is needed.",
)
@format_option("text", "json")
@judging_options
@click.pass_context
def command(
    ctx: click.Context,
    address: str,
    revision: str | None,
    not_before: str | None,
    within: timedelta,
    fresh_within: timedelta | None,
    form: str,
    trusted: str | None,
    at: str | None,
    language: str | None,
    root: Path,
) -> None:
    """Fetch the public board and prove that it shows the edition, and nothing else.

    Every live notice is there, on the home page, on its own page and in every list, in every language; what
    has ended, and what was never published, is not. In a board's project it is compared with the edition of its
    revision at its instant; anywhere else with itself and with the clock.

    Exit status 1 when it differs, 3 when it cannot be reached.
    """
    from gaoshi.cli.inspection import site_at, told  # noqa: PLC0415
    from gaoshi.engine.inspection import Demands, look  # noqa: PLC0415

    catalogue = words(language)
    site = site_at(address, "URL")
    with _project(root, revision, trusted, alone=fresh_within is not None and revision is None) as (expect, zone):
        floor = instant(not_before, zone, "--not-before") if not_before is not None else None
        demands = Demands(floor, fresh_within, clock=at is None)
        end = monotonic() + within.total_seconds()
        tries = 0
        while True:
            now = instant(at, zone)
            seen = look(site, expect, demands, now)
            tries += 1
            wait = min(min(2.0**tries, _LONGEST_WAIT) * uniform(0.5, 1), end - monotonic())  # noqa: S311  (no secret)
            if not seen.differences or wait <= 0:
                break
            first, *others = seen.differences
            again = "cli.confirm.again_more" if others else "cli.confirm.again"
            click.echo(catalogue.text(again, difference=told(first, catalogue), count=len(others)), err=True)
            sleep(wait)
    sentences = [told(difference, catalogue) for difference in seen.differences]
    if form == "json":
        data = _as_data(seen, sentences, now)
        data |= {"url": site.address, "compared_with": "edition" if expect else "itself", "tries": tries}
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        for sentence in sentences:
            click.echo(sentence)
    for sentence in _verdict(seen, catalogue, now, compared=expect is not None):
        click.echo(sentence, err=True)
    ctx.exit(OK if not seen.differences else WITHHELD if seen.reached else SURROUNDINGS)


# ── what it is compared with ─────────────────────────────────────────────────────────────────────


@contextmanager
def _project(
    root: Path, revision: str | None, trusted: str | None, *, alone: bool
) -> Iterator[tuple[Expect | None, tzinfo]]:
    """What a board should be here, and in which zone times are told; nothing where there is no project.

    Who names a revision means a project, so then it is an error when there is none.
    """
    from gaoshi.engine.inspection import Here  # noqa: PLC0415

    if alone or (revision is None and not _is_project(root)):
        yield None, UTC
        return
    with open_snapshot(root, revision or followed(Repository.containing(root))) as snapshot:
        yield Here(snapshot, trusted).expected, zone_of(snapshot.read(SETTINGS))


def _is_project(root: Path) -> bool:
    """Whether this is a board's repository, with something committed."""
    try:
        repository = Repository.containing(root)
    except GitError as error:
        if error.what in {"no-repository", "missing"}:
            return False
        raise
    return repository.object_at("HEAD", SETTINGS) is not None


# ── telling it ───────────────────────────────────────────────────────────────────────────────────


def _verdict(seen: Look, catalogue: Catalogue, now: datetime, *, compared: bool) -> Iterator[str]:
    """How it went in one sentence, and what a reader must know besides."""
    from gaoshi.core.alongside import MOST_BYTES, MOST_NAMED  # noqa: PLC0415

    published = seen.published
    if seen.differences or published is None:
        yield catalogue.text(
            "cli.confirm.differ" if seen.reached else "cli.confirm.unreached", count=len(seen.differences)
        )
        return
    yield catalogue.text(
        "cli.confirm.proved" if compared else "cli.confirm.agrees",
        notices=len(published.notices),
        languages=len(seen.languages),
        pages=seen.asked,
        at=catalogue.moment(published.at, published.zone),
    )
    if seen.left:
        yield catalogue.text("cli.confirm.left", count=seen.left, size=f"{MOST_BYTES // 10**6} MB", most=MOST_NAMED)
    if published.due <= now:
        yield catalogue.text("cli.confirm.past_due", due=catalogue.moment(published.due, published.zone))


def _as_data(seen: Look, sentences: list[str], now: datetime) -> dict[str, Any]:
    published = seen.published
    zone = published.zone if published is not None else UTC
    return {
        "format": FORMAT,
        "confirmed": not seen.differences,
        "notices_right": seen.notices_right,
        "reached": seen.reached,
        "at": iso(now, zone),
        "board": published.board if published is not None else None,
        "revision": published.revision if published is not None else None,
        "made_at": iso(published.at, zone) if published is not None else None,
        "next": iso(published.next, zone) if published is not None else None,
        "due": iso(published.due, zone) if published is not None else None,
        "past_due": published is not None and published.due <= now,
        "notices": len(published.notices) if published is not None else None,
        "languages": list(seen.languages),
        "asked": seen.asked,
        "left_out": seen.left,
        "differences": [
            {
                "code": difference.code,
                "page": difference.page,
                "id": difference.id or None,
                "expected": difference.expected or None,
                "found": difference.found or None,
                "message": sentence,
            }
            for difference, sentence in zip(seen.differences, sentences, strict=True)
        ],
    }
