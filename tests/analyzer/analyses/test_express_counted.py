"""Executions that were counted without being read."""

from __future__ import annotations

from analyzer.frames import frame_from
from store.records import record_named
from tests.analyzer.rows import DAY, OCTOBER, answer, picked

COLUMNS = record_named("log_days").columns
PLACE = ("fast", "us-east-1", "111122223333")


def test_days_are_told_with_their_mean() -> None:
    rows = [
        (*PLACE, OCTOBER + DAY, "FAILED", 0, 0, 0, 0, 0, 0),
        (*PLACE, OCTOBER, "SUCCEEDED", 4, 1_000, 200, 300, 400, 500),
    ]
    found = answer("express_counted", records={"log_days": frame_from(rows, COLUMNS)})
    assert picked(found, "day_at", "machine", "status", "executions", "duration_mean_ms", "duration_p95_ms") == [
        (OCTOBER, "fast", "SUCCEEDED", 4, 250, 300),
        (OCTOBER + DAY, "fast", "FAILED", 0, None, 0),
    ]


def test_nothing_counted_is_nothing_told() -> None:
    assert answer("express_counted", records={"log_days": frame_from([], COLUMNS)}) == []
