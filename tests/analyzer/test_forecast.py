from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.forecast import Month, month_end, month_of

OCTOBER = date(2026, 10, 1)


def month(day: int, hour: int = 0) -> Month:
    return Month(OCTOBER, datetime(2026, 10, day, hour, tzinfo=UTC))


def days(values: list[float], last: date) -> dict[date, float]:
    """Values of consecutive days, the last on this one."""
    return {last - timedelta(days=n): value for n, value in enumerate(reversed(values))}


def test_steady_days_go_on() -> None:
    found = month_end(days([2.0] * 10, date(2026, 10, 10)), OCTOBER, month(11))
    assert (found.expected, found.low, found.high, found.method) == (62, 62, 62, "mean of 10 days")


def test_the_rest_of_today_counts_by_the_hour() -> None:
    by_day = days([2.0] * 30, date(2026, 10, 30)) | {date(2026, 10, 31): 1.5}
    assert month_end(by_day, OCTOBER, month(31, 18)).expected == pytest.approx(62)


def test_from_four_weeks_on_each_weekday_has_its_own_mean() -> None:
    last = date(2026, 10, 28)  # a Wednesday; Thursday to Saturday are to come
    week = [10.0 if (last - timedelta(days=n)).weekday() < 5 else 1.0 for n in range(28)][::-1]
    found = month_end(days(week, last), date(2026, 10, 1), month(29))
    assert found.expected == pytest.approx(sum(week) + 10 + 10 + 1)
    assert found.low == found.high == found.expected
    assert found.method == "mean of each weekday over 28 days"


def test_days_that_cost_nothing_are_days_too() -> None:
    found = month_end({date(2026, 10, 1): 10.0}, OCTOBER, month(11))
    assert found.expected == pytest.approx(10 + 21)


def test_the_interval_widens_with_the_scatter_and_never_falls_below_what_is_spent() -> None:
    found = month_end(days([0.0, 30.0] * 5, date(2026, 10, 10)), OCTOBER, month(11))
    # Mean 15, variance 250 by day; 21 days to come, and their mean known from 10: 21 + 44.1 variances.
    edge = 1.6448536 * (250 * (21 + 21**2 / 10)) ** 0.5
    assert found.expected == pytest.approx(150 + 315)
    assert found.high == pytest.approx(465 + edge)
    assert found.low == pytest.approx(465 - edge)
    steep = month_end(days([0.0, 0.0, 100.0], date(2026, 10, 3)), OCTOBER, month(4))
    assert steep.low == 100


@pytest.mark.parametrize(("known", "method"), [(0, "no whole day"), (1, "too few"), (2, "too few")])
def test_too_few_days_say_so(known: int, method: str) -> None:
    found = month_end(days([3.0] * known, date(2026, 10, known or 1)), OCTOBER, month(known + 1))
    assert method in found.method
    assert found.high is None


def test_days_long_ago_are_not_looked_at() -> None:
    old = days([100.0] * 30, date(2026, 7, 30))
    assert month_end(old, min(old), month(11)).expected == 0


def test_a_month_is_that_of_the_clock_and_known_up_to_the_last_listing() -> None:
    now = round(datetime(2026, 12, 5, 6, tzinfo=UTC).timestamp() * 1000)
    found = month_of(now, now - 86_400_000)
    assert (found.first, found.after, found.today, len(found.to_come)) == (
        date(2026, 12, 1),
        date(2027, 1, 1),
        date(2026, 12, 4),
        27,
    )
    assert found.rest_of_today == 0.75
    assert month_of(now, None).today == date(2026, 12, 5)


def test_what_was_last_looked_at_before_the_month_leaves_all_of_it_to_come() -> None:
    now = round(datetime(2026, 12, 5, tzinfo=UTC).timestamp() * 1000)
    found = month_of(now, now - 20 * 86_400_000)
    assert (found.today, found.rest_of_today, len(found.to_come)) == (date(2026, 12, 1), 1, 30)


@given(st.lists(st.floats(0, 1_000), min_size=3, max_size=60), st.integers(1, 31), st.integers(0, 23))
def test_an_interval_holds_its_forecast_and_a_month_what_is_spent(values: list[float], day: int, hour: int) -> None:
    now = month(day, hour)
    by_day = days(values, now.today)
    found = month_end(by_day, min(by_day), now)
    so_far = sum(value for at, value in by_day.items() if at >= OCTOBER)
    if found.expected is not None and found.low is not None:
        assert so_far - 1e-6 <= found.low <= found.expected + 1e-6
        assert found.high is None or found.high >= found.expected - 1e-6
