from __future__ import annotations

import gc
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.drafts import Read
from collectors.dumps import Told
from collectors.reading import read_slice
from collectors.slices import Slice
from store.histories import unpacked
from tests.collectors.runs import PLACE, express, history, line, records


def read(content: str | bytes, *, is_lines: bool = True, number: int = 0) -> Read:
    data = content.encode() if isinstance(content, str) else content
    return read_slice(Slice("f.jsonl", "folder", "f", number, is_lines, 0, 0, data), Told())


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"events": history()}),
        json.dumps({"events": history()}, indent=4),
        json.dumps(history()),
        json.dumps({"executionDetails": {"name": "x", "status": "SUCCEEDED"}, "events": history()}),
        "\ufeff" + json.dumps({"events": history()[::-1]}),
    ],
    ids=["cli", "cli, pretty", "array", "console", "newest first, with a byte order mark"],
)
def test_a_document_is_one_execution(content: str) -> None:
    found = read(content, is_lines=False)
    assert (len(found.rows), found.problems) == (1, [])
    assert found.rows[0].is_whole
    assert [event.id for event in unpacked(found.rows[0].events)] == list(range(1, 8))


def test_a_first_page_is_what_it_is() -> None:
    found = read(json.dumps({"events": history()[:4], "nextToken": "more"}), is_lines=False)
    assert (found.rows[0].status, found.rows[0].is_whole, found.rows[0].event_count) == ("UNKNOWN", False, 4)


def wrapped(record: dict[str, object]) -> list[str]:
    """The ways in which a log record may stand in a line."""
    text = json.dumps(record)
    return [
        text,
        json.dumps({"logEvent": {"logStreamName": "s", "message": text}}),
        json.dumps({"timestamp": 1, "message": text}),
        f"2026-01-01T00:00:00.123Z {text}",
        json.dumps({"messageType": "DATA_MESSAGE", "logEvents": [{"message": text}]}),
    ]


@pytest.mark.parametrize("way", range(5))
def test_log_records_are_grouped_in_whatever_they_are_wrapped(way: int) -> None:
    mixed = [record for pair in zip(records(express("a")), records(express("b")), strict=True) for record in pair]
    found = read("\n".join(wrapped(record)[way] for record in reversed(mixed)))
    assert found.problems == []
    assert {row.arn for row in found.parts} == {express("a"), express("b")}
    assert all(row.is_whole and row.event_count == 7 for row in found.parts)


@given(st.permutations(range(7)), st.lists(st.integers(0, 4), min_size=7, max_size=7))
def test_a_log_and_a_dump_of_one_execution_are_stored_alike(order: list[int], ways: list[int]) -> None:
    arn = f"{PLACE}execution:m:a"
    as_logged = records(arn)
    stamps = {int(record["id"]): int(record["event_timestamp"]) / 1000 for record in as_logged}
    events = [event | {"timestamp": stamps[event["id"]]} for event in history()]
    (dumped,) = read(line("a", executionArn=arn, events=events)).rows
    (logged,) = read("\n".join(wrapped(as_logged[n])[ways[n]] for n in order)).parts
    assert logged == dumped


def test_a_bad_line_is_told_and_skipped() -> None:
    content = "\n".join(
        [line("a"), '{"name": "b", "events": [{"ty', "", "[1, 2", '{"x": 1}', line("c", events=[]), line("d")]
    )
    found = read(content)
    assert [row.name for row in found.rows] == ["a", "d"]
    assert [number for number, _ in found.problems] == [2, 4, 5, 6]
    assert found.problems[0][1].startswith("it is not JSON")
    assert found.problems[3][1] == "this execution has no events"
    assert (found.skipped, found.lines) == (4, 7)


def test_a_log_message_that_is_no_record_is_told() -> None:
    found = read(json.dumps({"message": "START RequestId: 1"}) + "\n" + json.dumps(records(express("a"))[0]))
    assert [number for number, _ in found.problems] == [1]
    assert len(found.parts) == 1


def test_an_unknown_event_or_an_odd_member_is_no_reason_to_refuse() -> None:
    odd = [*history()[:-1], {"id": 7, "type": "TaskPondered", "timestamp": 1.0, "previousEventId": 6}]
    lines = [line("a", events=odd), line("b").replace('"b"', "17"), line("c", redriveCount="x"), line("d")]
    found = read("\n".join(lines))
    assert sorted(row.name for row in found.rows) == ["17", "a", "c", "d"]
    assert found.problems == []


@pytest.mark.parametrize("content", ["", " \n ", "no json at all", '{"events": [', "[" * 100_000, "\x00\xff"])
def test_a_document_that_is_none_is_told(content: str) -> None:
    found = read(content.encode("latin-1"), is_lines=False)
    assert found.rows == []
    assert found.skipped >= 1


def test_many_lines_of_no_json_are_told_each() -> None:
    found = read("what\nis\nthis\n", is_lines=False)
    assert [number for number, _ in found.problems] == [1, 2, 3]


def test_garbage_is_collected_again_afterwards() -> None:
    assert gc.isenabled()
    read(line("a"))
    assert gc.isenabled()


def test_a_bad_line_among_many_records_is_told_by_its_number() -> None:
    lines = [json.dumps(record) for number in range(150) for record in records(express(f"run-{number}"))]
    lines.insert(700, "{half a rec")
    found = read("\n".join(lines))
    assert [line for line, _ in found.problems] == [701]
    assert found.lines == len(lines)
