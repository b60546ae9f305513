from __future__ import annotations

import pandas as pd
import pytest

from analyzer.records import Records
from analyzer.rules.budgets import budget_of, findings
from store.settings import BudgetSettings, MachineBudget, Settings
from tests.analyzer.rows import DAY, OCTOBER, Row, facts_of

RUNS: list[Row] = [{"cost_usd": 1.0, "transitions": 40_000, "started_at": OCTOBER + n * DAY} for n in range(10)]
LISTED = Records(given={"coverage": pd.DataFrame({"listed_to": [OCTOBER + 10 * DAY]})})
FACTS = facts_of(executions=RUNS, now_ms=OCTOBER + 10 * DAY, records=LISTED)
"""$10 before the free tier of $0.10 so far; $31 by the end of the month, $30.90 after it."""


def found(whole: float | None = None, own: float | None = None) -> list[tuple[str, str, float]]:
    machines = () if own is None else (MachineBudget("ord*", own),)
    budgets = BudgetSettings(usd_month=whole, machines=machines)
    return [(one.machine, one.rule, one.threshold) for one in findings(FACTS, Settings(budgets=budgets))]


def test_a_budget_that_is_spent_is_found_before_one_that_will_be() -> None:
    assert found(own=9) == [("orders", "budget", 9)]
    assert found(own=20) == [("orders", "budget_forecast", 20)]
    assert found(own=30.95) == []


def test_the_budget_of_all_machines_is_theirs_together() -> None:
    assert found(whole=30) == [("(all machines)", "budget_forecast", 30)]


def test_without_a_budget_there_is_nothing_to_find() -> None:
    assert found() == []


def test_it_says_how_much_in_words() -> None:
    [one] = findings(FACTS, Settings(budgets=BudgetSettings(usd_month=9)))
    assert one.sentence == "$9.90 spent since the month began (UTC), of a budget of $9.00."
    assert one.value == pytest.approx(9.9)


def test_the_first_pattern_that_fits_holds() -> None:
    budgets = BudgetSettings(machines=(MachineBudget("orders", 1), MachineBudget("*", 2)))
    assert [budget_of(budgets, name) for name in ("orders", "other")] == [1, 2]
    assert budget_of(BudgetSettings(usd_month=5), "orders") is None
