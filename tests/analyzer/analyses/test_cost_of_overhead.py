"""What the states cost that do no work."""

from __future__ import annotations

import pytest

from tests.analyzer.rows import REDRIVE, TRANSITION_USD, Row, answer


def test_cost_by_type_of_state() -> None:
    kinds = ["Task", "Choice", "Choice", "Pass", "Wait", "Succeed", "Parallel", "Map"]
    tries: list[Row] = [{"state": kind, "state_type": kind} for kind in kinds]
    [row] = answer("cost_of_overhead", executions=[{}], attempts=[*tries, REDRIVE])
    expected = {"choice": 2, "pass": 1, "wait": 1, "end": 1, "container": 2, "work": 1, "redrive": 1, "overhead": 4}
    for name, transitions in expected.items():
        assert row[f"{name}_cost_usd"] == pytest.approx(transitions * TRANSITION_USD)
    assert (row["cost_usd"], row["overhead_share"]) == (pytest.approx(9 * TRANSITION_USD), pytest.approx(4 / 9))


def test_express_has_no_such_cost() -> None:
    assert answer("cost_of_overhead", executions=[{"type": "EXPRESS"}], attempts=[{"type": "EXPRESS"}]) == []
