from __future__ import annotations

import json
from typing import Any

import pytest

from collectors.shapes import Execution, Message, Problem, parts_of
from tests.collectors.runs import PLACE, express, history, records

EVENTS = history()
RECORD = records(express("a"))[0]
DESCRIBED = {"executionArn": f"{PLACE}execution:m:e", "status": "SUCCEEDED"}


@pytest.mark.parametrize(
    ("document", "described"),
    [
        ({"events": EVENTS}, {}),
        ({"events": EVENTS, "nextToken": "more"}, {}),
        ({"name": "e", "events": EVENTS}, {"name": "e"}),
        (EVENTS, {}),
        ({"execution": DESCRIBED, "events": EVENTS}, DESCRIBED),
        ({"executionDetails": DESCRIBED, "history": {"events": EVENTS}}, DESCRIBED),
        ({**DESCRIBED, "executionHistory": EVENTS}, DESCRIBED),
    ],
    ids=["cli", "first page", "line", "bare array", "console", "console, nested", "beside its description"],
)
def test_an_execution_is_found_wherever_its_events_stand(document: Any, described: dict[str, Any]) -> None:
    (part,) = parts_of(document)
    assert isinstance(part, Execution)
    assert part.events == EVENTS
    assert described.items() <= part.description.items()


@pytest.mark.parametrize(
    "document",
    [
        RECORD,
        {"logEvent": {"timestamp": 1, "message": json.dumps(RECORD)}},
        {"logEvent": {"message": RECORD}},
        {"timestamp": 1, "message": json.dumps(RECORD)},
        {"events": [{"timestamp": 1, "message": json.dumps(RECORD), "eventId": "3"}], "searchedLogStreams": []},
        {"messageType": "DATA_MESSAGE", "logEvents": [{"id": "3", "message": json.dumps(RECORD)}]},
        [{"message": json.dumps(RECORD)}],
    ],
)
def test_a_log_record_is_found_in_whatever_wraps_it(document: Any) -> None:
    (part,) = parts_of(document)
    assert isinstance(part, Message)
    assert part.content in (RECORD, json.dumps(RECORD))


def test_an_array_of_executions_holds_several() -> None:
    parts = list(parts_of([{"name": "a", "events": EVENTS}, {"name": "b", "events": EVENTS}, {"name": "c"}]))
    assert [type(part) for part in parts] == [Execution, Execution, Problem]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"StartAt": "a", "States": {}}, "this is a definition: give it with --definition"),
        ({"name": "e", "events": []}, "this execution has no events"),
        (DESCRIBED, "this execution has no events"),
        ({"Version": "2012-10-17"}, "this is neither an execution's history nor a log record"),
        (3, "this is neither an execution's history nor a log record"),
        (None, "this is neither an execution's history nor a log record"),
    ],
)
def test_what_is_of_no_use_says_why(document: Any, reason: str) -> None:
    assert list(parts_of(document)) == [Problem(reason)]
