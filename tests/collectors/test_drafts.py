from __future__ import annotations

import json
from typing import Any

import msgspec

from collectors.drafts import MOST_PROBLEMS, Draft, Finisher, Read
from collectors.dumps import Dump, Told, dump_of
from collectors.slices import Slice
from tests.collectors.runs import SECOND, history, iso

PIECE = Slice("orders.jsonl", "dumps", "orders", 0, is_lines=True, begin=0, end=9)


def finished(*dumps: Dump, told: Told | None = None, parts: bool = False) -> Read:
    read = Read()
    drafts = [Draft(line, dump, parts) for line, dump in enumerate(dumps, 1)]
    Finisher(PIECE, told or Told(), read).finish(drafts)
    return read


def dump(name: str, **members: Any) -> Dump:
    return dump_of({"name": name, **members}, history())


def test_rows_come_in_the_order_of_their_lines_with_their_own_times() -> None:
    read = finished(dump("a", startDate=iso(5)), dump("b", stopDate=float(SECOND + 9)), dump("c"))
    assert [(row.name, row.started_at, row.stopped_at) for row in read.rows] == [
        ("a", SECOND * 1000 + 5_000, SECOND * 1000 + 600),
        ("b", SECOND * 1000, SECOND * 1000 + 9_000),
        ("c", SECOND * 1000, SECOND * 1000 + 600),
    ]
    assert read.events == 21
    assert list(read.machines) == ["file:orders"]


def test_a_time_that_is_none_costs_its_own_line_only() -> None:
    bad = dump_of({"name": "b"}, [history()[0] | {"timestamp": "yesterday"}])
    read = finished(dump("a"), bad, dump("c"), dump("d", startDate="soon"))
    assert [row.name for row in read.rows] == ["a", "c"]
    assert [line for line, _ in read.problems] == [2, 4]
    assert "'yesterday' is not a time" in read.problems[0][1]


def test_a_definition_is_told_once_whether_text_or_object() -> None:
    definition = {"StartAt": "결제", "States": {}}
    text = json.dumps(definition, ensure_ascii=False)
    read = finished(dump("a", definition=definition), dump("b", definition=text), dump("c", definition=text), dump("d"))
    revisions = [row.revision for row in read.rows]
    assert revisions[3] is None
    assert len(read.definitions) == len({*revisions} - {None})
    assert {known.text for known in read.definitions.values()} == {msgspec.json.encode(definition).decode(), text}
    assert read.definitions["file:orders", str(revisions[1])].line == 2


def test_the_users_definition_is_for_those_that_bring_none() -> None:
    read = finished(dump("a"), dump("b", definition="own"), told=Told(definition="told"))
    texts = [read.definitions["file:orders", str(row.revision)].text for row in read.rows]
    assert texts == ["told", "own"]


def test_parts_stand_apart() -> None:
    read = finished(dump("a"), parts=True)
    assert (len(read.rows), len(read.parts)) == (0, 1)


def test_problems_are_counted_beyond_those_told() -> None:
    read = Read()
    for line in range(MOST_PROBLEMS + 50):
        read.skip(line, "bad")
    assert (len(read.problems), read.skipped) == (MOST_PROBLEMS, MOST_PROBLEMS + 50)
