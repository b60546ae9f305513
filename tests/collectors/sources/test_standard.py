from __future__ import annotations

from collectors.sources import sources, standard
from tests.collectors.kept import collected, everything, memory_store, rows, what_is_known
from tests.collectors.world import World


def test_a_first_pass_keeps_machines_executions_and_histories() -> None:
    world, store = World(), memory_store()
    arns = world.finished(world.machine(), 3) + world.finished(world.machine("환불"), 2, "FAILED")
    result = collected(store, world)
    assert (result.outcome, result.machines, result.listed, result.saved, result.missed) == ("complete", 2, 5, 5, 0)
    assert result.sentence == "2 machines: 5 executions listed, 5 histories saved"
    known = what_is_known(store)
    assert set(known) == set(arns)
    assert [len(row["events"]) for row in known.values()] == [3] * 5
    assert {row["status"] for row in known.values()} == {"SUCCEEDED", "FAILED"}


def test_a_second_pass_with_nothing_new_lists_and_changes_nothing() -> None:
    world, store = World(), memory_store()
    machine = world.machine()
    world.finished(machine, 3)
    world.finished(machine, 1, "FAILED")
    world.start(machine)
    collected(store, world)
    before = everything(store)
    world.calls.clear()
    world.now += 60_000
    collected(store, world)
    assert set(world.calls) == {"ListStateMachines", "DescribeStateMachine", "ListExecutions"}
    assert world.calls["DescribeStateMachine"] == 1
    assert everything(store) == before
    assert len(rows(store, "passes")) == 2


def test_a_source_is_found_by_being_there() -> None:
    assert standard in sources()
    assert all(source.NAME and callable(source.collect) for source in sources())
