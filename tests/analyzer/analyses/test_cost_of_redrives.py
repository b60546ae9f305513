"""What redrives cost."""

from __future__ import annotations

import pytest

from tests.analyzer.rows import REDRIVE, TRANSITION_USD, Row, answer


def test_the_redrive_and_what_ran_after_it() -> None:
    redriven: Row = {"execution_status": "SUCCEEDED", "redrive": 1}
    tries: list[Row] = [
        {"outcome": "failed"},
        REDRIVE,
        {**redriven, "visit": 2},
        {**redriven, "state": "Ship"},
        {**REDRIVE, "execution_id": 2, "execution_status": "FAILED"},
        {"execution_id": 3},
    ]
    [row] = answer("cost_of_redrives", executions=[{}], attempts=tries)
    assert {name: row[name] for name in list(row)[3:]} == {
        "executions_redriven": 2,
        "succeeded": 1,
        "redrives": 2,
        "attempts": 2,
        "states_again": 1,
        "cost_usd": pytest.approx(4 * TRANSITION_USD),
        "cost_share": 1,
        "redrive_cost_usd": pytest.approx(2 * TRANSITION_USD),
        "repeated_cost_usd": pytest.approx(TRANSITION_USD),
        "cost_per_success_usd": pytest.approx(4 * TRANSITION_USD),
        "attempts_partial": 0,
        "cost_note": "estimate",
    }


def test_without_a_redrive_there_is_no_row() -> None:
    assert answer("cost_of_redrives", executions=[{}], attempts=[{}]) == []
