"""What the records on a notice add up to: the one decision on what may be public (promise 1).

Judged at an aware instant from the roster in force, the versions that main has had of a notice, and the
records that count (`core/record.py`).
Sources: P-2.t2, P-7.1, P-3.1, H-8.1, H-10.1, H-6.9, C-2.3; docs/approval.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gaoshi.core.record import Court, Given, Objection, Record, SetAside
from gaoshi.core.roster import Person
from gaoshi.core.statement import Decision, How, Stage


@dataclass(frozen=True, slots=True)
class Version:
    """What main had of a notice from a commit on: a content id, or None where the folder was removed.

    `at` is the committer's date, UTC; `authors` are addresses of those who wrote the change; `place` is
    the commit's among those of main that changed anything, from 0.
    """

    content_id: str | None
    commit: str
    at: datetime
    authors: frozenset[str] = frozenset()
    place: int = 0


@dataclass(frozen=True, slots=True)
class Matter:
    """What of a version the policy asks about. `urgent` says whether an instant lies in the urgent lane."""

    department: str
    known_kind: bool
    company: bool
    legal: bool
    urgent: Callable[[datetime], bool]
    amends: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A stage that nobody has given yet, and who could."""

    stage: Stage
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the statements on one version add up to.

    `given` is what approved it, or what there is of it so far; `since` the instant from which it was
    approved (also of one that was rejected afterwards). `countersign_due` is when an urgent approval
    must have been countersigned, None when it needs no countersignature or has one: `countersigned`, which
    confirms what was public already, and so is none of `given`.
    """

    approved: bool
    given: tuple[Given, ...] = ()
    missing: tuple[Missing, ...] = ()
    rejected: tuple[Given, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    since: datetime | None = None
    countersign_due: datetime | None = None
    countersigned: Given | None = None

    @property
    def signed(self) -> tuple[Given, ...]:
        """All that was signed for it and counts: what approved it, and its countersignature."""
        return self.given if self.countersigned is None else (*self.given, self.countersigned)

    @property
    def deciding(self) -> Given | None:
        """The approval that lets it out: the last stage of the way."""
        outward = (Stage.PUBLISH, Stage.URGENT, Stage.AMENDMENT)
        return next((given for given in self.given if given.stage in outward), None) if self.approved else None

    @property
    def number(self) -> str | None:
        """The approval's number for people."""
        return self.deciding.record.number if self.deciding else None

    @property
    def on_paper(self) -> bool:
        """Whether any of what approved it was given on paper."""
        return any(given.statement.how is How.PAPER for given in self.given)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a notice stands: its newest version's verdict, and which version is public.

    `public` is None when no version is approved; it may be older than the newest. `since` is when any version
    was approved first, by the signers' own words; None when none ever was.
    """

    newest: Verdict
    public: Version | None
    verdict: Verdict
    since: datetime | None = None

    @property
    def current(self) -> bool:
        """Whether the newest version is the public one."""
        return self.newest.approved


NOTHING = Verdict(approved=False)


# ── one version ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Question:
    """One version as it comes before the court.

    `contributors` are ids of those who may not approve it. `not_before`: older statements are void,
    because main has had another approved version, or none, since; `again`: main has had this very
    content before, so that a statement of the same second is void too.
    """

    version: Version
    matter: Matter
    contributors: frozenset[str]
    not_before: datetime | None
    again: bool


def ways(matter: Matter) -> list[tuple[Stage, ...]]:
    """The ways to approval, the shortest first. An unknown kind takes the strictest one."""
    full = (Stage.CONTENT, Stage.PUBLISH)
    if not matter.known_kind:
        return [(*full, Stage.COMPANY, Stage.LEGAL)]
    besides = (*((Stage.COMPANY,) if matter.company else ()), *((Stage.LEGAL,) if matter.legal else ()))
    ways: list[tuple[Stage, ...]] = [(Stage.AMENDMENT,)] if matter.amends else []
    return [*ways, (Stage.URGENT, *besides), (*full, *besides)]


def judge_version(
    court: Court, question: Question, records: Iterable[Record], carried: Iterable[Given] = ()
) -> Verdict:
    """What the records on one version add up to; `carried` are rejections of versions before it."""
    counted, aside = sort_out(court, question, records)
    rejections = [*carried, *(given for given in counted if given.statement.decision is Decision.REJECT)]
    approvals = [given for given in counted if given.statement.decision is Decision.APPROVE]
    since = _approved_since(question, counted, rejections)
    standing = standing_rejections(rejections, approvals)
    way, chosen = _best_way(question, approvals, court.at)
    complete = len(chosen) == len(way)
    alone = _let_out_alone(court, chosen)
    countersigned = _countersigned(alone, approvals) if alone is not None else None
    used = {id(given.record) for given in (*chosen, countersigned) if given is not None}
    spare = [given for given in approvals if id(given.record) not in used]
    return Verdict(
        approved=complete and not standing,
        given=chosen,
        missing=() if complete else _missing(court, question, way, chosen),
        rejected=standing,
        set_aside=(*aside, *(SetAside(given.record, _why_spare(given, chosen)) for given in spare)),
        since=since,
        countersign_due=alone.statement.at + court.roster.policy.countersign_within
        if complete and alone is not None and countersigned is None
        else None,
        countersigned=countersigned,
    )


def _why_spare(given: Given, chosen: Iterable[Given]) -> Objection:
    """Why a good approval is not among those that count."""
    return Objection.TOO_EARLY if any(_too_early(given, other) for other in chosen) else Objection.NOT_NEEDED


def sort_out(court: Court, question: Question, records: Iterable[Record]) -> tuple[list[Given], list[SetAside]]:
    """Of the records on this very version those that count, in the order of time, and the others, with reasons."""
    counted: list[Given] = []
    aside: list[SetAside] = []
    for record in records:
        weighed = court.weigh(record, question.matter.department)
        if isinstance(weighed, Given):
            refusal = _refused_here(question, weighed)
            if refusal is None:
                counted.append(weighed)
                continue
            weighed = refusal
        aside.append(SetAside(record, weighed))
    counted.sort(
        key=lambda given: (given.statement.at, given.statement.decision is Decision.REJECT, given.record.digest)
    )
    return counted, aside


def _refused_here(question: Question, given: Given) -> Objection | None:
    """Why a record that is good in itself does not count for this version."""
    if question.not_before is not None:
        late_enough = given.statement.at > question.not_before
        if not late_enough and (question.again or given.statement.at < question.not_before):
            return Objection.VOIDED
    return None if given.statement.decision is Decision.REJECT else _refused_approval(question, given)


def _refused_approval(question: Question, given: Given) -> Objection | None:
    """Why somebody who may approve in general may not approve this version in this stage."""
    stage, matter = given.stage, question.matter
    # A head who writes has thereby reviewed; nobody approves in any other stage what he wrote (H-6.9).
    if given.person.id in question.contributors and stage is not Stage.CONTENT:
        return Objection.CONTRIBUTOR
    if given.statement.how is How.PAPER and given.statement.given.get("witness", "") in question.contributors:
        return Objection.CONTRIBUTOR
    if stage is Stage.URGENT and not (matter.known_kind and matter.urgent(given.seen or given.statement.at)):
        return Objection.NOT_URGENT
    if stage is Stage.AMENDMENT and not (matter.known_kind and matter.amends):
        return Objection.NO_AMENDMENT
    return None


def standing_rejections(rejections: Sequence[Given], approvals: Sequence[Given]) -> tuple[Given, ...]:
    """Rejections that the same person has not followed by an approval."""
    newest: dict[str, Given] = {}
    for given in rejections:
        old = newest.get(given.person.id)
        if old is None or given.statement.at >= old.statement.at:
            newest[given.person.id] = given
    approved_at: dict[str, datetime] = {}
    for given in approvals:
        approved_at[given.person.id] = max(approved_at.get(given.person.id, given.statement.at), given.statement.at)
    return tuple(
        given
        for person, given in newest.items()
        if person not in approved_at or approved_at[person] <= given.statement.at
    )


def _best_way(
    question: Question, approvals: Sequence[Given], at: datetime
) -> tuple[tuple[Stage, ...], tuple[Given, ...]]:
    """The way that is complete, or else the one that could still be gone and lacks least; and its approvals."""
    open_ways = [
        way
        for way in ways(question.matter)
        if Stage.URGENT not in way
        or question.matter.urgent(at)
        or any(given.stage is Stage.URGENT for given in approvals)
    ]
    tried = [(way, _fill(way, approvals)) for way in open_ways]
    return min(tried, key=lambda pair: len(pair[0]) - len(pair[1]))


def _fill(way: tuple[Stage, ...], approvals: Sequence[Given]) -> tuple[Given, ...]:
    """The most stages of `way` that can be filled, each by another person; the earliest approvals first."""
    if not way:
        return ()
    stage, rest = way[0], way[1:]
    best = _fill(rest, approvals)
    for given in approvals:
        if given.stage is stage:
            others = [
                other for other in approvals if other.person.id != given.person.id and not _too_early(other, given)
            ]
            filled = (given, *_fill(rest, others))
            # Of two as long, the one with the earlier stage: what follows it can still be given.
            if len(filled) > len(best) or (len(filled) == len(best) and best[0].stage is not stage):
                best = filled
    return best


def _too_early(publish: Given, content: Given) -> bool:
    """Whether publication was approved before the content was reviewed (P-2.t2, then P-7.1).

    Who wrote the content has reviewed it all along, whenever a merge told us so.
    """
    return (
        publish.stage is Stage.PUBLISH
        and content.stage is Stage.CONTENT
        and content.statement.given.get("act") != "wrote"
        and publish.statement.at < content.statement.at
    )


def _approved_since(question: Question, counted: Sequence[Given], rejections: Sequence[Given]) -> datetime | None:
    """The first instant at which everything was there and no rejection stood, by the signers' own words."""
    for instant in sorted({given.statement.at for given in counted}):
        known = [
            given for given in counted if given.statement.at <= instant and given.statement.decision is Decision.APPROVE
        ]
        against = [given for given in rejections if given.statement.at <= instant]
        if standing_rejections(against, known):
            continue
        if any(len(_fill(way, known)) == len(way) for way in ways(question.matter)):
            return instant
    return None


