"""Recorded histories with a hole for every time: what the generator fills again and again.

The recordings are those of sample_data, all of them runs of real workflows against the API stand-in. A template keeps
every event of one of them and how long after the start it happened.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import zstandard

RECORDED = Path(__file__).parents[1] / "sample_data"

WEIGHTS = {
    "order-processing": 36,
    "catalog-import": 26,
    "nightly-report": 20,
    "image-pipeline": 8,
    "checkout-api": 4,
    "recommendation": 2,
    "refund-approval": 1,
    "coupon-issue": 1,
    "settlement": 1,
    "settlement-calc": 1,
    "photo-rebuild": 1,
}
"""How often each machine runs, in percent or so: together some eleven attempts an execution."""

EXPRESS = "checkout-api"

_MOVABLE = ("Task", "Lambda", "Activity", "Pass", "Choice", "Wait", "Succeed")
"""Events of single states. Those of containers and of the execution depend on more than their predecessor."""


class Shop(NamedTuple):
    """A team that runs a copy of every recorded machine: how its machines' names begin, and where they are."""

    prefix: str
    region: str
    account: str


SHOPS = (
    Shop("shop", "ap-northeast-2", "123456789012"),
    Shop("b2b", "ap-northeast-2", "123456789012"),
    Shop("books", "ap-northeast-2", "123456789012"),
    Shop("전시", "ap-northeast-2", "234567890123"),
    Shop("outlet", "us-east-1", "234567890123"),
    Shop("partner", "us-east-1", "345678901234"),
)

Document = dict[str, Any]


class Recorded(NamedTuple):
    """One execution as sample_data holds it; its machine as the shop names it, its events in the API's spelling."""

    machine_arn: str
    described: Document
    events: list[Document]
    map_runs: list[Document]
    revision: str | None

    @property
    def weight(self) -> int:
        """How often its machine runs."""
        return WEIGHTS[self.machine_arn.rpartition(":")[2].partition("-")[2]]


class Template(NamedTuple):
    """A recorded history as pieces to be filled: one for each event, in the order of their ids.

    `before` is the position of each event's predecessor (-1: none), `offsets` are milliseconds after the start,
    `movable` says which events may trade places with a neighbour of another branch.
    """

    recorded: Recorded
    pieces: tuple[bytes, ...]
    before: tuple[int, ...]
    offsets: tuple[int, ...]
    movable: tuple[bool, ...]

    @property
    def neighbours(self) -> int:
        """How many events follow one of another branch, and so might have come before it."""
        movable = self.movable
        later = range(1, len(movable))
        return sum(movable[at - 1] and movable[at] and self.before[at] != at - 1 for at in later)


_ARN = re.compile(r"arn:aws:states:[a-z0-9-]+:\d+:(stateMachine|execution|express|mapRun):([a-z-]+)")


def documents(name: str, shop: Shop) -> Iterator[Document]:
    """The documents of a file of sample_data, one a line, had they been recorded in this shop's account."""
    arn = rf"arn:aws:states:{shop.region}:{shop.account}:\1:{shop.prefix}-\2"
    text = zstandard.ZstdDecompressor().decompress((RECORDED / name).read_bytes()).decode()
    yield from (json.loads(_ARN.sub(arn, line)) for line in text.splitlines())


def recordings(shop: Shop) -> Iterator[Recorded]:
    """Every recorded execution that ended and may stand for any number of executions."""
    for document in documents("recordings.jsonl.zst", shop):
        if not document["once"]:
            yield from _executions(document)


def _executions(document: Document) -> Iterator[Recorded]:
    """The executions of a recording: one, or a parent with the children that it started."""
    for member in document.get("members", ()):
        described = member["described"]
        yield Recorded(
            described["stateMachineArn"], described, member["events"], member["mapRuns"], member["revisionId"]
        )
    if "records" in document:
        yield _express([json.loads(record) for record in document["records"]])


def _express(records: list[Document]) -> Recorded:
    """An Express execution, from its log records."""
    machine_arn = ":".join(records[0]["execution_arn"].split(":")[:7]).replace(":express:", ":stateMachine:")
    ended = records[-1]["type"].removeprefix("Execution")
    status = {"TimedOut": "TIMED_OUT"}.get(ended, ended.upper())
    return Recorded(
        machine_arn, {"status": status, "redriveCount": 0}, [_event(record) for record in records], [], None
    )


def _event(record: Document) -> Document:
    """A log record in the API's spelling of an event."""
    kind = record["type"]
    key = f"{kind[0].lower()}{kind[1:]}EventDetails"
    if kind.endswith(("StateEntered", "StateExited")):
        key = "stateEnteredEventDetails" if kind.endswith("Entered") else "stateExitedEventDetails"
    return {
        "timestamp": int(record["event_timestamp"]),
        "type": kind,
        "id": int(record["id"]),
        "previousEventId": int(record["previous_event_id"]),
        key: record.get("details", {}),
    }


def template(recorded: Recorded, spelled: Callable[[Document], Document] = dict) -> Template:
    """The template of a recording. `spelled` turns an event of the API into what is to be written in its place."""
    start = recorded.events[0]["timestamp"]
    return Template(
        recorded,
        tuple(_piece(spelled(event)) for event in recorded.events),
        tuple(event["previousEventId"] - 1 for event in recorded.events),
        tuple(event["timestamp"] - start for event in recorded.events),
        tuple(event["type"].startswith(_MOVABLE) for event in recorded.events),
    )


_HOLES = re.compile(rb'("(?:id|previousEventId|timestamp|previous_event_id|event_timestamp)":"?)\d+')


def _piece(event: Document) -> bytes:
    """An event or record as compact JSON, with a hole each for id, predecessor and time, always in this order."""
    written = (name for name in event if name in _FILLED)
    ordered = {name: event[name] for name in sorted(written, key=_FILLED.index)} | event
    text = json.dumps(ordered, ensure_ascii=False, separators=(",", ":")).encode().replace(b"%", b"%%")
    return _HOLES.sub(rb"\1%b", text, count=3)


_FILLED = ("id", "previousEventId", "previous_event_id", "timestamp", "event_timestamp")


_ITEM = {
    "sku": "A-1042",
    "이름": "무선 키보드",
    "qty": 2,
    "price": {"amount": 39_000, "currency": "KRW"},
    "tags": ["new"],
}


def with_payload(event: Document) -> Document:
    """An event with the input, output or parameters that AWS sends unless told not to; some 700 bytes of JSON."""
    member = {"Entered": "input", "Scheduled": "parameters", "Succeeded": "output", "Exited": "output"}
    named = next((name for ending, name in member.items() if event["type"].endswith(ending)), None)
    details = next((key for key in event if key.endswith("EventDetails")), None)
    if named is None or details is None:
        return event
    payload = {"orderId": f"order-{event['id']:06d}", "items": [_ITEM] * (3 + event["id"] % 4), "note": 'say "when"\n'}
    more = {named: json.dumps(payload, ensure_ascii=False), f"{named}Details": {"truncated": False}}
    return {**event, details: {**event[details], **more}}


def as_record(event: Document) -> Document:
    """An event as a record of CloudWatch Logs, the execution's ARN apart."""
    details: Document = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
    return {
        "id": str(event["id"]),
        "previous_event_id": str(event["previousEventId"]),
        "event_timestamp": str(event["timestamp"]),
        "type": event["type"],
        "details": details,
        "redrive_count": "0",
    }
