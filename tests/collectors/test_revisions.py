"""Machines, their definitions, and which of them each execution ran."""

from __future__ import annotations

from typing import Any

import pytest

from collectors.revisions import definition_hash, machine_row, revision_name
from store.errors import ThrottledError
from store.folder import Store
from store.machines import MachineRow
from tests.collectors.kept import collected, memory_store, rows
from tests.collectors.world import DAY, START, World, moment

ASKED = "DescribeStateMachineForExecution"


@pytest.fixture
def store() -> Store:
    return memory_store()


def ran(store: Store) -> dict[str, tuple[str, int]]:
    """Each execution's name, by start, to the revision it ran and whether that is inferred."""
    found = store.db.query(
        "SELECT e.name, r.revision, e.revision_inferred FROM executions e JOIN revisions r ON r.id = e.revision_id"
        " ORDER BY e.started_at"
    )
    return {row["name"]: (row["revision"], row["revision_inferred"]) for row in found}


def test_a_machine_becomes_a_row() -> None:
    group = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/vendedlogs/states/m:*"
    answer = {
        "stateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:m",
        "name": "m",
        "type": "EXPRESS",
        "status": "ACTIVE",
        "creationDate": moment(START),
        "loggingConfiguration": {
            "level": "ALL",
            "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}],
        },
    }
    assert machine_row(answer) == MachineRow(
        answer["stateMachineArn"],  # type: ignore[arg-type]  # the dict's values are of several types
        "m",
        "EXPRESS",
        "eu-west-1",
        "123456789012",
        START,
        "ACTIVE",
        "ALL",
        "/aws/vendedlogs/states/m",
    )


def test_a_revision_without_an_id_is_named_by_its_definition() -> None:
    assert revision_name({"revisionId": "r7", "definition": "{}"}) == "r7"
    assert revision_name({"definition": "{}"}) == definition_hash("{}") != definition_hash("{ }")


def test_the_revision_is_asked_once_after_each_change(store: Store) -> None:
    world = World()
    machine = world.machine()
    world.finished(machine, 3)
    collected(store, world)
    assert world.calls[ASKED] == 1
    world.finished(machine, 3)
    collected(store, world)
    assert world.calls[ASKED] == 1
    world.now += 1_000
    world.update(machine, "r2")
    world.finished(machine, 3)
    collected(store, world)
    assert world.calls[ASKED] == 2
    collected(store, world)
    assert world.calls[ASKED] == 2
    assert [revision for revision, _ in ran(store).values()] == ["r1"] * 6 + ["r2"] * 3
    assert [inferred for _, inferred in ran(store).values()] == [1, 1, 0, 1, 1, 1, 1, 1, 0]


def test_an_execution_before_a_change_keeps_the_revision_it_ran(store: Store) -> None:
    world = World()
    machine = world.machine()
    world.finished(machine, 2)
    collected(store, world)
    world.finished(machine, 2)
    world.now += 1_000
    world.update(machine, "r2")
    world.finished(machine, 2)
    collected(store, world)
    assert [revision for revision, _ in ran(store).values()] == ["r1"] * 4 + ["r2"] * 2


def test_a_change_that_nothing_ran_yet_is_asked_when_something_did(store: Store) -> None:
    world = World()
    machine = world.machine()
    world.finished(machine, 1)
    collected(store, world)
    world.now += 1_000
    world.update(machine, "r2")
    collected(store, world)
    assert world.calls[ASKED] == 1
    world.now += DAY
    world.finished(machine, 1)
    collected(store, world)
    assert world.calls[ASKED] == 2
    assert ran(store)["e2"] == ("r2", 0)
    since = {row["revision"]: row["since_at"] for row in rows(store, "revisions")}
    assert since == {"r1": START, "r2": START + 2_000}


def test_a_version_tells_exactly(store: Store) -> None:
    world = World()
    machine = world.machine()
    world.publish(machine, "1")
    world.now += DAY
    world.update(machine, "r2")
    for version in ("1", None, "1"):
        arn = world.start(machine, version=version)
        world.now += 1_000
        world.finish(arn)
    collected(store, world)
    assert ran(store) == {"e1": ("r1", 0), "e2": ("r2", 0), "e3": ("r1", 0)}
    world.calls.clear()
    collected(store, world)
    assert world.calls["DescribeStateMachine"] == 1


def test_a_definition_that_may_not_be_read_is_said_and_the_runs_are_kept(store: Store) -> None:
    world = World()
    world.finished(world.machine(), 2)
    world.denied = {"DescribeStateMachine", ASKED}
    result = collected(store, world)
    assert (result.outcome, result.saved) == ("partial", 2)
    assert result.problems == ("denied DescribeStateMachine",)
    assert ran(store) == {}
    world.denied = set()
    collected(store, world)
    assert set(ran(store)) == {"e1", "e2"}


@pytest.mark.parametrize("operation", ["DescribeStateMachine", ASKED])
def test_no_older_revision_is_inferred_while_the_newest_cannot_be_read(store: Store, operation: str) -> None:
    world = World()
    machine = world.machine()
    world.finished(machine, 1)
    collected(store, world)
    world.now += 86_400_000
    world.update(machine, "r2")
    (new,) = world.finished(machine, 1)

    def on_call(asked: str, parameters: dict[str, Any]) -> None:
        if asked == operation:
            raise ThrottledError("slow down", operation=asked)

    world.on_call = on_call
    assert collected(store, world).outcome == "partial"
    assert new.rpartition(":")[2] not in ran(store)
    world.on_call = lambda asked, parameters: None
    collected(store, world)
    assert ran(store)[new.rpartition(":")[2]] == ("r2", 0)


def test_a_machine_that_aws_no_longer_lists_is_deleted_and_may_come_back(store: Store) -> None:
    world = World()
    machine, other = world.machine("가"), world.machine("나")
    collected(store, world)
    gone: dict[str, Any] = world.machines.pop(other)
    collected(store, world)
    assert [row["deleted_at"] for row in rows(store, "machines")] == [None, START]
    world.machines[other] = gone
    collected(store, world, machines=("가",))
    assert [row["deleted_at"] for row in rows(store, "machines")] == [None, START]
    collected(store, world)
    assert [row["deleted_at"] for row in rows(store, "machines")] == [None, None]
    assert machine in world.machines
