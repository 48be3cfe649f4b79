"""`gaoshi serve`: a preview of the working tree, with every notice's state."""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import click

from gaoshi.cli import USAGE
from gaoshi.cli.surroundings import (
    at_option,
    explain_failure,
    instant,
    language_option,
    now,
    project_option,
    say,
    words,
    zone_of,
)


@click.command("serve", epilog='Example: gaoshi serve --at "2026-11-24 10:00"', short_help="Preview the working tree.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port on 127.0.0.1; 0 takes a free one.",
)
@at_option
@language_option
@project_option
@click.pass_context
def command(ctx: click.Context, port: int, at: str | None, language: str | None, root: Path) -> None:
    """Serve a preview of the working tree: every notice, whatever its state, with a ribbon.

    Saving a file builds anew and reloads open pages. With --at the board is shown as at that
    instant, and its clock runs on from there.
    """
    from gaoshi.core.edition import Edition  # noqa: PLC0415
    from gaoshi.engine.preview import Preview  # noqa: PLC0415
    from gaoshi.sources.snapshot import SETTINGS, open_snapshot  # noqa: PLC0415

    with open_snapshot(root, None) as snapshot:
        zone = zone_of(snapshot.read(SETTINGS))
        start = instant(at, zone)
        home = snapshot.repository.root
    catalogue = words(language)

    def report(outcome: Edition | Exception) -> None:
        if isinstance(outcome, Exception):
            explain_failure(outcome)
            return
        say(
            "cli.serve.changed",
            time=catalogue.clock(outcome.at.astimezone(zone)),
            live=len(outcome.live),
            upcoming=len(outcome.upcoming),
            withheld=len(outcome.withheld),
        )

    for name in (signal.SIGINT, signal.SIGTERM):  # ended by a machine, or in the background, it clears up as well
        signal.signal(name, signal.default_int_handler)
    gc.enable()
    preview = Preview(home, _clock(start if at is not None else None), report)
    try:
        try:
            address = preview.listen(port)
        except OSError:
            say("cli.serve.taken", port=port)
            ctx.exit(USAGE)
        preview.build()
        say("cli.serve.ready", url=address)
        say("cli.serve.at" if at is not None else "cli.serve.now", at=catalogue.moment(start, zone))
        preview.run()
    except KeyboardInterrupt:
        pass
    finally:
        preview.stop()


def _clock(start: datetime | None) -> Callable[[], datetime]:
    """The clock, or one that shows `start` now and runs on from there."""
    if start is None:
        return now
    began = time.monotonic()
    return lambda: start + timedelta(seconds=int(time.monotonic() - began))
