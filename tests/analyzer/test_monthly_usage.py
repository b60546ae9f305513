from __future__ import annotations

from datetime import date
from fractions import Fraction

from analyzer.monthly_usage import daily_usage, date_of, uses_of
from tests.analyzer.rows import DAY, OCTOBER, Row, facts_of

EXPRESS: Row = {"machine": "ticker", "type": "EXPRESS", "transitions": 0}


def test_days_hold_what_each_type_is_billed_by() -> None:
    runs: list[Row] = [
        {"transitions": 3},
        {"transitions": 4, "started_at": OCTOBER + DAY - 1},
        {"transitions": 5, "started_at": OCTOBER + DAY},
        {**EXPRESS, "duration_ms": 0},
        {**EXPRESS, "duration_ms": 101},
        {**EXPRESS, "duration_ms": None},
    ]
    days = daily_usage(facts_of(executions=runs)).sort_values(["machine", "day"])
    assert list(days["transitions"]) == [7, 5, 0]
    assert list(days["duration_steps"]) == [0, 0, 3]
    assert list(days["executions_unpriced"]) == [0, 0, 1]


def test_a_day_is_a_use_with_its_date() -> None:
    facts = facts_of(executions=[{"transitions": 3}, {**EXPRESS, "duration_ms": 16_000}])
    standard, express = uses_of(daily_usage(facts), facts)
    assert (standard.transitions, standard.day) == (3, date(2026, 10, 1))
    assert (express.transitions, express.executions, express.gb_seconds) == (0, 1, Fraction(1))


def test_what_is_not_known_of_a_machine_is_an_empty_name() -> None:
    [use] = uses_of(daily_usage(facts_of(executions=[{"region": None, "account": None}])), facts_of())
    assert (use.account, use.region) == ("", "")


def test_days_are_counted_from_1970() -> None:
    assert date_of(0) == date(1970, 1, 1)
