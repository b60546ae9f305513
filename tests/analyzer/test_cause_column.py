from __future__ import annotations

from typing import Any

from analyzer.charges import Tariff
from analyzer.context import Context
from analyzer.prices import bundled_prices
from analyzer.tables import fact_tables
from store.events import known_events
from store.executions import Kept
from store.histories import packed
from store.machines import Machine

ORDERS = Machine(1, "arn:1", "orders", "STANDARD", "us-east-1", "123456789012")
Event = dict[str, Any]


def event(number: int, before: int, kind: str, details: Event | None = None) -> Event:
    name = "stateEnteredEventDetails" if kind.endswith("StateEntered") else f"{kind[0].lower()}{kind[1:]}EventDetails"
    return {"id": number, "previousEventId": before, "timestamp": 1.0 + number, "type": kind, name: details or {}}


def failed_twice(first: str | None, second: str | None) -> list[Event]:
    """Charge fails, is retried and fails for good."""
    return [
        event(1, 0, "ExecutionStarted"),
        event(2, 0, "TaskStateEntered", {"name": "Charge"}),
        event(3, 2, "TaskScheduled", {"resourceType": "lambda", "resource": "invoke"}),
        event(4, 3, "TaskFailed", {"error": "Declined", "cause": first}),
        event(5, 4, "TaskScheduled", {"resourceType": "lambda", "resource": "invoke"}),
        event(6, 5, "TaskFailed", {"error": "Declined", "cause": second}),
        event(7, 6, "ExecutionFailed", {"error": "Declined", "cause": second}),
    ]


def ended_in_fail(cause: str) -> list[Event]:
    return [
        event(1, 0, "ExecutionStarted"),
        event(2, 0, "FailStateEntered", {"name": "Give up"}),
        event(3, 2, "ExecutionFailed", {"error": "NoStock", "cause": cause}),
    ]


def causes(*histories: list[Event]) -> list[tuple[int, str | None]]:
    kept = [
        Kept(
            n,
            1,
            f"arn:{n}",
            "FAILED",
            None,
            None,
            0,
            None,
            None,
            None,
            None,
            None,
            "file",
            None,
            packed(known_events(h), str),
        )
        for n, h in enumerate(histories, 1)
    ]
    rows = fact_tables(Context([ORDERS], []), Tariff(bundled_prices()), kept, {})["attempts"].to_pylist()
    return [(row["execution_id"], row["cause"]) for row in rows]


def test_each_execution_of_one_structure_has_the_causes_of_its_own_tries() -> None:
    assert causes(failed_twice("card 4 is blocked", "bank 7 is closed"), failed_twice("no card", None)) == [
        (1, "card <n> is blocked"),
        (1, "bank <n> is closed"),
        (2, "no card"),
        (2, None),
    ]


def test_the_cause_of_a_fail_state_stands_on_the_end_of_the_run() -> None:
    assert causes(ended_in_fail("item 12 is sold out")) == [(1, "item <n> is sold out")]


def test_what_gave_no_cause_has_none() -> None:
    assert causes(failed_twice(None, None)) == [(1, None), (1, None)]
