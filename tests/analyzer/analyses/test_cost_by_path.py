"""What the states inside each container cost."""

from __future__ import annotations

import pytest

from analyzer.costs import WHOLE
from tests.analyzer.rows import TRANSITION_USD, Row, answer, picked


def test_what_stands_in_a_container_is_apart_from_the_container() -> None:
    tries: list[Row] = [
        {"state": "Items", "state_type": "Map"},
        {"path": "Items"},
        {"path": "Items", "outcome": "failed"},
        {"path": "Items", "attempt": 2},
        {"path": "Items/Notify"},
    ]
    rows = answer("cost_by_path", executions=[{}], attempts=tries)
    assert picked(rows, "path", "attempts", "cost_usd", "cost_share", "retry_cost_usd", "failure_cost_usd") == [
        ("Items", 3, pytest.approx(3 * TRANSITION_USD), 0.6, TRANSITION_USD, TRANSITION_USD),
        ("Items/Notify", 1, TRANSITION_USD, 0.2, 0, 0),
        (None, 1, TRANSITION_USD, 0.2, 0, 0),
    ]


def test_express_is_priced_by_the_execution() -> None:
    [row] = answer("cost_by_path", executions=[{"type": "EXPRESS", "cost_usd": 0.000002}])
    assert (row["path"], row["cost_usd"], row["cost_note"]) == (WHOLE, 0.000002, "estimate")
