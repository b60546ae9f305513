from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from collectors.sources.links import children_of
from store.folder import Store
from store.records import record_named, rows_of
from tests.collectors.kept import collected, image, memory_store
from tests.collectors.world import World

CHILD = "arn:aws:states:ap-northeast-2:123456789012:execution:배송:c1"
SECRET = "카드번호"
SOURCES = ("standard", "links")


@dataclass
class NestedWorld(World):
    """A `World` whose first machine starts executions of another."""

    outputs: dict[str, str] = field(default_factory=dict)

    def nesting(self) -> str:
        arn = self.machine()
        called = "arn:aws:states:::states:startExecution.sync:2"
        self.machines[arn]["definition"] = json.dumps({"States": {"a": {"Resource": called}}})
        return arn

    def _GetExecutionHistory(self, executionArn: str, includeExecutionData: bool, **asked: Any) -> dict[str, Any]:  # noqa: N802, N803
        answer = super()._GetExecutionHistory(executionArn, False, **asked)
        if includeExecutionData:
            answer["events"] = [started(number, self.outputs[executionArn]) for number in (3, 5)]
        return answer


def started(number: int, output: str) -> dict[str, Any]:
    kind = {3: "TaskSubmitted", 5: "TaskSucceeded"}[number]
    details = {"resourceType": "states", "resource": "startExecution.sync:2", "output": output}
    return {"id": number, "type": kind, f"t{kind[1:]}EventDetails": details}


@pytest.fixture
def store() -> Store:
    return memory_store()


@pytest.fixture
def world() -> NestedWorld:
    world = NestedWorld()
    (parent,) = world.finished(world.nesting(), 1)
    world.outputs[parent] = json.dumps({"ExecutionArn": CHILD, "Input": SECRET})
    world.finished(world.machine("배송"), 1)
    return world


def read(store: Store, world: World, **options: Any) -> Any:
    return collected(store, world, only=SOURCES, **options)


def test_a_child_is_linked_by_the_event_that_started_it(store: Store, world: NestedWorld) -> None:
    assert read(store, world).outcome == "complete"
    (parent,) = world.outputs
    assert [tuple(row) for row in rows_of(store.db, record_named("links"))] == [
        (parent, 3, CHILD, None, "start_execution")
    ]


def test_nothing_else_of_the_payload_is_kept(store: Store, world: NestedWorld) -> None:
    read(store, world)
    assert SECRET.encode() not in image(store)


def test_it_is_asked_of_no_other_machine_and_once(store: Store, world: NestedWorld) -> None:
    read(store, world)
    with_data = [asked for name, asked in world.asked if asked.get("includeExecutionData")]
    assert len(with_data) == 1
    world.calls.clear()
    read(store, world)
    assert world.calls["GetExecutionHistory"] == 0


def test_without_being_named_no_payload_is_asked_for(store: Store, world: NestedWorld) -> None:
    collected(store, world)
    assert not [asked for name, asked in world.asked if asked.get("includeExecutionData")]


@pytest.mark.parametrize("output", ["", "{", "[1]", '{"ExecutionArn": 7}', '{"ExecutionArn": "=cmd"}'])
def test_an_output_that_is_cut_or_names_nothing_links_nothing(output: str) -> None:
    assert list(children_of([started(3, output)])) == []
