"""What each kind of work costs."""

from __future__ import annotations

import pytest

from analyzer.costs import SEVERAL, WHOLE
from tests.analyzer.rows import REDRIVE, TRANSITION_USD, Row, answer, picked

INVOKE: Row = {"resource": "lambda:invoke", "pattern": "request"}
SYNC: Row = {"resource": "ecs:runTask", "pattern": "sync"}
CHOICE: Row = {"state": "Pick", "state_type": "Choice"}


def test_calls_are_added_up_over_machines_and_states_without_a_call_by_type() -> None:
    tries: list[Row] = [INVOKE, {**INVOKE, "machine": "refunds", "attempt": 2}, SYNC, CHOICE, CHOICE, REDRIVE]
    rows = answer("cost_by_integration", executions=[{}, {"machine": "refunds"}], attempts=tries)
    assert picked(rows, "state_type", "resource", "pattern", "machines", "attempts", "transitions") == [
        ("Choice", None, None, 1, 2, 2),
        ("Task", "lambda:invoke", "request", 2, 2, 2),
        ("", None, None, 1, 0, 1),
        ("Task", "ecs:runTask", "sync", 1, 1, 1),
    ]
    assert picked(rows, "cost_usd", "cost_share", "retry_cost_usd")[1] == (
        pytest.approx(2 * TRANSITION_USD),
        pytest.approx(2 / 6),
        pytest.approx(TRANSITION_USD),
    )


def test_express_is_priced_by_the_execution() -> None:
    run: Row = {"type": "EXPRESS", "cost_usd": 0.000002}
    [row] = answer("cost_by_integration", executions=[run, run])
    assert (row["resource"], row["attempts"], row["cost_usd"]) == (WHOLE, 0, pytest.approx(0.000004))


def test_machines_at_several_prices_say_so() -> None:
    runs: list[Row] = [{"cost_note": "old price"}, {"machine": "refunds", "cost_note": "new price"}]
    [row] = answer("cost_by_integration", executions=runs, attempts=[INVOKE, {**INVOKE, "machine": "refunds"}])
    assert row["cost_note"] == SEVERAL
