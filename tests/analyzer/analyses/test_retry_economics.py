"""What retries cost and bring."""

from __future__ import annotations

import json

from analyzer.definition import parse_definition
from analyzer.registry import MachineKey
from tests.analyzer.rows import TRANSITION_USD, Row, answer, picked

RETRYING = parse_definition(
    json.dumps(
        {
            "StartAt": "Charge",
            "States": {
                "Charge": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::lambda:invoke",
                    "Retry": [{"ErrorEquals": ["Declined"], "MaxAttempts": 2}],
                    "End": True,
                }
            },
        }
    )
)
DEFINITIONS = {MachineKey("111122223333", "us-east-1", "orders"): RETRYING}


def visit(number: int, error: str, *outcomes: str, **more: object) -> list[Row]:
    """A visit with these attempts, retried as long as there is another."""
    return [
        {"execution_id": number, "attempt": n, "outcome": outcome, "visit_error": error, "run_ms": 10}
        | ({"error": error, "handled": "retried" if n < len(outcomes) else "uncaught"} if outcome == "failed" else {})
        | ({"backoff_ms": 100} if n > 1 else {})
        | more
        for n, outcome in enumerate(outcomes, start=1)
    ]


def test_the_yield_of_each_attempt_what_it_took_and_what_to_do() -> None:
    tries = [row for n in range(10) for row in visit(n, "Declined", "failed", "failed", "failed")]
    [row] = answer("retry_economics", executions=[{}], attempts=tries, definitions=DEFINITIONS)
    assert picked([row], "visits", "visits_retried", "visits_recovered", "recovered_share") == [(10, 10, 0, 0.0)]
    assert picked([row], "retries_by_attempt", "recovered_by_attempt", "retries_in_vain") == [("10 10", "0 0", 20)]
    assert picked([row], "retry_ms", "backoff_ms", "saved_ms", "lost_visits") == [(200, 2_000, 2_200, 0)]
    assert row["retry_usd"] == row["saved_usd"] == round(20 * TRANSITION_USD, 12)
    assert (row["verdict"], row["advice"]) == ("never", "0 of 20 such retries succeeded: do not retry it.")
    assert row["retry_now"] == '[{"ErrorEquals": ["Declined"], "MaxAttempts": 2, "BackoffRate": 2}]'
    assert row["retry_suggested"] == '[{"ErrorEquals": ["Declined"], "MaxAttempts": 0}]'


def test_a_transient_error_that_nobody_retries_stands_first() -> None:
    tries = [
        *(row for n in range(25) for row in visit(n, "Busy", "failed", "succeeded")),
        *(row for n in range(25, 30) for row in visit(n, "Lambda.TooManyRequestsException", "failed", state="Rank")),
    ]
    rows = answer("retry_economics", executions=[{}], attempts=tries)
    assert picked(rows, "state", "verdict", "visits_recovered") == [("Rank", "retry", 0), ("Charge", "keep", 25)]
    assert rows[0]["retry_now"] is None


def test_a_container_that_is_retried_repeats_what_is_inside_and_one_that_is_not_has_no_row() -> None:
    both = {"state": "Both", "state_type": "Parallel"}
    tries = [
        *({**row, "event_id": n} for n, row in enumerate(visit(1, "Busy", "failed", "succeeded", **both), start=1)),
        {"execution_id": 1, "parent_id": 1, "event_id": 5},
        {"execution_id": 1, "parent_id": 2, "event_id": 8},
        {"execution_id": 1, "parent_id": 2, "event_id": 9},
        *visit(2, "Busy", "failed", state="Others", state_type="Map"),
    ]
    rows = answer("retry_economics", executions=[{}], attempts=tries)
    assert picked(rows, "state", "repeated_attempts", "repeated_usd") == [("Both", 2, 2 * TRANSITION_USD)]


def test_where_nothing_failed_there_is_nothing_to_advise() -> None:
    assert answer("retry_economics", executions=[{}], attempts=[{}]) == []
