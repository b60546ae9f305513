from __future__ import annotations

import pandas as pd
import pytest

from analyzer.columns import count, number, text, time
from dashboard.cells import WIDEST_PX, bars, heading_of, shown, text_width
from store.schema import FLAG, Column

NOW = 1_790_812_800_000


def ints(*values: int | None) -> pd.Series:
    return pd.Series(values, dtype="Int64")


def floats(*values: float | None) -> pd.Series:
    return pd.Series(values, dtype="Float64")


@pytest.mark.parametrize(
    ("name", "heading"),
    [("run_p95_ms", "run p95"), ("cost_usd", "cost"), ("last_seen_at", "last seen"), ("root_state", "root state")],
)
def test_a_heading_is_the_name_without_its_unit(name: str, heading: str) -> None:
    assert heading_of(name) == heading


@pytest.mark.parametrize(
    ("values", "unit", "first"),
    [
        ((5, 12, None), "ms", 5),
        ((400, 2_000, 600_000), "s", 0.4),
        ((120_000, 7_200_000), "min", 2),
        ((0, 0, 2), "ms", 0),
        ((None, None), "ms", None),
    ],
)
def test_durations_share_one_unit_that_suits_the_shorter_ones(
    values: tuple[int | None, ...], unit: str, first: float | None
) -> None:
    drawn = shown(count("run_ms", ""), ints(*values), NOW)
    assert str(drawn.format).endswith(f" {unit}")
    assert drawn.cells.iloc[0] == first or pd.isna(drawn.cells.iloc[0])


def test_money_has_the_decimals_of_its_greatest_amount() -> None:
    assert shown(number("cost_usd", ""), floats(0.00002, 12.5), NOW).format == "$%,.2f"
    assert shown(number("cost_usd", ""), floats(0.00002, 0.004), NOW).format == "$%,.5f"
    assert shown(number("cost_usd", ""), floats(None), NOW).format == "$%,.2f"


def test_shares_are_in_percent() -> None:
    drawn = shown(number("failure_rate", ""), floats(0.25), NOW)
    assert drawn.cells.tolist() == [25.0]
    assert drawn.format == "%,.1f %%"


def test_whole_numbers_have_no_decimals() -> None:
    assert shown(count("failures", ""), ints(3), NOW).format == "%,d"
    assert shown(number("retries_per_visit", ""), floats(3.5), NOW).format == "%,.2f"


def test_a_time_is_told_exactly_and_by_its_distance() -> None:
    drawn = shown(time("last_seen_at", ""), ints(NOW - 7_200_000, None), NOW)
    assert drawn.cells.iloc[0] == "2026-09-30 22:00 · 2 h ago"
    assert pd.isna(drawn.cells.iloc[1])


def test_times_of_one_day_are_told_without_it() -> None:
    same = shown(time("entered_at", ""), ints(NOW + 5, NOW + 1_000), None)
    assert same.cells.tolist() == ["00:00:00.005", "00:00:01.000"]
    apart = shown(time("entered_at", ""), ints(NOW, NOW + 86_400_000), None)
    assert apart.cells.iloc[0] == "2026-10-01 00:00:00.000"


def test_a_flag_is_a_word() -> None:
    drawn = shown(Column("can_switch", FLAG, ""), pd.Series([True, False, None], dtype="boolean"), NOW)
    assert drawn.cells.iloc[:2].tolist() == ["yes", "no"]
    assert pd.isna(drawn.cells.iloc[2])


def test_columns_without_rows_are_shown() -> None:
    for column in (count("run_ms", ""), number("cost_usd", ""), time("at", ""), text("state", "")):
        assert len(shown(column, pd.Series([], dtype="string" if column.name == "state" else "Int64"), NOW).cells) == 0


def test_a_long_text_does_not_push_the_others_away() -> None:
    drawn = shown(text("error", ""), pd.Series(["x" * 500], dtype="string"), NOW)
    assert text_width(drawn) == WIDEST_PX


def test_counts_of_days_are_written_for_a_small_chart() -> None:
    assert bars(pd.Series(["0 3 4"], dtype="string")).tolist() == ["0,3,4"]
