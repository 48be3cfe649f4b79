"""What became of a notice that has ended, for whoever still comes to its address; never what it said."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace

from gaoshi.core.edition import Edition, Entry
from gaoshi.core.schedule import State, is_overdue
from gaoshi.outputs import addresses
from gaoshi.outputs.facts import Teller
from gaoshi.outputs.views import Banner, Fact, Over, Successor, Words


def over(entry: Entry, teller: Teller, successor: Entry | None = None) -> Over | None:
    """The ended form of `entry`, in the teller's language: as it is, or of a live notice as it will be.

    None where it has no end that can be told. `successor` is the notice to go by instead.
    """
    ended_at = entry.leaves_at if entry.state is State.LIVE else entry.ended_at
    if ended_at is None:
        return None
    if entry.then is not None:
        entry = entry.then
    elif entry.state is State.LIVE:
        entry = replace(
            entry, state=State.EXPIRED, ended_at=ended_at, overdue=is_overdue(entry.notice, entry.kind, ended_at)
        )
    return Over(
        state=entry.state.value,
        label=teller.words.text(f"states.{entry.state.value}"),
        title=page_title(entry, teller),
        ended=teller.moment(ended_at),
        advice=teller.words.text(f"over.{_advice(entry, successor)}"),
        facts=tuple(_facts(entry, teller)),
        banner=_banner(entry, teller),
        successor=_successor(successor, teller) if successor is not None else None,
    )


def heading(entry: Entry, teller: Teller) -> str:
    """What a link to the page of an ended notice is called: that it has ended, and what it was."""
    state = teller.words.text(f"states.{entry.state.value}")
    return teller.words.text("pages.over_heading", state=state, title=teller.title(entry).text)


def page_title(entry: Entry, teller: Teller) -> str:
    """The title of the page of an ended notice."""
    board = teller.board.words(teller.board.name, teller.language)
    return teller.words.text("pages.page_title", title=heading(entry, teller), board=board)


def description(entry: Entry, teller: Teller) -> str:
    """What a link preview says of it: since when it is over, what it was and where."""
    assert entry.ended_at is not None
    state = teller.words.text(f"states.{entry.state.value}")
    return " · ".join((f"{state} {teller.moment(entry.ended_at).text}", teller.kind(entry), teller.places(entry)))


def instead(entry: Entry, edition: Edition, addressed: Container[str]) -> Entry | None:
    """The notice to go by instead of one that was replaced: the last in the chain of those that have a page.

    So that nobody is sent from one that has ended to the next, while the newest of them already stands.
    """
    found, seen = None, {entry.id}
    following = entry.superseded_by
    while following is not None and following not in seen:
        seen.add(following)
        if following in addressed:
            found = edition.entries[following]
        following = edition.entries[following].superseded_by
    return found


def _facts(entry: Entry, teller: Teller) -> Iterator[Fact]:
    """What it was about, so that a reader knows that this is the one, and whom to call."""
    when = teller.when(entry)
    if when is not None:
        happened = entry.notice.unplanned or _took_place(entry)
        yield when if happened else replace(when, label=teller.words.text("over.formerly"))
    yield Fact("where", teller.words.text("facts.where"), Words(teller.places(entry)))
    yield Fact("contact", teller.words.text("facts.contact"), phones=teller.phones(entry))


def _banner(entry: Entry, teller: Teller) -> Banner | None:
    """How its matter ended: what an outcome says; that nobody confirmed a restoration; why it was withdrawn."""
    if entry.outcome is None and entry.overdue:
        words = teller.words
        return Banner("unconfirmed", words.text("banners.unconfirmed"), Words(words.text("banners.unconfirmed_text")))
    if entry.outcome is not None and entry.outcome.what == "withdrawn":
        note = teller.field(entry, "outcome.note")
        return Banner("withdrawn", teller.words.text("banners.withdrawn"), note) if note else None
    return teller.banner(entry)


def _advice(entry: Entry, successor: Entry | None) -> str:
    """What to tell the reader: nobody is sent to a newer notice that has no page."""
    if entry.state is State.SUPERSEDED and successor is None:
        return State.EXPIRED.value
    return entry.state.value


def _took_place(entry: Entry) -> bool:
    """Whether the matter happened when the notice said, for all we know."""
    called_off = entry.outcome is not None and entry.outcome.what != "resolved"
    return entry.state is State.EXPIRED and not called_off


def _successor(entry: Entry, teller: Teller) -> Successor:
    return Successor(teller.title(entry), addresses.notice(teller.board, entry.id, teller.language))
