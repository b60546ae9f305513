"""Tables that say what they would be, had no history been left out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analyzer.rows import DAY, OCTOBER, TRANSITION_USD, Row, answer

LEFT_OUT: Row = {"completeness": "sampled", "attempts": None, "retries": None, "transitions": None, "cost_usd": None}


def runs(fetched: int, left_out: int) -> list[Row]:
    """Successes of one day, those left out last; then a failure, which is fetched and stands for itself."""
    failed = {"status": "FAILED", "cost_usd": 5 * TRANSITION_USD}
    return [*({} for _ in range(fetched)), *(LEFT_OUT for _ in range(left_out)), failed]


def test_costs_are_estimated_for_what_was_left_out() -> None:
    [row] = answer("cost_by_machine", executions=runs(fetched=10, left_out=30))
    assert row["executions_sampled"] == 30
    assert row["cost_usd"] == pytest.approx(15 * TRANSITION_USD)
    assert row["cost_estimated_usd"] == pytest.approx(45 * TRANSITION_USD)
    assert row["cost_low_usd"] <= row["cost_estimated_usd"] <= row["cost_high_usd"]
    assert row["cost_low_usd"] >= row["cost_usd"]


def test_a_redriven_success_is_fetched_for_itself() -> None:
    dear = {"redrives": 1, "cost_usd": 100 * TRANSITION_USD}
    [row] = answer("cost_by_machine", executions=[*runs(fetched=10, left_out=10), dear])
    assert row["cost_estimated_usd"] == pytest.approx(125 * TRANSITION_USD)


def test_nothing_is_estimated_from_too_little() -> None:
    [row] = answer("cost_by_machine", executions=runs(fetched=1, left_out=30))
    assert row["cost_usd"] == pytest.approx(6 * TRANSITION_USD)
    assert [row[f"cost_{end}_usd"] for end in ("estimated", "low", "high")] == [None] * 3


def tries(execution: int, status: str = "SUCCEEDED") -> list[Row]:
    of: Row = {"execution_id": execution, "execution_status": status, "visit_error": "Busy"}
    return [{**of, "outcome": "failed", "error": "Busy", "handled": "retried"}, {**of, "attempt": 2}]


def estimates(name: str, column: str, **more: Any) -> list[tuple[Any, ...]]:
    rows = answer(name, **more)
    return [tuple(row[key] for key in (column, f"{column}_estimated")) for row in rows]


def test_retries_and_failures_are_estimated_too() -> None:
    """Five of ten fetched successes retried once, and so did the failure: 5 * (1 + 3) + 1."""
    table = [row for execution in range(1, 6) for row in tries(execution)]
    world: dict[str, Any] = {"executions": runs(fetched=10, left_out=30), "attempts": [*table, *tries(41, "FAILED")]}
    assert estimates("retry_rates", "retries", **world) == [(6, 21)]
    assert estimates("failure_hotspots", "failures", **world) == [(6, 21)]


def test_without_a_sample_the_estimate_is_the_count() -> None:
    world: dict[str, Any] = {"executions": runs(fetched=10, left_out=0), "attempts": tries(1)}
    assert estimates("retry_rates", "retries", **world) == [(1, 1)]
    [spot] = answer("failure_hotspots", **world)
    assert (spot["failures_low"], spot["failures_high"]) == (1, 1)


def test_each_day_stands_for_itself() -> None:
    of_second_day: list[Row] = [{"started_at": OCTOBER + DAY}] * 10
    [row] = answer("cost_by_machine", executions=[*runs(fetched=2, left_out=6), *of_second_day])
    assert row["cost_estimated_usd"] == pytest.approx((2 + 6 + 5 + 10) * TRANSITION_USD)
