"""What executions cost that did not succeed."""

from __future__ import annotations

import pytest

from tests.analyzer.rows import DAY, OCTOBER, TRANSITION_USD, Row, answer, picked

DECLINED: Row = {"status": "FAILED", "root_state": "Charge", "error": "Declined"}


def test_failed_executions_by_the_state_that_began_it() -> None:
    runs: list[Row] = [
        {},
        {**DECLINED, "transitions": 3, "cost_usd": 3 * TRANSITION_USD},
        {**DECLINED, "started_at": OCTOBER + DAY, "completeness": "cut"},
        {"status": "TIMED_OUT", "last_state": "Hold", "error": "States.Timeout", "cost_usd": 2 * TRANSITION_USD},
        {"status": "RUNNING"},
    ]
    rows = answer("cost_of_failures", executions=runs)
    assert picked(rows, "status", "root_state", "error", "executions", "cost_usd", "cost_share") == [
        ("FAILED", "Charge", "Declined", 2, pytest.approx(4 * TRANSITION_USD), pytest.approx(4 / 6)),
        ("TIMED_OUT", "Hold", "States.Timeout", 1, pytest.approx(2 * TRANSITION_USD), pytest.approx(2 / 6)),
    ]
    assert (rows[0]["last_started_at"], rows[0]["executions_partial"]) == (OCTOBER + DAY, 1)


def test_a_cost_that_is_not_known_says_why() -> None:
    [row] = answer("cost_of_failures", executions=[{**DECLINED, "cost_usd": None, "cost_note": "no price"}])
    assert (row["cost_usd"], row["executions_unpriced"], row["cost_note"]) == (None, 1, "no price")
