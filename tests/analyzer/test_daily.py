from __future__ import annotations

import numpy as np

from analyzer.daily import daily, slopes, spelled


def test_counts_are_summed_by_row_and_day_within_the_days_shown() -> None:
    rows, days, counts = np.array([0, 1, 1, 0, 0]), np.array([0, 2, 2, -1, 3]), np.array([1, 2, 3, 9, 9])
    assert daily(rows, days, counts, (2, 3)).tolist() == [[1, 0, 0], [0, 0, 5]]


def test_the_slope_is_the_growth_from_day_to_day() -> None:
    assert slopes(np.array([[1, 3, 5], [4, 4, 4]])).tolist() == [2.0, 0.0]
    assert np.isnan(slopes(np.array([[7]]))).all()


def test_a_row_is_spelled_with_spaces() -> None:
    assert spelled(np.array([[1, 0, 12]])) == ["1 0 12"]
