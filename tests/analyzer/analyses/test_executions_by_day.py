"""How the executions of each day ended."""

from __future__ import annotations

import pytest

from tests.analyzer.rows import DAY, OCTOBER, TRANSITION_USD, Row, answer, picked


def test_a_day_of_a_machine() -> None:
    ends = ["SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "RUNNING", "UNKNOWN"]
    runs: list[Row] = [
        {"status": status, "started_at": OCTOBER + DAY - 1, "attempts": 2, "retries": 1} for status in ends
    ]
    runs[0] = {**runs[0], "masked_failure": True}
    runs[6] = {**runs[6], "completeness": "running"}
    [row] = answer("executions_by_day", executions=runs)
    assert {name: row[name] for name in list(row) if name not in ("machine", "region", "account")} == {
        "day_at": OCTOBER,
        "type": "STANDARD",
        "executions": 8,
        "succeeded": 3,
        "failed": 1,
        "timed_out": 1,
        "aborted": 1,
        "not_ended": 2,
        "masked_failures": 1,
        "failure_rate": pytest.approx(2 / 6),
        "masked_failure_rate": pytest.approx(1 / 3),
        "attempts": 16,
        "retries": 8,
        "transitions": 8,
        "cost_usd": pytest.approx(8 * TRANSITION_USD),
        "executions_partial": 1,
    }


def test_days_come_in_order_and_machines_within_them() -> None:
    runs: list[Row] = [{"machine": name, "started_at": OCTOBER + at} for name, at in (("b", DAY), ("b", 0), ("a", 0))]
    rows = answer("executions_by_day", executions=runs)
    assert picked(rows, "day_at", "machine") == [(OCTOBER, "a"), (OCTOBER, "b"), (OCTOBER + DAY, "b")]


def test_a_rate_of_nothing_is_empty() -> None:
    [row] = answer("executions_by_day", executions=[{"status": "RUNNING", "cost_usd": None}])
    assert (row["failure_rate"], row["masked_failure_rate"], row["cost_usd"]) == (None, None, None)
