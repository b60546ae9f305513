from __future__ import annotations

from typing import Any

from collectors.probing import MACHINES_LOOKED_AT, Probing
from store.errors import DeniedError
from tests.collectors.world import World


def probed(world: Any, queue: str | None = None) -> Probing:
    probing = Probing(world, queue)
    probing.run()
    return probing


def test_an_empty_account_answers_one_call_and_leaves_the_rest_untried() -> None:
    probing = probed(World())
    assert [probe.operation for probe in probing.probes] == ["ListStateMachines"]
    assert "GetExecutionHistory" in probing.untried
    assert "ReceiveMessage" not in probing.untried


def test_each_operation_is_tried_once_with_what_there_is() -> None:
    world = World()
    world.finished(world.machine(), 3)
    world.machine("빠른", "EXPRESS")
    probing = probed(world)
    assert [probe.operation for probe in probing.probes] == [
        "ListStateMachines",
        "DescribeStateMachine",
        "ListExecutions",
        "DescribeExecution",
        "DescribeStateMachineForExecution",
        "GetExecutionHistory",
    ]
    assert probing.levels == {"빠른": "OFF"}
    assert [parameters for operation, parameters in world.asked if operation == "GetExecutionHistory"] == [
        {"executionArn": list(world.runs)[-1], "maxResults": 1_000, "includeExecutionData": False}
    ]


def test_what_is_denied_stops_nothing_else() -> None:
    world = World()
    world.finished(world.machine(), 1)
    world.denied = {"DescribeStateMachine", "DescribeExecution"}
    refused = [probe.operation for probe in probed(world).probes if isinstance(probe.error, DeniedError)]
    assert refused == ["DescribeStateMachine", "DescribeExecution"]


def test_many_express_machines_are_not_all_looked_at() -> None:
    world = World()
    for number in range(MACHINES_LOOKED_AT + 5):
        world.machine(f"m{number}", "EXPRESS")
    assert len(probed(world).levels) == MACHINES_LOOKED_AT


def test_a_queue_is_looked_into_and_left_as_it_is() -> None:
    asked: list[dict[str, Any]] = []

    def call(operation: str, **parameters: Any) -> dict[str, Any]:
        asked.append(parameters)
        return {"stateMachines": []}

    probed(type("Api", (), {"call": staticmethod(call)})(), "https://queue")
    assert asked[-1] == {"QueueUrl": "https://queue", "MaxNumberOfMessages": 1, "VisibilityTimeout": 0}
