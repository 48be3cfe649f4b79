"""What reading stumbled on: files, front matter and values that could not be read as meant.

Every `Problem.what` of `core/reading.py`, `core/document.py` and the reader of folders is in exactly
one of the groups in `problems.py`; one that is in none is reported as unreadable, so nothing is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from gaoshi.core.finding import Severity
from gaoshi.core.notice import Problem
from gaoshi.core.reading import is_text_name
from gaoshi.rules.fields import required
from gaoshi.rules.problems import (
    CHARACTERS,
    FILES,
    FOLDERS,
    FRONT_MATTERS,
    INSTANTS,
    KEYS,
    KNOWN,
    SAME_LANGUAGE,
    STRANGERS,
    TIDINESS,
    TYPES,
    YAML,
    is_blank_instant,
)
from gaoshi.rules.registry import Case, Report, rule
from gaoshi.rules.surroundings import judge_stray

__all__ = ["judge_stray"]


def _problems(case: Case, holds: Callable[[Problem], bool]) -> Iterator[Problem]:
    return (problem for problem in case.notice.problems if holds(problem))


def _report(problem: Problem, variant: str = "", values: Mapping[str, str] | None = None) -> Report:
    name = problem.position.path.rpartition("/")[2]
    return Report(problem.position, variant or problem.what, {"name": name, **problem.values, **(values or {})})


def _of_translation(problem: Problem) -> bool:
    name = problem.position.path.rpartition("/")[2]
    return name != "notice.md" and is_text_name(name)


def _of_other_file(problem: Problem, case: Case) -> bool:
    path = problem.position.path
    inside = path.startswith(case.notice.path.removesuffix("notice.md"))
    return inside and path != case.notice.path and not _of_translation(problem)


@rule("R101", clause="P-2.4", always=True, about="problems")
def notice_can_be_read(case: Case) -> Iterator[Report]:
    """The notice's folder and its notice.md can be read (P-2.4): what cannot be read is never public."""
    for problem in _problems(case, lambda problem: problem.what in FILES or problem.what not in KNOWN):
        if _of_translation(problem) or _of_other_file(problem, case):
            continue
        yield _report(problem) if problem.what in FILES else _report(problem, "other", {"what": problem.what})


@rule("R102", clause="P-2.4", always=True, about="problems")
def only_files_of_its_own(case: Case) -> Iterator[Report]:
    """A folder holds its own files, no links or repositories (P-2.4): approval must cover what is shown."""
    for problem in _problems(case, lambda problem: problem.what in STRANGERS):
        yield _report(problem)


@rule("R103", clause="P-2.4", about="problems")
def nothing_that_is_left_out(case: Case) -> Iterator[Report]:
    """Subfolders and unreadable attachments would silently be missing from the notice (P-2.4)."""
    for problem in _problems(case, lambda problem: problem.what in FOLDERS):
        yield _report(problem)
    for problem in _problems(case, lambda problem: problem.what in FILES or problem.what not in KNOWN):
        if _of_other_file(problem, case):
            yield _report(problem, "file")


@rule("R104", clause="P-2.3", about="problems")
def translations_can_be_read(case: Case) -> Iterator[Report]:
    """Each translation's file can be read (P-2.3); a broken one leaves the original as it is."""
    broken = FILES | FRONT_MATTERS | SAME_LANGUAGE
    for problem in _problems(case, lambda problem: problem.what in broken or problem.what not in KNOWN):
        if not _of_translation(problem):
            continue
        if problem.what == "syntax":
            yield _report(problem, f"syntax-{_mistake(problem.values)}")
        else:
            yield _report(problem) if problem.what in broken else _report(problem, "other", {"what": problem.what})


@rule("R201", clause="P-2.4", always=True, about="problems")
def front_matter_can_be_read(case: Case) -> Iterator[Report]:
    """The front matter of notice.md can be read (P-2.4): without it nobody knows what the notice says."""
    for problem in _problems(case, lambda problem: problem.what in FRONT_MATTERS):
        if _of_translation(problem):
            continue
        syntax = problem.what == "syntax"
        yield _report(problem, f"syntax-{_mistake(problem.values)}" if syntax else problem.what)


MISTAKES = (
    ("mapping values are not allowed", "second-colon"),
    ("could not find expected ':'", "no-colon"),
    ("found unexpected end of stream", "quote"),
    ("did not find expected ',' or", "bracket"),
    ("tab character", "tab"),
    ("cannot start any token", "special"),
    ("did not find expected alphabetic", "special"),
    ("did not find expected whitespace", "special"),
    ("did not find expected comment", "special"),
    ("did not find expected key", "layout"),
    ("did not find expected '-'", "layout"),
    ("unknown escape character", "escape"),
)
"""What the parser says, to the mistake that people usually made."""


def _mistake(values: Mapping[str, str]) -> str:
    detail = values.get("detail", "")
    return next((mistake for words, mistake in MISTAKES if words in detail), "other")


@rule("R202", clause="P-2.4", about="problems")
def front_matter_is_plain(case: Case) -> Iterator[Report]:
    """Each key stands once and means what it says (P-2.4): no anchors, no second value, no second document."""
    for problem in _problems(case, lambda problem: problem.what in YAML):
        yield _report(problem)


@rule("R203", clause="P-2.4", about="problems")
def keys_are_known(case: Case) -> Iterator[Report]:
    """Each key is a field of the standard (P-2.4): a misspelt one would say nothing, unnoticed."""
    for problem in _problems(case, lambda problem: problem.what in KEYS):
        if problem.what == "not-translatable":
            report = _report(problem)
            yield Report(report.position, report.variant, report.values, Severity.WARNING)
        else:
            yield _report(problem, "similar" if problem.values.get("suggestion") else "")


@rule("R301", clause="P-3.4", about="problems")
def instants_can_be_read(case: Case) -> Iterator[Report]:
    """Each date and time exists and can mean one thing only (P-3.4). A blank is told as a blank."""
    for problem in _problems(case, lambda problem: problem.what in INSTANTS and not is_blank_instant(problem)):
        form, _, why = problem.what.partition("-")
        yield _report(problem, "date-form" if form == "date" and why == "form" else why)


@rule("R302", clause="P-2.4", about="problems")
def values_fit_their_fields(case: Case) -> Iterator[Report]:
    """Each value is of its field's type, or one of its choices (P-2.4)."""
    for problem in _problems(case, lambda problem: problem.what in TYPES):
        if problem.what == "unknown-choice":
            yield _report(problem, "choice-similar" if problem.values.get("suggestion") else "choice")
        else:
            expected = problem.values.get("expected", "")
            known = expected in {"list", "flag", "group", "allowances"}
            yield _report(problem, expected if known else "single")


@rule("R303", clause="P-2.4", about="problems")
def characters_can_be_shown(case: Case) -> Iterator[Report]:
    """No invisible control characters (P-2.4): they garble a text, or turn its direction."""
    for problem in _problems(case, lambda problem: problem.what in CHARACTERS):
        yield Report(problem.position, "", problem.values)


@rule("R304", clause="P-2.4", severity=Severity.HINT, about="problems")
def nothing_is_left_over(case: Case) -> Iterator[Report]:
    """No empty or repeated values (P-2.4). One that must be there is reported as missing instead."""
    for problem in _problems(case, lambda problem: problem.what in TIDINESS):
        if problem.values.get("key") in required(case) and not _of_translation(problem):
            continue
        yield _report(problem)
