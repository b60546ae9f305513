from __future__ import annotations

from pathlib import Path

from dashboard.evidence import causes_of, evidence
from store.events import known_events
from store.executions import ExecutionRow, save_executions
from store.folder import writable_store
from tests.dashboard.stores import HOSTILE, HOSTILE_CAUSE, HOSTILE_ERROR, NOW, ORDERS, arn_of, failed, filled_store


def test_an_execution_comes_with_its_attempts_and_causes(filled: Path) -> None:
    found = evidence(filled, arn_of(ORDERS, 2))
    assert found is not None
    assert found.row is not None
    assert (found.machine.name, found.row["status"], found.row["retries"]) == (ORDERS, "FAILED", 1)
    assert found.attempts["state"].tolist() == ["주문 검증", "Charge", "Charge"]
    assert [(cause.error, cause.times) for cause in found.causes] == [("PaymentTimeout", 1), ("CardDeclined", 2)]


def test_a_cause_is_kept_as_it_is(filled: Path) -> None:
    found = evidence(filled, arn_of(HOSTILE, 1))
    assert found is not None
    assert [(cause.error, cause.cause) for cause in found.causes] == [(HOSTILE_ERROR, HOSTILE_CAUSE)]


def test_a_running_execution_has_a_row_and_no_attempts(filled: Path) -> None:
    found = evidence(filled, arn_of(ORDERS, 20))
    assert found is not None
    assert found.row is not None
    assert found.row["completeness"] == "running"
    assert found.attempts.empty
    assert found.causes == []


def test_nobody_of_that_name(filled: Path) -> None:
    assert evidence(filled, "arn:nobody") is None


def test_what_came_after_the_last_fold_has_no_row(tmp_path: Path) -> None:
    folder = filled_store(tmp_path / "store")
    with writable_store(folder) as store:
        save_executions(store.db, [ExecutionRow(1, "arn:new", "new", "SUCCEEDED", NOW, NOW + 5)])
    found = evidence(folder, "arn:new")
    assert found is not None
    assert found.row is None
    assert found.attempts.empty


def test_an_error_is_told_once_with_the_first_cause_it_has() -> None:
    script = failed(0)
    failure = next(
        event for event in script.events if event.get("taskFailedEventDetails", {}).get("error") == "CardDeclined"
    )
    del failure["taskFailedEventDetails"]["cause"]
    [*_, last] = causes_of(known_events(script.events))
    assert (last.error, last.cause, last.times) == ("CardDeclined", "the card was declined", 2)
