"""`gaoshi watch`: the publisher for a machine of one's own."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaoshi.cli import OK, SURROUNDINGS, WITHHELD
from gaoshi.cli.surroundings import language_option, project_option, root_option, user_language, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaoshi.cli.alarm import Alarm
    from gaoshi.engine.order import Built, Happening, Order
    from gaoshi.engine.publisher import Publisher

_SOONEST, _RAREST = timedelta(seconds=1), timedelta(hours=1)
_SLICE = 1.0
"""No longer than so many seconds is slept at once, so that a clock that is moved is noticed."""
_SOON = 2.0
"""What is to be done within so many seconds belongs to the round of `--once`."""
_PATIENCE_WITH_ANOTHER = 10.0


def _seconds(_ctx: click.Context, _parameter: click.Parameter, value: str) -> float:
    """A length of time from a second to an hour: 30s, 5m, 1h."""
    from gaoshi.core.instants import parse_length  # noqa: PLC0415

    with suppress(ValueError):
        length = parse_length(value)
        if _SOONEST <= length <= _RAREST:
            return length.total_seconds()
    raise click.BadParameter(words().text("cli.watch.bad_every", value=value))


@click.command(
    "watch",
    epilog="Example: gaoshi watch -o /srv/board/public --status /run/gaoshi/status.json",
    short_help="Publish to a folder, always up to date.",
)
@click.option("--remote", "name", default="origin", show_default=True, help="The git remote to follow.")
@click.option("--branch", default="main", show_default=True, help="Its branch that is published.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The folder to publish to.")
@click.option(
    "--every", metavar="TIME", callback=_seconds, default="30s", show_default=True, help="How often to ask the remote."
)
@click.option("--status", "status", metavar="FILE", type=click.Path(path_type=Path), help="Say here how it stands.")
@click.option("--site", "address", metavar="URL", help="Confirm each board at its public address.")
@click.option(
    "--log", "logs", is_flag=True, help="Log what --site shows, and push that to the remote's branch records."
)
@click.option("--once", is_flag=True, help="Look once, build if anything is due, and end.")
@root_option
@language_option
@project_option
@click.pass_context
def command(
    ctx: click.Context,
    name: str,
    branch: str,
    output: Path,
    every: float,
    status: Path | None,
    address: str | None,
    *,
    logs: bool,
    once: bool,
    trusted: str | None,
    language: str | None,
    root: Path,
) -> None:
    """Follow a git remote and keep its board published in a folder, on time to the second.

    The folder is exchanged whole when the branch or its records change and when the board itself says so. What
    cannot be built is told, and the last good board stays, and stays on time. The clone's own branches and
    working tree are not touched. SIGHUP looks at once, SIGTERM ends it.
    """
    from gaoshi.cli.alarm import Alarm  # noqa: PLC0415
    from gaoshi.cli.service import Manager  # noqa: PLC0415
    from gaoshi.cli.watch_report import Report  # noqa: PLC0415
    from gaoshi.core.published import MANIFEST  # noqa: PLC0415
    from gaoshi.engine.afterwards import Afterwards, Site  # noqa: PLC0415
    from gaoshi.engine.place import NoPlace  # noqa: PLC0415
    from gaoshi.engine.publisher import Publisher  # noqa: PLC0415
    from gaoshi.engine.replace import NotOurs, must_be_ours  # noqa: PLC0415
    from gaoshi.sources.git.repository import Repository  # noqa: PLC0415
    from gaoshi.sources.remote import Remote  # noqa: PLC0415

    if logs and address is None:
        raise click.UsageError(words(language).text("cli.watch.log_needs_site"))
    gc.enable()
    output = Path.cwd() / output
    remote = Remote.of(Repository.containing(root), name, branch)
    report, clock, manager = Report(words(language), status), Clock(), Manager()
    try:
        must_be_ours(output, MANIFEST)
    except (NotOurs, NoPlace) as error:
        report.refused(remote, error, clock.now())
        raise
    with _only_one(output) as (lock, scratch), Alarm(manager.alive) as alarm:

        def over() -> bool:
            report.beat(publisher, clock.now())
            return alarm.over()

        builder = Builder(scratch, lock, trusted, language or user_language())

        def tell(event: Happening) -> None:
            report.log(event, clock.now())

        site = Site(address, name if logs else None) if address else None
        publisher = Publisher(
            remote,
            output,
            builder,
            clock=clock,
            tell=tell,
            over=over,
            afresh=not once,
            afterwards=Afterwards(site, remote.repository.root, builder, tell) if site else None,
        )
        try:
            if once:
                ctx.exit(one_round(publisher, alarm))
            manager.tell("READY=1")
            _watch(
                publisher,
                alarm,
                every,
                clock.ticks,
                lambda: manager.tell(f"STATUS={report.status(publisher, clock.now())}"),
            )
        finally:
            report.status(publisher, clock.now(), stopped=not once)
            manager.tell("STOPPING=1")


class Clock:
    """The two clocks of this machine."""

    def now(self) -> datetime:
        """The clock on the wall, UTC."""
        return datetime.now(UTC)

    def ticks(self) -> float:
        """Seconds since the machine was started, asleep or not."""
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Builder:
    """Has orders done by `gaoshi`, each in a process of its own, so that nothing it does stays behind."""

    def __init__(self, scratch: Path, lock: int, trusted: str | None, language: str) -> None:
        self._scratch = scratch
        self._lock = lock
        self._options = ["--lang", language, *(["--root", trusted] if trusted else [])]

    def __call__(self, order: Order) -> Built:
        from gaoshi.engine.order import Built  # noqa: PLC0415
        from gaoshi.sources.child import finish  # noqa: PLC0415

        try:
            _empty(self._scratch)
            # The lock goes with it: while it lives, nobody else publishes to this folder.
            ended = finish(
                self._command(order), order.patience, environment=self._environment(), inherited=(self._lock,)
            )
        except OSError as error:
            return Built(SURROUNDINGS, (words().text("cli.system", path=error.filename or "", detail=error.strerror),))
        lines = (ended.out + ended.err).decode(errors="replace").splitlines()
        return Built(ended.status, tuple(line for line in lines if line.strip()), ended.broken_off)

    def _command(self, order: Order) -> list[str]:
        return [sys.executable, "-P", "-m", "gaoshi.cli.bound", str(os.getpid()), *order.arguments, *self._options]

    def _environment(self) -> dict[str, str]:
        from gaoshi.cli.service import VARIABLES  # noqa: PLC0415

        kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        return kept | {"TMPDIR": str(self._scratch)}


def _empty(folder: Path) -> None:
    """What a killed build has left goes before the next one."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)


