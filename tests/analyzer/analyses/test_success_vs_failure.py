from __future__ import annotations

from tests.analyzer.rows import Row, answer, picked


def run(number: int, status: str, *states: str, **cells: object) -> tuple[Row, list[Row]]:
    tries = [{"execution_id": number, "execution_status": status, "state": state, **cells} for state in states]
    return {"execution_id": number, "status": status}, tries


def test_what_failures_reach_more_often_comes_first() -> None:
    runs = [run(1, "SUCCEEDED", "A", "B"), run(2, "SUCCEEDED", "A", "B"), run(3, "FAILED", "A", "Alert", run_ms=900)]
    rows = answer(
        "success_vs_failure",
        executions=[execution for execution, _ in runs],
        attempts=[row for _, rows in runs for row in rows],
    )
    assert picked(rows, "state", "succeeded_reached_rate", "failed_reached_rate", "reached_difference_rate") == [
        ("Alert", 0.0, 1.0, 1.0),
        ("B", 1.0, 0.0, -1.0),
        ("A", 1.0, 1.0, 0.0),
    ]
    assert picked(rows, "succeeded_run_p50_ms", "failed_run_p50_ms")[2] == (500.0, 900.0)
    assert picked(rows, "executions_succeeded", "executions_failed")[0] == (2, 1)


def test_a_machine_that_only_succeeds_has_nothing_to_compare() -> None:
    execution, tries = run(1, "SUCCEEDED", "A")
    assert answer("success_vs_failure", executions=[execution], attempts=tries) == []


def test_a_loop_reaches_a_state_once() -> None:
    runs = [run(1, "SUCCEEDED", "A"), run(2, "FAILED", "A")]
    again = {"execution_id": 2, "execution_status": "FAILED", "state": "A", "visit": 2}
    [row] = answer(
        "success_vs_failure",
        executions=[execution for execution, _ in runs],
        attempts=[*(row for _, rows in runs for row in rows), again],
    )
    assert row["failed_reached_rate"] == 1.0
