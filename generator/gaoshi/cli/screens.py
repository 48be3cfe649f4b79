"""`gaoshi screens`: what each screen shows at an instant, and how long its round takes."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaoshi.cli.surroundings import format_option, instant, judging_options, words, zone_of
from gaoshi.outputs.wording import one_line

if TYPE_CHECKING:
    from gaoshi.core.board import Board
    from gaoshi.core.kiosk import Carried
    from gaoshi.core.rounds import Round
    from gaoshi.core.screens import Role
    from gaoshi.core.words import Catalogue

FORMAT = 1
_MINUTE = 60
_COLOURS = {"takeover": "red", "urgent": "red", "outcome": "green", "important": "yellow"}


@click.command(
    "screens",
    epilog='Example: gaoshi screens --at "2026-11-24 10:00"',
    short_help="What each screen shows, and how long its round takes.",
)
@click.option("--rev", "revision", metavar="REV", help="Read this revision (default: the working tree).")
@format_option("text", "json")
@judging_options
def command(
    revision: str | None,
    form: str,
    trusted: str | None,
    at: str | None,
    language: str | None,
    root: Path,
) -> None:
    """List every screen with what it shows at an instant, in the order of its round, and how long that takes.

    It is what a screen shows that knows the time and has heard of the board; the working tree is taken as if it
    were published. How long a round takes is reckoned from the amount of text; a screen that has to spread it over
    more pages takes longer.
    """
    from gaoshi.core.instants import iso  # noqa: PLC0415
    from gaoshi.core.rounds import rounds  # noqa: PLC0415
    from gaoshi.edition import compose  # noqa: PLC0415
    from gaoshi.sources.proof import Trust  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, open_snapshot  # noqa: PLC0415

    catalogue = words(language)
    with open_snapshot(root, revision) as snapshot:
        moment = instant(at, zone_of(snapshot.read(SETTINGS)))
        edition = compose(snapshot, moment, preview=revision is None, trust=Trust(trusted))
    found = list(rounds(edition))
    if form == "json":
        data = {
            "format": FORMAT,
            "at": iso(edition.at, edition.board.zone),
            "revision": edition.revision,
            "screens": [_as_data(each) for each in found],
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    if not found:
        click.echo(catalogue.text("cli.screens.none"))
    for each in found:
        for line in _as_text(each, edition.board, catalogue):
            click.echo(line)


def _in_order(each: Round) -> list[tuple[Carried, Role]]:
    """What a screen shows, in the order in which its round begins with it."""
    first: dict[str, int] = {}
    for number, slide in enumerate(each.slides):
        for notice_id in slide.ids:
            first.setdefault(notice_id, number)
    waiting = len(each.slides)  # what something else that takes over keeps from the screen
    return sorted(each.shown, key=lambda shown: first.get(shown[0].entry.id, waiting))


def _as_text(each: Round, board: Board, catalogue: Catalogue) -> Iterator[str]:
    screen = each.screen
    place = board.words(board.places[screen.place], catalogue.language) if screen.place else ""
    values = {
        "id": screen.id,
        "name": one_line(board.words(screen.name, catalogue.language)),
        "place": one_line(place) or catalogue.text("facts.whole_estate"),
    }
    if not each.slides:
        yield catalogue.text("cli.screens.idle", **values)
        return
    takes = catalogue.length(_MINUTE * math.ceil(each.takes.total_seconds() / _MINUTE))
    yield catalogue.text("cli.screens.screen", **values, takes=takes, count=len(each.slides))
    on_it = {notice_id for slide in each.slides for notice_id in slide.ids}
    for carried, role in _in_order(each):
        title = carried.entry.notice.text(catalogue.language, "title")
        label = catalogue.text(f"cli.screens.roles.{role if carried.entry.id in on_it else 'waiting'}")
        shown = click.style(label, fg=_COLOURS.get(role))
        yield f"      {shown}  {carried.entry.id}  {one_line(title[0]) if title else ''}"


def _as_data(each: Round) -> dict[str, Any]:
    screen = each.screen
    return {
        "id": screen.id,
        "name": dict(screen.name),
        "place": screen.place,
        "orientation": screen.orientation,
        "size": screen.size,
        "distance": screen.distance,
        "languages": list(screen.languages),
        "together": screen.together,
        "pages": screen.pages,
        "heartbeat": screen.heartbeat or None,
        "shows": [{"id": carried.entry.id, "role": role.value} for carried, role in _in_order(each)],
        "slides": len(each.slides),
        "round_seconds": round(each.takes.total_seconds()),
    }
