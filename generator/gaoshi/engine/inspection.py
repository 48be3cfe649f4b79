"""One look at a public board: what is asked of it, in which order, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gaoshi.core.alongside import MOST_BYTES
from gaoshi.core.answer import LEFT, OK, Answer, Check, Difference
from gaoshi.core.confirming import alongside, attached, checks, learned, whole_pages
from gaoshi.core.expected import Expected, of_itself
from gaoshi.core.manifests import compare_manifests, judge_addresses, judge_clock, judge_time
from gaoshi.core.published import MANIFEST, NotABoard, Published, read_published
from gaoshi.core.sameness import compare_built
from gaoshi.core.tolerated import is_of_the_host
from gaoshi.sources.ledger import record_tips
from gaoshi.sources.proof import Trust
from gaoshi.sources.public_site import PublicSite
from gaoshi.sources.snapshot import Snapshot

Expect = Callable[[Published, str], Expected | Difference]
"""What a published board, at an address with this path, should be, or why there is nothing that it could be."""
MOST_PAGES = 20_000
"""More are not asked for: ten times those of the largest estate's board, in two languages."""
_UNREACHED = {"unreachable", "slow", "cut", "garbled"}
_BROKEN = 500


@dataclass(frozen=True, slots=True)
class Demands:
    """What is asked of a board besides being right: see core.manifests.judge_time.

    `clock`: that its server's clock is right, too, which only makes sense when it is asked by our own.
    """

    not_before: datetime | None = None
    fresh_within: timedelta | None = None
    clock: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found. `published` is None where no `board.json` was to be had, and perhaps no site `reached`.

    `asked` files were asked for; so many pictures and files were `left` out, as together they are too
    large or too many. `known` tells that it was known what each page should be.
    """

    published: Published | None
    differences: tuple[Difference, ...]
    asked: int = 1
    languages: tuple[str, ...] = ()
    reached: bool = True
    left: int = 0
    known: bool = False

    @property
    def notices_right(self) -> bool:
        """Whether readers are shown the right notices, however else the host differs: all that a log of them needs."""
        return self.published is not None and (
            not self.differences or (self.known and all(map(is_of_the_host, self.differences)))
        )


class Here:
    """The project that a public board is compared with, at a revision."""

    def __init__(self, snapshot: Snapshot, trusted: str | None) -> None:
        self._snapshot = snapshot
        self._trust = Trust(trusted)
        self._made: dict[tuple[datetime, tuple[str, ...], str], Expected] = {}

    def expected(self, published: Published, root: str) -> Expected | Difference:
        """The board of the instant and the records that a board says it was made of; or why there is none.

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
        made = published.at, published.records, root
        if made not in self._made:
            from gaoshi.engine.expectation import expected_of  # noqa: PLC0415  (knows MkDocs)
            from gaoshi.engine.stage import set_stage  # noqa: PLC0415

            snapshot = replace(self._snapshot, records=published.records)
            with set_stage(snapshot, published.at, preview=False, trust=self._trust) as stage:
                self._made[made] = expected_of(stage, root)
        return self._made[made]


def manifest_of(site: PublicSite) -> Look:
    """The `board.json` of a site, and nothing else of it."""
    return _read_manifest(site.ask([MANIFEST])[MANIFEST])


def _read_manifest(answer: Answer) -> Look:
    if answer.problem:
        reached = answer.problem not in _UNREACHED
        return Look(None, (Difference(answer.problem, MANIFEST, found=answer.detail),), reached=reached)
    if answer.status != OK:
        difference = Difference("status", MANIFEST, expected=str(OK), found=str(answer.status))
        return Look(None, (difference,), reached=answer.status < _BROKEN)
    try:
        return Look(read_published(answer.body), ())
    except NotABoard:
        return Look(None, (Difference("no-board", MANIFEST),))


def look(site: PublicSite, expect: Expect | None, demands: Demands, now: datetime) -> Look:
    """Compare the public board with what it should be by `expect`, or, without it, with itself.

    When the manifest is another than it should be, no page is asked: they cannot be right either. A server whose clock
    is wrong may still show the right board, so what is said of the clock comes before the rest.
    """
    site.begin()
    answer = site.ask([MANIFEST])[MANIFEST]
    first = _read_manifest(answer)
    published = first.published
    if published is None:
        return first
    clock = judge_clock(site.ask_time(), now if demands.clock else None, published.zone)
    seen = _compared(site, first, published, expect, demands, now, answer)
    return replace(seen, differences=(*clock, *seen.differences), asked=seen.asked + 1)


def _compared(
    site: PublicSite,
    first: Look,
    published: Published,
    expect: Expect | None,
    demands: Demands,
    now: datetime,
    manifest: Answer,
) -> Look:
    wrong = list(judge_time(published, now, not_before=demands.not_before, fresh_within=demands.fresh_within))
    if wrong:
        return replace(first, differences=tuple(wrong))
    if expect is None:
        return _whole(site, of_itself(published, site.ask([""])[""].page, site.root), manifest)
    expected = expect(published, site.root)
    if isinstance(expected, Difference):
        return replace(first, differences=(expected,))
    if wrong := list(compare_manifests(published, expected.board)):
        return replace(first, differences=tuple(wrong))
    return _whole(site, expected, manifest)


def _whole(site: PublicSite, expected: Expected, manifest: Answer) -> Look:
    if len(expected.homes) * (len(expected.board.notices) + len(expected.gone)) + len(expected.dropped) > MOST_PAGES:
        return Look(expected.board, (Difference("many", MANIFEST, expected=str(MOST_PAGES)),))
    answers = site.ask(checks(expected))
    expected = learned(expected, answers)
    made = checks(expected)
    answers |= site.ask(path for path in made if path not in answers)
    pages = whole_pages(expected, answers)
    assets, wrong = alongside(expected, pages)
    files, left = attached(expected, pages)
    fetched = site.ask(assets)
    # How large those are that only pages name is not known before.
    fetched |= site.ask(files, MOST_BYTES if not expected.assets else None)
    more = {path: check for path, check in (assets | files).items() if fetched[path].problem != LEFT}
    left += len(assets | files) - len(more)
    found = [
        *judge_addresses(expected.board, expected.homes),
        *_judged(made, answers),
        *wrong,
        *_judged(more, fetched),
    ]
    found += compare_built(expected, {MANIFEST: manifest, **answers}, pages, site.host, tuple(found))
    return Look(
        expected.board,
        tuple(found),
        1 + len(made) + len(more),
        tuple(expected.homes),
        left=left,
        known=bool(expected.built),
    )


def _judged(made: Mapping[str, Check], answers: Mapping[str, Answer]) -> list[Difference]:
    return [difference for path, check in made.items() for difference in check(answers[path])]
