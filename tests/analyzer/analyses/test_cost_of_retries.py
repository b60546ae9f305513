"""What retries cost, those that helped and those that did not."""

from __future__ import annotations

import pytest

from tests.analyzer.rows import TRANSITION_USD, Row, answer, picked


def visit(number: int, *outcomes: str) -> list[Row]:
    """The tries of a visit that first failed."""
    return [
        {"visit": number, "attempt": n, "outcome": outcome, "visit_error": "TooSlow", "backoff_ms": 100 * (n > 1)}
        for n, outcome in enumerate(outcomes, start=1)
    ]


def test_retries_that_helped_are_apart_from_those_that_did_not() -> None:
    tries = [*visit(1, "failed", "failed", "succeeded"), *visit(2, "failed", "timed_out"), *visit(3, "succeeded")]
    [row] = answer("cost_of_retries", executions=[{}], attempts=tries)
    assert {name: row[name] for name in list(row)[3:]} == {
        "state": "Charge",
        "state_type": "Task",
        "error": "TooSlow",
        "visits_retried": 2,
        "visits_recovered": 1,
        "retries": 3,
        "retries_max": 2,
        "retry_cost_usd": pytest.approx(3 * TRANSITION_USD),
        "cost_share": 1,
        "recovered_cost_usd": pytest.approx(2 * TRANSITION_USD),
        "lost_cost_usd": pytest.approx(TRANSITION_USD),
        "cost_per_recovery_usd": pytest.approx(3 * TRANSITION_USD),
        "backoff_ms": 300,
        "cost_note": "estimate",
    }


def test_visits_of_several_executions_are_several_visits() -> None:
    tries = [{**row, "execution_id": run} for run in (1, 2) for row in visit(1, "failed", "succeeded")]
    [row] = answer("cost_of_retries", executions=[{}, {}], attempts=tries)
    assert (row["visits_retried"], row["visits_recovered"], row["retries_max"]) == (2, 2, 1)


def test_retries_without_a_price_have_no_cost() -> None:
    tries = [{**row, "cost_usd": None} for row in visit(1, "failed", "failed")]
    rows = answer("cost_of_retries", executions=[{}], attempts=tries)
    assert picked(rows, "retries", "retry_cost_usd", "recovered_cost_usd", "lost_cost_usd") == [(1, None, None, None)]
