"""What a JSON document from a file holds: executions, log records, or neither.

Told from the content: no name of a file and no option says what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

Document = Any


class Execution(NamedTuple):
    """A document that holds an execution: its description, and its events in the API's spelling."""

    description: dict[str, Any]
    events: list[Any]


class Message(NamedTuple):
    """The text of a log event, or the record that it is."""

    content: Any


class Problem(NamedTuple):
    """Why a document, or part of it, is of no use."""

    reason: str


Part = Execution | Message | Problem

TOLD_BY = frozenset({"events", "execution_arn", "logEvent", "logEvents", "message"})
"""Members by which a line of a file is known to stand for itself."""


def parts_of(document: Document) -> Iterator[Part]:
    """Everything that a document holds, in its order."""
    if isinstance(document, list):
        yield from _parts_of_list(document)
    elif isinstance(document, dict):
        yield from _parts_of_object(document)
    else:
        yield Problem("this is neither an execution's history nor a log record")


def _parts_of_list(items: list[Any]) -> Iterator[Part]:
    if items and all(map(_is_event, items)):
        yield Execution({}, items)
        return
    for item in items:
        yield from parts_of(item)


def _parts_of_object(document: dict[str, Any]) -> Iterator[Part]:
    if "execution_arn" in document:
        yield Message(document)
    elif "logEvent" in document:
        yield from parts_of(document["logEvent"])
    elif isinstance(document.get("logEvents"), list):
        yield from _parts_of_list(document["logEvents"])
    elif "message" in document:
        yield Message(document["message"])
    else:
        yield from _execution_of(document)


def _execution_of(document: dict[str, Any]) -> Iterator[Part]:
    """The execution in an answer of GetExecutionHistory, in a line with more about it, or in a console's export."""
    events = document.get("events")
    if isinstance(events, list) and any(isinstance(item, dict) and "message" in item for item in events):
        yield from _parts_of_list(events)  # what `aws logs filter-log-events` prints
    elif isinstance(events, list) and events:
        yield Execution({**_described(document), **document}, events)
    else:
        yield from _nested(document)


def _nested(document: dict[str, Any]) -> Iterator[Part]:
    """A history that stands one level deeper, beside the execution's description."""
    for value in document.values():
        events = value.get("events") if isinstance(value, dict) else value
        if isinstance(events, list) and events and all(map(_is_event, events)):
            yield Execution({**_described(document), **document}, events)
            return
    yield Problem(_reason(document))


def _described(document: dict[str, Any]) -> dict[str, Any]:
    """An answer of DescribeExecution that stands among the members."""
    nested = (value for value in document.values() if isinstance(value, dict) and "executionArn" in value)
    return next(nested, {})


def _is_event(item: Any) -> bool:
    return isinstance(item, dict) and "type" in item and "id" in item and "execution_arn" not in item


def _reason(document: dict[str, Any]) -> str:
    if "StartAt" in document and "States" in document:
        return "this is a definition: give it with --definition"
    if "events" in document or "executionArn" in document:
        return "this execution has no events"
    return "this is neither an execution's history nor a log record"
