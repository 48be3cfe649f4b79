"""Which roster is in force: nobody gets onto it by the change that he wants approved (docs/approval.md).

A version of the roster is judged by the keepers of the one before it, never by its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gaoshi.core.approval import NOTHING, Matter, Missing, Question, Verdict, Version, sort_out, standing_rejections
from gaoshi.core.record import Court, Given, Record
from gaoshi.core.roster import Roster
from gaoshi.core.statement import Decision, Stage


@dataclass(frozen=True, slots=True)
class RosterVersion:
    """A version that main had of the roster: git's blob id, and what it says (None: it cannot be read)."""

    blob: str
    roster: Roster | None


@dataclass(frozen=True, slots=True)
class Reign:
    """Which roster is in force, and what stands in main that is not (None when that is the one in force).

    `former` are those that were in force before, the first one first.
    """

    blob: str
    roster: Roster
    former: tuple[Roster, ...] = ()
    pending: str | None = None
    verdict: Verdict = NOTHING


def reign(
    versions: Sequence[RosterVersion], records: Sequence[Record], board: str, at: datetime, root: str | None
) -> Reign | None:
    """The roster in force at `at`: the newest version that a keeper of the one before it approved.

    It begins with the version whose blob id is `root`; without one, with the first that names a keeper
    who can act, since nobody could approve what follows any earlier one. While none does, the newest
    holds. None when there is no such beginning.
    """
    readable = [index for index, version in enumerate(versions) if version.roster is not None]
    start = next((index for index in readable if _can_begin(versions[index], root)), None)
    if start is None:
        if root is not None or not readable:
            return None
        start = readable[-1]
    first = versions[start]
    assert first.roster is not None
    current, since = Reign(first.blob, first.roster), None
    position = start
    while True:
        court = Court(current.roster, board, at)
        had = {version.blob for version in versions[: position + 1]}
        verdicts = [
            (place, version, _judge_roster(court, version, records, since, version.blob in had))
            for place, version in enumerate(versions)
            if place > position and version.blob != current.blob
        ]
        # Of several that this roster's keepers approved, the one that was seen to be approved first: who
        # loses his key by it cannot overtake it afterwards with another.
        approved = [one for one in verdicts if one[2].approved and one[1].roster is not None]
        if not approved:
            break
        position, version, verdict = min(approved, key=lambda one: (*_witnessed(one[2], at), one[0]))
        assert version.roster is not None
        current, since = Reign(version.blob, version.roster, (*current.former, current.roster)), verdict.since
    if not verdicts or versions[-1].blob == current.blob:
        return current
    _, newest, verdict = verdicts[-1]
    return replace(current, pending=newest.blob, verdict=verdict)


def _witnessed(verdict: Verdict, at: datetime) -> tuple[datetime, datetime]:
    """When an approval was first seen (without a receipt: now), and when its signer says that he gave it."""
    return _seen(verdict.given[0], at)


def _seen(given: Given, at: datetime) -> tuple[datetime, datetime]:
    return given.seen or at, given.statement.at


def _can_begin(version: RosterVersion, root: str | None) -> bool:
    if version.roster is None:
        return False
    if root is not None:
        return version.blob == root
    return has_keeper(version.roster)


def has_keeper(roster: Roster) -> bool:
    """Whether the roster names somebody who may approve its changes, and who has a key or an account to do so."""
    keepers = roster.policy.roles(Stage.ROSTER)
    return any(
        (person.keys or person.accounts) and any(term.role in keepers for term in person.terms)
        for person in roster.people.values()
    )


def _judge_roster(
    court: Court, version: RosterVersion, records: Iterable[Record], not_before: datetime | None, again: bool
) -> Verdict:
    about = [
        record for record in records if record.statement is not None and record.statement.subject.digest == version.blob
    ]
    matter = Matter("", known_kind=True, company=False, legal=False, urgent=lambda _: False)
    question = Question(Version(version.blob, "", court.at), matter, frozenset(), not_before, again)
    counted, aside = sort_out(court, question, about)
    # A roster that has been approved stays so, and since then. Whose key it revokes is still known to the roster by
    # which it is judged: he puts off nothing by approving it once more, dated back, and takes nothing back.
    in_order = sorted(counted, key=lambda given: _seen(given, court.at))
    approvals = [given for given in in_order if given.statement.decision is Decision.APPROVE]
    latest = _seen(approvals[0], court.at) if approvals else None
    rejections = [
        given
        for given in in_order
        if given.statement.decision is Decision.REJECT and (latest is None or _seen(given, court.at) <= latest)
    ]
    standing = standing_rejections(rejections, approvals)
    keepers = Missing(Stage.ROSTER, court.roster.who_may(Stage.ROSTER, "", court.at))
    return Verdict(
        approved=bool(approvals) and not standing,
        given=tuple(approvals[:1]),
        missing=() if approvals else (keepers,),
        rejected=standing,
        set_aside=tuple(aside),
        since=approvals[0].statement.at if approvals else None,
    )
