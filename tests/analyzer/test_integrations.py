from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.integrations import (
    ACTIVITY,
    LEGACY_LAMBDA,
    UNKNOWN,
    Integration,
    integration,
    named_target,
    target_of_arn,
)

PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-eusc", "<partition>", "${AWS::Partition}")


@pytest.mark.parametrize(
    ("resource_type", "resource", "expected"),
    [
        ("lambda", "invoke", Integration("lambda:invoke", "request")),
        ("lambda", "invoke.waitForTaskToken", Integration("lambda:invoke", "callback")),
        ("states", "startExecution", Integration("states:startExecution", "request")),
        ("states", "startExecution.sync", Integration("states:startExecution", "sync")),
        ("states", "startExecution.sync:2", Integration("states:startExecution", "sync")),
        ("sqs", "sendMessage.waitForTaskToken", Integration("sqs:sendMessage", "callback")),
        ("aws-sdk:dynamodb", "putItem", Integration("aws-sdk:dynamodb:putItem", "request")),
        ("aws-sdk:dynamodb", "putItem.waitForTaskToken", Integration("aws-sdk:dynamodb:putItem", "callback")),
        ("bedrockagentcore", "thinkHard", Integration("bedrockagentcore:thinkHard", "request")),
        ("", "activity_arn", UNKNOWN),
        ("", "", UNKNOWN),
    ],
)
def test_an_event_names_its_integration_and_pattern(resource_type: str, resource: str, expected: Integration) -> None:
    assert integration(resource_type, resource) == expected


def test_a_pattern_that_is_not_known_yet_is_kept_and_left_open() -> None:
    assert integration("eks", "runJob.async:3") == Integration("eks:runJob.async:3", "")


@pytest.mark.parametrize("partition", PARTITIONS)
@pytest.mark.parametrize(
    "place", [":", "us-east-1:111111111111", "<region>:<account>", "${AWS::Region}:${AWS::AccountId}"]
)
def test_an_arn_names_the_same_integration_in_every_partition_and_spelling(partition: str, place: str) -> None:
    states = f"arn:{partition}:states:{place}"

    assert integration("", f"{states}:lambda:invoke") == ("lambda:invoke", "request")
    assert integration("", f"{states}:states:startExecution.sync:2") == ("states:startExecution", "sync")
    assert integration("", f"{states}:aws-sdk:s3:getObject") == ("aws-sdk:s3:getObject", "request")
    assert integration("", f"{states}:activity:approve") == ACTIVITY
    assert integration("", f"arn:{partition}:lambda:{place}:function:charge:PROD") == LEGACY_LAMBDA


@pytest.mark.parametrize(
    "resource", ["arn:", "arn:aws", "arn:aws:states:::", "arn:aws:states:::lambda", "arn:aws:iam::1:role/x"]
)
def test_an_arn_that_is_no_tasks_is_unknown(resource: str) -> None:
    assert integration("", resource) == UNKNOWN


@pytest.mark.parametrize(
    ("resource", "service"),
    [("lambda", "lambda"), ("lambda:invoke", "lambda"), ("aws-sdk:dynamodb:putItem", "dynamodb"), ("", "")],
)
def test_the_service_is_the_same_through_the_sdk_integration(resource: str, service: str) -> None:
    assert Integration(resource, "request").service == service


@pytest.mark.parametrize(
    ("arn", "target"),
    [
        ("arn:aws:lambda:us-east-1:1:function:my-fn", "my-fn"),
        ("arn:aws:lambda:us-east-1:1:function:my-fn:PROD", "my-fn"),
        ("arn:<partition>:lambda:<region>:111111111111:function:<lambda_function_1_name>", "<lambda_function_1_name>"),
        (
            "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-fn:$LATEST",
            "${AWS::StackName}-fn",
        ),
        ("arn:aws-cn:states:cn-north-1:1:activity:승인", "승인"),
        ("arn:aws:states:us-east-1:1:stateMachine:orders:PROD", "orders"),
        ("arn:aws:states:us-east-1:1:stateMachine:orders/Items", "orders/Items"),
        ("arn:aws:states:us-east-1:1:mapRun:orders/Items:6f3d", "orders/Items"),
        ("arn:aws:states:us-east-1:1:execution:orders:run-1", "orders"),
        ("arn:aws:states:us-east-1:1:express:orders:run-1:6f3d", "orders"),
        ("arn:aws:sqs:us-east-1:1:parcels.fifo", "parcels.fifo"),
        ("arn:aws:sns:us-east-1:1:alerts", "alerts"),
        ("arn:aws:dynamodb:us-east-1:1:table/orders/index/by-day", "orders"),
        ("arn:aws:ecs:us-east-1:1:task-definition/resize:17", "resize"),
        ("arn:aws:batch:us-east-1:1:job-definition/resize:17", "resize"),
        ("arn:aws:glue:us-east-1:1:job/nightly", "nightly"),
        ("arn:aws:s3:::pictures/2024/*", "pictures"),
        ("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v1:0", "anthropic.claude-v1:0"),
        ("arn:aws:states:::lambda:invoke", ""),
        ("activity_arn", ""),
        ("", ""),
    ],
)
def test_an_arn_is_shortened_to_the_name_people_use(arn: str, target: str) -> None:
    assert target_of_arn(arn) == target


@pytest.mark.parametrize(
    ("parameter", "text", "target"),
    [
        ("FunctionName", "my-fn", "my-fn"),
        ("FunctionName", "my-fn:PROD", "my-fn"),
        ("FunctionName", "123456789012:function:my-fn:$LATEST", "my-fn"),
        ("FunctionName", "${AWS::StackName}-fn:7", "${AWS::StackName}-fn"),
        ("FunctionName", "arn:aws:lambda:us-east-1:1:function:my-fn:PROD", "my-fn"),
        ("QueueUrl", "https://sqs.us-east-1.amazonaws.com/123456789012/parcels", "parcels"),
        ("QueueUrl", "http://localhost:4566/000000000000/parcels", "parcels"),
        ("TopicArn", "arn:aws:sns:us-east-1:1:alerts", "alerts"),
        ("TableName", "orders", "orders"),
        ("TaskDefinition", "resize:17", "resize"),
        ("ModelId", "anthropic.claude-v1:0", "anthropic.claude-v1:0"),
        ("ApiEndpoint", "https://api.example.com/v1/pay?key=secret", "api.example.com"),
        ("ApiEndpoint", "8dr32.execute-api.us-east-2.amazonaws.com", "8dr32.execute-api.us-east-2.amazonaws.com"),
        ("ApiEndpoint", "https://[half", ""),
    ],
)
def test_a_parameter_is_shortened_to_the_name_people_use(parameter: str, text: str, target: str) -> None:
    assert named_target(parameter, text) == target


@given(st.text(alphabet="arn:sted/.${}<>-lambdFunctio주\0", max_size=60), st.text(max_size=20))
def test_any_text_has_an_answer(text: str, other: str) -> None:
    for resource in (text, f"arn:{text}", f"arn:aws:states:{text}"):
        assert integration(other, resource).pattern in {"", "request", "sync", "callback", "activity"}
        assert isinstance(target_of_arn(resource), str)
        assert isinstance(named_target("FunctionName", resource), str)
