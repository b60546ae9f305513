"""The attempts leave as they are, without what is internal."""

from __future__ import annotations

from store.schema import ATTEMPTS
from tests.analyzer.rows import REDRIVE, Row, answer, picked


def test_every_attempt_and_every_redrive_leaves_with_the_exported_columns() -> None:
    rows = answer("attempts", attempts=[{"state": "재고 확인", "event_id": 2}, REDRIVE])
    assert list(rows[0]) == [column.name for column in ATTEMPTS if column.exported]
    assert picked(rows, "state", "event_id", "attempt") == [("재고 확인", 2, 1), ("(redrive)", None, None)]


def test_conditions_on_the_execution_keep_its_attempts() -> None:
    runs: list[Row] = [{"alias": "live"}, {"alias": "canary"}]
    tries: list[Row] = [
        {"execution_id": 1, "state": "A"},
        {"execution_id": 2, "state": "B"},
        {"execution_id": 2, "state": "C"},
    ]
    kept = answer("attempts", executions=runs, attempts=tries, where=["alias=canary", "state!=C"])
    assert [row["state"] for row in kept] == ["B"]
