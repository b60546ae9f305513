"""Incremental listing: what it finds, what it asks for, and when the watermark moves."""

from __future__ import annotations

from typing import Any

import pytest

from collectors.listing import OVERLAP_MS, epoch_ms, execution_row, is_before
from store.errors import ThrottledError
from store.executions import ExecutionRow
from store.folder import Store
from store.passes import Span, listed_span
from tests.collectors.kept import SINCE, collected, memory_store, what_is_known
from tests.collectors.world import DAY, START, World, moment

MINUTE = 60_000
ARN = "arn:aws:states:eu-west-1:123456789012:execution:m:e"


@pytest.fixture
def store() -> Store:
    return memory_store()


def statuses(store: Store) -> list[str]:
    return [row["status"] for row in what_is_known(store).values()]


def test_an_item_becomes_a_row() -> None:
    item = {
        "executionArn": ARN,
        "name": "e",
        "status": "FAILED",
        "startDate": moment(START),
        "stopDate": moment(START + 1_234),
        "redriveCount": 2,
        "stateMachineVersionArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:m:3",
        "stateMachineAliasArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:m:LIVE",
    }
    assert execution_row(7, item) == ExecutionRow(7, ARN, "e", "FAILED", START, START + 1_234, 2, "3", "LIVE")
    bare = {"executionArn": ARN, "status": "RUNNING", "startDate": moment(START)}
    assert execution_row(7, bare) == ExecutionRow(7, ARN, "e", "RUNNING", START, None)
    assert epoch_ms(None) is None


@pytest.mark.parametrize(
    ("dates", "before"),
    [
        ({"startDate": 1, "stopDate": 2}, True),
        ({"startDate": 1, "stopDate": 9}, False),
        ({"startDate": 9, "stopDate": 9}, False),
        ({"startDate": 1, "stopDate": 2, "redriveDate": 9}, False),
        ({"startDate": 1}, True),
    ],
)
def test_a_row_is_before_a_moment_when_all_its_dates_are(dates: dict[str, int], before: bool) -> None:
    item: dict[str, Any] = {name: moment(at) for name, at in dates.items()}
    assert is_before({"status": "FAILED", **item}, 5) is before
    assert is_before({"status": "RUNNING", **item}, 5) is False


def test_the_second_pass_reads_no_further_than_it_must(store: Store) -> None:
    world = World(page=10)
    machine = world.machine()
    world.finished(machine, 100)
    world.now += 60 * MINUTE
    collected(store, world)
    assert world.calls["ListExecutions"] == 10
    world.now += 60 * MINUTE
    world.finished(machine, 5)
    world.calls.clear()
    assert collected(store, world).saved == 5
    assert world.calls["ListExecutions"] == 1


def test_since_ends_the_first_listing(store: Store) -> None:
    world = World(page=10)
    machine = world.machine()
    world.finished(machine, 40)
    world.now += 10 * DAY
    world.finished(machine, 5)
    assert collected(store, world, since=world.now - DAY).listed == 5
    assert world.calls["ListExecutions"] == 1


def test_looking_further_back_lists_again(store: Store) -> None:
    world = World()
    machine = world.machine()
    world.finished(machine, 4)
    world.now += 10 * DAY
    world.finished(machine, 5)
    collected(store, world, since=world.now - DAY)
    assert collected(store, world, since=SINCE).saved == 4
    assert len(what_is_known(store)) == 9
    assert listed_span(store.db, 1, "standard") == Span(SINCE, world.now - OVERLAP_MS)


def test_the_watermark_stays_where_it_was_when_the_listing_breaks(store: Store) -> None:
    world = World(page=2)
    machine = world.machine()
    world.finished(machine, 2)
    collected(store, world)
    known = listed_span(store.db, 1, "standard")
    world.now += 60 * MINUTE
    world.finished(machine, 10)

    def on_call(operation: str, parameters: dict[str, Any]) -> None:
        if operation == "ListExecutions" and "nextToken" in parameters:
            raise ThrottledError("throttled")

    world.on_call = on_call
    assert collected(store, world).outcome == "partial"
    assert listed_span(store.db, 1, "standard") == known
    world.on_call = lambda operation, parameters: None
    collected(store, world)
    assert len(what_is_known(store)) == 12


def test_a_clock_that_was_ahead_makes_no_hole(store: Store) -> None:
    world = World()
    machine = world.machine()
    world.finished(machine, 2)
    world.now += 2 * DAY
    collected(store, world)
    world.now -= 2 * DAY
    world.finished(machine, 3)
    world.now += 5 * MINUTE
    collected(store, world)
    assert len(what_is_known(store)) == 5


def test_a_watermark_of_the_future_is_not_believed(store: Store) -> None:
    world = World()
    machine = world.machine()
    world.finished(machine, 2)
    world.now += 2 * DAY
    collected(store, world)
    world.now -= 2 * DAY
    world.finished(machine, 3)
    world.now += 60 * MINUTE
    collected(store, world)
    assert len(what_is_known(store)) == 5
    world.finished(machine, 1)
    world.now += 2 * DAY
    collected(store, world)
    assert len(what_is_known(store)) == 6


def test_a_long_runner_is_found_when_it_ends(store: Store) -> None:
    world = World(page=3)
    machine = world.machine()
    long_runner = world.start(machine)
    world.now += DAY
    world.finished(machine, 6)
    world.now += DAY
    collected(store, world)
    world.finish(long_runner, "TIMED_OUT")
    world.now += DAY
    world.finished(machine, 6)
    collected(store, world)
    assert what_is_known(store)[long_runner]["status"] == "TIMED_OUT"
    assert world.calls["DescribeExecution"] == 1


def test_what_still_runs_costs_a_listing_and_no_description(store: Store) -> None:
    world = World()
    machine = world.machine()
    for _ in range(50):
        world.start(machine)
    world.now += DAY
    world.finished(machine, 1)
    collected(store, world)
    world.now += DAY
    world.finished(machine, 1)
    world.calls.clear()
    collected(store, world)
    assert statuses(store).count("RUNNING") == 50
    assert world.calls["DescribeExecution"] == 0


def test_a_running_execution_that_aws_forgot_is_not_asked_for_for_ever(store: Store) -> None:
    world = World()
    arn = world.start(world.machine())
    collected(store, world)
    del world.runs[arn]
    result = collected(store, world)
    assert statuses(store) == ["UNKNOWN"]
    assert result.outcome == "complete"
    world.calls.clear()
    collected(store, world)
    assert world.calls["DescribeExecution"] == 0


@pytest.mark.parametrize("order", ["start", "stop", "running first"])
def test_a_redrive_of_an_old_failure_is_seen(store: Store, order: str) -> None:
    world = World(order=order, page=3)
    machine = world.machine()
    (failed,) = world.finished(machine, 1, "FAILED")
    world.now += 9 * DAY
    world.finished(machine, 20)
    collected(store, world)
    world.now += DAY
    world.redrive(failed)
    world.now += 1_000
    world.finish(failed)
    world.now += DAY
    world.finished(machine, 20)
    collected(store, world)
    known = what_is_known(store)[failed]
    assert (known["status"], known["redrives"], len(known["events"])) == ("SUCCEEDED", 1, 5)


def test_redriven_ones_are_listed_only_while_one_may_be(store: Store) -> None:
    world = World()
    machine = world.machine()
    world.finished(machine, 1, "FAILED")
    collected(store, world)
    for days, filters in ((1, 1), (20, 0)):
        world.now += days * DAY
        world.asked.clear()
        collected(store, world)
        assert sum("redriveFilter" in parameters for _, parameters in world.asked) == filters
