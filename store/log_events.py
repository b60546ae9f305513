"""Execution log records of CloudWatch Logs, as the API's events.

A record is one event: `{"id", "type", "details", "previous_event_id", "event_timestamp", "execution_arn",
"redrive_count"?}`, its numbers written as text, its details without the API's wrapper: developer guide, "Logging in
CloudWatch Logs".
"""

from __future__ import annotations

import functools
import operator
from typing import Any, cast

import msgspec

from store.errors import HistoryUnreadableError
from store.events import DETAILS, EVENTS, Details, Event, EventId, Time, UnknownEvent, time_ms

TYPE_CHARS = 200


class LogRecord(msgspec.Struct, gc=False):
    """What every record has; `details` has the type of its event type."""

    execution_arn: str
    id: EventId
    event_timestamp: int
    previous_event_id: int = 0
    redrive_count: int = 0
    details: Any = None


def _record_class(event_type: str, details: type[Details]) -> type[LogRecord]:
    cls = msgspec.defstruct(
        f"{event_type}Record",
        [("details", details | None, None)],
        bases=(LogRecord,),
        tag_field="type",
        tag=event_type,
        gc=False,
    )
    return cast("type[LogRecord]", cls)


_RECORDS = {name: _record_class(name, details) for name, details in DETAILS.items()}
_EVENT_OF = {cls: EVENTS[name] for name, cls in _RECORDS.items()}
_decoder = msgspec.json.Decoder(functools.reduce(operator.or_, list[Any](_RECORDS.values())), strict=False)


def logged(line: bytes | str) -> tuple[str, Event]:
    """The execution's ARN and the event of a record.

    An event of unknown type becomes an `UnknownEvent`. Raises `HistoryUnreadableError` when the line is no record.
    """
    try:
        return _logged(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HistoryUnreadableError(f"this is not JSON: {error}") from error


def logged_together(lines: bytes) -> list[tuple[str, Event]]:
    """`logged` of many lines, when every one is a record of a known type: twice as quick as one by one.

    Best given as many as a processor keeps at hand. Raises `HistoryUnreadableError` when a line is no such record.
    """
    try:
        records = _decoder.decode_lines(lines)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HistoryUnreadableError(f"not every line is a record: {error}") from error
    return [
        (one.execution_arn, _EVENT_OF[one.__class__](one.id, one.previous_event_id, one.event_timestamp, one.details))
        for one in records
    ]


def _logged(line: bytes | str) -> tuple[str, Event]:
    try:
        record = _decoder.decode(line)
    except msgspec.ValidationError:
        return _logged_otherwise(msgspec.json.decode(line))
    event = _EVENT_OF[record.__class__](record.id, record.previous_event_id, record.event_timestamp, record.details)
    return record.execution_arn, event


def _logged_otherwise(record: Any) -> tuple[str, Event]:
    """As `logged`, for a record of unknown type or odd spelling; says what is wrong with one that is none."""
    if not isinstance(record, dict) or not isinstance(record.get("execution_arn"), str):
        raise HistoryUnreadableError("this is no execution log record: it names no execution_arn")
    event_type = str(record.get("type", ""))[:TYPE_CHARS]
    try:
        at = time_ms(msgspec.convert(record.get("event_timestamp", ""), Time))
        known = msgspec.convert({**record, "details": None, "event_timestamp": at}, LogRecord, strict=False)
        details = (
            msgspec.convert(record.get("details"), DETAILS[event_type] | None, strict=False)
            if event_type in DETAILS
            else None
        )
    except msgspec.ValidationError as error:
        raise HistoryUnreadableError(f"record {record.get('id')!r} cannot be read: {error}") from error
    place = known.id, known.previous_event_id, known.event_timestamp
    if event_type in EVENTS:
        return known.execution_arn, EVENTS[event_type](*place, details)
    return known.execution_arn, UnknownEvent(*place, None, event_type)
