from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import HistoryUnreadableError
from store.events import (
    DETAILS,
    EVENTS,
    Event,
    UnknownEvent,
    decoded_events,
    known_events,
    milliseconds,
    time_ms,
)

OCTOBER = 1_790_812_800_000
SECONDS = OCTOBER / 1000

AWS_TYPES = """
    ActivityFailed ActivityScheduled ActivityScheduleFailed ActivityStarted ActivitySucceeded ActivityTimedOut
    ChoiceStateEntered ChoiceStateExited EvaluationFailed ExecutionAborted ExecutionFailed ExecutionRedriven
    ExecutionStarted ExecutionSucceeded ExecutionTimedOut FailStateEntered LambdaFunctionFailed
    LambdaFunctionScheduled LambdaFunctionScheduleFailed LambdaFunctionStarted LambdaFunctionStartFailed
    LambdaFunctionSucceeded LambdaFunctionTimedOut MapIterationAborted MapIterationFailed MapIterationStarted
    MapIterationSucceeded MapRunAborted MapRunFailed MapRunRedriven MapRunStarted MapRunSucceeded MapStateAborted
    MapStateEntered MapStateExited MapStateFailed MapStateStarted MapStateSucceeded ParallelStateAborted
    ParallelStateEntered ParallelStateExited ParallelStateFailed ParallelStateStarted ParallelStateSucceeded
    PassStateEntered PassStateExited SucceedStateEntered SucceedStateExited TaskFailed TaskScheduled TaskStarted
    TaskStartFailed TaskStateAborted TaskStateEntered TaskStateExited TaskSubmitFailed TaskSubmitted TaskSucceeded
    TaskTimedOut WaitStateAborted WaitStateEntered WaitStateExited
""".split()
"""Valid values of `type` in AWS's API reference, HistoryEvent."""

ODD_KEYS = {"StateEntered": "stateEnteredEventDetails", "StateExited": "stateExitedEventDetails"}
SECRET = "4111-카드"


def details_key(event_type: str) -> str:
    odd = [key for end, key in ODD_KEYS.items() if event_type.endswith(end)]
    return odd[0] if odd else f"{event_type[0].lower()}{event_type[1:]}EventDetails"


FULL: dict[str, Any] = {
    "name": "주문 검증",
    "state": "주문 검증",
    "index": 7,
    "length": 3,
    "error": "Broken",
    "cause": "no such card",
    "location": "Arguments",
    "resourceType": "lambda",
    "resource": "invoke",
    "timeoutInSeconds": 60,
    "heartbeatInSeconds": 5,
    "mapRunArn": "arn:run",
    "redriveCount": 2,
    "stateMachineVersionArn": "arn:machine:3",
    "stateMachineAliasArn": "arn:machine:live",
}
PAYLOADS = {
    "input": SECRET,
    "output": SECRET,
    "parameters": SECRET,
    "taskCredentials": {"roleArn": SECRET},
    "assignedVariables": {"card": SECRET},
    "inputDetails": {"truncated": False, "more": [SECRET]},
    "region": "eu-west-1",
}


def event(event_type: str, number: int = 5, at: Any = SECONDS, /, **details: Any) -> dict[str, Any]:
    told = {"id": number, "previousEventId": number - 1, "timestamp": at, "type": event_type}
    return told | ({details_key(event_type): details} if details else {})


def decoded(*events: Any) -> list[Event]:
    return decoded_events(json.dumps(events).encode())


# Types and details


def test_every_event_type_of_aws_is_known() -> None:
    assert sorted(EVENTS) == sorted(AWS_TYPES)


@pytest.mark.parametrize("event_type", AWS_TYPES)
def test_each_type_is_read_with_its_details_and_written_as_the_api_writes_it(event_type: str) -> None:
    raw = event(event_type, **FULL)
    [read] = decoded(raw)
    assert (read.type, read.id, read.prev, read.at) == (event_type, 5, 4, SECONDS)
    kept = {name: FULL[name] for name in DETAILS[event_type].__struct_fields__}
    assert msgspec.to_builtins(read) == event(event_type) | {details_key(event_type): kept}
    assert decoded_events(msgspec.json.encode([read])) == [read]


