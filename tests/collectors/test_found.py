from __future__ import annotations

from tests.collectors.kept import collected, memory_store, rows
from tests.collectors.metric_world import MetricWorld


def test_a_source_that_is_alone_lists_the_machines_that_are_wanted() -> None:
    world, store = MetricWorld(), memory_store()
    world.machine("orders")
    world.machine("refunds")
    collected(store, world, only=("metrics",), machines=("ord*",))
    assert [row["name"] for row in rows(store, "machines")] == ["orders"]
    assert world.calls["DescribeStateMachine"] == 0
