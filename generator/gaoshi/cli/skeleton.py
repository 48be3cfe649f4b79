"""A new notice's text: its kind's skeleton from `site_templates/notices/`, with what can be inferred filled in.

A skeleton is a notice with placeholders in braces for what is inferred (`{title}`, `{earliest}`) and
＿＿ for what only the author knows. `<kind>.md` is in Chinese, `<kind>.<lang>.md` in another language;
`<kind>.unplanned.md` is for what has happened already. A kind or language that has no skeleton gets
one from the standard: every field that it must have, and nothing else.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import yaml

from gaoshi.core import document
from gaoshi.core.board import Board, Words
from gaoshi.core.document import Scalar, read_yaml
from gaoshi.core.instants import local_day
from gaoshi.core.standard import Field, Kind
from gaoshi.core.statement import Stage
from gaoshi.core.words import Catalogue
from gaoshi.rules.problems import BLANK
from gaoshi.sources.settings import Settings
from gaoshi.sources.snapshot import TEMPLATES
from gaoshi.sources.templates import load_catalogue, own_templates

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_FRONT_MATTER = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
_MOST_NAMES = 8
"""As many ids a comment lists at most; `check` names them all."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a notice before it is written.

    `unplanned`: it has happened already. `at` is the instant from which days are counted. `approver`
    may be empty where nobody can be asked; `languages` empty is the board's first language.
    """

    kind: str
    subtype: str
    unplanned: bool
    title: str
    department: str
    approver: str
    at: datetime
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inferred:
    """What follows from who writes; empty where nothing does."""

    department: str = ""
    approver: str = ""


# ── who ──────────────────────────────────────────────────────────────────────────────────────────


def infer(settings: Settings, email: str, *, urgent: bool, at: datetime) -> Inferred:
    """Department and approver for a notice that the owner of `email` writes at `at`.

    The department is the author's own. The approver is the policy's first holder in term who is not
    the author (H-6.9); in the urgent lane those come first whom only that lane lets approve (P-4.1),
    who are on duty for it.
    """
    wanted = email.strip().casefold()
    roster, policy = settings.roster, settings.roster.policy
    author = roster.person_by_email(wanted) if wanted else None
    departments = [term.department for term in author.terms if term.holds(at)] if author else []
    publish = policy.roles(Stage.PUBLISH)
    roles = sorted(policy.roles(Stage.URGENT), key=lambda role: role in publish) if urgent else publish
    approvers = (
        person.id
        for role in roles
        for person in roster.people.values()
        if role in person.roles(at) and not (wanted and wanted in person.emails)
    )
    return Inferred(
        department=next((slug for slug in departments if slug and slug in settings.board.departments), ""),
        approver=next(approvers, ""),
    )


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def write(folder: Path, plan: Plan, board: Board) -> dict[str, int]:
    """Write the planned notice into `folder`, whole or not at all; how many blanks each of its files has.

    Raises FileExistsError when something is there already, OSError when it cannot be written.
    """
    main = compose_text(plan, board, _skeletons(folder))
    texts = {"notice.md": main}
    for language in plan.languages:
        if language != board.language:
            texts[f"notice.{language}.md"] = _translation(main, board)
    if os.path.lexists(folder):
        raise FileExistsError(str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as scratch:
        draft = Path(scratch, folder.name)
        draft.mkdir()
        for name, text in texts.items():
            (draft / name).write_bytes(text.encode())
        draft.rename(folder)
    return {name: text.count(BLANK) for name, text in texts.items()}


def _skeletons(folder: Path) -> tuple[Path, ...]:
    """Where skeletons lie: the board's own repository first (`folder` is notices/MONTH/SLUG in it)."""
    return tuple(home / "notices" for home in (folder.parents[2] / TEMPLATES, own_templates()))


def compose_text(plan: Plan, board: Board, skeletons: Iterable[Path]) -> str:
    """The text of the planned notice's notice.md, from the first of the folders that has its skeleton."""
    kind = board.standard.kind_for(plan.kind, unplanned=plan.unplanned, values={})
    assert kind is not None
    chinese = board.language.partition("-")[0] == "zh"
    happened = ".unplanned" if plan.unplanned and kind.unplanned else ""
    suffix = f"{happened}.md" if chinese else f"{happened}.{board.language}.md"
    skeleton = _first(skeletons, f"{plan.kind}{suffix}") or _from_standard(kind, board, plan)
    body = _first(skeletons, f"{plan.kind}/{plan.subtype}{suffix}") if "{body}" in skeleton else None
    inferred = _Placeholders(plan, kind, board, _words(board.language)).all()
    return _fill(skeleton, {"body": (body or BLANK).rstrip("\n")}, inferred)


