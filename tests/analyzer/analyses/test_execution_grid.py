from __future__ import annotations

from typing import Any

from tests.analyzer.rows import OCTOBER, REDRIVE, answer

FAILED = {"outcome": "failed", "error": "E"}


def cells(attempts: list[dict[str, Any]], executions: list[dict[str, Any]] | None = None) -> dict[tuple[str, str], str]:
    rows = answer(
        "execution_grid",
        executions=executions or [{}],
        attempts=[{"event_id": 3 + n, **row} for n, row in enumerate(attempts)],
    )
    return {(str(row["execution_arn"]), str(row["state"])): str(row["outcome"]) for row in rows}


def test_the_worst_that_a_state_met_is_told() -> None:
    tries: list[dict[str, Any]] = [
        {"state": "fine"},
        {"state": "again", **FAILED, "handled": "retried"},
        {"state": "again", "attempt": 2},
        {"state": "caught", **FAILED, "handled": "retried"},
        {"state": "caught", **FAILED, "handled": "caught", "attempt": 2},
        {"state": "late", "outcome": "timed_out", "handled": "uncaught"},
        {"state": "open", **FAILED},
        {"state": "on", "outcome": "running"},
        {"state": "off", "outcome": "aborted"},
    ]
    told = cells([{"execution_arn": "arn:1", **row} for row in tries])
    assert {state: outcome for (_, state), outcome in told.items()} == {
        "fine": "succeeded",
        "again": "retried",
        "caught": "caught",
        "late": "failed",
        "open": "failed",
        "on": "running",
        "off": "aborted",
    }


def test_visits_and_tries_are_counted_apart_and_a_redrive_is_neither() -> None:
    tries: list[dict[str, Any]] = [
        {"event_id": 4},
        {"event_id": 9, "visit": 2, **FAILED, "handled": "retried"},
        {"event_id": 12, "visit": 2, "attempt": 2, "visit_error": "E"},
        {"event_id": 20, **REDRIVE},
    ]
    [row] = answer("execution_grid", executions=[{}], attempts=tries)
    assert (row["visits"], row["attempts"], row["retries"], row["first_event_id"]) == (2, 3, 1, 4)


def test_only_the_newest_executions_of_each_machine_are_shown() -> None:
    many = [{"started_at": OCTOBER + n} for n in range(502)] + [{"machine": "주문 검증"}]
    tries = [
        {"execution_id": n, "execution_arn": f"arn:{n}", "machine": row.get("machine", "orders")}
        for n, row in enumerate(many, start=1)
    ]
    shown = {arn for arn, _ in cells(tries, many)}
    assert len(shown) == 501
    assert {"arn:503", "arn:502", "arn:3"} <= shown
    assert not {"arn:1", "arn:2"} & shown


def test_nothing_gives_no_rows() -> None:
    assert answer("execution_grid") == []
