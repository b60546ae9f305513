"""What accounts used of what AWS allows, as CloudWatch counted it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analyzer.frames import frame_from
from store.records import record_named
from tests.analyzer.rows import answer

COLUMNS = record_named("metrics").columns


def points(*rows: tuple[str, str, int, float], machine: str = "") -> dict[str, pd.DataFrame]:
    """Values of (metric, subject, time, value)."""
    shared: dict[str, Any] = {"machine": machine, "region": "us-east-1", "account": "111122223333", "period_s": 3_600}
    named = [shared | dict(zip(("metric", "subject", "at", "value"), row, strict=True)) for row in rows]
    return {"metrics": frame_from([tuple(one.get(column.name) for column in COLUMNS) for one in named], COLUMNS)}


def test_the_highest_count_stands_against_the_limit_of_today() -> None:
    counted = [("OpenExecutionCount", "", 1, 250.0), ("OpenExecutionCount", "", 2, 100.0)]
    limits = [("OpenExecutionLimit", "", 1, 2_000.0), ("OpenExecutionLimit", "", 2, 1_000.0)]
    [row] = answer("limits", records=points(*counted, *limits))
    assert (row["subject"], row["used_max"], row["allowed_max"]) == ("open executions", 250, 1_000)
    assert row["used_share"] == pytest.approx(0.25)
    assert (row["consumed"], row["throttled"]) == (None, None)


def test_what_is_let_through_and_put_off_is_added_up_by_subject() -> None:
    flows = [
        ("ConsumedCapacity", "StateTransition", 1, 10.0),
        ("ConsumedCapacity", "StateTransition", 2, 5.0),
        ("ThrottledEvents", "StateTransition", 2, 2.0),
        ("ConsumedCapacity", "ListExecutions", 2, 3.0),
    ]
    rows = answer("limits", records=points(*flows))
    assert [(row["subject"], row["consumed"], row["throttled"]) for row in rows] == [
        ("ListExecutions", 3, None),
        ("StateTransition", 15, 2),
    ]


def test_what_a_machine_used_is_not_the_accounts() -> None:
    assert answer("limits", records=points(("ConsumedCapacity", "StateTransition", 1, 1.0), machine="orders")) == []


def test_without_metrics_there_is_nothing_to_say() -> None:
    assert answer("limits") == []
