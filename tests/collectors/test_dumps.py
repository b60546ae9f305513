from __future__ import annotations

from typing import Any

import pytest

from collectors.dumps import Dump, Told, dump_of, imported_row, whose
from collectors.outline import Packer
from collectors.slices import Slice
from store.errors import HistoryUnreadableError
from store.events import known_events, milliseconds
from tests.collectors.runs import PLACE, SECOND, express, history

LINES = Slice("dumps/orders.jsonl", "dumps", "orders", 0, is_lines=True, begin=0, end=9)
DOCUMENT = LINES._replace(is_lines=False)
EXECUTION = f"{PLACE}execution:charge:run-1"
MACHINE = f"{PLACE}stateMachine:charge"


@pytest.mark.parametrize(
    ("dump", "piece", "told", "machine", "arn", "name"),
    [
        (Dump(name="a"), LINES, Told(), "file:orders", "file:orders:a", "a"),
        (Dump(id="a"), DOCUMENT, Told(), "file:dumps", "file:dumps:a", "a"),
        (Dump(), LINES, Told(), "file:orders", "file:orders:orders:7", "orders:7"),
        (Dump(), DOCUMENT, Told(), "file:dumps", "file:dumps:orders", "orders"),
        (Dump(), DOCUMENT, Told("주문"), "file:주문", "file:주문:orders", "orders"),
        (Dump(executionArn=EXECUTION), LINES, Told(), MACHINE, EXECUTION, "run-1"),
        (Dump(executionArn=EXECUTION), LINES, Told("other"), f"{PLACE}stateMachine:other", EXECUTION, "run-1"),
        (Dump(stateMachineArn=f"{MACHINE}:3", name="a"), LINES, Told(), MACHINE, "file:charge:a", "a"),
        (Dump(executionArn=express("a")), LINES, Told(), f"{PLACE}stateMachine:checkout", express("a"), "a"),
        (Dump(executionArn="what:ever"), LINES, Told(), "file:orders", "what:ever", "orders:7"),
    ],
)
def test_a_dump_belongs_to_whom_it_says_else_to_its_file(
    dump: Dump, piece: Slice, told: Told, machine: str, arn: str, name: str
) -> None:
    owner = whose(dump, piece, told, 7)
    assert (owner.machine.arn, owner.arn, owner.name) == (machine, arn, name)


@pytest.mark.parametrize(
    ("arn", "told", "type"),
    [
        (None, None, "STANDARD"),
        (None, "EXPRESS", "EXPRESS"),
        (EXECUTION, "EXPRESS", "STANDARD"),
        (express("a"), None, "EXPRESS"),
    ],
)
def test_the_type_comes_from_the_arn_else_from_the_user(arn: str | None, told: str | None, type: str) -> None:
    assert whose(Dump(executionArn=arn), LINES, Told(type=told), 1).machine.type == type


def test_region_and_account_are_those_of_the_arn() -> None:
    known = whose(Dump(executionArn=EXECUTION), LINES, Told("other"), 1).machine
    assert (known.region, known.account) == ("eu-west-1", "123456789012")
    unknown = whose(Dump(name="a"), LINES, Told(), 1).machine
    assert (unknown.region, unknown.account) == (None, None)


def row(dump: Dump, started_at: int | None = None, stopped_at: int | None = None) -> Any:
    packed = Packer().packed(dump.events, [milliseconds(event.at) for event in dump.events])
    owner = whose(dump, LINES, Told(), 1)
    return imported_row(dump, owner, packed, started_at or packed.started_at, stopped_at or packed.stopped_at, None)


def test_what_the_dump_says_stands_and_the_events_tell_the_rest() -> None:
    told = row(Dump(name="a", events=known_events(history())))
    assert (told.status, told.started_at, told.stopped_at) == ("SUCCEEDED", SECOND * 1000, SECOND * 1000 + 600)
    assert (told.event_count, told.last_event_id, told.is_whole) == (7, 7, True)
    said = row(Dump(name="a", status="ABORTED", error="E", redriveCount=2, events=known_events(history())), 5, 6)
    assert (said.status, said.started_at, said.stopped_at, said.redrives, said.error) == ("ABORTED", 5, 6, 2, "E")


@pytest.mark.parametrize("status", [None, "", "RUNNING_OR_TRUNCATED", "Succeeded"])
def test_a_status_that_is_none_of_awss_is_not_taken(status: str | None) -> None:
    assert row(Dump(name="a", status=status, events=known_events(history())[:3])).status == "UNKNOWN"


def test_a_parsed_document_may_be_written_in_any_way() -> None:
    described = {"name": 17, "status": "FAILED", "startDate": 5, "redriveCount": "1", "definition": {"StartAt": "a"}}
    dump = dump_of(described | {"input": {"x": 1}}, history())
    assert (dump.name, dump.status, dump.startDate, dump.redriveCount) == ("17", "FAILED", 5, 0)
    assert bytes(dump.definition or b"") == b'{"StartAt":"a"}'
    assert len(dump.events) == 7


def test_events_that_are_none_are_refused() -> None:
    with pytest.raises(HistoryUnreadableError):
        dump_of({}, ["first", "second"])
