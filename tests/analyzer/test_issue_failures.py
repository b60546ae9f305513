from __future__ import annotations

from typing import Any

from analyzer.issue_failures import issue_failures, issue_id
from analyzer.registry import Facts
from tests.analyzer.rows import Row, attempts, executions, on_duckdb, on_pandas, picked

FAILED: Row = {"outcome": "failed", "error": "Declined", "cause": "card <n> declined"}


def named(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): cell for name, cell in row.items()}


def failures(tries: list[Row], runs: list[Row]) -> list[dict[str, Any]]:
    found = [issue_failures(Facts(on(executions(runs)), on(attempts(tries)))) for on in (on_pandas, on_duckdb)]
    rows = [
        sorted(map(named, frame.astype(object).where(frame.notna(), None).to_dict("records")), key=str)
        for frame in found
    ]
    assert rows[0] == rows[1]
    return rows[0]


def test_of_a_failure_in_containers_only_the_innermost_counts() -> None:
    tries = [
        {**FAILED, "is_root": True, "handled": "uncaught", "execution_status": "FAILED"},
        {**FAILED, "state": "Both", "state_type": "Parallel", "handled": "uncaught", "execution_status": "FAILED"},
        {**FAILED, "state": "Give up", "state_type": "Fail", "is_terminal": True, "execution_status": "FAILED"},
    ]
    rows = failures(tries, [{"status": "FAILED", "duration_ms": 700, "cost_usd": 0.5}])
    assert picked(rows, "state", "outcome", "attempts", "run_ms", "run_usd") == [("Charge", "ended", 1, 700, 0.5)]


def test_a_fail_state_and_a_distributed_map_that_are_the_root_count() -> None:
    tries = [
        {**FAILED, "state_type": "Fail", "is_root": True, "execution_status": "FAILED"},
        {**FAILED, "state_type": "Map", "is_root": True, "execution_status": "FAILED", "execution_id": 2},
    ]
    assert [row["outcome"] for row in failures(tries, [{"status": "FAILED"}] * 2)] == ["ended", "ended"]


def test_retries_of_one_execution_are_one_row_and_what_was_lost_of_a_success_is_its_failed_attempts() -> None:
    tries = [{**FAILED, "handled": "retried", "run_ms": 30, "queue_ms": 5}] * 2 + [{"attempt": 3}]
    [row] = failures(tries, [{}])
    assert (row["outcome"], row["attempts"], row["tried_ms"], row["run_ms"]) == ("retried", 2, 70, None)


def test_one_that_was_retried_and_then_caught_is_caught() -> None:
    tries = [{**FAILED, "handled": "retried"}, {**FAILED, "handled": "caught", "attempt": 2}]
    assert [row["outcome"] for row in failures(tries, [{}])] == ["caught"]


def test_an_execution_that_timed_out_as_a_whole_counts_for_the_state_it_was_in() -> None:
    run = {"status": "TIMED_OUT", "error": "States.Timeout", "last_state": "Wait for bank", "root_state": None}
    rows = failures([{"outcome": "aborted"}], [run])
    assert picked(rows, "state", "error", "cause", "outcome", "attempts") == [
        ("Wait for bank", "States.Timeout", None, "ended", 0)
    ]


def test_an_id_is_of_machine_state_error_and_cause_and_of_nothing_else() -> None:
    parts = ("orders", "us-east-1", "111122223333", "Charge", "Declined", "card <n> declined")
    assert issue_id(*parts) == issue_id(*parts)
    assert len({issue_id(*parts[:n], "other", *parts[n + 1 :]) for n in range(6)} | {issue_id(*parts)}) == 7
