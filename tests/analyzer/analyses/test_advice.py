"""What could be better about each machine."""

from __future__ import annotations

from tests.analyzer.advice.hinted import LAMBDA, facts
from tests.analyzer.rows import answer, picked

REFUSED = {
    "outcome": "failed",
    "error": "Lambda.TooManyRequestsException",
    "is_root": True,
    "execution_status": "FAILED",
}


def test_what_loses_executions_stands_first_and_what_has_no_evidence_last() -> None:
    definitions = facts({"Charge": LAMBDA}).definitions
    rows = answer("advice", executions=[{"status": "FAILED"}], attempts=[REFUSED], definitions=definitions)
    assert picked(rows, "rule", "severity", "state", "occurrences") == [
        ("lambda_errors_unretried", "high", "Charge", 1),
        ("no_catch", "medium", "Charge", 1),
        ("no_timeout", "info", "Charge", 0),
    ]
    assert rows[0]["evidence"].startswith("1 attempt of 1 failed")
    assert rows[0]["question"] == "Are errors of the Lambda service retried?"


def test_a_machine_without_failures_has_nothing_above_info() -> None:
    definitions = facts({"Charge": LAMBDA}).definitions
    rows = answer("advice", executions=[{}], attempts=[{}], definitions=definitions)
    assert {row["severity"] for row in rows} == {"info"}
