"""What both verbs that add to the publication log need of the branch `records` and its remote."""

from __future__ import annotations

from collections.abc import Collection
from datetime import tzinfo
from typing import TYPE_CHECKING

import click

from gaoshi.cli.surroundings import words

if TYPE_CHECKING:
    from gaoshi.core.log import LogEntry
    from gaoshi.core.words import Catalogue
    from gaoshi.sources.git.repository import Repository
    from gaoshi.sources.snapshot import Snapshot


def bring(repository: Repository, remote: str, *, pushes: bool) -> None:
    """Fetch what others have recorded, where there is a remote; who pushes does it then.

    Raises click.UsageError when one is needed.
    """
    from gaoshi.sources.branch import fetch  # noqa: PLC0415

    if not repository.has_remote(remote):
        if pushes:
            raise click.UsageError(words().text("cli.collect.no_remote", value=remote))
    elif not pushes:
        fetch(repository, remote)


def where_it_is(catalogue: Catalogue, remote: str, *, sent: bool) -> str:
    """Whether anything had to be pushed, in words."""
    return catalogue.text("cli.log.pushed" if sent else "cli.log.up_to_date", remote=remote)


def as_files(snapshot: Snapshot, events: Collection[LogEntry], zone: tzinfo) -> dict[str, bytes]:
    """Events as they are kept: each at a path of its own, wherever a file that is no such event lies in the way."""
    from gaoshi.core.log import encode_event, path_of  # noqa: PLC0415
    from gaoshi.sources.records import LOG, taken  # noqa: PLC0415

    there = taken(snapshot, {event.id for event in events})
    return {_free(path_of(event, LOG), event, there): encode_event(event, zone) for event in events}


def _free(path: str, event: LogEntry, there: Collection[str]) -> str:
    """`path`, or one like it that is not among those `there` already."""
    while path in there:
        path = path.removesuffix(f"{event.what}.json") + f"again-{event.what}.json"
    return path
