"""The rules: one file per subject, one small function per rule, each with its code and clause.

Codes are a letter for the subject and three digits: R reading, F fields, V validity, T timeliness,
A authority, L languages, X references, M attachments, O outcomes, C content, B blanks, W allowances,
K screens, E the estate's settings and records.
"""

from gaoshi.rules import (
    allowances,
    attachments,
    authority,
    blanks,
    content,
    fields,
    languages,
    outcomes,
    reading,
    references,
    screens,
    surroundings,
    timeliness,
    validity,
)
from gaoshi.rules.registry import RULES, Case, Report, Rule, judge

__all__ = [
    "RULES",
    "Case",
    "Report",
    "Rule",
    "allowances",
    "attachments",
    "authority",
    "blanks",
    "content",
    "fields",
    "judge",
    "languages",
    "outcomes",
    "reading",
    "references",
    "screens",
    "surroundings",
    "timeliness",
    "validity",
]
