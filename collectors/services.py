"""Which of AWS's services answers an operation, as boto3 and as IAM call it."""

from __future__ import annotations

from typing import NamedTuple


class Service(NamedTuple):
    """`client` is what boto3 makes a client by, `actions` stands before an operation in a policy."""

    client: str
    actions: str


STATES = Service("stepfunctions", "states")
LOGS = Service("logs", "logs")
CLOUDWATCH = Service("cloudwatch", "cloudwatch")
SQS = Service("sqs", "sqs")
PRICING = Service("pricing", "pricing")
COST_EXPLORER = Service("ce", "ce")

ANSWERED_BY = {
    "FilterLogEvents": LOGS,
    "StartQuery": LOGS,
    "GetQueryResults": LOGS,
    "GetMetricData": CLOUDWATCH,
    "ReceiveMessage": SQS,
    "DeleteMessageBatch": SQS,
    "GetProducts": PRICING,
    "GetCostAndUsage": COST_EXPLORER,
}
"""The operations that are not of Step Functions itself."""

ALLOWED_BY = {"DeleteMessageBatch": "DeleteMessage"}
"""Operations that a policy allows by another name: the service authorization reference has none of their own."""


def service_of(operation: str) -> Service:
    """The service that answers this operation."""
    return ANSWERED_BY.get(operation, STATES)


def action_of(operation: str) -> str:
    """What a policy has to allow for an operation: `states:ListExecutions`."""
    return f"{service_of(operation).actions}:{ALLOWED_BY.get(operation, operation)}"
