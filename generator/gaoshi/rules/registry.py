"""What a rule is, how rules are listed, and how they are run over a notice."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from gaoshi.core.approval import Standing
from gaoshi.core.board import Board
from gaoshi.core.finding import Finding, Position, Severity
from gaoshi.core.notice import Notice
from gaoshi.core.roster import Request, Roster
from gaoshi.core.standard import Kind


@dataclass(frozen=True, slots=True)
class Case:
    """A notice and all that is needed to judge it at one instant.

    `kind` is its kind as it holds for this notice (None when unknown). `public_at` is when it first
    appeared on the board, else the later of its start and `at`; `is_public` tells which. `told` are the instants
    at which owners were told of it by any channel, so far as the log knows; `told_at` is when lateness is
    judged: at the first of them that can be true, else at `public_at`. `renewed_at` is when the board last got
    something new of it. `urgent`: it is in the
    urgent lane. `known` are the ids of the board's notices, `replaces` tells of an id which one it
    supersedes, `twins` are other notices with the very same content. `request` is whom it asks for
    approval; `standing` how its approval stands (None where it is not judged by proof); `preview` when
    nothing is published.
    """

    notice: Notice
    kind: Kind | None
    board: Board
    roster: Roster
    at: datetime
    public_at: datetime
    is_public: bool
    urgent: bool
    request: Request
    told_at: datetime | None = None
    told: tuple[datetime, ...] = ()
    renewed_at: datetime | None = None
    standing: Standing | None = None
    preview: bool = False
    known: Container[str] = frozenset()
    replaces: Callable[[str], str | None] = lambda _: None
    twins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What a rule's function yields: a place, and the words that fill its message.

    `variant` picks one of several texts; `severity` overrides the rule's own.
    """

    position: Position
    variant: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    severity: Severity | None = None


Check = Callable[[Case], Iterator[Report]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the standard. `always`: it withholds urgent notices too, and nobody can waive it.

    `about`: what a notice must have (one of ABOUT) for the rule to have anything to say.
    """

    code: str
    clause: str
    severity: Severity
    always: bool
    check: Check
    about: str = ""


ABOUT = ("problems", "attachments", "outcome", "allow")
"""Parts of a notice that most notices do without: then a third of the rules need not be asked."""

RULES: dict[str, Rule] = {}


def rule(
    code: str, *, clause: str, severity: Severity = Severity.ERROR, always: bool = False, about: str = ""
) -> Callable[[Check], Check]:
    """List a function as the rule `code`."""

    def listed(check: Check) -> Check:
        if code in RULES:
            raise ValueError(f"two rules have the code {code}")
        RULES[code] = Rule(code, clause, severity, always, check, about)
        return check

    return listed


def judge(case: Case) -> tuple[Finding, ...]:
    """All that the rules have to say about one notice, in the order of their places.

    Urgent notices are withheld only for what must never be public: every other error is a warning
    there. The estate's settings may change a rule's severity or turn it off, the notice may ask to
    let a finding pass with a reason; neither touches what must never be public.
    """
    allowed = {allowance.code for allowance in case.notice.allow if allowance.reason.strip()}
    findings = [
        finding
        for listed in _rules_about(tuple(name for name in ABOUT if getattr(case.notice, name)))
        for report in listed.check(case)
        if (finding := _finding(listed, report, case, allowed)) is not None
    ]
    return tuple(sorted(findings, key=lambda finding: (finding.position, finding.code)))


@cache
def _rules_about(parts: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules that may have something to say about a notice with these of ABOUT."""
    return tuple(listed for listed in RULES.values() if not listed.about or listed.about in parts)


def _finding(listed: Rule, report: Report, case: Case, allowed: set[str]) -> Finding | None:
    severity = report.severity or listed.severity
    if not listed.always:
        setting = case.board.rules.get(listed.code)
        if setting == "off":
            return None
        if setting is not None:
            severity = Severity(setting)
        if case.urgent and severity is Severity.ERROR:
            severity = Severity.WARNING
        if listed.code in allowed:
            severity = Severity.HINT
    return Finding(
        code=listed.code,
        position=report.position,
        severity=severity,
        blocks=severity is Severity.ERROR,
        clause=listed.clause,
        variant=report.variant,
        values=report.values,
        notice=case.notice.id,
    )
