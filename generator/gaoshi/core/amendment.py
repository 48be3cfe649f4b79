"""Whether a version of a notice only adds what one approval is enough for (the design, "A notice").

That is an outcome, a translation, or the correction of a translation whose original stays as it was
approved. Everything else that a reader could see must be the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from gaoshi.core.notice import Notice, Text

_ADDED = ("outcome", "correction")
_Value = TypeVar("_Value")


def is_amendment(old: Notice, new: Notice, language: str) -> bool:
    """Whether `new` adds only that to the approved `old`; `language` is the board's first."""
    if old.problems or new.problems:  # what could not be read cannot be compared
        return False
    return (
        (old.kind, old.subtype, old.department) == (new.kind, new.subtype, new.department)
        and set(old.languages) <= set(new.languages)
        and old.flags == new.flags
        and old.allow == new.allow
        and _blobs(old) == _blobs(new)
        and _without(old.dates) == _without(new.dates)
        and _without(old.values, "approver") == _without(new.values, "approver")
        and _without(old.lists, "languages") == _without(new.lists, "languages")
        and _stays(old, new, "outcome")
        and _stays(old, new, "correction")
        and set(old.texts) <= set(new.texts)
        and _says(old.texts.get(language)) == _says(new.texts.get(language))
    )


def _blobs(notice: Notice) -> dict[str, str]:
    return {name: attachment.blob for name, attachment in notice.attachments.items()}


def _without(values: Mapping[str, _Value], *names: str) -> dict[str, _Value]:
    """`values` without the groups that may be added, and without `names`."""
    return {name: value for name, value in values.items() if name.partition(".")[0] not in _ADDED and name not in names}


def _stays(old: Notice, new: Notice, group: str) -> bool:
    """Whether a group was not there before, or is as it was: what has been told is not told otherwise so easily."""
    return not _group(old, group) or _group(old, group) == _group(new, group)


def _group(notice: Notice, group: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for fields in (notice.dates, notice.values, *(text.fields for text in notice.texts.values())):
        found |= {name: value for name, value in fields.items() if name.partition(".")[0] == group}
    return found


def _says(text: Text | None) -> tuple[dict[str, str], str] | None:
    return None if text is None else (_without(text.fields), text.body)
