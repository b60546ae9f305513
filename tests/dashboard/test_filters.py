from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.window import STATUSES
from dashboard.filters import SPANS, Filters, refused, utc_date

DAY, HOUR = 86_400_000, 3_600_000
# 2026-10-12T09:30:00Z
NOW = 1_790_812_800_000 + 11 * DAY + 9 * HOUR + HOUR // 2


def test_seven_days_end_with_the_hour_that_is_going_on() -> None:
    window = Filters().window(NOW)
    assert window.until_ms == NOW + HOUR // 2
    assert window.since_ms == window.until_ms - 7 * DAY


def test_a_window_stays_for_an_hour() -> None:
    assert Filters().window(NOW) == Filters().window(NOW + HOUR // 3)


def test_the_window_before_ends_where_this_one_begins() -> None:
    before = Filters("30d").window_before(NOW)
    assert before is not None
    assert before.until_ms == Filters("30d").window(NOW).since_ms
    assert before.since_ms == (before.until_ms or 0) - 30 * DAY


def test_the_last_day_belongs_to_the_window() -> None:
    window = Filters("1d", until=date(2026, 10, 1)).window(NOW)
    assert (window.since_ms, window.until_ms) == (1_790_812_800_000, 1_790_812_800_000 + DAY)


def test_everything_has_no_beginning_and_nothing_before() -> None:
    filters = Filters("all")
    assert (filters.window(NOW).since_ms, filters.window(NOW).until_ms) == (None, None)
    assert filters.window_before(NOW) is None


def test_machines_and_statuses_narrow_both_windows() -> None:
    filters = Filters(machines=("orders",), statuses=("FAILED",))
    for window in (filters.window(NOW), filters.window_before(NOW)):
        assert window is not None
        assert (window.machines, window.statuses) == (("orders",), ("FAILED",))


def test_what_is_the_default_is_not_in_the_url() -> None:
    assert Filters().parameters() == []
    assert Filters("1d", date(2026, 10, 1), ("a", "b"), ("FAILED",)).parameters() == [
        ("window", "1d"),
        ("until", "2026-10-01"),
        ("machine", "a"),
        ("machine", "b"),
        ("status", "FAILED"),
    ]


@pytest.mark.parametrize(
    ("parameters", "word"),
    [
        ({"window": ["9d"]}, "window=9d"),
        ({"until": ["yesterday"]}, "until=yesterday"),
        ({"until": ["2026-13-01"]}, "until=2026-13-01"),
        ({"status": ["FAILED", "failed"]}, "status=failed"),
        ({"machine": ["orders", "nobody"]}, "machine=nobody"),
    ],
)
def test_what_cannot_be_meant_is_said(parameters: dict[str, list[str]], word: str) -> None:
    [sentence] = refused(parameters, ["orders"])
    assert word in sentence


@given(
    st.sampled_from(sorted(SPANS)),
    st.none() | st.dates(),
    st.lists(st.sampled_from(["orders", "주문"]), unique=True),
    st.lists(st.sampled_from(STATUSES), unique=True),
)
def test_what_the_filters_write_is_never_refused(
    span: str, until: date | None, machines: list[str], statuses: list[str]
) -> None:
    written: dict[str, list[str]] = {}
    for name, value in Filters(span, until, tuple(machines), tuple(statuses)).parameters():
        written.setdefault(name, []).append(value)
    assert refused(written, ["orders", "주문"]) == []


def test_the_words_say_what_is_looked_at() -> None:
    assert Filters().words == "in the last 7 days"
    assert Filters("1d").words == "in the last 24 hours"
    assert Filters("all").words == "in the whole store"
    assert "2026-10-01" in Filters("7d", date(2026, 10, 1)).words
    assert Filters(machines=("a", "b"), statuses=("FAILED",)).narrowing == ", 2 machines, FAILED only"


def test_a_day_is_one_of_utc() -> None:
    assert utc_date(1_790_812_800_000 - 1) == date(2026, 9, 30)
