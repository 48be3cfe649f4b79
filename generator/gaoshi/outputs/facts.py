"""The box of facts and the banners of one notice, in one language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import chain

from gaoshi.core.board import Contact
from gaoshi.core.edition import Edition, Entry
from gaoshi.core.instants import iso, parse_date, start_of_day
from gaoshi.core.schedule import State, is_overdue
from gaoshi.core.standard import Field
from gaoshi.core.words import Catalogue
from gaoshi.outputs.views import Banner, Fact, Moment, Phone, Words

_PLACED = frozenset({"title", "scope", "cause", "issuer", "number", "salutation", "outcome.note", "correction.note"})
"""Text fields that have a place of their own; all others follow as the kind's own facts."""

_ON_DUTY = "duty-officer"
"""The role that goes from hand to hand beside the posts that people hold."""


class Teller:
    """Tells the facts of one edition's notices in one language.

    A notice's instants are told several times over, on its card, its page and in what search engines
    read, so each is put into words once.
    """

    def __init__(self, edition: Edition, words: Catalogue, catalogues: Mapping[str, Catalogue]) -> None:
        self.board = edition.board
        self.at = edition.at
        self.preview = edition.preview
        self.year = edition.at.astimezone(edition.board.zone).year
        self.words = words
        self.catalogues = catalogues
        self.language = words.language
        self._moments: dict[datetime, Moment] = {}
        self._spans: dict[tuple[datetime, datetime], Moment] = {}
        self._phones = {contact.id: self._phone(contact) for contact in self.board.contacts.values()}
        self._own_fields = tuple(
            (name, spec.type) for name, spec in self.board.standard.fields.items() if _is_of_its_kind(name, spec)
        )

    # ── small pieces ─────────────────────────────────────────────────────────────────────────────

    def moment(self, instant: datetime) -> Moment:
        """An instant for people and machines."""
        if instant not in self._moments:
            text = self.words.moment(instant, self.board.zone, year=self.year)
            self._moments[instant] = Moment(text, iso(instant, self.board.zone) or "")
        return self._moments[instant]

    def span(self, start: datetime, end: datetime) -> Moment:
        """From one instant to another, for people; its beginning for machines."""
        if (start, end) not in self._spans:
            text = self.words.span(start, end, self.board.zone, year=self.year)
            self._spans[start, end] = Moment(text, iso(start, self.board.zone) or "")
        return self._spans[start, end]

    def field(self, entry: Entry, name: str) -> Words | None:
        """A text field in this language, else in the one it was written in, marked as such."""
        found = entry.notice.text(self.language, name)
        if found is None:
            return None
        text, language = found
        return Words(text, "" if language == self.language else self.catalogues[language].tag)

    def title(self, entry: Entry) -> Words:
        """The title; the id where there is none."""
        return self.field(entry, "title") or Words(entry.id)

    def places(self, entry: Entry) -> str:
        """The places concerned, in words."""
        if not entry.notice.places:
            return self.words.text("facts.whole_estate")
        names = (self.board.words(self.board.places[place], self.language) for place in entry.notice.places)
        return self.words.text("formats.list").join(names)

    def kind(self, entry: Entry) -> str:
        """The public label of the kind; of an outage, what is out."""
        notice = entry.notice
        if notice.subtype and self.words.find(f"subtypes.{notice.subtype}"):
            return self.words.text(f"subtypes.{notice.subtype}")
        if entry.kind is not None and entry.kind.label:
            return self.board.words(entry.kind.label, self.language)
        return self.words.text(f"kinds.{notice.kind}")

    def phone(self, contact: Contact) -> Phone:
        """A contact of the board as one can call it."""
        return self._phones[contact.id]

    def _phone(self, contact: Contact) -> Phone:
        return Phone(
            name=self.board.words(contact.name, self.language),
            number=contact.phone,
            link="tel:" + re.sub(r"[^+0-9]", "", contact.phone),
            hours=self.board.words(contact.hours, self.language),
            always=contact.always,
        )

    def phones(self, entry: Entry) -> tuple[Phone, ...]:
        """Whom to call about a notice: its contact, and one that answers day and night."""
        contacts = self.board.contacts
        named = contacts.get(entry.notice.values.get("contact", "")) or self.board.default_contact
        chosen = [named] if named else []
        if not any(contact.always for contact in chosen):
            chosen += [contact for contact in contacts.values() if contact.always][:1]
        return tuple(self.phone(contact) for contact in chosen)

    # ── facts ────────────────────────────────────────────────────────────────────────────────────

    def when(self, entry: Entry) -> Fact | None:
        """When the matter is: its span, or since when and until when it is expected to last."""
        notice = entry.notice
        starts, ends = notice.instant("starts_at"), notice.instant("ends_at")
        occurred = notice.instant("occurred_at")
        label = self.words.text("facts.when")
        if starts is not None and ends is not None:
            return Fact("when", label, moment=self.span(starts, ends))
        if starts is not None:
            return Fact("when", label, moment=self.moment(starts))
        if occurred is not None:
            return Fact("when", self.words.text("facts.occurred_at"), moment=self.moment(occurred))
        return None

    def facts(self, entry: Entry) -> tuple[Fact, ...]:
        """All facts, in the order in which an owner asks."""
        return tuple(self._facts(entry))

    def _facts(self, entry: Entry) -> Iterator[Fact]:
        words = self.words
        notice = entry.notice
        yield Fact("what", words.text("facts.what"), Words(self.kind(entry)))
        when = self.when(entry)
        if when is not None:
            yield when
        restoration = self.restoration(entry)
        if restoration is not None:
            yield replace(restoration, words=restoration.then, moment=None) if entry.overdue else restoration
        yield Fact("where", words.text("facts.where"), Words(self.places(entry)))
        yield from self._texts(entry, "scope", "cause")
        yield from self._kind_facts(entry)
        yield self._validity(entry)
        yield Fact("contact", words.text("facts.contact"), phones=self.phones(entry))
        issuer = self.field(entry, "issuer") or Words(self.board.words(self.board.issuer, self.language))
        yield Fact("issuer", words.text("facts.issuer"), issuer)
        department = self.board.departments.get(notice.department)
        if department is not None:
            yield Fact("department", words.text("facts.department"), Words(self.board.words(department, self.language)))
        office = self._office(entry)
        if office:
            yield Fact("approved_by", words.text("facts.approved_by"), Words(office))
        approval = self._approval(entry)
        if approval:
            yield Fact("approval", words.text("facts.approval"), Words(approval))
        yield from self._texts(entry, "number")
        corrected = notice.instant("correction.at")
        if corrected is not None:
            yield Fact(
                "corrected", words.text("facts.corrected"), self.field(entry, "correction.note"), self.moment(corrected)
            )
        yield from self._outcome(entry)

    def _texts(self, entry: Entry, *names: str) -> Iterator[Fact]:
        for name in names:
            text = self.field(entry, name)
            if text is not None:
                yield Fact(name, self.words.text(f"facts.{name}"), text)

    def restoration(self, entry: Entry) -> Fact | None:
        """When what happened is expected to be over, while nobody has said that it is."""
        ends = entry.notice.instant("ends_at")
        if ends is None or not entry.notice.unplanned or entry.outcome is not None:
            return None
        moment = self.moment(ends)
        return Fact(
            "restoration",
            self.words.text("facts.restoration"),
            moment=moment,
            until=self._instant(self.overdue_at(entry)),
            then=Words(self.words.text("facts.overdue", moment=moment.text)),
        )

    def signal(self, entry: Entry) -> Fact | None:
        """The weather service's signal and its level, where the notice passes one on."""
        signal = entry.notice.values.get("weather.signal")
        if not signal:
            return None
        level = self.words.text(f"levels.{entry.notice.values.get('weather.level', '')}")
        value = self.words.text("facts.signal_value", signal=self.words.text(f"signals.{signal}"), level=level)
        return Fact("signal", self.words.text("facts.signal"), Words(value))

    def _kind_facts(self, entry: Entry) -> Iterator[Fact]:
        """What this kind tells besides, in the standard's order."""
        notice = entry.notice
        signal = self.signal(entry)
        if signal is not None:
            yield signal
        given = {*notice.values, *notice.dates, *chain(*(text.fields for text in notice.texts.values()))}
        for name, of_type in self._own_fields:
            if name not in given:
                continue
            instant = notice.instant(name)
            if of_type == "text":
                yield from self._texts(entry, name)
            elif of_type == "instant" and instant is not None:
                yield Fact(name, self.words.text(f"facts.{name}"), moment=self.moment(instant))
            elif of_type == "date" and name in notice.values:
                day = start_of_day(parse_date(notice.values[name]), self.board.zone)
                yield Fact(
                    name,
                    self.words.text(f"facts.{name}"),
                    moment=Moment(self.words.day(day, self.board.zone, year=self.year), notice.values[name]),
                )
        for name, label in (("register.from", "external"), ("register.reference", "reference")):
            text = self.field(entry, name)
            if text is not None:
                yield Fact(label, self.words.text(f"facts.{label}"), text)

    def _validity(self, entry: Entry) -> Fact:
        label = self.words.text("facts.validity")
        start, end = entry.window.start, entry.window.end
        if end is None:
            return Fact("validity", label, Words("—"))
        until = self.moment(end)
        if start is None:
            return Fact(
                "validity", label, moment=Moment(self.words.text("facts.validity_until", until=until.text), until.iso)
            )
        return Fact("validity", label, moment=self.span(start, end))

    def _office(self, entry: Entry) -> str:
        """The office under which it was approved, never the person's name.

        A title is that of the person's standing post, which is not what a duty officer approves by.
        """
        deciding = entry.verdict.deciding
        if deciding is None:
            return ""
        title = self.board.words(deciding.person.title, self.language)
        if title and deciding.role != _ON_DUTY:
            return title
        role = self.words.text(f"roles.{deciding.role}")
        return role[:1].upper() + role[1:]

    def _approval(self, entry: Entry) -> str:
        """The approval's number, and that it was given on paper if it was."""
        number = entry.verdict.number
        if number is None:
            return ""
        return self.words.text("facts.approval_on_paper", number=number) if entry.verdict.on_paper else number

    def _outcome(self, entry: Entry) -> Iterator[Fact]:
        outcome = entry.outcome
        if outcome is None:
            return
        yield Fact(
            "outcome", self.words.text("facts.outcome"), Words(self.outcome_label(entry)), self.moment(outcome.at)
        )
        if outcome.new_date is not None:
            yield Fact("new_date", self.words.text("facts.new_date"), moment=self.moment(outcome.new_date))
        elif outcome.later:
            yield Fact("new_date", self.words.text("facts.new_date"), Words(self.words.text("facts.later")))

    # ── what changes by itself ───────────────────────────────────────────────────────────────────

    def _instant(self, instant: datetime | None) -> str:
        return iso(instant, self.board.zone) or ""

    def leaves(self, entry: Entry) -> str:
        """The instant at which a live notice leaves the board by itself, else nothing."""
        return self._instant(entry.leaves_at)

    def unlisted(self, entry: Entry) -> str:
        """The instant at which a notice that has ended leaves the list of such; in a preview it stays."""
        if entry.ended_at is None or self.preview:
            return ""
        return self._instant(entry.ended_at + self.board.standard.ended_listed_for)

    def overdue_at(self, entry: Entry) -> datetime | None:
        """When a live notice will be overdue unless its matter has an outcome by then; None when it will not be."""
        ends = entry.notice.instant("ends_at")
        if ends is None or ends <= self.at or entry.state is not State.LIVE:
            return None
        return ends if is_overdue(entry.notice, entry.kind, ends) else None

    # ── banners ──────────────────────────────────────────────────────────────────────────────────

    def outcome_label(self, entry: Entry) -> str:
        """How it ended, in a word: a supply is restored, anything else is over."""
        assert entry.outcome is not None
        what = entry.outcome.what
        if what == "resolved" and not (entry.kind and entry.kind.restores):
            what = "resolved_other"
        return self.words.text(f"outcomes.{what}")

    def banner(self, entry: Entry) -> Banner | None:
        """The sentence that leads a notice, if any: its outcome, or that it is overdue."""
        outcome = entry.outcome
        if outcome is not None:
            note = self.field(entry, "outcome.note")
            title = self.outcome_label(entry)
            if outcome.what == "postponed" and outcome.new_date is not None:
                title += self.words.text("formats.colon") + self.words.text(
                    "banners.postponed_to", moment=self.moment(outcome.new_date).text
                )
            elif outcome.what == "postponed" and outcome.later:
                title += self.words.text("formats.colon") + self.words.text("banners.postponed_later")
            return Banner(outcome.what, title, note, self.moment(outcome.at))
        return self.overdue(entry) if entry.overdue else None

    def banners_ahead(self, entry: Entry) -> Iterator[Banner]:
        """What will lead a notice from an instant on, if nothing comes between."""
        since = self.overdue_at(entry)
        if since is not None:
            yield replace(self.overdue(entry), since=self._instant(since))

    def brief_banners(self, entry: Entry) -> tuple[Banner, ...]:
        """What leads a notice in a list: its outcome or that it is overdue, and that it was corrected."""
        leading = self.banner(entry)
        corrected = self.corrected(entry)
        now = (banner for banner in (leading, corrected) if banner is not None)
        return (*self.banners_ahead(entry), *now)

    def overdue(self, entry: Entry) -> Banner:
        """That the expected restoration has passed, and whom to call."""
        phones = self.phones(entry)
        phone = next((phone for phone in phones if phone.always), None) or next(iter(phones), None)
        text = Words(self.words.text("banners.overdue_text", name=phone.name, phone=phone.number)) if phone else None
        return Banner("overdue", self.words.text("banners.overdue"), text, phone=phone)

    def corrected(self, entry: Entry) -> Banner | None:
        """That it was corrected, when and in what."""
        at = entry.notice.instant("correction.at")
        if at is None:
            return None
        note = self.field(entry, "correction.note")
        return Banner("corrected", self.words.text("banners.corrected"), note, self.moment(at))

    def banners(self, entry: Entry) -> Iterator[Banner]:
        """Everything that a reader must know before the text."""
        leading = self.banner(entry)
        if leading is not None:
            yield leading
        corrected = self.corrected(entry)
        if corrected is not None:
            yield corrected
        text = entry.notice.texts.get(self.language)
        if text is None or not text.body.strip():
            original = next(iter(entry.notice.texts), self.board.language)
            promised = entry.urgent and self.language in entry.notice.languages
            key = "banners.untranslated_urgent" if promised else "banners.untranslated"
            yield Banner(
                "untranslated",
                self.words.text(
                    key,
                    language=self.words.text(f"languages.{self.language}"),
                    original=self.words.text(f"languages.{original}"),
                ),
            )


def _is_of_its_kind(name: str, spec: Field) -> bool:
    """Whether a field belongs to one kind of notice and is told among that kind's own facts."""
    if spec.internal or name in _PLACED or "." not in name or name.startswith(("outcome.", "correction.")):
        return False
    return spec.type in {"instant", "date"} or (spec.type == "text" and not name.startswith("register."))
