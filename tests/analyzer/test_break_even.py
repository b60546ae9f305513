"""Where Standard and Express cost the same."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.break_even import Prices, Shape, break_even, known_break_even
from analyzer.prices import PriceBook, bundled_prices

DAY = date(2026, 10, 1)
PRICES = Prices.on(DAY, "us-east-1", bundled_prices(), 64)


@pytest.mark.parametrize(
    ("transitions", "seconds"), [(1, 23.0), (3, 71.0), (4, 95.0), (5, 119.0), (10, 239.0), (13, 310.9)]
)
def test_the_duration_at_which_both_cost_the_same(transitions: int, seconds: float) -> None:
    found = break_even(Shape(Fraction(transitions), Fraction(1), 64), PRICES)
    assert found.duration_ms / 1_000 == pytest.approx(seconds, abs=0.1)


def test_twice_the_memory_is_half_the_duration() -> None:
    double = Prices.on(DAY, "us-east-1", bundled_prices(), 128)
    found = break_even(Shape(Fraction(4), Fraction(1), 128), double)
    assert found.duration_ms == pytest.approx(95_000 / 2, abs=100)


def test_without_a_transition_standard_never_costs_more() -> None:
    assert break_even(Shape(Fraction(0), Fraction(1), 64), PRICES) == (0, None)


@given(st.integers(1, 50), st.integers(1, 3_000))
def test_at_the_break_even_volume_both_cost_the_same_after_the_free_tier(transitions: int, steps: int) -> None:
    volume = break_even(Shape(Fraction(transitions), Fraction(steps), 64), PRICES).executions_per_month
    express = PRICES.request + steps * PRICES.duration_step
    if volume is None:
        assert transitions * PRICES.transition <= express
        return
    billed = max(volume * transitions - 4_000, 0) * PRICES.transition
    before = max((volume - 1) * transitions - 4_000, 0) * PRICES.transition
    assert billed >= volume * express
    assert before < (volume - 1) * express or volume == 1


def test_without_a_price_nothing_is_known() -> None:
    assert known_break_even(Shape(Fraction(4), Fraction(1), 64), DAY, "us-east-1", PriceBook([])) is None
