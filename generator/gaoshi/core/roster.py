"""Who may approve what, in which term, and what that makes of a notice (P-7.1, C-2.3, H-8.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gaoshi.core.board import Words


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
class Person:
    """Somebody on the roster."""

    id: str
    name: str
    title: Words
    terms: tuple[Term, ...]
    emails: frozenset[str]

    def roles(self, at: datetime) -> tuple[str, ...]:
        """The roles held at `at`, in the roster's order."""
        return tuple(dict.fromkeys(term.role for term in self.terms if term.holds(at)))


@dataclass(frozen=True, slots=True)
class Policy:
    """Which roles may approve: any notice, one in the urgent lane, one in the company's name."""

    publish: tuple[str, ...]
    urgent: tuple[str, ...]
    company: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """People and policy."""

    people: Mapping[str, Person]
    policy: Policy

    def person_by_email(self, email: str) -> Person | None:
        """The person with this e-mail address (case does not matter), or None."""
        wanted = email.strip().casefold()
        return next((person for person in self.people.values() if wanted in person.emails), None)


class Refusal(StrEnum):
    """Why the named approver's word would not do."""

    UNKNOWN = "unknown"
    OUT_OF_TERM = "out-of-term"
    NO_ROLE = "no-role"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a notice counts as approved; by which roles, or why not."""

    approved: bool
    approver: Person | None
    roles: tuple[str, ...] = ()
    refusal: Refusal | None = None
    needed: tuple[str, ...] = ()


def judge_authority(
    roster: Roster,
    *,
    approver: str,
    authors: frozenset[str],
    company: bool,
    urgent: bool,
    at: datetime,
) -> Verdict:
    """Whether the roster gives `approver` the authority over a notice at `at`.

    `authors` are e-mail addresses of those who wrote it, who may not approve it (P-7.1). `company`:
    issued in the company's name. `urgent`: in the urgent lane, where one duty officer is enough.
    """
    policy = roster.policy
    needed = policy.company if company else policy.urgent if urgent else policy.publish
    person = roster.people.get(approver)
    if person is None:
        return Verdict(False, None, refusal=Refusal.UNKNOWN, needed=needed)
    roles = tuple(role for role in person.roles(at) if role in needed)
    if not roles:
        held_ever = any(term.role in needed for term in person.terms)
        refusal = Refusal.OUT_OF_TERM if held_ever or not person.roles(at) else Refusal.NO_ROLE
        return Verdict(False, person, refusal=refusal, needed=needed)
    if any(author.strip().casefold() in person.emails for author in authors):
        return Verdict(False, person, roles, Refusal.AUTHOR, needed)
    return Verdict(True, person, roles, needed=needed)
