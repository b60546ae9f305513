"""What is held of each machine and day, and why the rest is not."""

from __future__ import annotations

from tests.analyzer.rows import DAY, OCTOBER, Row, answer, picked

NO_HISTORY: Row = {"events": None, "attempts": None}


def test_every_execution_is_collected_or_has_a_reason() -> None:
    whys = ("running", "sampled", "sampled", "expired", "denied", "unreadable", "missing")
    runs: list[Row] = [{"events": 5}, {"events": 3, "completeness": "cut"}]
    runs += [{**NO_HISTORY, "completeness": why} for why in whys]
    [row] = answer("coverage", executions=runs)
    assert {name: row[name] for name in list(row)[5:]} == {
        "listed": 9,
        "collected": 2,
        "running": 1,
        "sampled": 2,
        "expired": 1,
        "denied": 1,
        "unreadable": 1,
        "missing": 1,
        "collected_share": 0.25,
    }


def test_a_history_of_what_still_runs_is_collected_as_far_as_it_goes() -> None:
    [row] = answer("coverage", executions=[{"events": 2, "completeness": "running"}])
    assert (row["collected"], row["running"]) == (1, 0)


def test_days_and_machines_stand_apart() -> None:
    rows = answer("coverage", executions=[{"events": 1}, {"events": 1, "started_at": OCTOBER + DAY}, {"machine": "b"}])
    assert picked(rows, "day_at", "machine", "listed") == [
        (OCTOBER, "b", 1),
        (OCTOBER, "orders", 1),
        (OCTOBER + DAY, "orders", 1),
    ]
