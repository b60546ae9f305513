"""What an execution costs under each revision."""

from __future__ import annotations

import pytest

from tests.analyzer.rows import DAY, OCTOBER, TRANSITION_USD, Row, answer, picked


def test_a_dearer_revision_is_seen() -> None:
    dear: Row = {"revision": "a2", "started_at": OCTOBER + DAY, "transitions": 5, "cost_usd": 5 * TRANSITION_USD}
    runs: list[Row] = [
        {**dear, "retries": 1},
        {**dear, "started_at": OCTOBER + 2 * DAY, "status": "FAILED"},
        {"revision": "z1", "transitions": 4, "cost_usd": 4 * TRANSITION_USD},
    ]
    rows = answer("cost_by_revision", executions=runs)
    assert picked(rows, "revision", "executions", "transitions_per_execution", "retries_per_execution") == [
        ("z1", 1, 4, 0),
        ("a2", 2, 5, 0.5),
    ]
    assert picked(rows, "cost_per_execution_usd", "cost_per_success_usd", "cost_share")[1] == (
        pytest.approx(5 * TRANSITION_USD),
        pytest.approx(10 * TRANSITION_USD),
        pytest.approx(10 / 14),
    )
    assert picked(rows, "first_started_at", "last_started_at")[1] == (OCTOBER + DAY, OCTOBER + 2 * DAY)
