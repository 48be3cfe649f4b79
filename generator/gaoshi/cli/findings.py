"""Findings for people, for GitHub and for machines."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click

from gaoshi.core.finding import Finding, Severity
from gaoshi.core.words import Catalogue
from gaoshi.outputs.wording import fix, message, one_line

FORMAT = 1
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.HINT: "cyan"}
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "notice"}
_LONGEST_LINE = 160
_CHANGED_RECORD = "E103"
_FEW = 3
"""So many changed records are told one by one; `gaoshi check` lists them all."""


def as_line(finding: Finding, words: Catalogue) -> str:
    """A finding on one line."""
    place = finding.position
    return f"{one_line(place.path)}:{place.line}: {finding.code} {message(finding, words)}"


def as_lines(findings: Iterable[Finding], words: Catalogue) -> Iterator[str]:
    """Findings on a line each; records that were changed once on one line together, where they are many."""
    listed = list(findings)
    changed = sum(finding.code == _CHANGED_RECORD for finding in listed)
    for finding in listed:
        if changed <= _FEW or finding.code != _CHANGED_RECORD:
            yield as_line(finding, words)
    if changed > _FEW:
        yield f"{_CHANGED_RECORD} {words.text('cli.records_changed', files=changed)}"


def as_text(finding: Finding, source: list[str], words: Catalogue) -> str:
    """A finding as the best linters show it: place, line, mark, message, clause, fix."""
    place, colour = finding.position, _COLOURS[finding.severity]
    severity = words.text(f"cli.severity.{finding.severity.value}")
    if finding.blocks:
        severity = words.text("cli.severity.blocks", severity=severity)
    head = click.style(f"{one_line(place.path)}:{place.line}:{place.column}", bold=True)
    lines = [f"{head}: {click.style(f'{severity} {finding.code}', fg=colour, bold=True)} {message(finding, words)}"]
    if 0 < place.line <= len(source):
        number = str(place.line)
        gutter = " " * len(number)
        text = source[place.line - 1][:_LONGEST_LINE]
        lines.append(click.style(f"  {number} | ", fg="blue") + text)
        if place.column <= len(text) + 1:
            lines.append(
                click.style(f"  {gutter} | ", fg="blue")
                + " " * _width(text[: place.column - 1])
                + click.style("^", fg=colour, bold=True)
            )
    why = words.text(f"rules.{finding.code}.why")
    lines.append("  " + words.text("cli.why", why=why, clause=finding.clause))
    lines.append("  " + words.text("cli.fix", fix=fix(finding, words)))
    return "\n".join(lines)


def _width(text: str) -> int:
    """Columns that `text` takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def as_github(finding: Finding, words: Catalogue) -> str:
    """A finding as a GitHub annotation on its line."""
    place = finding.position
    title = _property(f"{finding.code} {words.text(f'rules.{finding.code}.title')}")
    body = "\n".join(
        (
            message(finding, words),
            words.text("cli.fix", fix=fix(finding, words)),
            words.text("cli.why", why=words.text(f"rules.{finding.code}.why"), clause=finding.clause),
        )
    )
    where = f"file={_property(place.path)},line={place.line},col={place.column},title={title}"
    return f"::{_GITHUB[finding.severity]} {where}::{_data(body)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_data(findings: Iterable[Finding], words: Catalogue) -> dict[str, Any]:
    """Findings as documented JSON, format 1 (docs/formats.md)."""
    return {
        "format": FORMAT,
        "findings": [
            {
                "path": finding.position.path.encode(errors="replace").decode(),
                "line": finding.position.line,
                "column": finding.position.column,
                "code": finding.code,
                "severity": finding.severity.value,
                "blocks": finding.blocks,
                "message": message(finding, words),
                "clause": finding.clause,
                "fix": fix(finding, words),
                "notice": finding.notice,
            }
            for finding in findings
        ],
    }


def tally(findings: Iterable[Finding], notices: int, words: Catalogue) -> str:
    """The last line: how many notices, how many findings of which kind."""
    counts: Mapping[Severity, list[Finding]] = {severity: [] for severity in Severity}
    for finding in findings:
        counts[finding.severity].append(finding)
    return words.text(
        "cli.tally",
        notices=notices,
        errors=len(counts[Severity.ERROR]),
        warnings=len(counts[Severity.WARNING]),
        hints=len(counts[Severity.HINT]),
    )
