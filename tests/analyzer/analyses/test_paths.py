from __future__ import annotations

from tests.analyzer.rows import DAY, OCTOBER, TRANSITION_USD, answer, picked


def test_variants_by_how_often_they_were_taken() -> None:
    rows = answer(
        "paths",
        executions=[
            {"variant": "A → B", "duration_ms": 100},
            {"variant": "A → B", "duration_ms": 300, "status": "FAILED", "started_at": OCTOBER + DAY, "retries": 2},
            {"variant": "A → C", "duration_ms": 900},
            {"variant": None},
        ],
    )
    assert picked(rows, "variant", "executions", "failed", "failure_rate", "retries") == [
        ("A → B", 2, 1, 0.5, 2),
        ("A → C", 1, 0, 0.0, 0),
    ]
    assert [round(row["executions_share"], 3) for row in rows] == [0.667, 0.333]
    assert picked(rows, "duration_p50_ms", "cost_usd", "cost_per_execution_usd")[0] == (
        200.0,
        2 * TRANSITION_USD,
        TRANSITION_USD,
    )
    assert picked(rows, "first_seen_at", "last_seen_at")[0] == (OCTOBER, OCTOBER + DAY)


def test_a_price_that_is_not_known_is_no_price_of_nothing() -> None:
    [row] = answer("paths", executions=[{"variant": "A", "cost_usd": None}])
    assert (row["cost_usd"], row["cost_per_execution_usd"]) == (None, None)


def test_shares_are_those_of_the_machine() -> None:
    rows = answer("paths", executions=[{"variant": "A"}, {"variant": "B", "machine": "other"}])
    assert picked(rows, "machine", "executions_share") == [("orders", 1.0), ("other", 1.0)]
