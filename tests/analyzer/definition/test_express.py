from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from analyzer.definition import express_blockers, express_warnings, parse_definition
from tests.analyzer.definition.machines import (
    END,
    Nested,
    distributed,
    mapped,
    nested_definitions,
    parallel,
    scope,
    task,
)

CHILD = "arn:aws:states:us-east-1:1:stateMachine:orders"
PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-eusc")


def wait(**fields: Any) -> dict[str, Any]:
    return {"Type": "Wait", "End": True, **fields}


@pytest.mark.parametrize(
    ("state", "reason", "sentence"),
    [
        (task("arn:aws:states:::glue:startJobRun.sync"), "sync", "waits for the end of the job"),
        (task("arn:aws:states:::states:startExecution.sync:2"), "sync", "aws-sdk:sfn:startSyncExecution"),
        (task("arn:aws:states:::sqs:sendMessage.waitForTaskToken"), "callback", "waits for its task token"),
        (task("arn:aws:states:us-east-1:1:activity:approve"), "activity", "Express has no activities"),
        (distributed(scope({"B": END})), "distributed_map", "Express has inline Maps only"),
        (distributed(scope({"B": END}), "Iterator"), "distributed_map", "Express has inline Maps only"),
        (wait(Seconds=300), "long_wait", "State 'A' waits 300 s; Express ends after 300 s."),
        (wait(Timestamp="2030-01-01T00:00:00Z"), "timestamp_wait", "waits until a point in time"),
        (wait(TimestampPath="$.t"), "timestamp_wait", "waits until a point in time"),
    ],
)
def test_what_express_cannot_hold_is_a_blocker(state: dict[str, Any], reason: str, sentence: str) -> None:
    [blocker] = express_blockers(parse_definition(scope({"A": state})))
    assert (blocker.state, blocker.reason) == ("A", reason)
    assert sentence in blocker.sentence


@pytest.mark.parametrize(
    "state",
    [
        task(),
        task("arn:aws:lambda:us-east-1:1:function:charge"),
        task("arn:aws:states:::states:startExecution"),
        mapped(scope({"B": END})),
        wait(Seconds=299),
        wait(Seconds="{% $s %}"),
    ],
)
def test_what_express_can_hold_is_none(state: dict[str, Any]) -> None:
    assert express_blockers(parse_definition(scope({"A": state}))) == []


@pytest.mark.parametrize("partition", PARTITIONS)
def test_blockers_are_found_in_every_partition(partition: str) -> None:
    machine = scope(
        {
            "A": task(f"arn:{partition}:states:::batch:submitJob.sync", End=False, Next="B"),
            "B": task(f"arn:{partition}:states:x-y-1:1:activity:approve"),
        }
    )
    assert [blocker.reason for blocker in express_blockers(parse_definition(machine))] == ["sync", "activity"]


@given(nested_definitions())
def test_blockers_are_found_at_any_depth(nested: Nested) -> None:
    assert express_blockers(parse_definition(nested.definition)) == []

    def block(states: dict[str, Any]) -> None:
        for state in states.values():
            for body in (*state.get("Branches", ()), state.get("ItemProcessor"), state.get("Iterator")):
                if body:
                    block(body["States"])
            if state["Type"] == "Task":
                state["Resource"] += ".waitForTaskToken"

    block(nested.definition["States"])
    definition = parse_definition(nested.definition)
    tasks = [state.name for state in definition.states.values() if state.type == "Task"]
    assert [blocker.state for blocker in express_blockers(definition)] == tasks


@pytest.mark.parametrize(
    ("state", "reason", "sentence"),
    [
        (task(TimeoutSeconds=86_400), "long_timeout", "may take 86,400 s"),
        (wait(SecondsPath="$.s"), "open_wait", "waits as long as its input says"),
        (wait(Seconds="{% $s %}"), "open_wait", "waits as long as its input says"),
        (
            task(
                "arn:aws:states:::states:startExecution",
                Parameters={"StateMachineArn": CHILD},
            ),
            "nested_execution",
            "starts 'orders'; an asynchronous Express run may run twice",
        ),
        (task("${Charge}"), "unknown_resource", "cannot be judged"),
        (
            task(Retry=[{"ErrorEquals": ["E"], "IntervalSeconds": 100}, {"ErrorEquals": ["F"], "MaxAttempts": 0}]),
            "long_backoff",
            "can wait 700 s between its retries",
        ),
        (
            task(Retry=[{"ErrorEquals": ["E"], "IntervalSeconds": 25}, {"ErrorEquals": ["F"], "IntervalSeconds": 25}]),
            "long_backoff",
            "can wait 350 s between its retries",
        ),
        (
            parallel(scope({"B": END}), Retry=[{"ErrorEquals": ["E"], "MaxAttempts": 99_999_999}]),
            "long_backoff",
            "can wait for ever between its retries",
        ),
    ],
)
def test_what_a_person_must_judge_is_a_warning(state: dict[str, Any], reason: str, sentence: str) -> None:
    [warning] = express_warnings(parse_definition(scope({"A": state})))
    assert (warning.state, warning.reason) == ("A", reason)
    assert sentence in warning.sentence


def test_the_machines_own_timeout_is_a_warning_without_a_state() -> None:
    [warning] = express_warnings(parse_definition(scope({"A": END}, TimeoutSeconds=900)))
    assert (warning.state, warning.reason) == ("", "long_timeout")
    assert express_warnings(parse_definition(scope({"A": END}, TimeoutSeconds=299))) == []


def test_short_retries_are_none() -> None:
    machine = scope({"A": task(TimeoutSeconds=60, Retry=[{"ErrorEquals": ["States.ALL"]}])})
    assert express_warnings(parse_definition(machine)) == []
