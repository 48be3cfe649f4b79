"""Notices as they stand in lists: cards on the home page, lines among what ended lately."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Container, Mapping

from gaoshi.core.edition import Edition, Entry
from gaoshi.core.kiosk import tone
from gaoshi.core.schedule import State
from gaoshi.outputs import addresses
from gaoshi.outputs.facts import Teller
from gaoshi.outputs.structured import plain_text
from gaoshi.outputs.views import Card, Choice, EndedCard, Section


def icon(entry: Entry, icons: Mapping[str, str]) -> str:
    """The icon of the subtype, else of the kind, as the design tokens name it."""
    notice = entry.notice
    for name in (f"{notice.kind}-{notice.subtype}", notice.kind, "notice"):
        if name in icons:
            return icons[name]
    return "material/bulletin-board"


def searched_texts(entry: Entry) -> str:
    """What the search looks in of the texts themselves, folded; the same whatever language one reads.

    The finished text, not its source: what a comment says there is nobody's to find.
    """
    return fold(" ".join(map(plain_text, entry.html.values())))


def searched(entry: Entry, teller: Teller, texts: str) -> str:
    """What the search looks in: every text of the notice, in every language, folded; `texts` already are.

    What is said of an outcome that is still to come is nobody's to find before it.
    """
    notice = entry.notice
    parts = [teller.places(entry)]
    for catalogue in teller.catalogues.values():
        parts.append(catalogue.text(f"kinds.{notice.kind}"))
        if notice.subtype:
            parts.append(catalogue.text(f"subtypes.{notice.subtype}"))
        parts += [teller.board.words(teller.board.places.get(place, {}), catalogue.language) for place in notice.places]
    for text in notice.texts.values():
        internal = teller.board.standard.fields
        parts += [
            value
            for name, value in text.fields.items()
            if not internal[name].internal and (entry.outcome is not None or not name.startswith("outcome."))
        ]
    return f"{fold(' '.join(parts))} {texts}".strip()


def fold(text: str) -> str:
    """Text for comparing: compatibility forms joined, case folded, white space single."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def card(entry: Entry, teller: Teller, icons: Mapping[str, str], *, texts: str, ribbon: bool) -> Card:
    """A notice as a card in the teller's language; `texts` are its searched_texts()."""
    notice, words = entry.notice, teller.words
    state = "proposed" if entry.proposed else entry.state.value
    return Card(
        id=entry.id,
        content_id=entry.notice.content_id,
        url=addresses.notice(teller.board, entry.id, teller.language),
        kind=notice.kind,
        subtype=notice.subtype,
        kind_label=teller.kind(entry),
        icon=icon(entry, icons),
        format_label=words.text(f"document_formats.{entry.kind.format}") if entry.kind else "",
        tone=tone(entry),
        title=teller.title(entry),
        when=teller.when(entry),
        signal=teller.signal(entry),
        places=notice.places,
        places_label=teller.places(entry),
        scope=teller.field(entry, "scope"),
        until=teller.moment(entry.window.end) if entry.window.end else None,
        languages=tuple(
            (teller.catalogues[code].tag, teller.catalogues[code].text("language.name"))
            for code in notice.texts
            if code in teller.catalogues
        ),
        banners=teller.brief_banners(entry),
        search=searched(entry, teller, texts),
        restoration=None if entry.overdue else teller.restoration(entry),
        outcome=entry.outcome.what if entry.outcome else "",
        leaves=teller.leaves(entry),
        ribbon=_ribbon(entry, teller) if ribbon else "",
        state=state,
    )


def _ribbon(entry: Entry, teller: Teller) -> str:
    """The state's label; in front of it that the notice is only proposed, behind it how late it comes."""
    words = teller.words
    labels = [words.text(f"states.{entry.state.value}")]
    if entry.proposed:
        labels.insert(0, words.text("states.proposed"))
    if entry.late is not None:
        labels.append(words.text("states.late", limit=teller.moment(entry.late.limit).text))
    return " · ".join(labels)


def ended_card(entry: Entry, teller: Teller, icons: Mapping[str, str], *, linked: bool) -> EndedCard:
    """A notice that has ended, as one line; linked only where it has a page."""
    outcome = entry.outcome
    label = teller.outcome_label(entry) if outcome else teller.words.text(f"states.{entry.state.value}")
    return EndedCard(
        id=entry.id,
        url=addresses.notice(teller.board, entry.id, teller.language) if linked else "",
        kind=entry.notice.kind,
        kind_label=teller.kind(entry),
        icon=icon(entry, icons),
        title=teller.title(entry),
        state_label=label,
        ended=teller.moment(entry.ended_at) if entry.ended_at else None,
        places=entry.notice.places,
        places_label=teller.places(entry),
        leaves=teller.unlisted(entry),
    )


def ended_cards(
    edition: Edition, teller: Teller, icons: Mapping[str, str], addressed: Container[str]
) -> tuple[EndedCard, ...]:
    """What ended lately; in a preview all that has ended. `addressed` are the notices that have a page."""
    over = {State.EXPIRED, State.SUPERSEDED, State.WITHDRAWN}
    earlier = [entry for entry in edition.entries.values() if edition.preview and entry.state in over]
    entries = {entry.id: entry for entry in (*edition.ended, *earlier)}
    return tuple(ended_card(entry, teller, icons, linked=entry.id in addressed) for entry in entries.values())


def sections(edition: Edition, teller: Teller, as_card: Callable[[Entry], Card]) -> tuple[Section, ...]:
    """The home page's parts; a preview adds what is upcoming and withheld."""
    names = ("urgent", "urgent", "urgent", "dated", "standing")
    parts: dict[str, list[Entry]] = {name: [] for name in names}
    for entry in edition.live:
        parts[names[entry.rank]].append(entry)
    if edition.preview:
        parts["upcoming"] = list(edition.upcoming)
        parts["withheld"] = [entry for entry in edition.entries.values() if entry.state is State.WITHHELD]
    return tuple(
        Section(
            name,
            teller.words.text(f"sections.{name}"),
            tuple(map(as_card, entries)),
        )
        for name, entries in parts.items()
        if entries
    )


def place_choices(edition: Edition, teller: Teller) -> tuple[Choice, ...]:
    """Every place of the estate, with how many live notices concern it."""
    return tuple(
        Choice(
            place,
            teller.board.words(words, teller.language),
            count=sum(1 for entry in edition.live if not entry.notice.places or place in entry.notice.places),
        )
        for place, words in edition.board.places.items()
    )


def kind_choices(edition: Edition, teller: Teller, icons: Mapping[str, str]) -> tuple[Choice, ...]:
    """The kinds that have a live notice, the most frequent first."""
    counts: dict[str, int] = {}
    for entry in edition.live:
        counts[entry.notice.kind] = counts.get(entry.notice.kind, 0) + 1
    order = list(edition.board.standard.kinds)
    slugs = sorted(counts, key=lambda slug: (-counts[slug], order.index(slug)))
    return tuple(Choice(slug, _kind_label(slug, teller), icons.get(slug, ""), counts[slug]) for slug in slugs)


def _kind_label(slug: str, teller: Teller) -> str:
    label = teller.board.standard.kinds[slug].label
    return teller.board.words(label, teller.language) if label else teller.words.text(f"kinds.{slug}")
