"""The executions behind issues."""

from __future__ import annotations

from tests.analyzer.rows import DAY, OCTOBER, Row, answer, picked

ARN = "arn:aws:states:us-east-1:1:execution:orders:1"
FAILED: Row = {"outcome": "failed", "error": "Declined", "execution_status": "FAILED", "execution_arn": ARN}


def test_each_issue_with_the_executions_in_which_it_happened() -> None:
    tries = [
        {**FAILED, "handled": "uncaught", "is_root": True, "run_ms": 30, "ended_at": OCTOBER + 90},
        {**FAILED, "handled": "caught", "error": "Other", "execution_id": 2, "ended_at": OCTOBER + 70},
    ]
    rows = answer("issue_executions", executions=[{"status": "FAILED"}, {}], attempts=tries, now_ms=OCTOBER + DAY)
    assert picked(rows, "error", "outcome", "attempts", "tried_ms", "last_failed_at") == [
        ("Declined", "ended", 1, 30, OCTOBER + 90),
        ("Other", "caught", 1, 500, OCTOBER + 70),
    ]
    assert picked(rows, "redrive_until_at") == [(OCTOBER + 1_000 + 14 * DAY,), (None,)]
    assert rows[0]["redrive_command"] == (
        f"aws stepfunctions redrive-execution --execution-arn {ARN} --region us-east-1"
    )
    assert rows[1]["redrive_command"] is None


def test_without_failures_there_is_none() -> None:
    assert answer("issue_executions", executions=[{}], attempts=[{}]) == []
