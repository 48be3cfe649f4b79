"""What an author asks to let pass: a finding that occurs, may pass, and has a reason."""

from __future__ import annotations

from typing import Any

from gaoshi.core.finding import Severity
from gaoshi.rules import RULES

WRONG = {"department": "gardening"}


def allow(code: str, reason: str = "新部门，下周登记") -> dict[str, str]:
    """Front matter that asks to let a code pass."""
    return {"allow": f"[{{code: {code}, reason: '{reason}'}}]"}


def test_an_allowance_lets_its_finding_pass(bench: Any) -> None:
    """An error with an allowance is a hint and no longer withholds."""
    [found] = bench.findings({**WRONG, **allow("F105")})
    assert (found.code, found.severity, found.blocks) == ("F105", Severity.HINT, False)


def test_an_allowance_without_a_reason_does_not_count(bench: Any) -> None:
    """Without a reason the finding stands, and the empty reason is an error itself."""
    findings = bench.findings({**WRONG, **allow("F105", " ")})
    assert {(finding.code, finding.blocks) for finding in findings} == {("F105", True), ("W103", True)}


def test_what_must_never_be_public_cannot_be_waived(bench: Any) -> None:
    """An allowance for any rule that always withholds changes nothing, and is said to change nothing."""
    for code, listed in RULES.items():
        if listed.always:
            findings = bench.findings({"valid_until": None, **allow(code)})
            assert any(finding.code == "V101" and finding.blocks for finding in findings)
            assert "W102" in {finding.code for finding in findings}


def test_the_rules_of_waiving_cannot_be_waived(bench: Any) -> None:
    """Allowing these rules themselves is refused."""
    for code in ("W101", "W102", "W103", "W104"):
        assert bench.keys(allow(code)) == {"W102"}


def test_an_unneeded_allowance_is_a_hint(bench: Any) -> None:
    """An allowance for a finding that does not occur can be removed."""
    [found] = bench.findings(allow("F105"))
    assert (found.key, found.severity, found.position.line) == ("W104", Severity.HINT, 11)


def test_an_unknown_code_is_a_warning(bench: Any) -> None:
    """A code that no rule has is named, with the one that was probably meant."""
    [found] = bench.findings(allow("f105"))
    assert (found.key, found.values["suggestion"]) == ("W101.similar", "F105")
