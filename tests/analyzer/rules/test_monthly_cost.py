from __future__ import annotations

from analyzer.rules.monthly_cost import month_start_ms
from tests.analyzer.rows import DAY, OCTOBER, Row
from tests.analyzer.rules.broken import findings

RUNS: list[Row] = [{"cost_usd": 2.0}, {"cost_usd": 1.5}, {"cost_usd": 90.0, "started_at": OCTOBER - 1}]


def test_the_executions_of_this_month_cost_too_much() -> None:
    [found] = findings("monthly_cost", "cost_usd_month = 3", RUNS)
    assert (found.value, found.threshold, found.unit) == (3.5, 3.0, "usd")
    assert found.sentence == "$3.50 at list price since the month began (UTC); $3.00 are allowed."


def test_what_costs_no_more_than_allowed_is_no_finding_nor_is_the_month_before() -> None:
    assert findings("monthly_cost", "cost_usd_month = 3.5", RUNS) == []


def test_a_month_begins_at_midnight_of_its_first_day() -> None:
    assert month_start_ms(OCTOBER) == month_start_ms(OCTOBER + 31 * DAY - 1) == OCTOBER
