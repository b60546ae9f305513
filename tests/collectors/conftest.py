"""AWS over HTTP as tests of the collector see it: the stand-in behind its proxy, and a connection to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from collectors.aws import Connector
from collectors.connections import Connection
from collectors.quota import Quota
from collectors.sessions import Target
from tests.standin.handle import REGION, QuotaProxy, Standin

ALLOWED = Quota(100_000, 10_000)
OPERATIONS = (
    "ListStateMachines",
    "DescribeStateMachine",
    "DescribeStateMachineForExecution",
    "ListExecutions",
    "DescribeExecution",
    "GetExecutionHistory",
    "DescribeMapRun",
)


@pytest.fixture(scope="session")
def connect(proxy_server: QuotaProxy) -> Connector:
    """Connections that are never paced; their clients serve the whole session."""
    return Connector(quotas=dict.fromkeys(OPERATIONS, ALLOWED))


@pytest.fixture
def target(proxy: QuotaProxy) -> Target:
    """The stand-in, empty, behind a proxy that does nothing yet."""
    proxy.configure(quotas={operation: [0, 0] for operation in OPERATIONS})
    return Target(region=REGION, endpoint_url=proxy.endpoint)


@pytest.fixture
def connection(connect: Connector, target: Target) -> Connection:
    return connect(target)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3 waits no longer than a moment before it tries again."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda seconds: None)


@pytest.fixture
def executions(standin: Standin) -> Callable[..., str]:
    """Adds a machine whose executions ran for a second each, one after the other; its ARN."""

    def add(count: int, name: str = "orders", events: int = 2) -> str:
        arn = standin.create_machine(name, {"StartAt": "a", "States": {"a": {"Type": "Pass", "End": True}}})
        standin.seed(arn, [_execution(number, events) for number in range(count)])
        return arn

    return add


FIRST = 1_767_225_600
"""2026-01-01, in seconds."""


def _execution(number: int, events: int) -> dict[str, object]:
    start = FIRST + 10 * number
    history = [
        {"id": place, "previousEventId": place - 1, "timestamp": start + place / events, "type": "PassStateEntered"}
        | {"stateEnteredEventDetails": {"name": "결제"}}
        for place in range(1, events + 1)
    ]
    history[0] = {"id": 1, "previousEventId": 0, "timestamp": start, "type": "ExecutionStarted"}
    history[-1] = {"id": events, "previousEventId": events - 1, "timestamp": start + 1, "type": "ExecutionSucceeded"}
    return {
        "name": f"run-{number:05d}",
        "status": "SUCCEEDED",
        "startDate": start,
        "stopDate": start + 1,
        "events": history,
    }
