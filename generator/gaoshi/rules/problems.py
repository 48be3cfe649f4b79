"""The problems that reading can meet, in the groups by which rules speak of them."""

from __future__ import annotations

from gaoshi.core.finding import Position
from gaoshi.core.notice import Problem
from gaoshi.rules.registry import Case

BLANK = "＿＿"
"""How the skeletons of `gaoshi new` write a blank: two full-width low lines, seldom used otherwise."""

FILES = frozenset({"missing-notice", "too-large", "not-utf8", "unreadable", "empty-folder", "bad-name"})
STRANGERS = frozenset({"symlink", "repository", "special-file"})
FOLDERS = frozenset({"folder"})
FRONT_MATTERS = frozenset(
    {"no-front-matter", "unclosed-front-matter", "front-matter-too-large", "syntax", "not-a-mapping", "too-deep"}
)
SAME_LANGUAGE = frozenset({"same-language"})
YAML = frozenset({"anchor", "duplicate-key", "key-not-text", "several-documents"})
KEYS = frozenset({"unknown-key", "not-translatable"})
INSTANTS = frozenset(
    f"{form}-{why}"
    for form in ("instant", "date")
    for why in ("form", "date-only", "impossible", "range", "gap", "ambiguous")
)
TYPES = frozenset({"wrong-type", "unknown-choice"})
CHARACTERS = frozenset({"control-character"})
TIDINESS = frozenset({"empty-value", "listed-twice"})

GROUPS = (
    *(FILES, STRANGERS, FOLDERS, FRONT_MATTERS, SAME_LANGUAGE, YAML, KEYS, INSTANTS, TYPES),
    *(CHARACTERS, TIDINESS),
)
KNOWN = frozenset().union(*GROUPS)

_UNREAD = FILES | STRANGERS | FRONT_MATTERS


def unread(case: Case, path: str | None = None) -> bool:
    """Whether the file at `path` (by default notice.md) was not read, which a rule of `reading` says.

    Other rules then need not add that all its fields are missing.
    """
    wanted = path or case.notice.path
    return any(problem.what in _UNREAD and problem.position.path == wanted for problem in case.notice.problems)


def unreadable(case: Case, name: str) -> Position | None:
    """Where in notice.md a value for field `name` stands that could not be read, or None."""
    return _problem_with(case, "field", name)


def written_empty(case: Case, name: str) -> Position | None:
    """Where in notice.md field `name` stands without a value, or None."""
    return _problem_with(case, "key", name)


def _problem_with(case: Case, word: str, name: str) -> Position | None:
    for problem in case.notice.problems:
        if problem.position.path == case.notice.path and problem.values.get(word) == name:
            return problem.position
    return None


def is_blank_instant(problem: Problem) -> bool:
    """Whether a date or time could not be read because it is not filled in."""
    return problem.what in INSTANTS and BLANK[0] in problem.values.get("value", "")
