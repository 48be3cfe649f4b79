"""The publication standard (`standard.yml`) as types: kinds, fields, limits and lanes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from gaoshi.core.instants import parse_length
from gaoshi.core.screens import ScreenStandard

MOST_DAYS = 3650
"""The longest time that a standard may speak of: far below what a calendar can count."""
MOST = 100 * 1024 * 1024
"""The largest number that a standard may speak of, in bytes, pixels or anything."""


@dataclass(frozen=True, slots=True)
class Timeliness:
    """One class of P-4: a reaction limit (`within`) or a lead time in calendar days, or neither."""

    name: str
    clause: str
    within: timedelta | None = None
    measured_from: tuple[str, ...] = ()
    days_before: int | None = None
    not_earlier_than: int | None = None


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a notice may be valid: after the end of its matter, or from its beginning."""

    after_end: timedelta | None = None
    at_most: timedelta | None = None
    default: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One front-matter field: its type, and who reads it."""

    name: str
    type: str
    choices: tuple[str, ...] = ()
    internal: bool = False
    max_length: int | None = None

    @property
    def translatable(self) -> bool:
        """Whether a translation may give it again (text that the public reads)."""
        return self.type == "text" and not self.internal


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice (P-1.1) and what it asks for."""

    slug: str
    clause: str
    format: str
    timeliness: str
    subtypes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    importance: str = "general"
    validity: Validity = Validity()
    restores: bool = False
    standing: bool = False
    external: bool = False
    requires_attachment: bool = False
    label: Mapping[str, str] = field(default_factory=dict)
    planned: Mapping[str, Any] = field(default_factory=dict)
    unplanned: Mapping[str, Any] = field(default_factory=dict)
    when: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AttachmentType:
    """A file suffix that a notice may carry; `starts` are the first bytes of such a file."""

    suffix: str
    starts: bytes
    shows: str


@dataclass(frozen=True, slots=True)
class Standard:
    """The whole standard of one board, after the estate's own changes."""

    timeliness: Mapping[str, Timeliness]
    kinds: Mapping[str, Kind]
    fields: Mapping[str, Field]
    group_requires: Mapping[str, tuple[str, ...]]
    requires: tuple[str, ...]
    channels: tuple[str, ...]
    default_channels: tuple[str, ...]
    importance: tuple[str, ...]
    late_reasons: tuple[str, ...]
    outcomes: tuple[str, ...]
    outcome_leads_for: timedelta
    outcome_within: timedelta
    urgent_not_older_than: timedelta
    outside_within: timedelta
    ended_listed_for: timedelta
    ended_kept_for: timedelta
    rebuilt_within: timedelta
    grace: timedelta
    attachment_types: Mapping[str, AttachmentType]
    attachment_max_bytes: int
    attachment_max_count: int
    attachment_max_pixels: int
    text_max_bytes: int
    text_max_work: int
    front_matter_max_bytes: int
    screens: ScreenStandard
    groups: Mapping[str, tuple[str, ...]] = field(init=False)
    """Fields that stand inside another one: `activity` to `theme`, `items` and so on."""
    planned: Mapping[str, Kind] = field(init=False)
    """Kinds as they hold for what was planned: made once, and not for every notice."""
    unplanned: Mapping[str, Kind] = field(init=False)
    """Kinds as they hold for what happened."""

    def __post_init__(self) -> None:
        groups: dict[str, list[str]] = {}
        for name in self.fields:
            group, dot, part = name.partition(".")
            if dot:
                groups.setdefault(group, []).append(part)
        object.__setattr__(self, "groups", {group: tuple(parts) for group, parts in groups.items()})
        for name in ("planned", "unplanned"):
            made = {slug: _overlay(kind, getattr(kind, name)) for slug, kind in self.kinds.items()}
            object.__setattr__(self, name, made)

    def kind_for(self, slug: str, *, unplanned: bool, values: Mapping[str, str]) -> Kind | None:
        """The kind as it holds for one notice: planned or not, and by the values of its fields."""
        kind = (self.unplanned if unplanned else self.planned).get(slug)
        if kind is None:
            return None
        for name, cases in kind.when.items():
            kind = _overlay(kind, cases.get(values.get(name, ""), {}))
        return kind


def _overlay(kind: Kind, extra: Mapping[str, Any]) -> Kind:
    if not extra:
        return kind
    changes = _kind_values(extra)
    if "requires" in changes:
        changes["requires"] = (*kind.requires, *changes["requires"])
    return replace(kind, **changes)


_LISTS = ("subtypes", "groups", "requires", "offers", "channels", "notify")
_WORDS = ("clause", "format", "timeliness", "importance")
_FLAGS = ("restores", "standing", "external", "requires_attachment")


