"""What each machine costs."""

from __future__ import annotations

import pytest

from tests.analyzer.rows import TRANSITION_USD, Row, answer, picked


def test_cost_of_a_machine_and_the_parts_of_it_that_were_in_vain() -> None:
    runs: list[Row] = [
        {"transitions": 4, "transitions_max": 5, "cost_usd": 4 * TRANSITION_USD},
        {"transitions": 2, "transitions_max": 3, "cost_usd": 2 * TRANSITION_USD, "status": "FAILED"},
        {
            "transitions": 1,
            "transitions_max": 2,
            "cost_usd": TRANSITION_USD,
            "status": "ABORTED",
            "completeness": "cut",
        },
        {
            "status": "RUNNING",
            "completeness": "running",
            "transitions": None,
            "transitions_max": None,
            "cost_usd": None,
        },
    ]
    tries: list[Row] = [{}, {"outcome": "failed"}, {"attempt": 2, "outcome": "timed_out"}, {"attempt": 3}]
    [row] = answer("cost_by_machine", executions=runs, attempts=tries)
    assert {name: row[name] for name in list(row)[3:]} == {
        "type": "STANDARD",
        "executions": 4,
        "transitions": 7,
        "transitions_max": 10,
        "cost_usd": pytest.approx(7 * TRANSITION_USD),
        "cost_max_usd": pytest.approx(10 * TRANSITION_USD),
        **dict.fromkeys(("cost_estimated_usd", "cost_low_usd", "cost_high_usd"), pytest.approx(7 * TRANSITION_USD)),
        "cost_share": 1,
        "cost_per_execution_usd": pytest.approx(7 / 3 * TRANSITION_USD),
        "failed_executions_cost_usd": pytest.approx(3 * TRANSITION_USD),
        "retry_cost_usd": pytest.approx(2 * TRANSITION_USD),
        "failure_cost_usd": pytest.approx(2 * TRANSITION_USD),
        "executions_unpriced": 1,
        "executions_partial": 2,
        "executions_sampled": 0,
        "cost_note": "estimate",
    }


def test_the_dearest_come_first_and_those_without_a_price_last() -> None:
    runs: list[Row] = [
        {"machine": "free"},
        {"machine": "dear", "cost_usd": 3 * TRANSITION_USD},
        {"machine": "dear", "region": None, "cost_usd": None, "cost_note": "the Region is not known"},
    ]
    rows = answer("cost_by_machine", executions=runs)
    assert picked(rows, "machine", "region", "cost_usd", "cost_share", "cost_note") == [
        ("dear", "us-east-1", pytest.approx(3 * TRANSITION_USD), 0.75, "estimate"),
        ("free", "us-east-1", TRANSITION_USD, 0.25, "estimate"),
        ("dear", None, None, None, "the Region is not known"),
    ]


def test_express_costs_the_same_at_its_upper_bound_and_has_no_cost_of_retries() -> None:
    run = {"type": "EXPRESS", "transitions": 0, "transitions_max": 0, "cost_usd": 0.0000021}
    of_express = {"type": "EXPRESS", "transitions": 0, "cost_usd": None}
    [row] = answer("cost_by_machine", executions=[run], attempts=[of_express, {**of_express, "attempt": 2}])
    assert (row["cost_usd"], row["cost_max_usd"], row["retry_cost_usd"]) == (0.0000021, 0.0000021, None)
