"""Executions priced both ways, and the verdict on them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.definition import parse_definition
from analyzer.money import express_execution_usd
from analyzer.prices import bundled_prices
from analyzer.replay import Comparison, Cost, Day, blockers, express_cost, standard_cost

BOOK = bundled_prices()
REGION = "us-east-1"
OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 1)
STEPS_TO_FIRST_TIER = 3_600_000 * 160


def price(dimension: str) -> Decimal:
    [entry] = [e for e in BOOK.entries if (e.region, e.dimension) == (REGION, dimension)]
    return entry.price


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5))
def test_standard_is_transitions_times_price_however_they_are_spread(transitions: list[int]) -> None:
    days = [Day(OCTOBER, 1, count, 1) for count in transitions]
    assert standard_cost(days, REGION, BOOK).usd == sum(transitions) * price("standard_transition")


def test_express_is_the_sum_of_its_executions() -> None:
    days = [Day(OCTOBER, 3, 0, 3 * 20), Day(NOVEMBER, 1, 0, 20)]
    assert express_cost(days, REGION, BOOK).usd == 4 * express_execution_usd(2_000, 64, REGION, OCTOBER, BOOK)


def test_the_tiers_of_express_begin_anew_with_each_month() -> None:
    one_month = express_cost([Day(OCTOBER, 0, 0, 2 * STEPS_TO_FIRST_TIER)], REGION, BOOK)
    two_months = express_cost([Day(day, 0, 0, STEPS_TO_FIRST_TIER) for day in (OCTOBER, NOVEMBER)], REGION, BOOK)
    assert two_months.usd == 2 * 3_600_000 * price("express_gb_second")
    assert one_month.usd is not None
    assert one_month.usd < two_months.usd


def test_a_cost_says_its_prices_and_what_it_leaves_out() -> None:
    days = [Day(OCTOBER, 1, 1, 1)]
    assert "USD per transition, checked" in standard_cost(days, REGION, BOOK).note
    assert "64 MB assumed, no logs" in express_cost(days, REGION, BOOK).note


@pytest.mark.parametrize("region", ["", "mars-north-1", "cn-north-1"])
def test_a_cost_without_a_price_is_none_with_a_reason(region: str) -> None:
    for way in (standard_cost, express_cost):
        cost = way([Day(OCTOBER, 1, 1, 1)], region, BOOK)
        assert cost.usd is None
        assert cost.note


def test_blockers_are_sentences_and_no_definition_is_not_no_blockers() -> None:
    wait = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 300, "End": True}}}
    assert blockers(parse_definition(wait)) == ["State 'W' waits 300 s; Express ends after 300 s."]
    assert blockers(parse_definition({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}})) == []
    assert blockers(None) is None


def verdict(
    type: str = "STANDARD",
    costs: tuple[str | None, str | None] = ("1", "2"),
    too_long: int = 0,
    against: list[str] | None = None,
) -> str:
    standard, express = (Cost(None if cost is None else Decimal(cost), "") for cost in costs)
    return Comparison(type, 1_000, too_long, against, standard, express).verdict


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        (("4", "1"), "Express would cost 75% less, without its logs, if its steps may run twice."),
        (("2", "2"), "Stay on Standard: Express would cost as much."),
        (("2", "3"), "Stay on Standard: Express would cost 50% more."),
        (("2", "9"), "Stay on Standard: Express would cost 4.5 times as much."),
        (("2", None), "Not known: there is no cost as Standard to compare with a cost as Express."),
        (("0", "1"), "Not known: there is no cost as Standard to compare with a cost as Express."),
    ],
)
def test_the_verdict_on_a_standard_machine(costs: tuple[str | None, str | None], expected: str) -> None:
    assert verdict(costs=costs, against=[]) == expected


def test_the_verdict_on_an_express_machine() -> None:
    assert verdict("EXPRESS", ("1", "4")) == "Standard would cost 75% less."
    assert verdict("EXPRESS", ("3", "2")) == "Stay on Express: Standard would cost 50% more."


def test_an_obstacle_decides_before_any_cost() -> None:
    blocked = ["State 'A' waits.", "State 'B' waits.", "State 'C' waits."]
    assert (
        verdict(costs=("9", "1"), against=blocked)
        == "Stay on Standard: State 'A' waits. 2 more in the column blockers."
    )
    assert verdict(costs=("9", "1"), against=blocked[:1], too_long=3) == "Stay on Standard: State 'A' waits."
    sentence = "Stay on Standard: 3 of 1,000 executions ran longer than the 5 minutes that Express allows."
    assert verdict(costs=(None, None), too_long=3) == sentence


def test_an_unknown_definition_is_a_proviso() -> None:
    assert verdict(costs=("4", "1")).endswith("and its definition, which is not known, allows it.")
