"""An estate's changes to the standard: laid over it key by key, tighter or new, never looser (S-H.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gaoshi.core.instants import parse_length
from gaoshi.core.standard import MOST

_LONGEST = 100
"""As much of a value as a refusal repeats."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that was not taken: its dotted path, its value, and why (`looser` or `unfit`)."""

    path: str
    value: str
    why: str


def lay_over(
    base: Mapping[str, Any], changes: object, tighter: Mapping[str, str]
) -> tuple[Mapping[str, Any], list[Refusal]]:
    """`base` with `changes` laid over it, and what was refused.

    `tighter` says of a key which way is tighter: `less` or `more` for a number or a length of time,
    `on` for a flag, `from-none` for a word that may replace `none` only. Lists only grow. New keys are
    the estate's own. Numbers come as text and take the type of what they replace.
    """
    refusals: list[Refusal] = []
    return _lay(base, changes, tighter, "", refusals), refusals


def _lay(base: Any, change: Any, tighter: Mapping[str, str], path: str, refusals: list[Refusal]) -> Any:
    key = path.rpartition(".")[2]
    if isinstance(base, (Mapping, list)) and not isinstance(change, Mapping if isinstance(base, Mapping) else list):
        refusals.append(_unfit(path, change))
        return base
    if isinstance(base, Mapping):
        merged = dict(base)
        for name, value in change.items():
            inner = f"{path}.{name}" if path else str(name)
            merged[name] = _lay(base[name], value, tighter, inner, refusals) if name in base else _typed(value)
        return merged
    if isinstance(base, list):
        return [*base, *(item for item in change if item not in base)]
    if tighter.get(key) in {"on", "from-none"}:
        return _word(base, change, tighter[key], path, refusals)
    if key in tighter:
        return _number(base, change, tighter[key], path, refusals)
    return str(change).lower() == "true" if isinstance(base, bool) else str(change)


def _word(base: Any, change: Any, direction: str, path: str, refusals: list[Refusal]) -> Any:
    wanted = _typed(change)
    kept = wanted is True if direction == "on" else base == "none"
    if wanted != base and not kept:
        refusals.append(Refusal(path, str(change), "looser"))
        return base
    return wanted


def _number(base: Any, change: Any, direction: str, path: str, refusals: list[Refusal]) -> Any:
    try:
        old, new = _measure(base, base), _measure(change, base)
    except ValueError:
        refusals.append(_unfit(path, change))
        return base
    looser = new > old if direction == "less" else new < old
    if looser:
        refusals.append(Refusal(path, str(change), "looser"))
        return base
    return type(base)(change)


def _measure(value: Any, base: Any) -> float:
    """A plain number where `base` is one, else a length of time in seconds. Raises ValueError."""
    text = str(value)
    if not isinstance(base, int):
        return parse_length(text).total_seconds()
    if not (text.isascii() and text.isdigit()) or (number := int(text)) > MOST:
        raise ValueError(f"not a number that a standard speaks of: {text[:_LONGEST]}")
    return number


def _unfit(path: str, change: Any) -> Refusal:
    return Refusal(path, str(change)[:_LONGEST], "unfit")


def _typed(value: Any) -> Any:
    """A new value of the estate's own: text becomes a flag or a number where it looks like one."""
    if isinstance(value, Mapping):
        return {key: _typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    if value in ("true", "false"):
        return value == "true"
    return value
