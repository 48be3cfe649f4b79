"""Fields: what must be there, what is known to this estate, and what does not belong to the kind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from gaoshi.core.finding import Position, Severity
from gaoshi.rules.problems import BLANK, unread, unreadable, written_empty
from gaoshi.rules.registry import Case, Report, rule
from gaoshi.rules.words import listed, unknown

ELSEWHERE = frozenset({"type", "title", "approver", "subtype"})
"""Required fields whose absence a rule of its own reports."""

EXPLAINED = frozenset(
    {
        *("department", "languages", "scope", "cause", "starts_at", "ends_at", "occurred_at", "origin", "issuer"),
        *("activity.theme", "activity.participants", "activity.sign_up", "activity.rain"),
        *("weather.station", "weather.signal", "weather.level", "weather.issued_at"),
        *("works.by", "certificate.bring", "disclosure.period", "disclosure.objections"),
        *("fee.name", "fee.deadline", "fee.how", "fee.where"),
        *("register.serial", "register.from", "register.medium", "register.received"),
        *("late_reason.is", "outcome.is", "outcome.at", "correction.at", "correction.note"),
    }
)
"""Required fields of the shipped standard, each with a text of its own that says what to write."""

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def required(case: Case) -> tuple[str, ...]:
    """Names of the fields that this notice must have: by the standard, its kind, and its groups."""
    standard, notice = case.board.standard, case.notice
    names = [*standard.requires, *(case.kind.requires if case.kind else ())]
    for group, parts in standard.group_requires.items():
        if notice.has(group):
            names += [f"{group}.{part}" for part in parts]
    return tuple(dict.fromkeys(names))


@rule("F101", clause="P-1.1", always=True)
def kind_is_known(case: Case) -> Iterator[Report]:
    """The kind is one of the standard's (P-1.1): without it there is no limit, no lane and no format."""
    notice = case.notice
    if case.kind is not None or unread(case):
        return
    if not notice.kind:
        yield Report(written_empty(case, "type") or notice.where("type"), "missing", {"choices": _kinds(case)})
    else:
        variant, values = unknown(notice.kind, case.board.standard.kinds)
        yield Report(notice.where("type"), variant, values)


def _kinds(case: Case) -> str:
    return listed(case.board.standard.kinds)


@rule("F102", clause="P-2.4")
def required_fields_are_there(case: Case) -> Iterator[Report]:
    """All that owners must learn is stated (P-2.4, P-0): by the standard, the kind and used groups."""
    notice = case.notice
    if unread(case):
        return
    for name in required(case):
        if name in ELSEWHERE or notice.has(name) or unreadable(case, name):
            continue
        if name.startswith("register.") and _needs_register(case) and not notice.has("register"):
            continue  # said once, by F301
        position = written_empty(case, name) or notice.where(name)
        variant = name.replace(".", "-") if name in EXPLAINED else "other"
        yield Report(position, variant, {"field": name, "kind": notice.kind})


@rule("F103", clause="P-1.1")
def subtype_is_known(case: Case) -> Iterator[Report]:
    """A kind that has subtypes states one of them (P-1.1), a kind that has none states none."""
    notice, kind = case.notice, case.kind
    if kind is None or unreadable(case, "subtype"):
        return
    if not notice.subtype:
        if kind.subtypes:
            position = written_empty(case, "subtype") or notice.where("type")
            yield Report(position, "missing", {"kind": kind.slug, "choices": listed(kind.subtypes)})
    elif not kind.subtypes:
        values = {"kind": kind.slug, "value": notice.subtype}
        yield Report(notice.where("subtype"), "unused", values, Severity.HINT)
    elif notice.subtype not in kind.subtypes:
        variant, values = unknown(notice.subtype, kind.subtypes)
        yield Report(notice.where("subtype"), variant, {**values, "kind": kind.slug})


@rule("F104", clause="P-1.1", severity=Severity.HINT)
def groups_belong_to_the_kind(case: Case) -> Iterator[Report]:
    """Groups of fields belong to their kinds (P-1.1): elsewhere nobody would read them."""
    if case.kind is None:
        return
    standard = case.board.standard
    special = {group: kind.slug for kind in standard.kinds.values() for group in kind.groups}
    for group, slug in special.items():
        if group not in case.kind.groups and group not in standard.group_requires and case.notice.has(group):
            values = {"group": group, "kind": case.kind.slug, "other": slug}
            yield Report(case.notice.where(group), "", values)


@rule("F105", clause="P-1.2c")
def department_is_known(case: Case) -> Iterator[Report]:
    """The requesting department is one of this estate's (P-1.2c)."""
    notice = case.notice
    if notice.department and notice.department not in case.board.departments:
        variant, values = unknown(notice.department, case.board.departments)
        yield Report(notice.where("department"), variant, values)


@rule("F106", clause="P-3.2", always=True)
def some_place_is_known(case: Case) -> Iterator[Report]:
    """A notice with places names at least one that exists (P-3.2, H-4.2.3): else nobody knows whom it concerns."""
    notice, places = case.notice, case.board.places
    position = unreadable(case, "places")
    if position is not None and not notice.places:
        yield Report(position, "unreadable", {"choices": listed(places)})
    elif notice.places and not any(place in places for place in notice.places):
        values = {"value": listed(notice.places), "choices": listed(places)}
        yield Report(notice.where("places"), "unknown", values)


