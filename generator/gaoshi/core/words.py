"""A language's catalogue: everything a person reads, by key, with blanks to fill."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

_BLANK = re.compile(r"\{([a-z_]+)\}")


class Catalogue:
    """The words of one language.

    A key is dotted (`board.filters.all_places`). A key that is missing gives itself, so that a gap
    shows and nothing breaks; tests see to it that there is none.
    """

    def __init__(self, language: str, data: Mapping[str, Any]) -> None:
        self.language = language
        self._data = data
        self._found: dict[str, Any] = {}

    def find(self, key: str) -> Any:
        """What stands under `key`: a text, a mapping, or None."""
        if key not in self._found:
            self._found[key] = self._look_up(key)
        return self._found[key]

    def _look_up(self, key: str) -> Any:
        node: Any = self._data
        rest = key
        while isinstance(node, Mapping):
            if rest in node:  # a key may itself have dots: `facts` holds `activity.theme`
                return node[rest]
            part, _, rest = rest.partition(".")
            node = node.get(part)
        return None

    def text(self, key: str, /, **values: object) -> str:
        """The text under `key` with its blanks filled. `count` chooses between `one` and `other`."""
        found = self.find(key)
        if "count" in values and isinstance(found, Mapping):
            found = found.get("one" if values["count"] == 1 else "other", found.get("other"))
        if not isinstance(found, str):
            return key
        return found if not values else _BLANK.sub(lambda blank: str(values.get(blank[1], blank[0])), found)

    @property
    def tag(self) -> str:
        """The language tag for `lang` attributes."""
        found = self.find("language.tag")
        return found if isinstance(found, str) else self.language

    # ── instants for people ──────────────────────────────────────────────────────────────────────

    def moment(self, instant: datetime, zone: tzinfo, *, year: int | None = None) -> str:
        """An instant in words: day, weekday and time in `zone`. The year is said unless it is `year`."""
        local = instant.astimezone(zone)
        return self.text("formats.moment", day=self.day(instant, zone, year=year), time=self.clock(local))

    def day(self, instant: datetime, zone: tzinfo, *, year: int | None = None) -> str:
        """A calendar day in words, with its weekday. The year is said unless it is `year`."""
        local = instant.astimezone(zone)
        return self.text(
            "formats.day" if local.year == year else "formats.day_of_year",
            year=local.year,
            month=local.month,
            month_name=self.text(f"formats.months.{local.month}"),
            day=local.day,
            weekday=self.text(f"formats.weekdays.{local.isoweekday()}"),
        )

    def clock(self, local: datetime) -> str:
        """A time of day, 24 hours."""
        return f"{local.hour}:{local.minute:02}"

    def length(self, seconds: int) -> str:
        """A length of time in words, to the minute, rounded down."""
        hours, minutes = divmod(seconds // 60, 60)
        if not hours:
            return (
                self._counted("formats.length.minutes", minutes=minutes)
                if minutes
                else self.text("formats.length.under_minute")
            )
        if not minutes:
            return self._counted("formats.length.hours", hours=hours)
        return self.text("formats.length.hours_minutes", hours=hours, minutes=minutes)

    def _counted(self, key: str, **values: int) -> str:
        """A text that may differ for one and for many."""
        one = isinstance(self.find(key), Mapping)
        return self.text(key, **values, **({"count": next(iter(values.values()))} if one else {}))

    def span(self, start: datetime, end: datetime, zone: tzinfo, *, year: int | None = None) -> str:
        """From one instant to another; the day is said once when it is the same."""
        first, last = start.astimezone(zone), end.astimezone(zone)
        if first.year != last.year:
            year = None
        key = "formats.span_same_day" if first.date() == last.date() else "formats.span"
        return self.text(
            key,
            day=self.day(start, zone, year=year),
            start=self.clock(first),
            end=self.clock(last),
            since=self.moment(start, zone, year=year),
            until=self.moment(end, zone, year=year),
        )
