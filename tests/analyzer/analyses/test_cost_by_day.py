"""What each machine costs on each day."""

from __future__ import annotations

import pytest

from tests.analyzer.rows import DAY, OCTOBER, TRANSITION_USD, Row, answer, picked


def test_costs_by_utc_day_and_what_of_them_was_in_vain() -> None:
    runs: list[Row] = [
        {"started_at": OCTOBER + DAY - 1},
        {"started_at": OCTOBER + DAY, "status": "FAILED", "cost_usd": 3 * TRANSITION_USD},
        {"started_at": OCTOBER + DAY, "cost_usd": None},
    ]
    rows = answer("cost_by_day", executions=runs)
    assert picked(rows, "day_at", "executions", "cost_usd", "failed_executions_cost_usd", "executions_unpriced") == [
        (OCTOBER, 1, TRANSITION_USD, 0, 0),
        (OCTOBER + DAY, 2, pytest.approx(3 * TRANSITION_USD), pytest.approx(3 * TRANSITION_USD), 1),
    ]


def test_a_day_without_success_has_no_cost_of_one() -> None:
    [row] = answer("cost_by_day", executions=[{"status": "FAILED"}])
    assert (row["cost_per_execution_usd"], row["cost_per_success_usd"]) == (TRANSITION_USD, None)
