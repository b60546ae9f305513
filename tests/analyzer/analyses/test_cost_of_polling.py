"""What it costs to wait and ask again."""

from __future__ import annotations

import pytest

from analyzer.definition import parse_definition
from analyzer.registry import MachineKey
from tests.analyzer.rows import OCTOBER, TRANSITION_USD, Row, answer, picked
from tests.analyzer.test_polling import polling

ORDERS = MachineKey("111122223333", "us-east-1", "orders")
KNOWN = {ORDERS: parse_definition(polling())}
WAIT: Row = {"state": "Hold", "state_type": "Wait", "entered_at": OCTOBER, "exited_at": OCTOBER + 30_000}
ASK: Row = {"state": "Ask"}
PICK: Row = {"state": "Done?", "state_type": "Choice"}
LAST: Row = {"state": "End", "state_type": "Succeed"}


def run(number: int, iterations: int) -> list[Row]:
    return [{**row, "execution_id": number} for row in (*[WAIT, ASK, PICK] * iterations, LAST)]


def test_iterations_and_cost_of_a_loop() -> None:
    [row] = answer(
        "cost_of_polling", executions=[{}] * 3, attempts=run(1, 1) + run(2, 2) + run(3, 6), definitions=KNOWN
    )
    assert {name: row[name] for name in list(row)[3:]} == {
        "state": "Hold",
        "loop": "Hold, Ask, Done?",
        "resource": "aws-sdk:glue:getJobRun",
        "found_in": "definition and runs",
        "wait_ms": 30_000,
        "runs": 3,
        "iterations": 9,
        "iterations_per_run": 3,
        "iterations_p50": 2,
        "iterations_p95": pytest.approx(5.6),
        "iterations_max": 6,
        "transitions": 27,
        "cost_usd": pytest.approx(27 * TRANSITION_USD),
        "cost_share": pytest.approx(27 / 30),
        "repeated_cost_usd": pytest.approx(18 * TRANSITION_USD),
        "saving_usd": pytest.approx(24 * TRANSITION_USD),
        "cost_note": "estimate",
    }


def test_a_loop_that_no_run_went_around_is_known_from_the_definition_alone() -> None:
    [row] = answer("cost_of_polling", executions=[{}], attempts=run(1, 1), definitions=KNOWN)
    assert (row["found_in"], row["iterations_max"], row["repeated_cost_usd"]) == ("definition", 1, 0)
    [row] = answer("cost_of_polling", executions=[{}], attempts=[ASK], definitions=KNOWN)
    assert (row["runs"], row["wait_ms"], row["iterations_per_run"]) == (0, 30_000, None)


def test_without_a_definition_the_runs_tell() -> None:
    rows = answer("cost_of_polling", executions=[{}], attempts=run(1, 4))
    assert picked(rows, "found_in", "loop", "runs", "iterations", "repeated_cost_usd") == [
        ("runs", "Hold", 1, 4, pytest.approx(3 * TRANSITION_USD))
    ]


def test_a_wait_in_each_iteration_of_a_map_is_no_loop() -> None:
    tries: list[Row] = [{**WAIT, "parent_id": 3, "iteration": str(n)} for n in range(4)]
    assert answer("cost_of_polling", executions=[{}], attempts=tries) == []


def test_machines_that_did_not_run_and_express_are_left_out() -> None:
    assert answer("cost_of_polling", executions=[{}], attempts=[{"machine": "other"}], definitions=KNOWN) == []
    assert answer("cost_of_polling", executions=[{}], attempts=[{**WAIT, "type": "EXPRESS"}] * 2) == []
