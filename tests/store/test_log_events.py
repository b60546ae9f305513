from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import HistoryUnreadableError
from store.events import DETAILS, Event, UnknownEvent, known_events
from store.log_events import TYPE_CHARS, logged, logged_together

ARN = "arn:aws:states:ap-northeast-2:111122223333:express:thumbnails:run-7:0a1b2c3d-0000-4000-8000-000000000007"
AT = 1_790_812_800_123


def record(type_: str = "ExecutionStarted", details: Any = None, **changed: Any) -> dict[str, Any]:
    """A record as CloudWatch Logs has it: every number is text."""
    return {
        "id": "4",
        "type": type_,
        "details": {} if details is None else details,
        "previous_event_id": "3",
        "event_timestamp": str(AT),
        "execution_arn": ARN,
        "redrive_count": "0",
    } | changed


def event_of(given_record: dict[str, Any]) -> Event:
    return logged(json.dumps(given_record, ensure_ascii=False))[1]


def without(given_record: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in given_record.items() if name not in names}


def test_a_record_is_an_execution_and_its_event() -> None:
    arn, event = logged(json.dumps(record("TaskStateEntered", {"name": "주문 검증", "input": "{}"})))
    assert arn == ARN
    assert (event.type, event.id, event.prev, event.at, event.d.name) == ("TaskStateEntered", 4, 3, AT, "주문 검증")


def test_bytes_and_text_are_the_same() -> None:
    line = json.dumps(record("TaskStateEntered", {"name": "주문 검증"}), ensure_ascii=False)
    assert logged(line) == logged(line.encode())


TOLD = {
    "name": "Resize",
    "index": "2",
    "length": "3",
    "error": "Broken",
    "cause": "no room",
    "state": "Resize",
    "resourceType": "lambda",
    "resource": "invoke",
    "timeoutInSeconds": "30",
    "heartbeatInSeconds": "10",
    "mapRunArn": "arn:run",
    "redriveCount": "1",
    "location": "/Arguments",
    "stateMachineVersionArn": "arn:m:1",
    "stateMachineAliasArn": "arn:m:live",
}


@pytest.mark.parametrize("type_", DETAILS)
def test_each_type_is_the_event_that_the_api_would_have_sent(type_: str) -> None:
    """The API has details by the name of the type and real numbers; a log has neither."""
    fields = msgspec.structs.fields(DETAILS[type_])
    details = {field.name: TOLD[field.name] for field in fields}
    event = event_of(record(type_, details))
    assert event.type == type_
    assert {field.name: str(getattr(event.d, field.name)) for field in fields} == details
    [again] = known_events(msgspec.to_builtins([event]))
    assert again == event


# What AWS writes at level ALL, in the shapes that each kind of record has.
SAMPLES = {
    "start without data": record(
        details={"roleArn": "arn:aws:iam::111122223333:role/states"}, id="1", previous_event_id="0"
    ),
    "start with data": record(
        details={"input": '{"키": "사진"}', "inputDetails": {"truncated": False}, "roleArn": "arn:role"}, id="1"
    ),
    "before redrives were counted": without(record("PassStateEntered", {"name": "Resize"}), "redrive_count"),
    "scheduled": record(
        "TaskScheduled",
        {"parameters": '{"a":1}', "region": "ap-northeast-2", "resource": "invoke", "resourceType": "lambda"},
    ),
    "submitted": record(
        "TaskSubmitted", {"output": "{}", "outputDetails": {"truncated": True}, "resource": "sendMessage"}
    ),
    "exit with variables": record(
        "PassStateExited", {"name": "Resize", "assignedVariables": {"x": "1"}, "output": "{}"}
    ),
    "no details at all": without(record("ParallelStateStarted"), "details"),
    "details that are null": record("MapStateFailed") | {"details": None},
    "end": record("ExecutionSucceeded", {}),
    "fatal": record("ExecutionFailed", {"error": "OrderFailed", "cause": "재고 부족"}, id="16"),
    "numbers that are numbers": record(id=4, previous_event_id=3, event_timestamp=AT, redrive_count=0),
    "fields that came later": record(trace_header="1-5759e988-bd862e3fe1be46a994272793", order=[1, 2]),
}


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_records_of_every_shape_are_read(sample: dict[str, Any]) -> None:
    event = event_of(sample)
    assert (event.type, event.id, event.at) == (sample["type"], int(sample["id"]), AT)


def test_payloads_are_not_kept() -> None:
    event = event_of(record("TaskStateEntered", {"name": "Resize", "input": '{"card": "4111"}'}))
    assert "4111" not in repr(event)


