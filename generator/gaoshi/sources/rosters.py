"""The roster (`.github/approvers.yml`) as data, and which of its versions is in force.

An entry that cannot be used is reported with its place and left out, which is the safe side: nobody
gains a right by it. What makes the whole file useless raises SettingsError.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from gaoshi.core import document
from gaoshi.core.document import Node, Scalar, Sequence
from gaoshi.core.finding import Position
from gaoshi.core.instants import NotAnInstant, parse_date, parse_instant, parse_length, start_of_day
from gaoshi.core.notice import Problem
from gaoshi.core.roster import Account, Deputation, Key, Person, Policy, Roster, Term, Witness
from gaoshi.core.statement import Stage
from gaoshi.sources.settings_reader import SettingsError, SettingsReader
from gaoshi.sources.signatures import fingerprint_of
from gaoshi.sources.snapshot import ROSTER

DEFAULT_STAGES: dict[Stage, tuple[str, ...]] = {
    Stage.CONTENT: ("department-head",),
    Stage.PUBLISH: ("service-centre-head", "deputy"),
    Stage.COMPANY: ("company-leader",),
    Stage.LEGAL: ("legal-counsel",),
    Stage.URGENT: ("service-centre-head", "deputy", "duty-officer"),
    Stage.AMENDMENT: ("department-head", "service-centre-head", "deputy", "duty-officer"),
    Stage.COUNTERSIGN: ("service-centre-head", "deputy"),
    Stage.ROSTER: ("roster-keeper",),
}
"""Who gives which stage where the estate's own policy does not say so (P-2.t2, P-7.1, H-8.1, H-10.1)."""

_COUNTERSIGN_WITHIN = timedelta(hours=24)
DEFAULT_POLICY = Policy(DEFAULT_STAGES, _COUNTERSIGN_WITHIN)
_NUMBER = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)


def parse_roster(data: bytes | None, zone: tzinfo, language: str) -> tuple[Roster, tuple[Problem, ...]]:
    """The roster that an `approvers.yml` describes. Raises SettingsError (see read_settings)."""
    reader = SettingsReader(ROSTER)
    root = reader.root(data)
    people: dict[str, Person] = {}
    nodes = root.get("people")
    if not isinstance(nodes, Sequence):
        raise SettingsError("no-people", Position(ROSTER), path=ROSTER)
    keys = _Keys(reader, zone)
    for node in nodes.items:
        person = _person(reader, node, zone, language, keys)
        if person is None:
            continue
        if person.id in people:
            reader.problem("settings-person-twice", node.mark, value=person.id)
            continue
        people[person.id] = person
    people = _without_shared_accounts(reader, people, nodes)
    witnesses = {witness.id: witness for witness in _witnesses(reader, root.get("witnesses"), keys)}
    deputations = tuple(_deputations(reader, root.get("deputies"), zone, people))
    roster = Roster(people, _policy(reader, root.get("policy")), witnesses, deputations)
    return keys.without_shared(roster), tuple(reader.problems)


def _policy(reader: SettingsReader, node: Node | None) -> Policy:
    stages = dict(DEFAULT_STAGES)
    within = _COUNTERSIGN_WITHIN
    for name, mark, value in reader.mapping(node, "policy"):
        if name == "countersign_within":
            try:
                within = min(parse_length(reader.scalar(value, "policy.countersign_within")), _COUNTERSIGN_WITHIN)
            except ValueError:
                reader.problem("settings-wrong-type", mark, name=f"policy.{name}", expected="length")
        elif name not in {stage.value for stage in Stage}:
            reader.problem("settings-unknown-key", mark, key=f"policy.{name}")
        else:
            stages[Stage(name)] = reader.strings(value, f"policy.{name}") or stages[Stage(name)]
    return Policy(stages, within)


# ── people ───────────────────────────────────────────────────────────────────────────────────────


def _person(reader: SettingsReader, node: Node, zone: tzinfo, language: str, keys: _Keys) -> Person | None:
    parts = {key: value for key, _, value in reader.mapping(node, "people")}
    person_id = reader.scalar(parts.get("id"), "people.id")
    if not reader.slug(person_id, node.mark, "people"):
        return None
    roles = parts.get("roles")
    terms = []
    for item in roles.items if isinstance(roles, Sequence) else []:
        term = _term(reader, item, zone)
        if term is not None:
            terms.append(term)
    if not terms:
        reader.problem("settings-person-without-role", node.mark, value=person_id)
    return Person(
        id=person_id,
        name=reader.scalar(parts.get("name"), "people.name") or person_id,
        title=reader.words(parts.get("title"), "people.title", language),
        terms=tuple(terms),
        emails=frozenset(email.casefold() for email in reader.strings(parts.get("emails"), "people.emails")),
        keys=tuple(keys.read(parts.get("keys"))),
        accounts=tuple(_accounts(reader, parts.get("accounts"))),
    )


def _term(reader: SettingsReader, node: Node, zone: tzinfo) -> Term | None:
    """A role with its days, both included. One that cannot be read is not held: the safe side."""
    if isinstance(node, Scalar):
        return Term(node.text, None, None, None)
    parts = {key: value for key, _, value in reader.mapping(node, "roles")}
    role = reader.scalar(parts.get("role"), "roles.role")
    span = _span(reader, parts, zone)
    if span is None or not role:
        reader.problem("settings-bad-term", node.mark, value=role)
        return None
    return Term(role, reader.scalar(parts.get("department"), "roles.department") or None, *span)


