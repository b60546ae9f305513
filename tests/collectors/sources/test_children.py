from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from store.errors import RefusedError
from store.folder import Store
from store.records import record_named, rows_of
from tests.collectors.kept import collected, memory_store, rows, what_is_known
from tests.collectors.test_map_runs import RUN, described, mapped
from tests.collectors.world import World

LABELLED = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:주문/label"
SOURCES = ("standard", "children")


@dataclass
class MapWorld(World):
    """A `World` that lists the children of Map Runs."""

    children: dict[str, list[str]] = field(default_factory=dict)
    are_express: bool = False

    def start_child(self, map_run: str) -> str:
        self.machines[LABELLED] = {"type": "STANDARD", "stateMachineArn": LABELLED, "name": "주문/label"}
        arn = self.start(LABELLED)
        self.children.setdefault(map_run, []).append(arn)
        return arn

    def _ListStateMachines(self, **asked: Any) -> dict[str, Any]:  # noqa: N802
        hidden = self.machines.pop(LABELLED, None)
        answer = super()._ListStateMachines(**asked)
        if hidden:
            self.machines[LABELLED] = hidden
        return answer

    def _ListExecutions(self, stateMachineArn: str = "", mapRunArn: str = "", **asked: Any) -> dict[str, Any]:  # type: ignore[override]  # noqa: N802, N803
        if not mapRunArn:
            return super()._ListExecutions(stateMachineArn, **asked)
        if self.are_express:
            raise RefusedError("express", code="StateMachineTypeNotSupported")
        items = [self.runs[arn].seen_at(self.now) for arn in self.children[mapRunArn]]
        return self._page("executions", [(item, self._rank(item)) for item in items if item], asked)


@pytest.fixture
def store() -> Store:
    return memory_store()


@pytest.fixture
def world() -> MapWorld:
    world = MapWorld()
    mapped(world)
    world.map_runs[RUN] = described()
    for _ in range(3):
        child = world.start_child(RUN)
        world.now += 1_000
        world.finish(child)
    return world


def read(store: Store, world: World) -> Any:
    return collected(store, world, only=SOURCES)


def test_children_are_executions_of_the_labelled_machine_with_their_histories(store: Store, world: MapWorld) -> None:
    result = read(store, world)
    assert (result.outcome, result.saved) == ("complete", 4)
    assert [(row["arn"], row["source"]) for row in rows(store, "machines")][1] == (LABELLED, "map")
    known = what_is_known(store)
    assert all(known[arn]["events"] for arn in world.children[RUN])
    links = rows_of(store.db, record_named("links"))
    parent = next(row["arn"] for row in rows(store, "executions") if row["machine_id"] == 1)
    assert sorted(tuple(row) for row in links) == sorted(
        (parent, None, arn, RUN, "map_run") for arn in world.children[RUN]
    )


def test_a_second_pass_asks_for_none_of_it_again(store: Store, world: MapWorld) -> None:
    read(store, world)
    world.calls.clear()
    world.now += 60_000
    assert read(store, world).outcome == "complete"
    assert world.calls["GetExecutionHistory"] == 0
    assert not [asked for name, asked in world.asked[-4:] if "mapRunArn" in asked]
    assert all(row["deleted_at"] is None for row in rows(store, "machines"))


def test_children_of_a_map_run_that_goes_on_are_listed_again(store: Store, world: MapWorld) -> None:
    world.map_runs[RUN] = described("RUNNING")
    late = world.start_child(RUN)
    read(store, world)
    world.now += 1_000
    world.finish(late)
    world.map_runs[RUN] = described()
    read(store, world)
    assert what_is_known(store)[late]["status"] == "SUCCEEDED"
    assert what_is_known(store)[late]["events"]


def test_express_children_are_said_to_stand_in_logs(store: Store, world: MapWorld) -> None:
    world.are_express = True
    assert read(store, world).outcome == "complete"
    assert [row["sentence"] for row in rows(store, "coverage") if row["source"] == "children"] == [
        f"the children of {RUN} are Express executions: their logs tell of them"
    ]


def test_denied_histories_are_counted_and_fetched_once_allowed(store: Store, world: MapWorld) -> None:
    collected(store, world)
    world.denied = {"GetExecutionHistory"}
    result = read(store, world)
    assert (result.outcome, result.missed) == ("partial", 3)
    world.denied = set()
    assert (read(store, world).outcome, len(what_is_known(store))) == ("complete", 4)
    assert all(row["events"] for row in what_is_known(store).values())
