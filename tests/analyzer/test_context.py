from __future__ import annotations

import json

import pytest

from analyzer.context import Context
from store.executions import Kept
from store.machines import Machine, Revision

DEFINITION = {
    "StartAt": "Charge",
    "States": {
        "Charge": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/1/결제-queue", "MessageBody": "m"},
            "End": True,
        }
    },
}
MACHINE = Machine(1, "arn:1", "m", "STANDARD", "us-east-1", "1")
REVISIONS = [
    Revision(7, 1, "rev-7", json.dumps(DEFINITION), None, None, 0),
    Revision(8, 1, "rev-8", "{not a definition", None, None, 0),
]
CONTEXT = Context([MACHINE], REVISIONS)


def kept(revision_id: int | None, *, inferred: int = 0) -> Kept:
    return Kept(1, 1, "arn:e", "SUCCEEDED", None, None, 0, None, None, revision_id, inferred, None, "api", None, None)


def test_a_revision_that_was_inferred_is_marked() -> None:
    assert CONTEXT.revision_name(kept(7)) == "rev-7"
    assert CONTEXT.revision_name(kept(7, inferred=1)) == "rev-7?"
    assert CONTEXT.revision_name(kept(None)) is None


def test_a_definition_that_cannot_be_read_leaves_its_histories_countable() -> None:
    assert CONTEXT.definition(8) is None
    assert CONTEXT.called(8)("Charge", "lambda", "invoke") == ("lambda:invoke", None, "request")


@pytest.mark.parametrize(
    ("resource_type", "resource", "called"),
    [
        ("sqs", "sendMessage.waitForTaskToken", ("sqs:sendMessage", "결제-queue", "callback")),
        (None, None, ("sqs:sendMessage", "결제-queue", "callback")),
        (
            "LambdaFunctionScheduled",
            "arn:aws:lambda:us-east-1:1:function:charge-card:LIVE",
            ("lambda", "charge-card", "request"),
        ),
        ("ActivityScheduled", "activity_arn", ("activity", "결제-queue", "activity")),
    ],
)
def test_what_a_state_calls_comes_from_its_schedule_and_else_from_the_definition(
    resource_type: str | None, resource: str | None, called: tuple[str, str, str]
) -> None:
    assert CONTEXT.called(7)("Charge", resource_type, resource) == called


def test_what_neither_schedule_nor_definition_says_is_empty() -> None:
    assert Context([MACHINE], []).called(None)("Charge", None, None) == (None, None, None)