def _missing(court: Court, question: Question, way: tuple[Stage, ...], chosen: Sequence[Given]) -> tuple[Missing, ...]:
    """The stages that lack, each with those who could give it now: not who wrote it, not who gave another."""
    filled = {given.stage for given in chosen}
    busy = {given.person.id for given in chosen}
    missing = []
    for stage in way:
        if stage not in filled:
            barred = busy | (question.contributors if stage is not Stage.CONTENT else frozenset())
            able = court.roster.who_may(stage, question.matter.department, court.at)
            missing.append(Missing(stage, tuple(person for person in able if person.id not in barred)))
    return tuple(missing)


def _let_out_alone(court: Court, chosen: Sequence[Given]) -> Given | None:
    """The urgent approval that a head must countersign; None when a head gave it himself, or there is none."""
    urgent = next((given for given in chosen if given.stage is Stage.URGENT), None)
    return None if urgent is None or urgent.role in court.roster.policy.roles(Stage.COUNTERSIGN) else urgent


def _countersigned(urgent: Given, approvals: Sequence[Given]) -> Given | None:
    """The first approval that confirms an urgent one: another person's countersignature, or his approval to publish."""
    stages = {Stage.COUNTERSIGN, Stage.PUBLISH}
    return next((one for one in approvals if one.stage in stages and one.person.id != urgent.person.id), None)


