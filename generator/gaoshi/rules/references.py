"""References between notices: what one replaces, and notices that say the very same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gaoshi.core.finding import Position, Severity
from gaoshi.core.notice import ID_PATTERN
from gaoshi.core.reading import suggest
from gaoshi.rules.registry import Case, Report, rule
from gaoshi.rules.words import listed


def _replaced(case: Case) -> str | None:
    """The id that the notice replaces, if it has the form of an id."""
    replaced = case.notice.supersedes
    return replaced if replaced is not None and ID_PATTERN.fullmatch(replaced) else None


@rule("X101", clause="P-2.4")
def replaced_id_has_its_form(case: Case) -> Iterator[Report]:
    """The replaced notice is named by its id (P-2.4): month, slash, folder."""
    if case.notice.supersedes is not None and _replaced(case) is None:
        yield Report(case.notice.where("supersedes"), "", {"value": case.notice.supersedes})


@rule("X102", clause="P-2.4")
def replaced_notice_exists(case: Case) -> Iterator[Report]:
    """The replaced notice is on the board (P-2.4): else the old one would stay beside the new one."""
    replaced = _replaced(case)
    if replaced is None or replaced == case.notice.id or replaced in case.known:
        return
    near = (
        (known for known in case.known if replaced[:7] in known or replaced[8:] in known)
        if isinstance(case.known, Iterable)
        else ()
    )
    suggestion = suggest(replaced, near)
    values = {"value": replaced, "suggestion": suggestion}
    yield Report(case.notice.where("supersedes"), "similar" if suggestion else "unknown", values)


@rule("X103", clause="P-2.4")
def notices_do_not_replace_each_other(case: Case) -> Iterator[Report]:
    """A notice replaces neither itself nor, by a detour, one that replaces it (P-2.4): all would vanish."""
    replaced = _replaced(case)
    if replaced is None:
        return
    if replaced == case.notice.id:
        yield Report(case.notice.where("supersedes"), "itself", {"value": replaced})
        return
    way = [case.notice.id, replaced]
    seen = set(way)
    while (following := case.replaces(way[-1])) is not None:
        way.append(following)
        if following == case.notice.id:
            yield Report(case.notice.where("supersedes"), "cycle", {"value": replaced, "way": " → ".join(way)})
        if following in seen:
            return
        seen.add(following)


@rule("X104", clause="P-2.4", severity=Severity.WARNING)
def notices_differ(case: Case) -> Iterator[Report]:
    """No two notices say the very same (P-2.4): owners would read it twice, one approval would cover both."""
    if case.twins:
        yield Report(Position(case.notice.path), "", {"twins": listed(case.twins)})
