"""What each error costs."""

from __future__ import annotations

import pytest

from tests.analyzer.rows import TRANSITION_USD, Row, answer, picked


def test_an_error_costs_the_attempts_it_ended_and_the_retry_that_made_up_for_it() -> None:
    slow: Row = {"visit_error": "TooSlow"}
    tries: list[Row] = [
        {"outcome": "timed_out", "error": "TooSlow"},
        {**slow, "attempt": 2, "outcome": "failed", "error": "Declined"},
        {**slow, "attempt": 3},
        {},
        {"state": "Pick", "state_type": "Choice"},
    ]
    rows = answer("cost_by_error", executions=[{}], attempts=tries)
    assert picked(rows, "error", "failures", "retries", "attempts", "cost_usd", "retry_cost_usd") == [
        ("TooSlow", 1, 1, 2, pytest.approx(2 * TRANSITION_USD), TRANSITION_USD),
        (None, 0, 0, 2, pytest.approx(2 * TRANSITION_USD), 0),
        ("Declined", 1, 0, 1, TRANSITION_USD, TRANSITION_USD),
    ]


def test_a_failure_without_a_name_is_not_mistaken_for_none() -> None:
    [row] = answer("cost_by_error", executions=[{}], attempts=[{"outcome": "failed"}])
    assert (row["error"], row["failures"], row["failure_cost_usd"]) == ("(unnamed)", 1, TRANSITION_USD)
