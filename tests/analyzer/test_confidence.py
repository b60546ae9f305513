"""What a count says about those that were not counted."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.confidence import share_at_most


@pytest.mark.parametrize(("of", "expected"), [(0, None), (1, 1.0), (3, 1.0), (30, 0.1), (3_000, 0.001)])
def test_none_seen_is_the_rule_of_three(of: int, expected: float | None) -> None:
    assert share_at_most(0, of) == expected


def test_none_of_so_many_would_be_seen_in_one_of_twenty_samples() -> None:
    bound = share_at_most(0, 100)
    assert bound is not None
    assert (1 - bound) ** 100 == pytest.approx(0.05, abs=0.003)


def test_some_seen_is_the_upper_end_of_wilsons_interval() -> None:
    bound = share_at_most(5, 100)
    assert bound == pytest.approx(0.0991, abs=0.001)
    assert bound is not None
    at_most_five = sum(comb(100, k) * bound**k * (1 - bound) ** (100 - k) for k in range(6))
    assert at_most_five == pytest.approx(0.05, abs=0.02)


@given(st.integers(1, 10**6), st.data())
def test_it_is_no_less_than_what_was_seen_and_no_more_than_all(of: int, data: st.DataObject) -> None:
    seen = data.draw(st.integers(0, of))
    bound = share_at_most(seen, of)
    assert bound is not None
    assert seen / of <= bound + 1e-12
    assert bound <= 1
