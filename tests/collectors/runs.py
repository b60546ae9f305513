"""Histories as AWS writes them, in every spelling, for tests that read files."""

from __future__ import annotations

import json
from typing import Any

PLACE = "arn:aws:states:eu-west-1:123456789012:"
SECOND = 1_767_225_600
"""2026-01-01, in seconds."""


def iso(second: float) -> str:
    """A time as the AWS CLI prints it."""
    minutes, seconds = divmod(second, 60)
    return f"2026-01-01T00:{int(minutes):02d}:{int(seconds):02d}.{round(seconds % 1 * 1000):03d}000+00:00"


def history(
    name: str = "결제", end: str = "ExecutionSucceeded", begin: float = 0, cause: str = ""
) -> list[dict[str, Any]]:
    """A Task that was tried once, as the AWS CLI prints it: seven events, a tenth of a second apart."""
    kinds: list[tuple[str, str, dict[str, Any]]] = [
        ("ExecutionStarted", "executionStartedEventDetails", {"input": '{"card": "4111"}', "roleArn": "r"}),
        ("TaskStateEntered", "stateEnteredEventDetails", {"name": name, "input": "{}"}),
        ("TaskScheduled", "taskScheduledEventDetails", {"resourceType": "lambda", "resource": "invoke"}),
        ("TaskStarted", "taskStartedEventDetails", {"resourceType": "lambda", "resource": "invoke"}),
        (
            "TaskSucceeded",
            "taskSucceededEventDetails",
            {"resourceType": "lambda", "resource": "invoke", "output": "{}"},
        ),
        ("TaskStateExited", "stateExitedEventDetails", {"name": name}),
        (end, f"e{end[1:]}EventDetails", {"cause": cause} if cause else {}),
    ]
    return [
        {"timestamp": iso(begin + place / 10), "type": kind, "id": place + 1, "previousEventId": place, key: details}
        for place, (kind, key, details) in enumerate(kinds)
    ]


def line(name: str, **members: Any) -> str:
    """A line of NDJSON: one execution."""
    return json.dumps({"name": name, "events": history(), **members}, ensure_ascii=False)


def records(arn: str, events: list[dict[str, Any]] | None = None, begin: int = 0) -> list[dict[str, Any]]:
    """The log records of an execution, as CloudWatch Logs has them."""
    return [
        {
            "id": str(event["id"]),
            "type": event["type"],
            "details": next((value for key, value in event.items() if key.endswith("EventDetails")), {}),
            "previous_event_id": str(event["previousEventId"]),
            "event_timestamp": str((SECOND + begin) * 1000 + 100 * event["id"]),
            "execution_arn": arn,
            "redrive_count": "0",
        }
        for event in events or history()
    ]


def express(name: str, machine: str = "checkout") -> str:
    """The ARN of an Express execution."""
    return f"{PLACE}express:{machine}:{name}:5f0c-{name}"
