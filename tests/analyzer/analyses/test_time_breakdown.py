from __future__ import annotations

import pandas as pd

from analyzer.records import Records
from tests.analyzer.rows import DAY, OCTOBER, Row, answer, picked


def run(duration_ms: int, **parts: int) -> Row:
    spent = dict.fromkeys(("queue", "run", "external", "wait", "backoff"), 0) | parts
    times = {"started_at": OCTOBER, "stopped_at": OCTOBER + duration_ms, "duration_ms": duration_ms}
    return times | {f"critical_{name}_ms": ms for name, ms in spent.items()}


def test_the_parts_make_up_the_duration_and_the_largest_comes_first() -> None:
    rows = answer("time_breakdown", executions=[run(100, run=60, queue=10), run(300, run=200, backoff=80)])
    assert picked(rows, "part", "time_ms", "time_share") == [
        ("run", 260, 0.65),
        ("backoff", 80, 0.2),
        ("between", 50, 0.125),
        ("queue", 10, 0.025),
        ("external", 0, 0.0),
        ("wait", 0, 0.0),
        ("idle", 0, None),
    ]
    assert picked(rows[:2], "p50_ms", "p95_ms") == [(130.0, 193.0), (40.0, 76.0)]


def test_idle_before_a_redrive_stands_apart() -> None:
    redriven = run(100, run=100) | {"redrives": 1, "stopped_at": OCTOBER + 5_100}
    rows = answer("time_breakdown", executions=[redriven])
    assert picked(rows, "part", "time_ms", "time_share")[-1] == ("idle", 5_000, None)
    assert rows[0]["time_share"] == 1.0


def test_an_execution_without_a_history_or_an_end_is_not_looked_at() -> None:
    rows = answer("time_breakdown", executions=[run(100, run=100), {}, run(50, run=50) | {"duration_ms": None}])
    assert {row["executions"] for row in rows} == {1}


def test_the_machine_that_takes_most_time_comes_first() -> None:
    rows = answer("time_breakdown", executions=[run(10, run=10), run(500, wait=400) | {"machine": "slow"}])
    assert picked(rows, "machine", "part")[0] == ("slow", "wait")


def test_what_cloudwatch_counted_as_throttled_stands_beside_and_is_never_subtracted() -> None:
    place = {"machine": "orders", "region": "us-east-1", "account": "111122223333", "subject": "", "period_s": 300}
    counted = [
        place | {"metric": metric, "stat": "Sum", "at": OCTOBER + day * DAY, "value": value}
        for metric, day, value in (
            ("ExecutionThrottled", 0, 7.0),
            ("ExecutionThrottled", 9, 5.0),
            ("ExecutionsStarted", 0, 1.0),
        )
    ]
    records = Records(given={"metrics": pd.DataFrame(counted)})
    rows = answer("time_breakdown", executions=[run(100, run=60, backoff=40)], records=records)
    assert {row["transitions_throttled"] for row in rows} == {7}
    assert picked(rows, "part", "time_ms")[:2] == [("run", 60), ("backoff", 40)]
    none = Records(given={"metrics": pd.DataFrame(counted[2:])})
    assert {
        row["transitions_throttled"] for row in answer("time_breakdown", executions=[run(1, run=1)], records=none)
    } == {0}
    assert {row["transitions_throttled"] for row in answer("time_breakdown", executions=[run(1, run=1)])} == {None}
