from __future__ import annotations

import pytest

from analyzer.intervals import levels_around, mean_interval, quantile_interval, share_interval


def test_a_share_of_half_of_a_hundred() -> None:
    # Wilson: the middle is (0.5 + 9 / 200) / 1.09, the half width 3 * sqrt(0.0025 + 9 / 40,000) / 1.09.
    found = share_interval(50, 100)
    assert found is not None
    assert found == pytest.approx((0.5, 0.5 - 0.143674, 0.5 + 0.143674), abs=1e-5)


def test_a_share_of_nothing_is_unknown_and_no_interval_leaves_0_to_1() -> None:
    assert share_interval(0, 0) is None
    none, all_of = share_interval(0, 3), share_interval(3, 3)
    assert none is not None
    assert all_of is not None
    assert (none.low, all_of.high) == (0.0, 1.0)


def test_a_mean_of_1_2_3() -> None:
    # The variance is 2/3 of the values, so the standard error sqrt(2/3 / 2).
    found = mean_interval(6, 14, 3)
    assert found is not None
    assert found == pytest.approx((2, 2 - 3 * (1 / 3) ** 0.5, 2 + 3 * (1 / 3) ** 0.5))
    assert mean_interval(5, 25, 1) is None


def test_a_quantile_lies_between_values_far_enough_from_it() -> None:
    at = {level: level * 1_000 for level in levels_around(0.5)}
    # Of 900 values the standard error of the median is 1/60: three of them are 0.05 of the ranks.
    assert quantile_interval(0.5, at, 900) == (500, 450, 550)
    assert quantile_interval(0.5, at, 100) == (500, 350, 650)
    assert quantile_interval(0.5, at, 4) == (500, 50, 950)
    assert quantile_interval(0.5, at, 0) is None


def test_the_end_of_the_values_is_the_end_of_the_interval() -> None:
    at = {level: level * 1_000 for level in levels_around(0.95)}
    assert quantile_interval(0.95, at, 100) == (950, 850, 1_000)
