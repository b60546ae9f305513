from __future__ import annotations

from typing import Any

import pytest

from analyzer.definition import Catcher, ItemBatcher, Items, Retrier, State, Wait, parse_definition
from store.errors import DefinitionError
from tests.analyzer.definition.machines import END, distributed, mapped, scope, task


def state(fields: dict[str, Any], **machine: Any) -> State:
    """The state that these fields describe, in a machine that has two more, B and C."""
    return parse_definition(scope({"A": fields, "B": END, "C": END}, **machine)).states["A"]


@pytest.mark.parametrize(
    ("resource", "integration", "pattern", "target"),
    [
        ("arn:aws:states:::dynamodb:putItem", "dynamodb:putItem", "request", "orders"),
        ("arn:aws-cn:states:::glue:startJobRun.sync", "glue:startJobRun", "sync", "orders"),
        ("arn:aws-us-gov:states:::aws-sdk:s3:getObject", "aws-sdk:s3:getObject", "request", "orders"),
        ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "sqs:sendMessage", "callback", "orders"),
        ("arn:aws-eusc:lambda:eusc-de-east-1:1:function:charge:PROD", "lambda", "request", "charge"),
        ("arn:aws:states:us-east-1:1:activity:approve", "activity", "activity", "approve"),
        ({"Fn::Sub": "arn:${AWS::Partition}:states:::sns:publish"}, "sns:publish", "request", "orders"),
        ({"Fn::Sub": ["arn:${P}:states:::sns:publish", {"P": "aws"}]}, "sns:publish", "request", "orders"),
        ("${ChargeFunction}", "", "", ""),
        ({"Fn::GetAtt": ["Charge", "Arn"]}, "", "", ""),
    ],
)
def test_a_task_calls_an_integration_and_a_target(resource: Any, integration: str, pattern: str, target: str) -> None:
    found = state(task(resource, Parameters={"TableName": "orders", "Item": {}}))
    assert (found.resource, found.pattern, found.target) == (integration, pattern, target)


@pytest.mark.parametrize(
    ("call", "target"),
    [
        ({"Parameters": {"FunctionName": "arn:aws:lambda:us-east-1:1:function:charge:PROD"}}, "charge"),
        ({"Arguments": {"FunctionName": "charge"}}, "charge"),
        ({"Arguments": {"FunctionName": "{% $states.input.fn %}"}}, ""),
        ({"Arguments": "{% $states.input %}"}, ""),
        ({"Parameters": {"FunctionName.$": "$.fn"}}, ""),
        ({"Parameters": {"FunctionName": {"Ref": "Charge"}}}, ""),
        ({"Parameters": {"FunctionName": 7}}, ""),
        ({"Parameters": {"JobName": "run-1", "JobDefinition": "resize:3", "JobQueue": "fast"}}, "resize"),
        ({"Parameters": {"PhoneNumber": "+4912345"}}, ""),
        ({}, ""),
    ],
)
def test_a_target_is_taken_from_literals_only(call: dict[str, Any], target: str) -> None:
    assert state(task(**call)).target == target


@pytest.mark.parametrize(
    ("fields", "timeout", "heartbeat"),
    [
        ({}, (False, None), (False, None)),
        ({"TimeoutSeconds": 60, "HeartbeatSeconds": 5}, (True, 60), (True, 5)),
        ({"TimeoutSecondsPath": "$.t", "HeartbeatSecondsPath": "$.h"}, (True, None), (True, None)),
        ({"TimeoutSeconds": "{% $t %}"}, (True, None), (False, None)),
    ],
)
def test_a_limit_that_only_a_run_knows_is_a_limit(fields: dict[str, Any], timeout: Any, heartbeat: Any) -> None:
    found = state(task(**fields)).task
    assert found is not None
    assert (found.has_timeout, found.timeout_seconds) == timeout
    assert (found.has_heartbeat, found.heartbeat_seconds) == heartbeat


