from __future__ import annotations

import json
from typing import Any

import pytest

from collectors.status_changes import status_change
from store.executions import ExecutionRow

PLACE = "arn:aws:states:ap-northeast-2:123456789012:"


def body(status: str = "SUCCEEDED", machine: str = "주문", name: str = "e1", **detail: Any) -> str:
    """A message as EventBridge writes it, from the developer guide."""
    event = {
        "version": "0",
        "id": "315c1398-40ff-a850-213b-158f73e60175",
        "detail-type": "Step Functions Execution Status Change",
        "source": "aws.states",
        "account": "123456789012",
        "time": "2026-02-26T19:42:21Z",
        "region": "ap-northeast-2",
        "resources": [f"{PLACE}execution:{machine}:{name}"],
        "detail": {
            "executionArn": f"{PLACE}execution:{machine}:{name}",
            "stateMachineArn": f"{PLACE}stateMachine:{machine}",
            "name": name,
            "status": status,
            "startDate": 1_772_134_940_123,
            "stopDate": None if status == "RUNNING" else 1_772_134_941_456,
            "input": None,
            "inputDetails": {"included": False},
            "output": None,
            "outputDetails": None,
            "stateMachineVersionArn": None,
            "stateMachineAliasArn": None,
            "redriveCount": 0,
            "redriveDate": None,
            "redriveStatus": "NOT_REDRIVABLE",
            "error": None,
            "cause": None,
        }
        | detail,
    }
    return json.dumps(event, ensure_ascii=False)


def test_a_change_is_the_row_that_the_listing_would_give() -> None:
    change = status_change(body(stateMachineVersionArn=f"{PLACE}stateMachine:주문:3", redriveCount=2))
    assert change is not None
    assert (change.machine_arn, change.is_child) == (f"{PLACE}stateMachine:주문", False)
    assert change.row(7) == ExecutionRow(
        machine_id=7,
        arn=f"{PLACE}execution:주문:e1",
        name="e1",
        status="SUCCEEDED",
        started_at=1_772_134_940_123,
        stopped_at=1_772_134_941_456,
        redrives=2,
        version="3",
    )


def test_one_that_runs_has_not_stopped() -> None:
    change = status_change(body("RUNNING"))
    assert change is not None
    assert change.row(1).stopped_at is None


def test_children_of_a_distributed_map_are_told_apart() -> None:
    change = status_change(body(machine="주문/label"))
    assert change is not None
    assert change.is_child


@pytest.mark.parametrize(
    "foreign",
    [
        "",
        "not JSON",
        "[]",
        "{}",
        body()[:200],
        body("SOMETHING_NEW"),
        body().replace("aws.states", "aws.ec2"),
        body().replace("Execution Status Change", "Something Else"),
        body(executionArn=f"{PLACE}express:주문:e1:uuid"),
        body(stateMachineArn="arn:aws:lambda:r:1:function:f"),
        body(startDate="yesterday"),
        body().replace('"name": "e1"', '"name": null'),
        json.dumps({"Type": "Notification", "Message": "hello"}),
    ],
)
def test_whatever_else_comes_is_none(foreign: str) -> None:
    assert status_change(foreign) is None
