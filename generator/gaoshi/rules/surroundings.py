"""What is wrong around the notices: strays under `notices/`, settings, roster and log.

No notice can be judged by these, so the rules themselves say nothing of one; `judge_stray` turns a
problem that reading the surroundings met into a finding under its rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gaoshi.core.finding import Finding, Severity
from gaoshi.core.notice import Problem
from gaoshi.rules.registry import RULES, Case, Report, rule

_SETTINGS = "settings-"
_NOT_BROKEN: Mapping[str, Severity] = {
    "settings-no-duty-phone": Severity.WARNING,
    "settings-person-without-role": Severity.WARNING,
    "settings-unknown-key": Severity.WARNING,
    "empty-folder": Severity.HINT,
}
"""What is worth a word and leaves out nothing that somebody meant to publish."""

_OWN_RULES: Mapping[str, str] = {
    "log-unreadable": "E102",
    "log-channel": "E102",
    "record-changed": "E103",
    "roster-not-in-force": "E104",
    "roster-without-keeper": "E104",
    "screen-round": "K102",
}

STRAYS = frozenset({"misplaced", "bad-name", "symlink", "repository", "special-file", "unreadable", "empty-folder"})
SETTINGS = frozenset(
    {
        *("syntax", "too-deep", "several-documents", "anchor", "key-not-text", "duplicate-key", "unknown-key"),
        "control-character",
        *(
            "wrong-type",
            "bad-id",
            "bad-phone",
            "no-duty-phone",
            "unknown-place",
            "reserved-screen",
            "bad-orientation",
            "bad-size",
            "bad-distance",
            "bad-pages",
            "bad-languages",
            "bad-together",
            "bad-heartbeat",
            "bad-severity",
            "unknown-rule",
            "fixed-rule",
            "bad-term",
            "bad-key",
            "key-twice",
            "bad-account",
            "account-twice",
            "bad-deputy",
            "roster-unreadable",
        ),
        *("unknown-rule", "fixed-rule"),
        *("person-twice", "person-without-role", "standard-looser", "standard-unfit"),
    }
)


def judge_stray(problem: Problem) -> Finding:
    """The finding for something wrong around the notices. A problem without texts of its own is `other`."""
    if problem.what.startswith(_SETTINGS):
        code, variant, known = "E101", problem.what.removeprefix(_SETTINGS), SETTINGS
    elif problem.what in _OWN_RULES:
        code, variant, known = _OWN_RULES[problem.what], problem.what, frozenset({problem.what})
    else:
        code, variant, known = "R401", problem.what, STRAYS
    listed = RULES[code]
    severity = _NOT_BROKEN.get(problem.what, listed.severity)
    values = {"path": problem.position.path, "name": problem.position.path, "what": problem.what, **problem.values}
    return Finding(
        code=code,
        position=problem.position,
        severity=severity,
        blocks=severity is Severity.ERROR,
        clause=listed.clause,
        variant=variant if variant in known else "other",
        values=values,
    )


@rule("R401", clause="P-2.4")
def only_notices_lie_among_notices(_case: Case) -> Iterator[Report]:
    """Everything under `notices/` is a notice in its folder (P-2.4): what lies elsewhere is never shown."""
    return iter(())


@rule("E101", clause="S-H.3")
def settings_fit(_case: Case) -> Iterator[Report]:
    """Settings and roster say what they mean; an estate may tighten the standard, never loosen it (S-H.3)."""
    return iter(())


@rule("E102", clause="H-6.11", severity=Severity.WARNING)
def log_can_be_read(_case: Case) -> Iterator[Report]:
    """The publication log can be read (H-6.11): when a notice first appeared decides whether it was late."""
    return iter(())


@rule("E103", clause="H-6.11", severity=Severity.WARNING, always=True)
def records_are_only_added(_case: Case) -> Iterator[Report]:
    """What was signed is kept (H-6.11): a record that was deleted or changed counts all the same."""
    return iter(())


@rule("E104", clause="C-2.3", severity=Severity.WARNING, always=True)
def roster_is_approved(_case: Case) -> Iterator[Report]:
    """A change of the roster counts once a keeper has approved it (C-2.3, H-6.9)."""
    return iter(())