# ── all versions of a notice ─────────────────────────────────────────────────────────────────────


def stand(
    court: Court,
    versions: Sequence[Version],
    records: Sequence[Record],
    matter_of: Callable[[str, str | None], Matter | None],
) -> Standing:
    """How a notice stands: walk its versions from the oldest on (see Standing).

    `matter_of` tells what the policy asks about a content id, given the one approved before it; None
    when it cannot be read. Approving a version voids all statements that are older, so that no earlier
    version can be put back; removing a notice does the same.
    """
    by_content: dict[str, list[Record]] = {}
    strays: list[Record] = []
    for record in records:
        if record.statement is None:
            strays.append(record)
        else:
            by_content.setdefault(record.statement.subject.digest, []).append(record)
    public: tuple[Version, Verdict] | None = None
    newest = NOTHING
    approved_before: str | None = None
    approved_since: dict[str, datetime] = {}
    removed: datetime | None = None
    carried: list[Given] = []
    writers: frozenset[str] = frozenset()
    wrote: dict[str, frozenset[str]] = {}
    for index, version in enumerate(versions):
        last = index == len(versions) - 1
        writers |= version.authors
        content = version.content_id
        if content is None:
            public, approved_before, newest = None, None, NOTHING
            # A date that lies ahead would void what is approved afterwards.
            went = min(version.at, court.at, *(following.at for following in versions[index + 1 : index + 2]))
            removed = went if removed is None else max(removed, went)
            continue
        again = content in wrote
        # Who wrote it once wrote it, also when others bring it back.
        wrote[content] = wrote.get(content, frozenset()) | writers
        about = by_content.get(content, [])
        matter = matter_of(content, approved_before) if about or last else None
        if matter is None:
            newest = NOTHING
            continue
        contributors = court.roster.people_by_emails(wrote[content]) | _openers(court, about, matter)
        # What main never had cannot be put back, so that what was said of it earlier still counts.
        others = (since for other, since in approved_since.items() if again and other != content)
        barriers = [*others, *((removed,) if removed is not None else ())]
        question = Question(version, matter, contributors, max(barriers, default=None), again)
        newest = judge_version(court, question, about, carried)
        carried = list(newest.rejected)
        if newest.since is not None:
            public = (version, newest) if newest.approved else None
            approved_before = content if newest.approved else None
            approved_since[content] = max(approved_since.get(content, newest.since), newest.since)
            writers = frozenset()
    if strays:
        broken = (SetAside(record, Objection.BROKEN) for record in strays)
        newest = replace(newest, set_aside=(*newest.set_aside, *broken))
    since = min(approved_since.values(), default=None)
    if public is None:
        return Standing(newest, None, newest, since)
    version, verdict = public
    return Standing(newest, version, newest if version is versions[-1] else verdict, since)


def _openers(court: Court, records: Iterable[Record], matter: Matter) -> frozenset[str]:
    """Who opened the pull requests that brought this content, as the forge told the witness."""
    openers = (
        given.statement.given.get("opened_by", "")
        for record in records
        if record.statement is not None
        and record.statement.how is How.FORGE
        and isinstance(given := court.weigh(record, matter.department), Given)
    )
    return frozenset(opener for opener in openers if opener)
