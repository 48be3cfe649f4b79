"""The estate's settings (`mkdocs.yml`) and its roster (`.github/approvers.yml`), read without MkDocs.

A setting that cannot be used is reported with its place and left out; the rest is read on. Only
what makes the whole file useless raises: then nothing may be published, and the old board stands.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from gaoshi.core import document
from gaoshi.core.board import Board, Contact, Screen, Words
from gaoshi.core.document import Mark, Node, Scalar, Sequence, read_yaml
from gaoshi.core.finding import Position, Severity
from gaoshi.core.instants import NotAnInstant, parse_date, parse_instant, start_of_day
from gaoshi.core.notice import Problem
from gaoshi.core.roster import Person, Policy, Roster, Term
from gaoshi.core.standard import Standard, build_standard
from gaoshi.core.tightening import lay_over
from gaoshi.sources.snapshot import ROSTER, SETTINGS, Snapshot

MOST_BYTES = 1024 * 1024
"""A settings file larger than this says nothing that an estate means."""
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,8})?", re.ASCII)
_PHONE = re.compile(r"[+0-9][0-9 ()\-]{1,24}", re.ASCII)

PLUGIN_OPTIONS = (
    "board",
    "name",
    "issuer",
    "timezone",
    "languages",
    "contacts",
    "departments",
    "places",
    "screens",
    "standard",
    "rules",
)


class SettingsError(Exception):
    """A settings file that is missing or useless as a whole: which one, where, and why.

    `what` names the sentence in the catalogues (`settings.<what>`), `values` fill it.
    """

    def __init__(self, what: str, position: Position, **values: str) -> None:
        super().__init__(f"{position.path}:{position.line}: {what}")
        self.what = what
        self.position = position
        self.values = values


@dataclass(slots=True)
class _Reader:
    """Reads one settings file, collecting what is wrong."""

    path: str
    problems: list[Problem] = field(default_factory=list)

    def position(self, mark: Mark) -> Position:
        return Position(self.path, mark.line, mark.column)

    def problem(self, what: str, mark: Mark, **values: str) -> None:
        self.problems.append(Problem(what, self.position(mark), values))

    def root(self, data: bytes | None) -> document.Mapping:
        """The file's top level. Raises SettingsError when there is none to read."""
        if data is None:
            raise SettingsError("missing", Position(self.path), path=self.path)
        if len(data) > MOST_BYTES:
            detail = f"{len(data)} > {MOST_BYTES} bytes"
            raise SettingsError("unreadable", Position(self.path), path=self.path, detail=detail)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise SettingsError("not-utf8", Position(self.path), path=self.path) from None
        root, flaws = read_yaml(text, aliases=True)
        if not isinstance(root, document.Mapping):
            flaw = flaws[0] if flaws else None
            where = self.position(flaw.mark) if flaw else Position(self.path)
            detail = flaw.values.get("detail", flaw.what) if flaw else ""
            raise SettingsError("unreadable", where, path=self.path, detail=detail)
        for flaw in flaws:
            self.problem(f"settings-{flaw.what}", flaw.mark, **flaw.values)
        return root

    def mapping(self, node: Node | None, name: str) -> Iterator[tuple[str, Mark, Node]]:
        """The entries of a mapping; anything else is a problem and empty."""
        if isinstance(node, document.Mapping):
            yield from node.items()
        elif node is not None and not (isinstance(node, Scalar) and node.is_null):
            self.problem("settings-wrong-type", node.mark, name=name, expected="mapping")

    def scalar(self, node: Node | None, name: str) -> str:
        """A single value as text; anything else is a problem and empty."""
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return ""
        if not isinstance(node, Scalar):
            self.problem("settings-wrong-type", node.mark, name=name, expected="text")
            return ""
        return node.text.strip()

    def words(self, node: Node | None, name: str, language: str) -> Words:
        """A text in several languages; one text alone is in the board's first language."""
        if isinstance(node, Scalar) and not node.is_null:
            return {language: node.text.strip()}
        return {code: self.scalar(value, f"{name}.{code}") for code, _, value in self.mapping(node, name)}

    def strings(self, node: Node | None, name: str) -> tuple[str, ...]:
        """A list of words; one word alone is a list of one."""
        if isinstance(node, Scalar) and not node.is_null:
            return (node.text.strip(),)
        if isinstance(node, Sequence):
            return tuple(self.scalar(item, name) for item in node.items)
        if node is not None and not isinstance(node, Scalar):
            self.problem("settings-wrong-type", node.mark, name=name, expected="list")
        return ()

    def slug(self, text: str, mark: Mark, name: str) -> bool:
        """Whether `text` may be an id; a problem when not."""
        if SLUG.fullmatch(text) and len(text) <= 60:  # noqa: PLR2004  (as long as a notice's own slug)
            return True
        self.problem("settings-bad-id", mark, name=name, value=text)
        return False


