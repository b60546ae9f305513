"""Two scenarios as a picture."""

from __future__ import annotations

from datetime import date

from analyzer.prices import PriceBook, bundled_prices
from analyzer.scenario import Scenario, outcome
from dashboard.figures.scenarios import scenarios_compared

ON = date(2026, 10, 1)


def test_each_scenario_has_a_row_for_each_type() -> None:
    found = {name: outcome(Scenario(states=states), ON, bundled_prices()) for name, states in (("A", 4), ("B", 8))}
    figure = scenarios_compared(found)
    assert list(figure.layout.yaxis.ticktext) == ["A as Standard", "A as Express", "B as Standard", "B as Express"]
    standard = figure.data[0]
    assert list(standard.y) == [0, 2]
    assert list(standard.x) == [9.9, 19.9]


def test_what_has_no_price_has_no_bar() -> None:
    figure = scenarios_compared({"A": outcome(Scenario(), ON, PriceBook([]))})
    assert all(bar.x == (None,) for bar in figure.data)