@pytest.mark.parametrize("event_type", [*AWS_TYPES, "Strange", "Unknown"])
def test_payloads_are_never_kept(event_type: str) -> None:
    raw = event(event_type, 5, SECONDS, **FULL, **PAYLOADS) | {
        "d": SECRET,
        "input": SECRET,
        "details": {"output": SECRET},
    }
    for read in (decoded(raw), known_events([raw])):
        assert SECRET not in repr(read)
        assert SECRET.encode() not in msgspec.json.encode(read)


@pytest.mark.parametrize("event_type", AWS_TYPES)
def test_details_may_be_missing_empty_or_null(event_type: str) -> None:
    key = details_key(event_type)
    bare, empty, null = decoded(event(event_type), event(event_type) | {key: {}}, event(event_type) | {key: None})
    assert (bare.d, null.d) == (None, None)
    assert empty.d == DETAILS[event_type]()


def test_a_missing_predecessor_is_none() -> None:
    assert decoded({"id": 1, "type": "ExecutionStarted"})[0].prev == 0


def test_events_stay_in_the_order_given() -> None:
    assert [read.id for read in decoded(event("TaskStarted", 9), event("TaskScheduled", 3))] == [9, 3]


def test_boto3s_answers_read_as_the_apis_own() -> None:
    moment = datetime.fromtimestamp(SECONDS, UTC)
    assert known_events([event("TaskFailed", 5, moment, error="Broken")]) == decoded(
        event("TaskFailed", error="Broken")
    )


# Types of tomorrow


def test_an_event_of_unknown_type_is_kept_among_those_known() -> None:
    before, strange, after = decoded(event("TaskStarted", 3), event("QuantumLeapt", 4), event("TaskSucceeded", 5))
    assert isinstance(strange, UnknownEvent)
    assert (strange.was, strange.id, strange.prev, strange.at) == ("QuantumLeapt", 4, 3, SECONDS)
    assert (before.type, after.type) == ("TaskStarted", "TaskSucceeded")


def test_an_unknown_event_stays_what_it_was_when_it_is_stored_and_read_again() -> None:
    first = decoded(event("QuantumLeapt", **FULL))
    again = decoded_events(msgspec.json.encode(first))
    assert again == first
    assert known_events(msgspec.to_builtins(first)) == first


@pytest.mark.parametrize(("given_type", "was"), [(None, ""), (5, "5"), ("", ""), ("x" * 5_000, "x" * 200)])
def test_an_event_whose_type_is_odd_is_unknown(given_type: Any, was: str) -> None:
    [read] = decoded({"id": 1, "type": given_type})
    assert isinstance(read, UnknownEvent)
    assert read.was == was


# Times

SPELLINGS = [
    SECONDS,
    int(SECONDS),
    OCTOBER,
    float(OCTOBER),
    pytest.param(str(OCTOBER), id="text"),
    "2026-10-01T00:00:00Z",
    "2026-10-01T00:00:00.000Z",
    "2026-10-01T00:00:00.000000Z",
    "2026-10-01T00:00:00.000000000Z",
    "2026-10-01T00:00:00+00:00",
    "2026-10-01T09:00:00+09:00",
    "2026-10-01T09:00:00.000000+09:00",
    "2026-09-30T19:30:00.000-04:30",
    "2026-10-01T00:00:00",
    "2026-10-01 00:00:00",
]


@pytest.mark.parametrize("at", SPELLINGS)
def test_one_moment_is_one_number_however_it_is_spelled(at: Any) -> None:
    assert (time_ms(at), milliseconds(at)) == (OCTOBER, OCTOBER)
    [read] = decoded(event("TaskStarted", 5, at))
    assert milliseconds(read.at) == OCTOBER