@dataclass(frozen=True, slots=True)
class Settings:
    """The board and the roster of one snapshot, and what was wrong with their files."""

    board: Board
    roster: Roster
    problems: tuple[Problem, ...]


def read_settings(snapshot: Snapshot) -> Settings:
    """Board and roster at `snapshot`.

    Raises SettingsError when either file is missing or useless as a whole.
    """
    board, board_problems = parse_board(snapshot.read(SETTINGS))
    roster, roster_problems = parse_roster(snapshot.read(ROSTER), board.zone, board.language)
    return Settings(board, roster, (*board_problems, *roster_problems))


def parse_board(data: bytes | None) -> tuple[Board, tuple[Problem, ...]]:
    """The board that a `mkdocs.yml` describes. Raises SettingsError (see read_settings)."""
    reader = _Reader(SETTINGS)
    root = reader.root(data)
    options = _plugin_options(reader, root)
    for key, mark, _ in options.items():
        if key not in PLUGIN_OPTIONS:
            reader.problem("settings-unknown-key", mark, key=key)
    board_id = reader.scalar(options.get("board"), "board")
    if not SLUG.fullmatch(board_id):
        raise SettingsError("no-board-id", reader.position(options.mark), path=SETTINGS, value=board_id)
    zone = _zone(reader, options)
    languages = tuple(
        code for code in reader.strings(options.get("languages"), "languages") if _LANGUAGE.fullmatch(code)
    ) or ("zh",)
    first = languages[0]
    name = reader.words(options.get("name"), "name", first) or {
        first: reader.scalar(root.get("site_name"), "site_name") or board_id
    }
    standard = _standard(reader, options.get("standard"))
    places = _named(reader, options, "places", first)
    severities = _severities(reader, options)
    board = Board(
        id=board_id,
        name=name,
        issuer=reader.words(options.get("issuer"), "issuer", first) or name,
        zone=zone,
        languages=languages,
        contacts=_contacts(reader, options, first),
        departments=_named(reader, options, "departments", first),
        places=places,
        screens=_screens(reader, options, first, places),
        standard=standard,
        site_url=reader.scalar(root.get("site_url"), "site_url"),
        rules={code: severity for code, (severity, _) in severities.items()},
        rule_positions={code: position for code, (_, position) in severities.items()},
    )
    return board, tuple(reader.problems)


def _plugin_options(reader: _Reader, root: document.Mapping) -> document.Mapping:
    plugins = root.get("plugins")
    nodes = plugins.items if isinstance(plugins, Sequence) else [plugins] if plugins is not None else []
    for node in nodes:
        if isinstance(node, document.Mapping):
            options = node.get("gaoshi")
            if isinstance(options, document.Mapping):
                return options
    raise SettingsError("no-plugin", Position(SETTINGS), path=reader.path)


def _zone(reader: _Reader, options: document.Mapping) -> ZoneInfo:
    node = options.get("timezone")
    name = reader.scalar(node, "timezone") or "Asia/Shanghai"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        mark = node.mark if node else options.mark
        raise SettingsError("bad-timezone", reader.position(mark), path=SETTINGS, value=name) from None


def _named(reader: _Reader, options: document.Mapping, name: str, language: str) -> dict[str, Words]:
    return {
        key: reader.words(node, f"{name}.{key}", language) or {language: key}
        for key, mark, node in reader.mapping(options.get(name), name)
        if reader.slug(key, mark, name)
    }


def _contacts(reader: _Reader, options: document.Mapping, language: str) -> dict[str, Contact]:
    contacts = {}
    for key, mark, node in reader.mapping(options.get("contacts"), "contacts"):
        parts = {part: value for part, _, value in reader.mapping(node, f"contacts.{key}")}
        phone = reader.scalar(parts.get("phone"), f"contacts.{key}.phone")
        if not reader.slug(key, mark, "contacts"):
            continue
        if not _PHONE.fullmatch(phone):
            reader.problem("settings-bad-phone", mark, name=key, value=phone)
            continue
        contacts[key] = Contact(
            id=key,
            name=reader.words(parts.get("name"), f"contacts.{key}.name", language) or {language: key},
            phone=phone,
            hours=reader.words(parts.get("hours"), f"contacts.{key}.hours", language),
            always=reader.scalar(parts.get("always"), f"contacts.{key}.always") == "true",
        )
    if not any(contact.always for contact in contacts.values()):
        reader.problem("settings-no-duty-phone", options.mark)
    return contacts


