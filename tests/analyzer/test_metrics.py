from __future__ import annotations

import pandas as pd

from analyzer.metrics import latest, points, throttled

PLACE = {"machine": "orders", "region": "us-east-1", "account": "1", "subject": "", "period_s": 60}
METRICS = pd.DataFrame(
    [
        PLACE | {"metric": "ExecutionThrottled", "stat": "Sum", "at": 0, "value": 3.0},
        PLACE | {"metric": "ExecutionThrottled", "stat": "Sum", "at": 900_000, "value": 4.0},
        PLACE | {"metric": "ExecutionsStarted", "stat": "Sum", "at": 0, "value": 9.0, "machine": "quiet"},
        PLACE | {"metric": "OpenExecutionLimit", "stat": "Maximum", "at": 0, "value": 1.0, "machine": None},
        PLACE | {"metric": "OpenExecutionLimit", "stat": "Maximum", "at": 60_000, "value": 2.0, "machine": None},
    ]
)


def test_points_of_one_metric() -> None:
    assert list(points(METRICS, "ExecutionThrottled", "Sum")["value"]) == [3.0, 4.0]
    assert points(METRICS, "ExecutionThrottled", "Maximum").empty


def test_throttling_counts_in_the_span_of_a_machine_and_is_0_where_others_have_points() -> None:
    machines = [{"machine": name, "region": "us-east-1", "account": "1"} for name in ("orders", "quiet")]
    spans = pd.DataFrame([row | {"first_at": 30_000, "last_at": 60_000} for row in machines])
    counted = throttled(METRICS, spans)
    assert counted["orders", "us-east-1", "1"] == 3
    assert counted["quiet", "us-east-1", "1"] == 0
    assert ("other", "us-east-1", "1") not in counted.index


def test_the_newest_value_of_an_account() -> None:
    assert latest(METRICS, "OpenExecutionLimit", "Maximum") == {("us-east-1", "1"): 2.0}