def _first(folders: Iterable[Path], name: str) -> str | None:
    for folder in folders:
        path = folder / name
        if path.is_file():
            return path.read_text(encoding="utf-8-sig")
    return None


def _fill(text: str, *rounds: Mapping[str, str]) -> str:
    """The text with its placeholders filled, in one pass a round: what was filled in is not looked at again."""
    for values in rounds:
        text = _PLACEHOLDER.sub(lambda match, given=values: given.get(match[1], match[0]), text)  # type: ignore[misc]
    return text


def scalar(text: str) -> str:
    """A text as YAML that reads back as the same text, quoted where it must be."""
    dumped: str = yaml.safe_dump({"": text}, allow_unicode=True, width=1 << 20, default_flow_style=False)
    return dumped.partition(": ")[2].rstrip("\n")


def _items(words: Iterable[str]) -> str:
    return f"[{', '.join(words)}]"


# ── what is inferred ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Placeholders:
    """Everything that a skeleton may ask for, by the name it asks with."""

    plan: Plan
    kind: Kind
    board: Board
    words: Catalogue

    def all(self) -> dict[str, str]:
        """Every placeholder with its value."""
        plan = self.plan
        return {
            "subtype": plan.subtype,
            "title": scalar(plan.title),
            "department": plan.department,
            "approver": plan.approver or BLANK,
            "languages": _items(plan.languages or (self.board.language,)),
            "cause": self._cause(),
            **self._times(),
            **self._lengths(),
            **self._names(),
        }

    def _cause(self) -> str:
        """An example of a cause for what is out."""
        found = self.words.find(
            f"cli.new.causes.{'unplanned' if self.plan.unplanned else 'planned'}.{self.plan.subtype}"
        )
        return found if isinstance(found, str) else "…"

    def _times(self) -> dict[str, str]:
        now, today = self.plan.at.astimezone(self.board.zone), local_day(self.plan.at, self.board.zone)
        limits = self.board.standard.timeliness[self.kind.timeliness]
        earliest = today + timedelta(days=limits.days_before or 0)
        longest = self.kind.validity.at_most or timedelta(0)
        return {
            "at": _minute(now),
            "later": _minute(now + timedelta(hours=3)),
            "earliest": earliest.isoformat(),
            "before_earliest": (earliest - timedelta(days=1)).isoformat(),
            "latest": (today + timedelta(days=limits.not_earlier_than or 0)).isoformat(),
            "days": str(limits.days_before or 0),
            "days_most": str(limits.not_earlier_than or 0),
            "tomorrow": (today + timedelta(days=1)).isoformat(),
            "week_later": (today + timedelta(days=7)).isoformat(),
            "month_later": (today + timedelta(days=30)).isoformat(),
            "valid_until": _minute((self.plan.at + longest).astimezone(self.board.zone)),
        }

    def _lengths(self) -> dict[str, str]:
        classes, validity = self.board.standard.timeliness, self.kind.validity
        return {
            "within": self._length(classes[self.kind.timeliness].within),
            "urgent_within": self._length(classes["urgent"].within),
            "after_end": self._length(validity.after_end),
            "default": self._length(validity.default),
        }

    def _length(self, length: timedelta | None) -> str:
        """A length in the largest unit that says it exactly."""
        minutes = int((length or timedelta(0)).total_seconds()) // 60
        if minutes % 60:
            return self.words.text("cli.new.minutes", number=minutes)
        if minutes % (24 * 60):
            return self.words.text("cli.new.hours", number=minutes // 60)
        return self.words.text("cli.new.days", number=minutes // (24 * 60))

    def _names(self) -> dict[str, str]:
        board = self.board
        others = [slug for slug in board.departments if slug != self.plan.department]
        told = [slug for slug in self.kind.notify if slug in board.departments]
        contact = board.default_contact
        duty = next((contact for contact in board.contacts.values() if contact.always), contact)
        return {
            "places": self._listed(board.places),
            "departments": self._listed({slug: board.departments[slug] for slug in others}),
            "contacts": self._listed({slug: contact.name for slug, contact in board.contacts.items()}),
            "contact": contact.id if contact else BLANK,
            "duty_contact": duty.id if duty else BLANK,
            "notify": _items(told or [BLANK]),
            "others": _items(others or [BLANK]),
            "channels": _items(self.kind.channels or board.standard.default_channels),
            "signals": self._choices("weather.signal", "signals"),
            "levels": self._choices("weather.level", "levels"),
        }

    def _listed(self, names: Mapping[str, Words]) -> str:
        """Ids with what they are called, as a comment can list them."""
        language = self.board.language
        items = [f"{slug} {self.board.words(name, language)}" for slug, name in list(names.items())[:_MOST_NAMES]]
        return " ".join(self.words.text("formats.list").join(items + ["…"] * (len(names) > _MOST_NAMES)).split())

    def _choices(self, name: str, section: str) -> str:
        spec = self.board.standard.fields.get(name)
        items = [f"{choice} {self.words.text(f'{section}.{choice}')}" for choice in spec.choices] if spec else []
        return self.words.text("formats.list").join(items)


def _words(language: str) -> Catalogue:
    """The words for comments in the board's language; English ones where it has none."""
    sections = ("cli", "words")
    words = load_catalogue(own_templates(), language, sections=sections)
    words = words or load_catalogue(own_templates(), "en", sections=sections)
    assert words is not None
    return words


def _minute(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M")


# ── what has no skeleton ─────────────────────────────────────────────────────────────────────────


def _from_standard(kind: Kind, board: Board, plan: Plan) -> str:
    """A skeleton with every field that the standard and the kind require, an end, places and whom to call."""
    standard = board.standard
    known = {"type": kind.slug} | {
        name: f"{{{name}}}" for name in ("subtype", "title", "department", "approver", "languages")
    }
    names = {*standard.requires, *kind.requires, "places", "contact"}
    names |= {"occurred_at", "reported_at"} if plan.unplanned else set()
    names |= {"valid_until"} if kind.validity.default is None else set()
    names |= {
        f"{group}.{part}"
        for group, parts in standard.group_requires.items()
        if any(name.startswith(f"{group}.") for name in names)
        for part in parts
    }
    known |= {
        "occurred_at": "{at}",
        "reported_at": "{at}",
        "contact": "{contact}",
        "places": f"[{BLANK}]   # {{places}}",
        "starts_at": f"{BLANK}   # {{earliest}} 09:00",
    }
    lines = _field_lines((spec for name, spec in standard.fields.items() if name in names), known)
    return "\n".join(("---", *lines, "---", BLANK, ""))


def _field_lines(specs: Iterable[Field], known: Mapping[str, str]) -> Iterator[str]:
    """A line of front matter for each field, under its group's own line where it has one."""
    last_group = ""
    for spec in specs:
        group, dot, part = spec.name.rpartition(".")
        if dot and group != last_group:
            yield f"{group}:"
        last_group = group
        yield f"{'  ' if dot else ''}{part}: {known.get(spec.name) or _blank(spec)}"


def _blank(spec: Field) -> str:
    """A blank for a field's value, with an example of its form or the choices there are."""
    if spec.type == "instant":
        return f"{BLANK}   # {{at}}"
    if spec.type == "date":
        return f"{BLANK}   # {{month_later}}"
    if spec.type == "flag":
        return "true"
    if spec.type in {"departments", "channels", "places", "languages"}:
        return f"[{BLANK}]"
    return f"{BLANK}   # {', '.join(spec.choices)}" if spec.choices else BLANK


# ── translations ─────────────────────────────────────────────────────────────────────────────────


def _translation(main: str, board: Board) -> str:
    """A translation's text with a blank for every text field of notice.md, whose words stand beside it."""
    match = _FRONT_MATTER.match(main)
    root, _ = read_yaml(match[1]) if match else (None, [])
    written = dict(_scalars(root)) if isinstance(root, document.Mapping) else {}
    fields = board.standard.fields
    texts = {name: words for name, words in written.items() if name in fields and fields[name].translatable}
    known = {name: f"{BLANK}   # {words}" for name, words in texts.items() if BLANK not in words}
    return "\n".join(("---", *_field_lines((fields[name] for name in texts), known), "---", BLANK, ""))


def _scalars(root: document.Mapping) -> Iterator[tuple[str, str]]:
    """Every single value of the front matter with its dotted name."""
    for key, _, node in root.items():
        if isinstance(node, Scalar):
            yield key, " ".join(node.text.split())
        elif isinstance(node, document.Mapping):
            for part, _, inner in node.items():
                if isinstance(inner, Scalar):
                    yield f"{key}.{part}", " ".join(inner.text.split())
