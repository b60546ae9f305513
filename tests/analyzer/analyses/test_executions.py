"""The executions leave as they are, without what is internal."""

from __future__ import annotations

from store.schema import EXECUTIONS
from tests.analyzer.rows import OCTOBER, Row, answer


def test_every_execution_leaves_with_the_exported_columns() -> None:
    runs: list[Row] = [{"started_at": OCTOBER}, {"status": "RUNNING", "stopped_at": None, "cost_usd": 0.0000011042}]
    first, second = answer("executions", executions=runs)
    assert list(first) == [column.name for column in EXECUTIONS if column.exported]
    assert (first["execution_arn"], first["started_at"]) == ("arn:1", OCTOBER)
    assert (second["status"], second["stopped_at"], second["cost_usd"]) == ("RUNNING", None, 0.0000011042)


def test_conditions_keep_rows() -> None:
    runs: list[Row] = [{"status": "FAILED"}, {"status": "FAILED", "error": "CardDeclined"}, {}]
    kept = answer("executions", executions=runs, where=["status=FAILED", "error!=CardDeclined"])
    assert [row["execution_arn"] for row in kept] == ["arn:1"]