def _kind_values(data: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {name: data[name] for name in _WORDS if name in data}
    values |= {name: bool(data[name]) for name in _FLAGS if name in data}
    values |= {name: tuple(data[name]) for name in _LISTS if name in data}
    if "validity" in data:
        values["validity"] = Validity(**{key: _length(text) for key, text in data["validity"].items()})
    return values


def build_standard(data: Mapping[str, Any]) -> Standard:
    """The standard from its data (see standard.yml for the shape).

    Raises KeyError or ValueError when the data is not a standard; the package's own always is, and
    an estate's changes are checked for shape before they are laid over it.
    """
    timeliness = {
        name: Timeliness(
            name=name,
            clause=item["clause"],
            within=_length(item["within"]) if "within" in item else None,
            measured_from=tuple(item.get("from", ())),
            days_before=_number(item["days_before"], MOST_DAYS) if "days_before" in item else None,
            not_earlier_than=_number(item["not_earlier_than"], MOST_DAYS) if "not_earlier_than" in item else None,
        )
        for name, item in data["timeliness"].items()
    }
    everywhere = tuple(data["default_channels"])
    kinds = {slug: _build_kind(slug, item, everywhere) for slug, item in data["kinds"].items()}
    for kind in kinds.values():
        cases = [case for choices in kind.when.values() for case in choices.values()]
        for extra in (kind.planned, kind.unplanned, *cases):
            used = _kind_values(extra).get("timeliness", kind.timeliness)  # read here, so that no notice meets a flaw
            if used not in timeliness:
                raise ValueError(f"kind {kind.slug}: unknown timeliness {used}")
    attachments = data["attachments"]
    return Standard(
        timeliness=timeliness,
        kinds=kinds,
        fields=dict(_build_fields(data)),
        group_requires={name: tuple(parts) for name, parts in data["group_requires"].items()},
        requires=tuple(data["requires"]),
        channels=tuple(data["channels"]),
        default_channels=everywhere,
        importance=tuple(data["importance"]),
        late_reasons=tuple(data["late_reasons"]),
        outcomes=tuple(data["outcomes"]["values"]),
        outcome_leads_for=_length(data["outcomes"]["leads_for"]),
        outcome_within=_length(data["outcomes"]["within"]),
        urgent_not_older_than=_length(data["urgent_lane"]["not_older_than"]),
        outside_within=_length(data["outside_matter"]["within"]),
        ended_listed_for=_length(data["ended"]["listed_for"]),
        ended_kept_for=_length(data["ended"]["kept_for"]),
        rebuilt_within=_length(data["publisher"]["rebuilt_within"]),
        grace=_length(data["publisher"]["grace"]),
        attachment_types={
            suffix: AttachmentType(suffix, bytes.fromhex(item["starts"]), item["shows"])
            for suffix, item in attachments["types"].items()
        },
        attachment_max_bytes=_number(attachments["max_bytes"]),
        attachment_max_count=_number(attachments["max_count"]),
        attachment_max_pixels=_number(attachments["max_pixels"]),
        text_max_bytes=_number(data["text"]["max_bytes"]),
        text_max_work=_number(data["text"]["max_work"]),
        front_matter_max_bytes=_number(data["text"]["front_matter_max_bytes"]),
        screens=_build_screens(data["screens"]),
    )


def _build_screens(data: Mapping[str, Any]) -> ScreenStandard:
    least, most = (_length(data["shown_for"][name]) for name in ("least", "most"))
    if not timedelta(0) < least <= most:
        raise ValueError(f"screens.shown_for: {data['shown_for']['least']} is not below {data['shown_for']['most']}")
    return ScreenStandard(
        takes_over_for=_length(data["takes_over_for"]),
        characters=_number(data["page"]["characters"], least=1),
        words=_number(data["page"]["words"], least=1),
        pace_characters=_number(data["pace"]["characters"], least=1),
        pace_words=_number(data["pace"]["words"], least=1),
        least=least,
        most=most,
        round=_length(data["round"]),
        marked_after=_length(data["marked_after"]),
        standing_after=_length(data["standing_after"]),
        ahead=_length(data["ahead"]),
    )


def _build_kind(slug: str, data: Mapping[str, Any], channels: tuple[str, ...]) -> Kind:
    values = _kind_values(data)
    values.setdefault("timeliness", "none")
    values.setdefault("channels", channels)
    return Kind(
        slug=slug,
        label=dict(data.get("label", {})),
        planned=dict(data.get("planned", {})),
        unplanned=dict(data.get("unplanned", {})),
        when=dict(data.get("when", {})),
        **values,
    )


def _build_fields(data: Mapping[str, Any]) -> Iterable[tuple[str, Field]]:
    for name, item in data["fields"].items():
        choices: Any = item.get("values", ())
        if "of" in item:
            choices = data
            for part in item["of"].split("."):
                choices = choices[part]
        yield (
            name,
            Field(
                name=name,
                type=item["type"],
                choices=tuple(choices),
                internal=bool(item.get("internal", False)),
                max_length=_number(item["max_length"]) if "max_length" in item else None,
            ),
        )


def _number(value: Any, most: int = MOST, *, least: int = 0) -> int:
    """A number of data. Raises ValueError when it is none, or is less or more than any estate means."""
    number = int(value)
    if not least <= number <= most:
        raise ValueError(f"not between {least} and {most}: {number}")
    return number


def _length(text: Any) -> timedelta:
    """A length of time of data. Raises ValueError when it is none, or is more than any estate means."""
    length = parse_length(text)
    if length.days > MOST_DAYS:
        raise ValueError(f"longer than {MOST_DAYS}d: {text}")
    return length
