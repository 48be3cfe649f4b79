"""What a rule has to say about a notice, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How serious a finding is. Only errors can withhold a notice."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Position(NamedTuple):
    """A place in a file: path from the repository's root, line and column from 1."""

    path: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or could be better, at one place.

    `values` fill the blanks of the message and the fix that the catalogues hold for `code` (or for
    `code` and `variant`, where one rule has several things to say); the words are chosen when the
    finding is shown, in the reader's language.
    """

    code: str
    position: Position
    severity: Severity
    blocks: bool
    clause: str
    variant: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    notice: str | None = None

    @property
    def key(self) -> str:
        """Name of this finding's texts in the catalogues."""
        return f"{self.code}.{self.variant}" if self.variant else self.code


def sort_key(finding: Finding) -> tuple[Position, str, str]:
    """Order in which findings are listed: by place, then code."""
    return finding.position, finding.code, finding.variant
