"""Executions as the API tells them, small enough to be worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

START = 1_790_812_800_000
"""2026-10-01T00:00:00Z"""

ARN = "arn:aws:states:us-east-1:111122223333:execution:orders:"
LAMBDA = {"resourceType": "lambda", "resource": "invoke"}

Event = dict[str, Any]


def event(number: int, before: int, at: int, kind: str, **details: Any) -> Event:
    """An event `at` milliseconds after the start; its details have the name that the API gives them."""
    if kind.endswith("StateEntered"):
        member = "stateEnteredEventDetails"
    elif kind.endswith("StateExited"):
        member = "stateExitedEventDetails"
    else:
        member = f"{kind[0].lower()}{kind[1:]}EventDetails"
    told: Event = {"id": number, "previousEventId": before, "timestamp": (START + at) / 1_000, "type": kind}
    return told | ({member: details} if details else {})


def tried(first: int, before: int, at: int, took: int, ending: str, **details: Any) -> list[Event]:
    """Three events of a try that began `at` and ended after `took`: scheduled, started 5 ms later, ended."""
    return [
        event(first, before, at, "TaskScheduled", **LAMBDA),
        event(first + 1, first, at + 5, "TaskStarted", **LAMBDA),
        event(first + 2, first + 1, at + took, ending, **details),
    ]


# A retried timeout, then a failure that is caught, and an end in a Fail state.
FAILED = [
    event(1, 0, 0, "ExecutionStarted"),
    event(2, 0, 10, "TaskStateEntered", name="Validate"),
    *tried(3, 2, 10, 100, "TaskSucceeded"),
    event(6, 5, 110, "TaskStateExited", name="Validate"),
    event(7, 6, 110, "TaskStateEntered", name="Charge"),
    *tried(8, 7, 110, 3_000, "TaskTimedOut", error="States.Timeout"),
    *tried(11, 10, 5_110, 70, "TaskFailed", error="CardDeclined", cause='{"errorMessage": "no [bold]money[/bold]"}'),
    event(14, 13, 5_180, "TaskStateExited", name="Charge"),
    event(15, 14, 5_180, "FailStateEntered", name="Order failed"),
    event(16, 15, 5_180, "ExecutionFailed", error="OrderFailed", cause="the order failed\nat line 2"),
]
SUCCEEDED = [*FAILED[:6], event(7, 6, 110, "ExecutionSucceeded")]


def dump(name: str, events: list[Event], arn: str = ARN) -> Event:
    """A line of an import."""
    return {"name": name, "executionArn": arn + name, "events": events}


DUMPS = [dump("order-1", SUCCEEDED), dump("order-2", FAILED)]


def written(folder: Path, *dumps: Event) -> Path:
    """A file of such lines."""
    path = folder / "runs.ndjson"
    path.write_text("".join(f"{json.dumps(one)}\n" for one in dumps or DUMPS))
    return path