@pytest.mark.parametrize(
    ("fields", "wait"),
    [
        ({"Seconds": 30}, Wait(30)),
        ({"Seconds": 0}, Wait(0)),
        ({"Seconds": "{% $s %}"}, Wait()),
        ({"SecondsPath": "$.s"}, Wait()),
        ({"Timestamp": "2024-08-18T17:33:00Z"}, Wait(until_timestamp=True)),
        ({"Timestamp": "{% $t %}"}, Wait(until_timestamp=True)),
        ({"TimestampPath": "$.t"}, Wait(until_timestamp=True)),
    ],
)
def test_a_wait_is_literal_open_or_until_a_time(fields: dict[str, Any], wait: Wait) -> None:
    assert state({"Type": "Wait", "End": True, **fields}).wait == wait


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"Error": "NotPaid", "Cause": "{% $why %}"}, "NotPaid"),
        ({"ErrorPath": "$.error"}, ""),
        ({"Error": "{% $error %}"}, ""),
        ({"Error": {"Ref": "Name"}}, ""),
        ({}, ""),
    ],
)
def test_the_error_of_a_fail_is_its_literal(fields: dict[str, Any], error: str) -> None:
    assert state({"Type": "Fail", **fields}).error == error


@pytest.mark.parametrize("key", ["ItemProcessor", "Iterator"])
def test_a_distributed_map_is_known_by_its_mode(key: str) -> None:
    assert state(distributed(scope({"D": END}), key)).is_distributed
    assert not state(mapped(scope({"D": END}), key)).is_distributed
    assert not state(mapped(scope({"D": END}, ProcessorConfig={"Mode": "INLINE"}), key)).is_distributed


def test_a_map_says_how_it_works_through_its_items() -> None:
    fields: dict[str, Any] = {
        "MaxConcurrency": 1000,
        "ToleratedFailurePercentage": 0.5,
        "ToleratedFailureCountPath": "$.n",
        "Label": "Items",
        "ItemBatcher": {"MaxItemsPerBatch": 10, "MaxInputBytesPerBatch": "{% $b %}"},
    }
    assert state(distributed(scope({"D": END}), **fields)).items == Items(
        is_distributed=True,
        execution_type="EXPRESS",
        max_concurrency=1000,
        tolerated_failure_percentage=0.5,
        batcher=ItemBatcher(max_items=10),
        label="Items",
    )
    assert state(mapped(scope({"D": END}))).items == Items()


def test_retriers_and_catchers_keep_their_order_and_aws_defaults() -> None:
    retry = [
        {"ErrorEquals": ["A", "B"], "IntervalSeconds": 2, "MaxAttempts": 0, "BackoffRate": 1.5, "Comment": "none"},
        {"ErrorEquals": ["States.ALL"], "MaxDelaySeconds": 5, "JitterStrategy": "FULL"},
    ]
    found = state(task(Retry=retry, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "C"}]))
    assert found.retriers == (
        Retrier(("A", "B"), interval_seconds=2, max_attempts=0, backoff_rate=1.5),
        Retrier(("States.ALL",), 1, 3, 2, max_delay_seconds=5, jitter="FULL"),
    )
    assert found.catchers == (Catcher(("States.ALL",), "C"),)
    assert state(task(Retry=[], Catch=[])).catchers == ()


