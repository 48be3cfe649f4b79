"""Instants: what is written means one moment, or is refused for a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoshi.core.instants import NotAnInstant, iso, local_day, parse_date, parse_instant, parse_length, start_of_day

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-22 18:00", "2026-11-22T10:00:00"),
        ("2026-11-22T18:00", "2026-11-22T10:00:00"),
        ("2026-11-22t18:00:09", "2026-11-22T10:00:09"),
        ("2026-11-22 9:05", "2026-11-22T01:05:00"),
        ("  2026-11-22   18:00  ", "2026-11-22T10:00:00"),
        ("2026-11-22 18:00 +08:00", "2026-11-22T10:00:00"),
        ("2026-11-22 18:00+0800", "2026-11-22T10:00:00"),
        ("2026-11-22 18:00Z", "2026-11-22T18:00:00"),
        ("2026-11-22 18:00z", "2026-11-22T18:00:00"),
        ("2026-11-22 18:00-03:30", "2026-11-22T21:30:00"),
        ("2028-02-29 00:00", "2028-02-28T16:00:00"),
        ("2026-12-31 23:59:59", "2026-12-31T15:59:59"),
        ("1970-01-01 00:00", "1969-12-31T16:00:00"),
        ("2999-12-31 23:59", "2999-12-31T15:59:00"),
    ],
)
def test_an_instant_is_read_in_board_time_unless_it_has_an_offset(text: str, utc: str) -> None:
    """Every documented form names its moment, to the second."""
    assert parse_instant(text, SHANGHAI).astimezone(UTC) == datetime.fromisoformat(f"{utc}+00:00")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "form"),
        ("soon", "form"),
        ("2026-11-22 18", "form"),
        ("2026-11-22 18:0", "form"),
        ("2026-1-2 18:00", "form"),
        ("2026/11/22 18:00", "form"),
        ("26-11-22 18:00", "form"),
        ("2026-11-22 18:00:00.5", "form"),
        ("2026-11-22 18:00 CST", "form"),
        ("2026-11-22 18:00 +8", "form"),
        ("２０２６-11-22 18:00", "form"),
        ("2026-11-22 18：00", "form"),
        ("2026-11-22 6pm", "form"),
        ("2026-11-22", "date-only"),
        ("2026-02-29 10:00", "impossible"),
        ("2100-02-29 10:00", "impossible"),
        ("2026-11-31 10:00", "impossible"),
        ("2026-13-01 10:00", "impossible"),
        ("2026-00-01 10:00", "impossible"),
        ("2026-11-00 10:00", "impossible"),
        ("2026-11-22 24:00", "impossible"),
        ("2026-11-22 23:60", "impossible"),
        ("2026-11-22 23:59:60", "impossible"),
        ("2026-11-22 10:00+24:00", "impossible"),
        ("2026-11-22 10:00+08:60", "impossible"),
        ("1969-12-31 23:59", "range"),
        ("3000-01-01 00:00", "range"),
        ("0000-01-01 00:00", "range"),
    ],
)
def test_what_is_no_instant_is_refused_with_its_reason(text: str, why: str) -> None:
    """Another form, a lone date, a day or hour that does not exist, a year out of reach: each by its name."""
    with pytest.raises(NotAnInstant) as caught:
        parse_instant(text, SHANGHAI)
    assert caught.value.why == why


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("2026-03-08 01:59:59", "2026-03-08T06:59:59"),
        ("2026-03-08 02:00", "gap"),
        ("2026-03-08 02:30", "gap"),
        ("2026-03-08 02:59:59", "gap"),
        ("2026-03-08 03:00", "2026-03-08T07:00:00"),
        ("2026-03-08 02:30-05:00", "2026-03-08T07:30:00"),
        ("2026-11-01 00:59:59", "2026-11-01T04:59:59"),
        ("2026-11-01 01:00", "ambiguous"),
        ("2026-11-01 01:59:59", "ambiguous"),
        ("2026-11-01 02:00", "2026-11-01T07:00:00"),
        ("2026-11-01 01:30-04:00", "2026-11-01T05:30:00"),
        ("2026-11-01 01:30-05:00", "2026-11-01T06:30:00"),
        ("2026-11-01 01:30Z", "2026-11-01T01:30:00"),
    ],
)
def test_summer_time_is_never_guessed(text: str, result: str) -> None:
    """A local time that is skipped or happens twice is refused; with an offset it is clear."""
    if "T" in result:
        assert parse_instant(text, NEW_YORK).astimezone(UTC).isoformat() == f"{result}+00:00"
    else:
        with pytest.raises(NotAnInstant) as caught:
            parse_instant(text, NEW_YORK)
        assert caught.value.why == result


@given(st.datetimes(datetime(1970, 1, 2), datetime(2999, 12, 30)), st.sampled_from([SHANGHAI, NEW_YORK, UTC]))
def test_what_is_printed_is_read_again(local: datetime, zone: ZoneInfo) -> None:
    """An instant as ISO 8601 with its offset is read as the same instant, in any zone."""
    instant = local.replace(microsecond=0, tzinfo=UTC)
    text = iso(instant, zone)
    assert text is not None
    assert parse_instant(text, SHANGHAI) == instant


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever is written, it is an instant or it is refused."""
    whys = set()
    for parse in (lambda: parse_instant(text, NEW_YORK), lambda: parse_date(text)):
        try:
            parse()
        except NotAnInstant as error:
            whys.add(error.why)
    assert whys <= {"form", "date-only", "impossible", "range", "gap", "ambiguous"}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("2026-12-10", date(2026, 12, 10)),
        ("2028-02-29", date(2028, 2, 29)),
        ("2026-02-29", "impossible"),
        ("2026-12-10 10:00", "form"),
        ("9999-12-31", "range"),
        ("0001-01-01", "range"),
        ("10.12.2026", "form"),
    ],
)
def test_a_day_is_a_day_that_exists(text: str, result: date | str) -> None:
    """Days are read as `2026-12-10`; others are refused with their reason."""
    if isinstance(result, date):
        assert parse_date(text) == result
    else:
        with pytest.raises(NotAnInstant) as caught:
            parse_date(text)
        assert caught.value.why == result


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("45s", timedelta(seconds=45)),
        ("30m", timedelta(minutes=30)),
        ("4h", timedelta(hours=4)),
        ("7 d", timedelta(days=7)),
        ("0m", timedelta(0)),
        ("99999s", timedelta(seconds=99999)),
    ],
)
def test_a_length_is_a_number_and_its_unit(text: str, length: timedelta) -> None:
    """Seconds, minutes, hours and days."""
    assert parse_length(text) == length


@pytest.mark.parametrize("text", ["", "30", "s", "1w", "-1h", "1.5h", "1h30m", "999999d", "٣h", "5S", "5ms"])
def test_no_other_length_is_taken(text: str) -> None:
    """No sign, no fraction, no other unit, nothing beyond all bounds."""
    with pytest.raises(ValueError, match="not a length of time"):
        parse_length(text)


def test_days_are_days_of_the_board() -> None:
    """An instant belongs to the calendar day of the board's zone; a day begins at its first second there."""
    instant = datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert local_day(instant, SHANGHAI) == date(2026, 11, 24)
    assert start_of_day(date(2026, 11, 24), SHANGHAI) == instant
    assert iso(None, SHANGHAI) is None
