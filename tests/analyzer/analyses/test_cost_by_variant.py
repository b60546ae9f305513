"""What the ways through a machine cost."""

from __future__ import annotations

import pytest

from tests.analyzer.rows import TRANSITION_USD, Row, answer, picked


def test_a_dear_way_is_seen_beside_the_usual_one() -> None:
    usual: Row = {"variant": "A B", "cost_usd": 2 * TRANSITION_USD, "transitions": 2}
    dear: Row = {"variant": "A B C", "cost_usd": 10 * TRANSITION_USD, "transitions": 10, "status": "FAILED"}
    rows = answer("cost_by_variant", executions=[usual, usual, usual, dear, {"variant": None, "cost_usd": None}])
    assert picked(rows, "variant", "executions", "execution_share", "cost_usd", "cost_per_machine_average") == [
        ("A B C", 1, 0.2, pytest.approx(10 * TRANSITION_USD), pytest.approx(2.5)),
        ("A B", 3, 0.6, pytest.approx(6 * TRANSITION_USD), pytest.approx(0.5)),
        (None, 1, 0.2, None, None),
    ]
    assert picked(rows, "cost_per_success_usd") == [(None,), (pytest.approx(2 * TRANSITION_USD),), (None,)]
