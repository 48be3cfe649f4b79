"""Who may approve what, in which term, with which key, and what a notice's request makes of it.

Sources: P-7.1, C-2.3, H-8.1, H-10.1. Everything here is data of the roster in force and an instant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from gaoshi.core.board import Words
from gaoshi.core.statement import Stage

WITNESS = "witness"
"""The role of an officer who may record what a head signed on paper."""


@dataclass(frozen=True, slots=True)
class Term:
    """A role held from one instant up to, not including, another; None is open."""

    role: str
    department: str | None
    since: datetime | None
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether the role is held at `at`."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Key:
    """An SSH public key: its SHA-256 fingerprint, its line, and when its signatures count."""

    fingerprint: str
    line: str
    since: datetime | None = None
    until: datetime | None = None
    revoked: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether the key is within its term and not revoked at `at`."""
        within = (self.since is None or self.since <= at) and (self.until is None or at < self.until)
        return within and not self.is_revoked(at)

    def is_revoked(self, at: datetime) -> bool:
        """Whether the key has been revoked by `at`."""
        return self.revoked is not None and self.revoked <= at


@dataclass(frozen=True, slots=True)
class Account:
    """An account on a forge; the number is who it is, the name may change hands."""

    forge: str
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the roster."""

    id: str
    name: str
    title: Words
    terms: tuple[Term, ...]
    emails: frozenset[str]
    keys: tuple[Key, ...] = ()
    accounts: tuple[Account, ...] = ()

    def roles(self, at: datetime) -> tuple[str, ...]:
        """The roles held at `at` in one's own right, in the roster's order."""
        return tuple(dict.fromkeys(term.role for term in self.terms if term.holds(at)))


@dataclass(frozen=True, slots=True)
class Witness:
    """The publisher's own hand: a machine's keys, for receipts and for clicks seen on a forge; for nothing else."""

    id: str
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Deputation:
    """Somebody stands in for another from one instant up to, not including, another."""

    of: str
    by: str
    since: datetime | None
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it holds at `at`."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Policy:
    """Which roles may give which stage; by when an urgent approval is countersigned."""

    stages: Mapping[Stage, tuple[str, ...]]
    countersign_within: timedelta = timedelta(hours=24)

    def roles(self, stage: Stage) -> tuple[str, ...]:
        """The roles that may give `stage`."""
        return self.stages.get(stage, ())


@dataclass(frozen=True, slots=True)
class Roster:
    """People, the publisher's witness keys, who stands in for whom, and policy."""

    people: Mapping[str, Person]
    policy: Policy
    witnesses: Mapping[str, Witness] = field(default_factory=dict)
    deputations: tuple[Deputation, ...] = ()

    def person_by_email(self, email: str) -> Person | None:
        """The person with this e-mail address (case does not matter), or None."""
        wanted = email.strip().casefold()
        return next((person for person in self.people.values() if wanted in person.emails), None)

    def person_by_account(self, forge: str, number: int) -> Person | None:
        """The person behind the account with this number on `forge`, or None."""
        return next(
            (
                person
                for person in self.people.values()
                if any(account.forge == forge and account.number == number for account in person.accounts)
            ),
            None,
        )

    def people_by_emails(self, emails: frozenset[str]) -> frozenset[str]:
        """Ids of everybody to whom one of these addresses belongs."""
        wanted = {email.strip().casefold() for email in emails}
        return frozenset(person.id for person in self.people.values() if wanted & person.emails)

    def terms(self, person_id: str, at: datetime) -> Iterator[Term]:
        """The roles that somebody holds at `at`, in his own right or standing in for another."""
        person = self.people.get(person_id)
        if person is None:
            return
        yield from (term for term in person.terms if term.holds(at))
        for deputation in self.deputations:
            absent = self.people.get(deputation.of)
            if deputation.by == person_id and absent is not None and deputation.holds(at):
                yield from (term for term in absent.terms if term.holds(at))

    def edges(self) -> frozenset[datetime]:
        """Every instant at which somebody's authority begins or ends."""
        spans: list[Term | Deputation] = [term for person in self.people.values() for term in person.terms]
        spans += self.deputations
        return frozenset(edge for span in spans for edge in (span.since, span.until) if edge is not None)

    def role_for(self, person_id: str, stage: Stage, department: str, at: datetime) -> str | None:
        """The role by which somebody may give `stage` at `at`; None when he may not.

        Content is reviewed by the head of the requesting department, so a role that is tied to a
        department counts there only for that one.
        """
        wanted = self.policy.roles(stage)
        for term in self.terms(person_id, at):
            tied = stage is Stage.CONTENT and term.department is not None
            if term.role in wanted and (not tied or term.department == department):
                return term.role
        return None

    def who_may(self, stage: Stage, department: str, at: datetime) -> tuple[Person, ...]:
        """Everybody who may give `stage` at `at`."""
        return tuple(
            person for person in self.people.values() if self.role_for(person.id, stage, department, at) is not None
        )


class Refusal(StrEnum):
    """Why the named approver's word would not do."""

    UNKNOWN = "unknown"
    OUT_OF_TERM = "out-of-term"
    NO_ROLE = "no-role"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class Request:
    """Whom a notice asks for approval, and whether that person could give it; never evidence that he did."""

    fits: bool
    person: Person | None
    roles: tuple[str, ...] = ()
    refusal: Refusal | None = None
    needed: tuple[str, ...] = ()


def judge_request(
    roster: Roster,
    *,
    approver: str,
    authors: frozenset[str],
    company: bool,
    urgent: bool,
    at: datetime,
) -> Request:
    """Whether the roster gives `approver`, who is asked, the authority over a notice at `at`.

    `authors` are e-mail addresses of those who wrote it, who may not approve it (P-7.1). `company`:
    issued in the company's name. `urgent`: in the urgent lane, where one duty officer is enough.
    """
    policy = roster.policy
    publish = policy.roles(Stage.PUBLISH)
    urgently = tuple(dict.fromkeys((*publish, *policy.roles(Stage.URGENT))))
    needed = policy.roles(Stage.COMPANY) if company else urgently if urgent else publish
    person = roster.people.get(approver)
    if person is None:
        return Request(False, None, refusal=Refusal.UNKNOWN, needed=needed)
    held = tuple(dict.fromkeys(term.role for term in roster.terms(approver, at)))
    roles = tuple(role for role in held if role in needed)
    if not roles:
        held_ever = any(term.role in needed for term in person.terms)
        refusal = Refusal.OUT_OF_TERM if held_ever or not held else Refusal.NO_ROLE
        return Request(False, person, refusal=refusal, needed=needed)
    if any(author.strip().casefold() in person.emails for author in authors):
        return Request(False, person, roles, Refusal.AUTHOR, needed)
    return Request(True, person, roles, needed=needed)
