from __future__ import annotations

import narwhals as nw

from analyzer.registry import Facts
from analyzer.sides import compared_sides
from tests.analyzer.rows import DAY, OCTOBER, attempts, executions, on_duckdb


def test_executions_before_and_after_a_moment() -> None:
    runs = [{"started_at": OCTOBER}, {"started_at": OCTOBER + DAY}]
    tries = [
        {"execution_id": n + 1, "execution_started_at": run["started_at"], "state": state}
        for n, run in enumerate(runs)
        for state in ("A", "B")[: n + 1]
    ]
    started = nw.col("execution_started_at")
    facts = Facts(on_duckdb(executions(runs)), on_duckdb(attempts(tries)))
    rows = compared_sides(facts, started >= OCTOBER + DAY, started < OCTOBER + DAY, ("before", "after"))
    assert [(row["state"], row["before_reached_rate"], row["after_reached_rate"]) for row in rows] == [
        ("A", 1.0, 1.0),
        ("B", 0.0, 1.0),
    ]