def _accounts(reader: SettingsReader, node: Node | None) -> Iterator[Account]:
    for item in node.items if isinstance(node, Sequence) else []:
        parts = {key: value for key, _, value in reader.mapping(item, "accounts")}
        forge = reader.scalar(parts.get("forge"), "accounts.forge")
        number = reader.scalar(parts.get("id"), "accounts.id")
        if not forge or not _NUMBER.fullmatch(number):
            reader.problem("settings-bad-account", item.mark, value=number)
            continue
        yield Account(forge, int(number), reader.scalar(parts.get("name"), "accounts.name"))


def _without_shared_accounts(reader: SettingsReader, people: dict[str, Person], nodes: Sequence) -> dict[str, Person]:
    """The people without the accounts that more than one of them has: a click is one person's."""
    holders: dict[tuple[str, int], set[str]] = {}
    for person in people.values():
        for account in person.accounts:
            holders.setdefault((account.forge, account.number), set()).add(person.id)
    shared = {which for which, ids in holders.items() if len(ids) > 1}
    for forge, number in sorted(shared):
        reader.problem("settings-account-twice", nodes.mark, value=f"{forge} {number}")
    return {
        person.id: replace(person, accounts=tuple(a for a in person.accounts if (a.forge, a.number) not in shared))
        for person in people.values()
    }


def _witnesses(reader: SettingsReader, node: Node | None, keys: _Keys) -> Iterator[Witness]:
    for item in node.items if isinstance(node, Sequence) else []:
        parts = {key: value for key, _, value in reader.mapping(item, "witnesses")}
        witness_id = reader.scalar(parts.get("id"), "witnesses.id")
        if reader.slug(witness_id, item.mark, "witnesses"):
            yield Witness(witness_id, tuple(keys.read(parts.get("keys"))))


def _deputations(
    reader: SettingsReader, node: Node | None, zone: tzinfo, people: dict[str, Person]
) -> Iterator[Deputation]:
    for item in node.items if isinstance(node, Sequence) else []:
        parts = {key: value for key, _, value in reader.mapping(item, "deputies")}
        absent, deputy = (reader.scalar(parts.get(key), f"deputies.{key}") for key in ("of", "by"))
        span = _span(reader, parts, zone)
        known = absent in people and deputy in people and absent != deputy
        # Without an end a deputation would be an appointment that nobody decided on.
        if not known or span is None or span[1] is None:
            reader.problem("settings-bad-deputy", item.mark, value=deputy or absent)
            continue
        yield Deputation(absent, deputy, *span)


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────


class _Keys:
    """Reads keys, and remembers which are listed twice: a key speaks for one hand only."""

    def __init__(self, reader: SettingsReader, zone: tzinfo) -> None:
        self._reader = reader
        self._zone = zone
        self._met: dict[str, document.Mark] = {}
        self._shared: set[str] = set()

    def read(self, node: Node | None) -> Iterator[Key]:
        """The keys of one holder."""
        for item in node.items if isinstance(node, Sequence) else []:
            key = self._key(item)
            if key is None:
                continue
            if key.fingerprint in self._met:
                self._reader.problem("settings-key-twice", item.mark, value=key.fingerprint)
                self._shared.add(key.fingerprint)
            self._met[key.fingerprint] = item.mark
            yield key

    def _key(self, node: Node) -> Key | None:
        parts: dict[str, Node] = (
            {"key": node}
            if isinstance(node, Scalar)
            else {key: value for key, _, value in self._reader.mapping(node, "keys")}
        )
        line = self._reader.scalar(parts.get("key"), "keys.key")
        fingerprint = fingerprint_of(line)
        span = _span(self._reader, parts, self._zone)
        try:
            revoked = _edge(self._reader.scalar(parts.get("revoked"), "keys.revoked"), self._zone, days=0)
        except NotAnInstant:
            span = revoked = None  # a revocation that cannot be read revokes all the same
        if fingerprint is None or span is None:
            self._reader.problem("settings-bad-key", node.mark, value=" ".join(line.split()[:1]))
            return None
        return Key(fingerprint, " ".join(line.split()[:2]), *span, revoked)

    def without_shared(self, roster: Roster) -> Roster:
        """The roster without the keys that are listed more than once."""
        if not self._shared:
            return roster
        people = {
            person.id: replace(person, keys=tuple(key for key in person.keys if key.fingerprint not in self._shared))
            for person in roster.people.values()
        }
        witnesses = {
            witness.id: Witness(witness.id, tuple(key for key in witness.keys if key.fingerprint not in self._shared))
            for witness in roster.witnesses.values()
        }
        return replace(roster, people=people, witnesses=witnesses)


def _span(
    reader: SettingsReader, parts: dict[str, Node], zone: tzinfo
) -> tuple[datetime | None, datetime | None] | None:
    """From when until when; days are both included, instants as they are. None when it cannot be read."""
    try:
        since = _edge(reader.scalar(parts.get("from"), "from"), zone, days=0)
        until = _edge(reader.scalar(parts.get("until"), "until"), zone, days=1)
    except NotAnInstant:
        return None
    return since, until


def _edge(text: str, zone: tzinfo, *, days: int) -> datetime | None:
    """The instant at which a term's day begins (`days` 0) or has ended (`days` 1); instants as they are."""
    if not text:
        return None
    try:
        return start_of_day(parse_date(text) + timedelta(days=days), zone)
    except NotAnInstant as error:
        if error.why != "form":
            raise
        return parse_instant(text, zone)
