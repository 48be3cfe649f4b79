"""The estate's settings (`mkdocs.yml`) and its roster (`.github/approvers.yml`), read without MkDocs.

A setting that cannot be used is reported with its place and left out; the rest is read on. Only
what makes the whole file useless raises: then nothing may be published, and the old board stands.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from gaoshi.core import document
from gaoshi.core.board import Board, Contact, Words
from gaoshi.core.document import Node, Scalar, Sequence
from gaoshi.core.finding import Position, Severity
from gaoshi.core.notice import Problem
from gaoshi.core.roster import Roster
from gaoshi.core.standard import Standard, build_standard
from gaoshi.core.tightening import lay_over
from gaoshi.sources.rosters import parse_roster
from gaoshi.sources.screens import read_screens
from gaoshi.sources.settings_reader import SLUG, SettingsError, SettingsReader
from gaoshi.sources.snapshot import ROSTER, SETTINGS, Snapshot

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


@dataclass(frozen=True, slots=True)
class Settings:
    """The board and the roster of one snapshot, and what was wrong with their files."""

    board: Board
    roster: Roster
    problems: tuple[Problem, ...]


def read_settings(snapshot: Snapshot) -> Settings:
    """Board and roster as they lie in `snapshot`; whether that roster is in force is another question (proof).

    Raises SettingsError when either file is missing or useless as a whole.
    """
    board, board_problems = parse_board(snapshot.read(SETTINGS))
    roster, roster_problems = parse_roster(snapshot.read(ROSTER), board.zone, board.language)
    return Settings(board, roster, (*board_problems, *roster_problems))


def parse_board(data: bytes | None) -> tuple[Board, tuple[Problem, ...]]:
    """The board that a `mkdocs.yml` describes. Raises SettingsError (see read_settings)."""
    reader = SettingsReader(SETTINGS)
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
        screens=read_screens(reader, options.get("screens"), languages, places),
        standard=standard,
        site_url=reader.scalar(root.get("site_url"), "site_url"),
        rules={code: severity for code, (severity, _) in severities.items()},
        rule_positions={code: position for code, (_, position) in severities.items()},
    )
    return board, tuple(reader.problems)


def _plugin_options(reader: SettingsReader, root: document.Mapping) -> document.Mapping:
    plugins = root.get("plugins")
    nodes = plugins.items if isinstance(plugins, Sequence) else [plugins] if plugins is not None else []
    for node in nodes:
        if isinstance(node, document.Mapping):
            options = node.get("gaoshi")
            if isinstance(options, document.Mapping):
                return options
    raise SettingsError("no-plugin", Position(SETTINGS), path=reader.path)


def _zone(reader: SettingsReader, options: document.Mapping) -> ZoneInfo:
    node = options.get("timezone")
    name = reader.scalar(node, "timezone") or "Asia/Shanghai"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        mark = node.mark if node else options.mark
        raise SettingsError("bad-timezone", reader.position(mark), path=SETTINGS, value=name) from None


def _named(reader: SettingsReader, options: document.Mapping, name: str, language: str) -> dict[str, Words]:
    return {
        key: reader.words(node, f"{name}.{key}", language) or {language: key}
        for key, mark, node in reader.mapping(options.get(name), name)
        if reader.slug(key, mark, name)
    }


def _contacts(reader: SettingsReader, options: document.Mapping, language: str) -> dict[str, Contact]:
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


def _severities(reader: SettingsReader, options: document.Mapping) -> dict[str, tuple[str, Position]]:
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


def _standard(reader: SettingsReader, node: Node | None) -> Standard:
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
