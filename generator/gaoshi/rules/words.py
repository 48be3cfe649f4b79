"""Values that several rules put into their messages, written for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gaoshi.core.reading import suggest
from gaoshi.core.roster import Person
from gaoshi.rules.registry import Case


def moment(case: Case, instant: datetime) -> str:
    """An instant as an author would write it, in the board's zone; seconds only when they matter."""
    local = instant.astimezone(case.board.zone)
    return local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")


def this_minute(case: Case) -> str:
    """The instant that is judged at, as one reads it from a clock: without seconds."""
    return moment(case, case.at.replace(second=0, microsecond=0))


def today_or_moment(case: Case, instant: datetime) -> str:
    """An instant, without its day when that is today."""
    day, _, clock = moment(case, instant).partition(" ")
    return clock if moment(case, case.at).startswith(day) else f"{day} {clock}"


def listed(words: Iterable[str]) -> str:
    """Words as a list, in the order given."""
    return ", ".join(words)


def people_listed(people: Iterable[Person]) -> str:
    """People as a list, each with the id by which the roster knows him."""
    return listed(f"{person.name} ({person.id})" for person in people)


def unknown(word: str, known: Iterable[str]) -> tuple[str, dict[str, str]]:
    """Variant and values for a word that is none of `known`: `similar` when one was probably meant."""
    names = list(known)
    suggestion = suggest(word, names)
    values = {"value": word, "suggestion": suggestion, "choices": listed(names)}
    return ("similar" if suggestion else "unknown"), values
