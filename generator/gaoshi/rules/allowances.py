"""Allowances: what an author asks to let pass names a finding that may pass, and says why."""

from __future__ import annotations

from collections.abc import Iterator

from gaoshi.core.finding import Severity
from gaoshi.core.reading import suggest
from gaoshi.rules.registry import RULES, Case, Report, rule

_OWN = frozenset({"W101", "W102", "W103", "W104"})


@rule("W101", clause="H-6.11", severity=Severity.WARNING, about="allow")
def allowed_codes_exist(case: Case) -> Iterator[Report]:
    """An allowance names the code of a rule (H-6.11)."""
    for allowance in case.notice.allow:
        if allowance.code not in RULES:
            suggestion = suggest(allowance.code.upper(), RULES)
            variant = "similar" if suggestion else "unknown"
            yield Report(allowance.position, variant, {"value": allowance.code, "suggestion": suggestion})


@rule("W102", clause="H-6.11", severity=Severity.WARNING, about="allow")
def allowed_codes_may_be_waived(case: Case) -> Iterator[Report]:
    """Nobody can waive what must never be public (H-6.11), nor these rules about waiving."""
    for allowance in case.notice.allow:
        listed = RULES.get(allowance.code)
        if listed is not None and (listed.always or listed.code in _OWN):
            yield Report(allowance.position, "", {"code": allowance.code})


@rule("W103", clause="H-6.11", about="allow")
def allowances_have_a_reason(case: Case) -> Iterator[Report]:
    """An allowance says why (H-6.11): approver and auditor read it. Without a reason it does not count."""
    for allowance in case.notice.allow:
        if not allowance.reason.strip():
            yield Report(allowance.position, "", {"code": allowance.code})


@rule("W104", clause="H-6.11", severity=Severity.HINT, about="allow")
def allowances_are_needed(case: Case) -> Iterator[Report]:
    """An allowance lets something pass (H-6.11); one that is no longer needed is taken out."""
    for allowance in case.notice.allow:
        listed = RULES.get(allowance.code)
        if listed is None or listed.always or listed.code in _OWN:
            continue
        if next(iter(listed.check(case)), None) is None:
            yield Report(allowance.position, "", {"code": allowance.code})
