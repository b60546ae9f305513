"""What the money was spent on."""

from __future__ import annotations

import pytest

from tests.analyzer.rows import REDRIVE, TRANSITION_USD, Row, answer, picked


def test_each_attempt_has_one_purpose() -> None:
    tries: list[Row] = [
        {},
        {"outcome": "failed"},
        {"attempt": 2},
        {"state": "Hold", "state_type": "Wait"},
        {"state": "Items", "state_type": "Map", "transitions": 3, "cost_usd": 3 * TRANSITION_USD},
        {"execution_status": "FAILED"},
        {"execution_status": "FAILED", "attempt": 2, "outcome": "failed"},
        {"execution_status": "ABORTED", "state": "Hold", "state_type": "Wait"},
        REDRIVE,
    ]
    rows = answer("cost_by_purpose", executions=[{}], attempts=tries)
    assert picked(rows, "purpose", "attempts", "transitions", "machine_share") == [
        ("work", 2, 4, pytest.approx(4 / 11)),
        ("failures", 2, 2, pytest.approx(2 / 11)),
        ("lost work", 2, 2, pytest.approx(2 / 11)),
        ("overhead", 1, 1, pytest.approx(1 / 11)),
        ("redrives", 0, 1, pytest.approx(1 / 11)),
        ("retries", 1, 1, pytest.approx(1 / 11)),
    ]


def test_an_express_execution_counted_or_was_lost_as_a_whole() -> None:
    run: Row = {"type": "EXPRESS", "cost_usd": 0.000002}
    runs: list[Row] = [run, run, {**run, "status": "TIMED_OUT"}]
    rows = answer("cost_by_purpose", executions=runs, attempts=[{"type": "EXPRESS", "cost_usd": None}])
    assert picked(rows, "purpose", "cost_usd", "attempts") == [
        ("work", pytest.approx(0.000004), 0),
        ("lost work", 0.000002, 0),
        ("work", None, 1),
    ]