@pytest.mark.parametrize("type_", ["TaskTeleported", "", "주문", "Unknown"])
def test_an_event_of_unknown_type_is_kept_with_its_place(type_: str) -> None:
    event = event_of(record(type_, {"anything": [1, {}]}))
    assert event == UnknownEvent(4, 3, AT, None, type_)


def test_a_type_without_end_is_shortened() -> None:
    event = event_of(record("X" * 10_000))
    assert isinstance(event, UnknownEvent)
    assert event.was == "X" * TYPE_CHARS


def test_a_record_without_a_type_is_an_unknown_event() -> None:
    assert event_of(without(record(), "type")) == UnknownEvent(4, 3, AT, None, "")


@pytest.mark.parametrize("type_", ["ExecutionStarted", "TaskTeleported"])
@pytest.mark.parametrize(
    ("time", "ms"),
    [("2026-10-01T00:00:00.123Z", AT), ("2026-10-01T09:00:00.123+09:00", AT), (1_790_812_800.123, AT)],
)
def test_other_spellings_of_a_time_are_read(type_: str, time: Any, ms: int) -> None:
    assert event_of(record(type_, event_timestamp=time)).at == ms


def test_the_first_event_has_no_predecessor() -> None:
    assert event_of(without(record(), "previous_event_id")).prev == 0


@pytest.mark.parametrize(
    "line",
    [
        "",
        "not JSON",
        '{"id":',
        "[]",
        "null",
        '"text"',
        "{}",
        b"\xff\xfe",
        b'{"execution_arn": "\xff", "id": "1", "event_timestamp": "1", "type": "ExecutionStarted"}',
        "[" * 50_000,
    ],
)
def test_a_line_that_is_no_record_is_said_to_be_none(line: bytes | str) -> None:
    with pytest.raises(HistoryUnreadableError, match=r"not JSON|no execution log record"):
        logged(line)


@pytest.mark.parametrize("arn", [None, 7, ["arn"]])
def test_a_record_names_its_execution(arn: Any) -> None:
    with pytest.raises(HistoryUnreadableError, match="names no execution_arn"):
        event_of(record(execution_arn=arn))


BAD = [
    {"id": "four"},
    {"id": None},
    {"id": "4.5"},
    {"id": "2147483648"},
    {"previous_event_id": "none"},
    {"event_timestamp": "yesterday"},
    {"event_timestamp": ""},
    {"event_timestamp": None},
    {"event_timestamp": []},
    {"event_timestamp": {"ms": 1}},
    {"redrive_count": "many"},
]


@pytest.mark.parametrize("type_", ["ExecutionStarted", "TaskTeleported"])
@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_record_with_a_bad_field_is_refused(type_: str, bad: dict[str, Any]) -> None:
    with pytest.raises(HistoryUnreadableError, match=r"cannot be read|is not a time"):
        event_of(record(type_, **bad))


@pytest.mark.parametrize("missing", ["id", "event_timestamp"])
def test_a_record_says_which_event_it_is_and_when(missing: str) -> None:
    with pytest.raises(HistoryUnreadableError):
        event_of(without(record(), missing))


@pytest.mark.parametrize("details", ["text", [1], {"name": 7}])
def test_details_that_are_none_are_refused(details: Any) -> None:
    with pytest.raises(HistoryUnreadableError, match="record '4' cannot be read"):
        event_of(record("TaskStateEntered", details))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=9), values, max_size=3),
    max_leaves=6,
)
fields = st.sampled_from(sorted(record()))


@given(st.dictionaries(fields, json_values), st.sampled_from([*DETAILS, "TaskTeleported"]))
def test_whatever_a_record_holds_it_is_an_event_or_refused(changed: dict[str, Any], type_: str) -> None:
    try:
        arn, event = logged(msgspec.json.encode({**record(type_), **changed}))
    except HistoryUnreadableError:
        return
    assert isinstance(arn, str)
    assert isinstance(event, Event)


def test_many_lines_together_are_as_each_alone() -> None:
    records = [record(), record("TaskStateEntered", {"name": "주문 검증"}, id="5"), record(execution_arn="arn:other")]
    lines = [json.dumps(one, ensure_ascii=False) for one in records]
    assert logged_together("\n".join(lines).encode()) == [logged(line) for line in lines]


@pytest.mark.parametrize("odd", ["no record", '{"id": "1"}', json.dumps(record("SomethingNew"))])
def test_together_every_line_has_to_be_a_record_of_a_known_type(odd: str) -> None:
    with pytest.raises(HistoryUnreadableError):
        logged_together(f"{json.dumps(record())}\n{odd}\n".encode())
