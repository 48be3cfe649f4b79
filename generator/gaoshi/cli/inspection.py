"""One look at a public board: what is asked of it, in which order, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import click

from gaoshi.cli import SURROUNDINGS
from gaoshi.cli.surroundings import words
from gaoshi.core.confirming import (
    Answer,
    Check,
    Difference,
    Expected,
    asset_checks,
    checks,
    compare_manifests,
    judge_addresses,
    judge_time,
    of_edition,
    of_itself,
)
from gaoshi.core.edition import Edition
from gaoshi.core.published import MANIFEST, NotABoard, Published, read_published
from gaoshi.core.words import Catalogue
from gaoshi.edition import compose
from gaoshi.outputs.manifest import manifest
from gaoshi.outputs.wording import one_line
from gaoshi.sources.ledger import record_tips
from gaoshi.sources.proof import Trust
from gaoshi.sources.public_site import NotAnAddress, PublicSite
from gaoshi.sources.snapshot import Snapshot

Compose = Callable[[Published], Edition | Difference]
"""The edition that a published board should show, or why there can be none."""
LONGEST = 300
"""So many characters are told of what a site said."""
MOST_PAGES = 20_000
"""More are not asked for: ten times those of the largest estate's board, in two languages."""
_UNREACHED = {"unreachable", "slow", "cut", "garbled"}
_OK, _BROKEN = 200, 500


@dataclass(frozen=True, slots=True)
class Demands:
    """What is asked of a board besides being right: see core.confirming.judge_time."""

    not_before: datetime | None = None
    fresh_within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found. `published` is None where no `board.json` was to be had, and perhaps no site `reached`."""

    published: Published | None
    differences: tuple[Difference, ...]
    asked: int = 1
    languages: tuple[str, ...] = ()
    reached: bool = True


class NoBoard(click.ClickException):
    """There is no board at an address, and why."""

    exit_code = SURROUNDINGS


class Here:
    """The project that a public board is compared with, at a revision."""

    def __init__(self, snapshot: Snapshot, trusted: str | None) -> None:
        self._snapshot = snapshot
        self._trust = Trust(trusted)
        self._composed: dict[tuple[datetime, tuple[str, ...]], Edition] = {}

    def edition(self, published: Published) -> Edition | Difference:
        """The edition of the instant and the records that a board says it was made of; or why there is none.

        What has come to the branch `records` since then, the public board cannot show yet.
        """
        repository, revision = self._snapshot.repository, self._snapshot.revision or ""
        if published.revision != revision:
            return Difference("revision", MANIFEST, expected=revision, found=published.revision)
        tips = record_tips(repository)
        for tip in published.records:
            known = repository.commit(tip) == tip
            if not known or not any(repository.descends(end, tip) for end in (*tips, revision)):
                return Difference("records", MANIFEST, expected=", ".join(tips), found=tip)
        made = published.at, published.records
        if made not in self._composed:
            snapshot = replace(self._snapshot, records=published.records)
            self._composed[made] = compose(snapshot, published.at, render=True, trust=self._trust)
        return self._composed[made]


def site_at(address: str, option: str) -> PublicSite:
    """The site that `option` names. Raises click.BadParameter."""
    try:
        return PublicSite(address)
    except NotAnAddress:
        raise click.BadParameter(words().text("cli.confirm.no_address", value=address), param_hint=option) from None


def told(difference: Difference, catalogue: Catalogue) -> str:
    """A difference in one sentence. What a site said is made fit for a terminal."""
    values = {
        "page": f"/{difference.page}",
        "id": difference.id,
        "expected": difference.expected,
        "found": difference.found or "–",
    }
    clean = {name: one_line(value)[:LONGEST] for name, value in values.items()}
    return catalogue.text(f"cli.confirm.differs.{difference.code}", **clean)


def manifest_of(site: PublicSite) -> Look:
    """The `board.json` of a site, and nothing else of it."""
    answer = site.ask([MANIFEST])[MANIFEST]
    if answer.problem:
        reached = answer.problem not in _UNREACHED
        return Look(None, (Difference(answer.problem, MANIFEST, found=answer.detail),), reached=reached)
    if answer.status != _OK:
        difference = Difference("status", MANIFEST, expected=str(_OK), found=str(answer.status))
        return Look(None, (difference,), reached=answer.status < _BROKEN)
    try:
        return Look(read_published(answer.body), ())
    except NotABoard:
        return Look(None, (Difference("no-board", MANIFEST),))


def public_board(address: str, option: str) -> Published:
    """What the public board at the address that `option` names says it is. Raises click.BadParameter, NoBoard."""
    found = manifest_of(site_at(address, option))
    if found.published is None:
        raise NoBoard(told(found.differences[0], words()))
    return found.published


def look(site: PublicSite, edition_for: Compose | None, demands: Demands, now: datetime) -> Look:
    """Compare the public board with the edition that `edition_for` makes of it, or, without it, with itself.

    When the manifest is another than it should be, no page is asked: they cannot be right either.
    """
    first = manifest_of(site)
    published = first.published
    if published is None:
        return first
    late = judge_time(published, now, not_before=demands.not_before, fresh_within=demands.fresh_within)
    if wrong := tuple(late):
        return replace(first, differences=wrong)
    if edition_for is None:
        return _pages(site, of_itself(published, site.ask([""])[""].page))
    edition = edition_for(published)
    if isinstance(edition, Difference):
        return replace(first, differences=(edition,))
    expected = of_edition(edition, read_published(manifest(edition)))
    if wrong := tuple(compare_manifests(published, expected.board)):
        return replace(first, differences=wrong)
    return _pages(site, expected)


def _pages(site: PublicSite, expected: Expected) -> Look:
    if len(expected.homes) * (len(expected.board.notices) + len(expected.gone)) > MOST_PAGES:
        return Look(expected.board, (Difference("many", MANIFEST, expected=str(MOST_PAGES)),))
    made = checks(expected)
    answers = site.ask(made)
    more, wrong = asset_checks(answers)
    found = [*judge_addresses(expected), *_judged(made, answers), *wrong, *_judged(more, site.ask(more))]
    return Look(expected.board, tuple(found), 1 + len(made) + len(more), tuple(expected.homes))


def _judged(made: Mapping[str, Check], answers: Mapping[str, Answer]) -> list[Difference]:
    return [difference for path, check in made.items() for difference in check(answers[path])]
