"""What a successful outcome costs."""

from __future__ import annotations

import pytest

from tests.analyzer.rows import TRANSITION_USD, Row, answer, picked


def test_failures_make_successes_dearer() -> None:
    runs: list[Row] = [
        {"cost_usd": 4 * TRANSITION_USD},
        {"cost_usd": 6 * TRANSITION_USD, "masked_failure": True},
        {"cost_usd": 2 * TRANSITION_USD, "status": "FAILED"},
    ]
    [row] = answer("cost_per_success", executions=runs)
    assert (row["succeeded"], row["clean"]) == (2, 1)
    assert row["cost_per_success_usd"] == pytest.approx(6 * TRANSITION_USD)
    assert row["cost_of_a_success_usd"] == pytest.approx(5 * TRANSITION_USD)
    assert row["surcharge_usd"] == pytest.approx(TRANSITION_USD)
    assert row["surcharge_share"] == pytest.approx(1 / 6)
    assert row["cost_per_clean_success_usd"] == pytest.approx(12 * TRANSITION_USD)


def test_a_machine_that_never_succeeded_has_no_cost_of_a_success_and_stands_last() -> None:
    rows = answer("cost_per_success", executions=[{"machine": "broken", "status": "FAILED"}, {}])
    assert picked(rows, "machine", "cost_per_success_usd", "surcharge_usd") == [
        ("orders", TRANSITION_USD, 0),
        ("broken", None, None),
    ]
