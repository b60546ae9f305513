"""What is held of each machine and day, and why the rest is not."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyzer.records import Records
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
        "cloudwatch_started": None,
        "not_listed": None,
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


def counted(*rows: tuple[int, float], machine: str = "orders", metric: str = "ExecutionsStarted") -> dict[str, Any]:
    """What CloudWatch counted in hours after the first day began."""
    of = {"machine": machine, "region": "us-east-1", "account": "111122223333", "metric": metric, "stat": "Sum"}
    points = [
        {**of, "subject": "", "at": OCTOBER + hour * 3_600_000, "period_s": 3_600, "value": n} for hour, n in rows
    ]
    return {"records": Records(given={"metrics": pd.DataFrame(points)})}


def test_what_cloudwatch_saw_and_the_listing_did_not_is_counted() -> None:
    runs: list[Row] = [{"events": 1, "started_at": OCTOBER + day * DAY} for day in (0, 1, 3)]
    rows = answer("coverage", executions=runs, **counted((1, 1.0), (25, 2.0), (26, 3.0), (50, 4.0), (100, 9.0)))
    assert picked(rows, "day_at", "listed", "cloudwatch_started", "not_listed") == [
        (OCTOBER, 1, 1, None),
        (OCTOBER + DAY, 1, 5, 4),
        (OCTOBER + 2 * DAY, 0, 4, 4),
        (OCTOBER + 3 * DAY, 1, None, None),
    ]


def test_other_machines_and_metrics_are_not_mixed_in() -> None:
    runs: list[Row] = [{"events": 1, "started_at": OCTOBER + day * DAY} for day in (0, 1, 2)]
    for other in (counted((25, 7.0), machine="images"), counted((25, 7.0), metric="ExecutionsFailed")):
        assert picked(answer("coverage", executions=runs, **other), "cloudwatch_started") == [(None,)] * 3
