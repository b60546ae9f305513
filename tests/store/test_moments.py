from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import HistoryUnreadableError
from store.events import Time, time_ms
from store.moments import times_ms

OCTOBER = 1_790_812_800_000
"""2026-10-01T00:00:00Z"""


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("2026-10-01T00:00:00Z", 0),
        ("2026-10-01T00:00:00.7Z", 700),
        ("2026-10-01T00:00:00.123Z", 123),
        ("2026-10-01T00:00:00.123456+00:00", 123),
        ("2026-10-01T00:00:00.123987654Z", 124),
        ("2026-10-01T09:00:00.001+09:00", 1),
        ("2026-09-30T19:00:00.250-05:00", 250),
        ("2026-10-01T09:00:00+0900", 0),
        ("2026-10-01 00:00:01Z", 1_000),
        ("2026-10-01T00:00:01", 1_000),
        ("2026-10-01", 0),
        ("1790812800005", 5),
    ],
)
def test_each_spelling_alone_and_beside_others(text: str, after: int) -> None:
    assert times_ms([text]) == [OCTOBER + after]
    assert times_ms([text, "2026-10-01T00:00:00Z", "2026-10-01T00:00:02"]) == [
        OCTOBER + after,
        OCTOBER,
        OCTOBER + 2_000,
    ]


@pytest.mark.parametrize(
    ("number", "ms"),
    [
        (1_790_812_800.5, OCTOBER + 500),
        (1_790_812_800.0006, OCTOBER + 1),
        (0.0, 0),
        (float(OCTOBER), OCTOBER),
    ],
)
def test_great_numbers_are_milliseconds_and_others_seconds(number: float, ms: int) -> None:
    assert times_ms([number]) == [ms]
    assert times_ms([number, 1.5]) == [ms, 1_500]


def test_kinds_may_be_mixed() -> None:
    given_times: list[Time] = [OCTOBER, 1_790_812_800.25, "2026-10-01T00:00:00.5Z", "1790812800750"]
    assert times_ms(given_times) == [OCTOBER, OCTOBER + 250, OCTOBER + 500, OCTOBER + 750]


def test_no_times_are_none() -> None:
    assert times_ms([]) == []


def test_a_year_beyond_nanoseconds_is_a_time() -> None:
    assert times_ms(["2300-01-01T00:00:00Z"]) == [10_413_792_000_000]


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "yesterday",
        "2026-13-01T00:00:00Z",
        "2026-10-01T23:59:60Z",
        "1969-12-31T23:59:59Z",
        "２０２６-10-01T00:00:00Z",
        "\ud800",
        "99999999999999999999",
        -1.0,
        float("nan"),
        float("inf"),
        1e18,
    ],
)
def test_what_is_no_time_is_an_error_wherever_it_stands(bad: Time) -> None:
    good: Time = "2026-10-01T00:00:00Z" if isinstance(bad, str) else 1_790_812_800.0
    for times in ([bad], [good, bad], [bad, good]):
        with pytest.raises(HistoryUnreadableError, match="is not a time"):
            times_ms(times)


zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
datetimes = st.datetimes(datetime(1970, 1, 3), datetime(2200, 1, 1), timezones=zones | st.just(UTC))  # noqa: DTZ001
texts = datetimes.map(datetime.isoformat) | datetimes.map(lambda at: at.replace(tzinfo=None).isoformat())
seconds = st.floats(0, 2**33)


@given(st.lists(texts, max_size=9) | st.lists(seconds, max_size=9) | st.lists(texts | seconds, max_size=9))
def test_many_at_once_are_as_each_alone(times: list[Time]) -> None:
    assert times_ms(times) == [time_ms(at) for at in times]


@given(st.lists(datetimes, min_size=1, max_size=5))
def test_a_text_is_the_nearest_millisecond_of_its_moment(moments: list[datetime]) -> None:
    since = [at - datetime(1970, 1, 1, tzinfo=UTC) for at in moments]
    nearest = [(delta + timedelta(microseconds=500)) // timedelta(milliseconds=1) for delta in since]
    assert times_ms([at.isoformat() for at in moments]) == nearest
