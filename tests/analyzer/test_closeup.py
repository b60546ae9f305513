from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzer.closeup import CloseUp, close_up
from analyzer.prices import bundled_prices
from store.events import known_events
from store.executions import ExecutionRow, HistoryRow, save_executions, save_histories
from store.folder import Store, writable_store
from store.histories import packed
from store.machines import MachineRow, machine_saved
from tests.commands.dumps import ARN, FAILED, START, Event, event, tried

MACHINE = MachineRow("arn:aws:states:us-east-1:111122223333:stateMachine:orders", "orders", "STANDARD", "us-east-1")


def kept(store: Store, events: list[Event] | None, name: str = "order-1", status: str = "FAILED") -> str:
    """The ARN of an execution that was saved with this history."""
    machine = machine_saved(store.db, MACHINE, START)
    save_executions(store.db, [ExecutionRow(machine, ARN + name, name, status, START, START + 9_000)])
    if events is not None:
        blob = packed(known_events(events), str)
        save_histories(store.db, [HistoryRow(ARN + name, blob, len(events), events[-1]["id"], START + 9_000, 0)], START)
    return ARN + name


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with writable_store(tmp_path) as store:
        yield store


def found(store: Store, arn: str) -> CloseUp:
    close = close_up(store, arn, bundled_prices())
    assert close is not None
    return close


def causes(store: Store, events: list[Event]) -> dict[tuple[str, int], str]:
    """The cause of each failed attempt by its state and number."""
    close = found(store, kept(store, events))
    named = {row["event_id"]: (row["state"], row["attempt"]) for row in close.attempts}
    return {named[event_id]: cause for event_id, cause in close.causes.items()}


def test_an_execution_that_is_not_there_is_none(store: Store) -> None:
    assert close_up(store, "arn:nope", bundled_prices()) is None


def test_one_without_a_history_has_its_row_and_no_attempts(store: Store) -> None:
    close = found(store, kept(store, None))
    assert (close.execution["completeness"], close.attempts, close.causes, close.cause) == ("missing", [], {}, "")


def test_its_rows_are_those_of_the_facts_by_event(store: Store) -> None:
    close = found(store, kept(store, FAILED))
    assert (close.execution["transitions"], close.execution["root_state"]) == (4, "Charge")
    assert [(row["state"], row["attempt"]) for row in close.attempts] == [
        ("Validate", 1), ("Charge", 1), ("Charge", 2), ("Order failed", 1),
    ]  # fmt: skip
    assert close.cause == "the order failed\nat line 2"


def test_a_cause_belongs_to_the_try_that_it_ended(store: Store) -> None:
    events = [
        event(1, 0, 0, "ExecutionStarted"),
        event(2, 0, 1, "TaskStateEntered", name="Charge"),
        *tried(3, 2, 1, 10, "TaskFailed", error="E", cause="first"),
        *tried(6, 5, 100, 10, "TaskFailed", error="E", cause="second"),
        event(9, 8, 110, "ExecutionFailed", error="E", cause="second"),
    ]
    assert causes(store, events) == {("Charge", 1): "first", ("Charge", 2): "second"}


def test_a_state_without_a_failing_event_has_the_cause_of_the_end(store: Store) -> None:
    cause = "An error occurred while executing the state 'Pick' (entered at the event id #2). Invalid path"
    events = [
        event(1, 0, 0, "ExecutionStarted"),
        event(2, 0, 1, "ChoiceStateEntered", name="Pick"),
        event(3, 0, 2, "ExecutionFailed", error="States.Runtime", cause=cause),
    ]
    assert causes(store, events) == {("Pick", 1): cause}


def test_failures_at_the_same_moment_are_told_apart_by_what_led_to_them(store: Store) -> None:
    events = [
        event(1, 0, 0, "ExecutionStarted"),
        event(2, 0, 1, "ParallelStateEntered", name="Both"),
        event(3, 2, 1, "ParallelStateStarted"),
        event(4, 3, 1, "TaskStateEntered", name="A"),
        event(5, 3, 1, "TaskStateEntered", name="B"),
        event(6, 4, 1, "TaskScheduled", resourceType="lambda", resource="invoke"),
        event(7, 5, 1, "TaskScheduled", resourceType="lambda", resource="invoke"),
        event(8, 7, 9, "TaskFailed", error="E", cause="of B"),
        event(9, 6, 9, "TaskFailed", error="E", cause="of A"),
        event(10, 8, 9, "ParallelStateFailed"),
        event(11, 10, 9, "ExecutionFailed", error="E", cause="of B"),
    ]
    told = causes(store, events)
    assert (told["A", 1], told["B", 1]) == ("of A", "of B")
