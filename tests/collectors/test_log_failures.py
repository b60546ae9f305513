from __future__ import annotations

import pytest

from collectors.log_failures import MOST_TERMS, batches
from collectors.log_groups import records_read
from store.migrations import MS_PER_DAY
from tests.collectors.kept import collected, everything, memory_store, rows, what_is_known
from tests.collectors.log_world import RUN_MS, LogWorld
from tests.collectors.world import START

SINCE = START - 1
DAY = START // MS_PER_DAY


def test_executions_are_counted_by_day_and_only_failures_are_read() -> None:
    world, store = LogWorld(), memory_store()
    machine = world.express()
    for _ in range(3):
        world.logged(machine)
    failed = [world.logged(machine, fails=True)]
    world.now += 2 * MS_PER_DAY
    failed.append(world.logged(machine, fails=True))
    world.now += 60_000
    result = collected(store, world, since=SINCE, counts_logs=True)
    assert (result.outcome, result.listed, result.saved) == ("complete", 2, 2)
    assert set(what_is_known(store)) == set(failed)
    counted = {(row["day"], row["status"]): (row["executions"], row["duration_ms"]) for row in rows(store, "log_days")}
    assert counted == {(DAY, "SUCCEEDED"): (3, 3 * RUN_MS), (DAY, "FAILED"): (1, RUN_MS)}
    assert [row["bytes_scanned"] > 0 for row in rows(store, "log_queries")] == [True, True]
    [cover] = [row for row in rows(store, "coverage") if row["machine_id"]]
    assert cover["listed_to"] == (DAY + 2) * MS_PER_DAY - 1
    assert str(cover["sentence"]).startswith("4 executions of 2 days counted by Logs Insights, which scanned 0.0 MB")


def test_a_day_is_counted_once() -> None:
    world, store = LogWorld(), memory_store()
    world.logged(world.express(), fails=True)
    world.now += 2 * MS_PER_DAY
    collected(store, world, since=SINCE, counts_logs=True)
    before, counted = everything(store), rows(store, "log_days")
    world.calls.clear()
    collected(store, world, since=SINCE, counts_logs=True)
    assert "StartQuery" not in world.calls
    assert (everything(store), rows(store, "log_days")) == (before, counted)


@pytest.mark.parametrize("count", [1, MOST_TERMS, MOST_TERMS + 1])
def test_failures_are_asked_for_together(count: int) -> None:
    world = LogWorld()
    machine = world.express()
    for _ in range(count):
        world.logged(machine, fails=True)
    messages = [record.message for records in world.logs.values() for record in records]
    found = list(batches(records_read("group", messages).parts))
    assert sum(map(len, found)) == count
    assert max(map(len, found)) <= MOST_TERMS


def test_failures_far_apart_are_asked_for_apart() -> None:
    world = LogWorld()
    machine = world.express()
    for _ in range(2):
        world.logged(machine, fails=True)
        world.now += MS_PER_DAY
    messages = [record.message for records in world.logs.values() for record in records]
    assert [len(batch) for batch in batches(records_read("group", messages).parts)] == [1, 1]