@rule("F107", clause="P-3.2")
def every_place_is_known(case: Case) -> Iterator[Report]:
    """Each place is one of this estate's (P-3.2); an empty list does not say whether all are meant."""
    if any(place.strip(BLANK) for place in case.notice.places):  # of blanks alone, F106 tells once
        yield from _unknown_items(case, "places", case.board.places)
    if case.notice.has("places") and not case.notice.places and unreadable(case, "places") is None:
        yield Report(case.notice.where("places"), "empty", {}, Severity.WARNING)


@rule("F108", clause="P-3.2")
def channels_are_known(case: Case) -> Iterator[Report]:
    """Each channel is one of the standard's, and there is at least one (P-3.2)."""
    yield from _unknown_items(case, "channels", case.board.standard.channels)
    if case.notice.has("channels") and not case.notice.lists.get("channels") and not unreadable(case, "channels"):
        values = {"choices": listed(case.board.standard.channels)}
        yield Report(case.notice.where("channels"), "empty", values)


@rule("F109", clause="P-3.t")
def contact_is_known(case: Case) -> Iterator[Report]:
    """Whom to call is one of this estate's contacts (P-3.t): owners' questions are answered."""
    contact = case.notice.values.get("contact")
    if contact is not None and contact not in case.board.contacts:
        variant, values = unknown(contact, case.board.contacts)
        yield Report(case.notice.where("contact"), variant, values)


@rule("F110", clause="P-3.3")
def told_departments_are_known(case: Case) -> Iterator[Report]:
    """The departments that are told or help are this estate's (P-3.3, S-R.5.5)."""
    for field in ("notify", "activity.helping_departments"):
        yield from _unknown_items(case, field, case.board.departments)


def _unknown_items(case: Case, field: str, known: Collection[str]) -> Iterator[Report]:
    notice = case.notice
    for index, item in enumerate(notice.lists.get(field, ())):
        if item not in known:
            variant, values = unknown(item, known)
            yield Report(notice.where_item(field, index), variant, {**values, "field": field})


@rule("F111", clause="P-2.x3", severity=Severity.WARNING)
def major_information_reaches_every_household(case: Case) -> Iterator[Report]:
    """Major information is posted to every household and not called less than its kind is (P-2.x3)."""
    notice, order = case.notice, case.board.standard.importance
    stated = notice.values.get("importance")
    usual = case.kind.importance if case.kind else order[0]
    if stated in order and usual in order and order.index(stated) < order.index(usual):
        yield Report(notice.where("importance"), "lowered", {"value": stated, "usual": usual})
    channels = notice.lists.get("channels") or (case.kind.channels if case.kind else ())
    if (stated or usual) == order[-1] and "household" in case.board.standard.channels and "household" not in channels:
        position = notice.where("channels") if notice.has("channels") else notice.where("importance")
        yield Report(position, "household")


@rule("F201", clause="P-2.4", always=True)
def title_is_there(case: Case) -> Iterator[Report]:
    """A notice has a title (P-2.4)."""
    text = case.notice.texts.get(case.board.language)
    if (text is None or not text.title.strip()) and not unread(case):
        yield Report(written_empty(case, "title") or case.notice.where("title"))


@rule("F202", clause="P-2.4")
def titles_are_short(case: Case) -> Iterator[Report]:
    """A title fits its line on screen and paper (P-2.4); a Latin letter counts half a Chinese character."""
    for text in case.notice.texts.values():
        for name, words in text.fields.items():
            spec = case.board.standard.fields.get(name)
            position = case.notice.where(name) if text.path == case.notice.path else Position(text.path)
            if name == "title" and "\n" in words:
                yield Report(position, "lines", {"field": name})
            if spec is None or spec.max_length is None or len(words) <= spec.max_length:
                continue
            if (length := _measure(words)) > spec.max_length:
                values = {"field": name, "length": str(length), "limit": str(spec.max_length)}
                yield Report(position, "long", values)


def _measure(words: str) -> int:
    halves = sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in words)
    return (halves + 1) // 2


@rule("F203", clause="P-2.4", always=True)
def text_is_there(case: Case) -> Iterator[Report]:
    """A notice says something below its front matter (P-2.4, P-0)."""
    text = case.notice.texts.get(case.board.language)
    if unread(case):
        return
    if text is None or not text.body.strip() or ("<!--" in text.body and not _COMMENT.sub("", text.body).strip()):
        yield Report(Position(case.notice.path, text.body_line if text else 1))


@rule("F301", clause="P-2.1")
def outside_documents_are_registered(case: Case) -> Iterator[Report]:
    """An outside document is marked and registered as one (P-2.1), our own is not."""
    notice, kind = case.notice, case.kind
    if kind is not None and kind.external and not notice.external and not unreadable(case, "origin"):
        yield Report(notice.where("origin" if notice.has("origin") else "type"), "kind", {"kind": kind.slug})
    if _needs_register(case) and not notice.has("register") and not unreadable(case, "register"):
        yield Report(notice.where("origin" if notice.has("origin") else "type"), "register")
    if notice.has("register") and not notice.external and not (kind is not None and kind.external):
        yield Report(notice.where("register"), "internal", {}, Severity.WARNING)


def _needs_register(case: Case) -> bool:
    return case.notice.external or (case.kind is not None and case.kind.external)
