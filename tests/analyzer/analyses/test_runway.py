from __future__ import annotations

from typing import Any

import pandas as pd

from analyzer.records import Records
from tests.analyzer.rows import DAY, OCTOBER, answer

NOW = OCTOBER + 20 * DAY


def test_the_longest_history_against_25_000_events() -> None:
    rows = answer("runway", executions=[{"events": 21_000}, {"events": 12}], now_ms=NOW)
    [row] = [row for row in rows if row["limit_name"] == "history_events"]
    assert (row["level"], row["used"], row["used_share"], row["executions"]) == ("warning", 21_000.0, 0.84, 2)


def test_histories_that_grow_from_day_to_day_have_a_day_to_come() -> None:
    runs = [{"started_at": OCTOBER + day * DAY, "events": 1_000 * (day + 1)} for day in range(10)]
    [row] = [row for row in answer("runway", executions=runs, now_ms=NOW) if row["limit_name"] == "history_events"]
    assert row["reached_at"] == OCTOBER + 24 * DAY


def test_an_express_execution_has_five_minutes() -> None:
    [row] = answer("runway", executions=[{"type": "EXPRESS", "duration_ms": 280_000}], now_ms=NOW)
    assert (row["limit_name"], row["level"], row["limit"]) == ("express_duration_ms", "critical", 300_000.0)


def test_the_failure_whose_redrive_expires_next() -> None:
    failed = [{"status": "FAILED", "stopped_at": NOW - days * DAY} for days in (3, 13, 15)]
    rows = answer("runway", executions=failed, now_ms=NOW)
    [row] = [row for row in rows if row["limit_name"] == "redrive_expiry_days"]
    assert (row["level"], row["used"], row["executions"], row["reached_at"]) == ("critical", 13.0, 2, NOW + DAY)


def test_the_history_that_expires_next_and_is_not_in_the_store() -> None:
    runs = [{"completeness": kind, "stopped_at": NOW - 80 * DAY} for kind in ("missing", "complete")]
    rows = answer("runway", executions=runs, now_ms=NOW)
    [row] = [row for row in rows if row["limit_name"] == "history_expiry_days"]
    assert (row["level"], row["used"], row["executions"], row["reached_at"]) == ("warning", 80.0, 1, NOW + 10 * DAY)


def test_the_busiest_minute_of_an_account() -> None:
    tries = [{"entered_at": OCTOBER + second * 1_000} for second in (0, 10, 59, 60)]
    rows = answer("runway", executions=[{"status": "RUNNING", "stopped_at": None}], attempts=tries, now_ms=NOW)
    of_account = {row["limit_name"]: row["used"] for row in rows if row["machine"] is None}
    assert of_account == {"transitions_per_minute": 3.0, "starts_per_minute": 1.0, "open_executions": 1.0}


def point(metric: str, value: float, stat: str = "Maximum", subject: str = "", day: int = 0) -> dict[str, Any]:
    place = {"machine": "", "region": "us-east-1", "account": "111122223333", "subject": subject}
    return place | {"metric": metric, "stat": stat, "at": OCTOBER + day * DAY, "period_s": 60, "value": value}


def measured(*points: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    records = Records(given={"metrics": pd.DataFrame(list(points))})
    rows = answer("runway", executions=[{"status": "RUNNING"}], now_ms=NOW, records=records)
    return {row["limit_name"]: (row["used"], row["limit"], row["level"], row["reached_at"]) for row in rows}


def test_what_is_open_is_told_by_cloudwatch_where_it_was_asked() -> None:
    growing = [point("OpenExecutionCount", 100_000.0 * (day + 1), day=day) for day in range(8)]
    rows = measured(*growing, point("OpenExecutionLimit", 1_000_000.0), point("ApproximateOpenMapRunCount", 950.0))
    assert rows["open_executions"] == (800_000.0, 1_000_000.0, "warning", OCTOBER + 9 * DAY)
    assert rows["open_map_runs"] == (950.0, 1_000.0, "critical", None)


def test_calls_by_second_in_the_busiest_period() -> None:
    rows = measured(*(point("ConsumedCapacity", calls, "Sum", "ListExecutions") for calls in (60.0, 420.0)))
    # Five a second, and a bucket of 200 over one minute.
    assert rows["ListExecutions_per_second"] == (7.0, 8.333333333333, "warning", None)