@contextmanager
def _only_one(output: Path) -> Iterator[tuple[int, Path]]:
    """A lock on what is published, and a scratch folder beside it. Raises RemoteError when another one has the lock."""
    from gaoshi.sources.remote import RemoteError  # noqa: PLC0415

    home = output.parent / f".{output.name}.watch"
    home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        end = time.monotonic() + _PATIENCE_WITH_ANOTHER
        while (lock := _try(stack, home / "lock", output)) is None:
            if time.monotonic() > end:
                raise RemoteError("another", str(output))
            time.sleep(0.2)
        yield lock, home / "scratch"


def _try(stack: ExitStack, lock: Path, output: Path) -> int | None:
    """The lock, held until `stack` ends, or None while somebody else has it."""
    from gaoshi.engine.replace import Busy, alone  # noqa: PLC0415

    try:
        return stack.enter_context(alone(lock, output))
    except Busy:
        return None


def one_round(publisher: Publisher, alarm: Alarm) -> int:
    """One round: look, then build what is to be built by now; the worst exit status of it."""
    worst = OK
    looked = False
    while not alarm.stopped:
        looked = looked or publisher.look()
        done = publisher.act()
        if not isinstance(done, float):
            worst = max(worst, done.status if done.status is not None and done.status >= 0 else SURROUNDINGS)
        elif looked and done > _SOON and not publisher.scene().adjusting:
            break
        elif looked:
            alarm.wait(done)
    if publisher.afterwards is not None and publisher.afterwards.owed(publisher.published()):
        worst = max(worst, WITHHELD)
    followed = publisher.trouble is None and publisher.scene().believable
    return worst if followed else max(worst, SURROUNDINGS)


def _watch(
    publisher: Publisher, alarm: Alarm, every: float, ticks: Callable[[], float], report: Callable[[], None]
) -> None:
    """Look and act until told to stop."""
    look_at = 0.0
    while not alarm.over():
        if alarm.looked_for() or ticks() >= look_at:
            look_at = ticks() + every if publisher.look() else 0.0
        done = publisher.act()
        report()
        if isinstance(done, float):
            publisher.tidy()
            alarm.wait(max(min(done, look_at - ticks(), _SLICE), 0.01))