@pytest.mark.parametrize(("digits", "ms"), [("", 0), (".123", 123), (".123456", 123), (".123456789", 123)])
@pytest.mark.parametrize("zone", ["Z", "+00:00", "+09:00", "-04:30"])
def test_fractions_of_a_second_have_any_number_of_digits(digits: str, ms: int, zone: str) -> None:
    away = datetime.fromisoformat(f"2026-10-01T00:00:00{zone}").timestamp() * 1000
    assert time_ms(f"2026-10-01T00:00:00{digits}{zone}") == away + ms


def test_a_time_without_a_zone_is_utc_wherever_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Seoul")
        time.tzset()
        assert time_ms("2026-10-01T00:00:00.5") == OCTOBER + 500
    time.tzset()


@given(st.integers(0, 99_999_999_999_999))
def test_milliseconds_survive_every_spelling(ms: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
    seoul = moment.astimezone(timezone(timedelta(hours=9)))
    seconds = ms / 1000
    assert time_ms(str(ms)) == ms
    assert time_ms(moment.isoformat()) == time_ms(seoul.isoformat(timespec="milliseconds")) == ms
    assert time_ms(seconds) == milliseconds(seconds) == ms


@pytest.mark.parametrize(
    "at",
    [
        *("", "soon", "-5", "1e5", "１２", "9" * 40, "2026-13-01", "2026-10-01T25:00:00Z", "1969-12-31T23:59:59Z"),
        *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"),
        *(-1, -0.001, float("nan"), float("inf"), float("-inf"), 10**30, 253_402_300_800_000),
    ],
)
def test_what_is_no_time_is_refused(at: Any) -> None:
    for told in (time_ms, milliseconds):
        with pytest.raises(HistoryUnreadableError, match="is not a time") as refusal:
            told(at)
        assert len(refusal.value.sentence) < 100


# Garbage

GARBAGE: dict[str, str] = {
    "nothing": "",
    "no JSON": "events",
    "half of it": '[{"id": 1, "type": "TaskStarted"',
    "an object": '{"events": []}',
    "a number": "5",
    "null": "null",
    "no objects": "[1]",
    "no id": '[{"type": "TaskStarted"}]',
    "no id of an unknown type": '[{"type": "Strange"}]',
    "an id that is no number": '[{"id": "first", "type": "TaskStarted"}]',
    "an id too large for the tables": f'[{{"id": {2**31}, "type": "TaskStarted"}}]',
    "an id too far below zero": '[{"id": -5000000000, "type": "TaskStarted"}]',
    "a time that is an object": '[{"id": 1, "type": "TaskStarted", "timestamp": {}}]',
    "a time without end": '[{"id": 1, "type": "TaskStarted", "timestamp": 1e999}]',
    "details that are text": '[{"id": 1, "type": "TaskFailed", "taskFailedEventDetails": "Broken"}]',
    "an error that is a number": '[{"id": 1, "type": "TaskFailed", "taskFailedEventDetails": {"error": 5}}]',
    "no end of brackets": "[" * 100_000,
    "brackets in a payload": '[{"id": 1, "input": ' + "[" * 100_000,
}


@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_is_refused_in_words(what: str) -> None:
    with pytest.raises(HistoryUnreadableError) as refusal:
        decoded_events(GARBAGE[what].encode())
    assert refusal.value.sentence


def test_what_cannot_be_read_is_named_by_its_id_and_not_quoted() -> None:
    with pytest.raises(HistoryUnreadableError, match="event 7 cannot be read") as refusal:
        decoded(event("TaskFailed", 7, error="Broken", cause={"card": SECRET}))
    assert SECRET not in refusal.value.sentence


@given(st.binary(max_size=40))
def test_bytes_are_events_or_refused(raw: bytes) -> None:
    try:
        events = decoded_events(raw)
    except HistoryUnreadableError:
        return
    assert isinstance(events, list)