def _screens(
    reader: _Reader, options: document.Mapping, language: str, places: Mapping[str, Words]
) -> dict[str, Screen]:
    screens = {}
    for key, mark, node in reader.mapping(options.get("screens"), "screens"):
        parts = {part: value for part, _, value in reader.mapping(node, f"screens.{key}")}
        place = reader.scalar(parts.pop("place", None), f"screens.{key}.place") or None
        if place is not None and place not in places:
            reader.problem("settings-unknown-place", mark, name=key, value=place)
            place = None
        name = reader.words(parts.pop("name", None), f"screens.{key}.name", language) or {language: key}
        if reader.slug(key, mark, "screens"):
            others = {part: value.text for part, value in parts.items() if isinstance(value, Scalar)}
            screens[key] = Screen(key, name, place, others)
    return screens


def _severities(reader: _Reader, options: document.Mapping) -> dict[str, tuple[str, Position]]:
    severities = {}
    for code, mark, node in reader.mapping(options.get("rules"), "rules"):
        value = reader.scalar(node, f"rules.{code}")
        if value in {"off", *Severity}:
            severities[code] = (value, reader.position(mark))
        else:
            reader.problem("settings-bad-severity", mark, name=code, value=value)
    return severities


@functools.cache
def own_standard() -> Mapping[str, Any]:
    """The data of the package's own standard."""
    text = resources.files("gaoshi").joinpath("standard.yml").read_text(encoding="utf-8")
    loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: Mapping[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506  (a safe loader)
    return data


def _standard(reader: _Reader, node: Node | None) -> Standard:
    """The standard with the estate's changes; one that loosens or does not fit is left out."""
    own = own_standard()
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return build_standard(own)
    data, refusals = lay_over(own, document.plain(node), own["tighter"])
    for refusal in refusals:
        reader.problem(f"settings-standard-{refusal.why}", node.mark, name=refusal.path, value=refusal.value)
    try:
        return build_standard(data)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
        reader.problem("settings-standard-unfit", node.mark, detail=str(error))
        return build_standard(own)


# ── the roster ───────────────────────────────────────────────────────────────────────────────────

DEFAULT_POLICY = Policy(
    publish=("service-centre-head", "deputy"),
    urgent=("service-centre-head", "deputy", "duty-officer"),
    company=("company-leader",),
)


def parse_roster(data: bytes | None, zone: tzinfo, language: str) -> tuple[Roster, tuple[Problem, ...]]:
    """The roster that an `approvers.yml` describes. Raises SettingsError (see read_settings)."""
    reader = _Reader(ROSTER)
    root = reader.root(data)
    people: dict[str, Person] = {}
    nodes = root.get("people")
    if not isinstance(nodes, Sequence):
        raise SettingsError("no-people", Position(ROSTER), path=ROSTER)
    for node in nodes.items:
        person = _person(reader, node, zone, language)
        if person is None:
            continue
        if person.id in people:
            reader.problem("settings-person-twice", node.mark, value=person.id)
            continue
        people[person.id] = person
    return Roster(people, _policy(reader, root.get("policy"))), tuple(reader.problems)


def _policy(reader: _Reader, node: Node | None) -> Policy:
    lanes = {lane: reader.strings(value, f"policy.{lane}") for lane, _, value in reader.mapping(node, "policy")}
    return Policy(
        publish=lanes.get("publish") or DEFAULT_POLICY.publish,
        urgent=lanes.get("urgent") or DEFAULT_POLICY.urgent,
        company=lanes.get("company") or DEFAULT_POLICY.company,
    )


def _person(reader: _Reader, node: Node, zone: tzinfo, language: str) -> Person | None:
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
    )


def _term(reader: _Reader, node: Node, zone: tzinfo) -> Term | None:
    """A role with its days, both included. One that cannot be read is not held: the safe side."""
    if isinstance(node, Scalar):
        return Term(node.text, None, None, None)
    parts = {key: value for key, _, value in reader.mapping(node, "roles")}
    role = reader.scalar(parts.get("role"), "roles.role")
    try:
        since = _edge(reader.scalar(parts.get("from"), "roles.from"), zone, days=0)
        until = _edge(reader.scalar(parts.get("until"), "roles.until"), zone, days=1)
    except NotAnInstant:
        reader.problem("settings-bad-term", node.mark, value=role)
        return None
    if not role:
        reader.problem("settings-bad-term", node.mark, value="")
        return None
    return Term(role, reader.scalar(parts.get("department"), "roles.department") or None, since, until)


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