@pytest.mark.parametrize(
    ("machine", "own", "language"),
    [
        ({}, {}, "JSONPath"),
        ({"QueryLanguage": "JSONata"}, {}, "JSONata"),
        ({}, {"QueryLanguage": "JSONata"}, "JSONata"),
    ],
)
def test_the_query_language_is_the_states_own_or_the_machines(machine: Any, own: Any, language: str) -> None:
    assert state({**END, **own}, **machine).query_language == language


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "no Resource": ({"Type": "Task", "End": True}, "/Resource", "State 'A' is a Task without Resource."),
    "neither Next nor End": ({"Type": "Pass"}, "/Next", "State 'A' has neither Next nor End."),
    "both Next and End": ({**END, "Next": "B"}, "/Next", "State 'A' has both Next and End."),
    "End as text": ({"Type": "Pass", "End": "true"}, "/End", "End that must be true or false, not text."),
    "Next nowhere": ({"Type": "Pass", "Next": "b"}, "/Next", "State 'A' leads to 'b', which is no state of the same"),
    "Default nowhere": (
        {"Type": "Choice", "Choices": [{"Next": "B"}], "Default": "D"},
        "/Default",
        "State 'A' leads to 'D'",
    ),
    "choice nowhere": (
        {"Type": "Choice", "Choices": [{"Next": "B"}, {"Next": "D"}]},
        "/Choices[1]/Next",
        "Choice 2 of state 'A' leads to 'D'",
    ),
    "choice without Next": (
        {"Type": "Choice", "Choices": [{}]},
        "/Choices[0]/Next",
        "Choice 1 of state 'A' has no",
    ),
    "no Choices": ({"Type": "Choice", "Choices": []}, "/Choices", "State 'A' is a Choice without Choices."),
    "catcher nowhere": (
        task(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "D"}]),
        "/Catch[0]/Next",
        "Catcher 1 of state 'A' leads to 'D'",
    ),
    "Retry no list": (task(Retry={}), "/Retry", "State 'A' has Retry that must be a list, not an object."),
    "retrier no object": (task(Retry=["x"]), "/Retry[0]", "Retrier 1 of state 'A' must be an object, not text."),
    "retrier without errors": (task(Retry=[{}]), "/Retry[0]/ErrorEquals", "needs ErrorEquals, a list of error names."),
    "error name no text": (task(Retry=[{"ErrorEquals": [1]}]), "/Retry[0]/ErrorEquals", "that is not text."),
    "attempts as text": (
        task(Retry=[{"ErrorEquals": ["E"], "MaxAttempts": "3"}]),
        "/Retry[0]/MaxAttempts",
        "Retrier 1 of state 'A' has MaxAttempts that must be a number, not text.",
    ),
    "shrinking backoff": (
        task(Retry=[{"ErrorEquals": ["E"], "BackoffRate": 0.5}]),
        "/Retry[0]/BackoffRate",
        "has BackoffRate 0.5; it cannot be below 1.",
    ),
    "unknown jitter": (
        task(Retry=[{"ErrorEquals": ["E"], "JitterStrategy": "PARTIAL"}]),
        "/Retry[0]/JitterStrategy",
        "has JitterStrategy 'PARTIAL'; it can be NONE or FULL.",
    ),
    "two timeouts": (
        task(TimeoutSeconds=1, TimeoutSecondsPath="$.t"),
        "/TimeoutSecondsPath",
        "State 'A' has both TimeoutSeconds and TimeoutSecondsPath.",
    ),
    "timeout below zero": (task(TimeoutSeconds=-1), "/TimeoutSeconds", "State 'A' has TimeoutSeconds out of range."),
    "timeout no number": (task(TimeoutSeconds=True), "/TimeoutSeconds", "must be a number, not true or false."),
    "two waits": (
        {"Type": "Wait", "End": True, "Seconds": 1, "TimestampPath": "$.t"},
        "/TimestampPath",
        "State 'A' has both Seconds and TimestampPath.",
    ),
    "no wait": ({"Type": "Wait", "End": True}, "", "State 'A' is a Wait without one of Seconds, SecondsPath,"),
    "two errors": ({"Type": "Fail", "Error": "E", "ErrorPath": "$.e"}, "/ErrorPath", "has both Error and ErrorPath."),
    "two bodies": (
        mapped(scope({"D": END}), Iterator=scope({"E": END})),
        "/Iterator",
        "State 'A' has both ItemProcessor and Iterator.",
    ),
    "unknown Mode": (
        mapped(scope({"D": END}, ProcessorConfig={"Mode": "BATCH"})),
        "/ItemProcessor/ProcessorConfig/Mode",
        "ProcessorConfig of ItemProcessor of state 'A' has Mode 'BATCH'",
    ),
    "long Label": (
        distributed(scope({"D": END}), Label="x" * 41),
        "/Label",
        "State 'A' has a Label of 41 characters; 40 are allowed.",
    ),
}


@pytest.mark.parametrize(("fields", "location", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_state_that_cannot_be_meant_is_refused(fields: dict[str, Any], location: str, reason: str) -> None:
    with pytest.raises(DefinitionError) as refusal:
        state(fields)
    assert reason in refusal.value.sentence
    assert refusal.value.location == f"/States/A{location}"
