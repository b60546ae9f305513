"""How long states take."""

from __future__ import annotations

import pytest

from tests.analyzer.rows import REDRIVE, Row, answer, picked


def test_quantiles_of_run_and_queue() -> None:
    tries: list[Row] = [{"run_ms": 10 * n, "queue_ms": n} for n in range(101)]
    [row] = answer("state_latency", attempts=tries)
    assert {name: row[name] for name in list(row)[5:]} == {
        "attempts": 101,
        "run_p50_ms": 500,
        "run_p95_ms": 950,
        "run_p99_ms": 990,
        "run_max_ms": 1_000,
        "run_ms": 50_500,
        "queue_p50_ms": 50,
        "queue_p95_ms": 95,
        "queue_p99_ms": 99,
        "queue_max_ms": 100,
        "attempts_partial": 0,
    }


def test_quantiles_lie_between_the_two_nearest_tries() -> None:
    [row] = answer("state_latency", attempts=[{"run_ms": 100}, {"run_ms": 201}])
    assert (row["run_p50_ms"], row["run_p95_ms"]) == (150.5, pytest.approx(195.95))


def test_failed_tries_count_and_open_ones_do_not() -> None:
    tries: list[Row] = [{"outcome": "timed_out", "run_ms": 60_000}, {"outcome": "running", "run_ms": None}, REDRIVE]
    [row] = answer("state_latency", attempts=tries)
    assert (row["attempts"], row["run_max_ms"]) == (1, 60_000)


def test_the_slowest_come_first_and_a_state_without_a_queue_has_none() -> None:
    tries: list[Row] = [
        {"state": "Pick", "state_type": "Choice", "run_ms": 3},
        {"run_ms": 700, "queue_ms": 40, "completeness": "gap"},
    ]
    rows = answer("state_latency", attempts=tries)
    assert picked(rows, "state", "run_p95_ms", "queue_p95_ms", "attempts_partial") == [
        ("Charge", 700, 40, 1),
        ("Pick", 3, None, 0),
    ]
