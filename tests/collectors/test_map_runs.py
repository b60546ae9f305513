from __future__ import annotations

from typing import Any

import pytest

from store.folder import Store
from tests.collectors.kept import collected, memory_store, rows
from tests.collectors.world import START, World, moment

RUN = "arn:aws:states:ap-northeast-2:123456789012:mapRun:주문/label:1"


@pytest.fixture
def store() -> Store:
    return memory_store()


def described(status: str = "SUCCEEDED", redrives: int = 0) -> dict[str, Any]:
    return {
        "mapRunArn": RUN,
        "status": status,
        "startDate": moment(START),
        "stopDate": moment(START + 500),
        "executionCounts": {"total": 10, "pending": 2, "succeeded": 5, "failed": 3},
        "itemCounts": {"total": 100, "failed": 25, "timedOut": 5, "succeeded": 70},
        "redriveCount": redrives,
    }


def mapped(world: World) -> str:
    """An execution that starts a Map Run, and ends."""
    arn = world.start(world.machine(), map_run=RUN)
    world.now += 1_000
    world.finish(arn, "FAILED")
    return arn


def test_what_a_history_names_is_described_once(store: Store) -> None:
    world = World()
    mapped(world)
    world.map_runs[RUN] = described()
    collected(store, world)
    collected(store, world)
    assert world.calls["DescribeMapRun"] == 1
    (row,) = rows(store, "map_runs")
    assert (row["status"], row["children"], row["items"], row["items_failed"]) == ("SUCCEEDED", 8, 100, 30)
    assert (row["started_at"], row["stopped_at"]) == (START, START + 500)


def test_one_that_still_runs_is_asked_for_again(store: Store) -> None:
    world = World()
    mapped(world)
    world.map_runs[RUN] = described("RUNNING")
    collected(store, world)
    world.map_runs[RUN] = described()
    collected(store, world)
    assert [row["status"] for row in rows(store, "map_runs")] == ["SUCCEEDED"]


def test_one_that_aws_forgot_keeps_its_counts_unknown(store: Store) -> None:
    world = World()
    mapped(world)
    assert collected(store, world).outcome == "complete"
    collected(store, world)
    assert world.calls["DescribeMapRun"] == 1
    assert [(row["status"], row["children"]) for row in rows(store, "map_runs")] == [("UNKNOWN", None)]


def test_denied_is_said_and_tried_again(store: Store) -> None:
    world = World()
    mapped(world)
    world.map_runs[RUN] = described()
    world.denied = {"DescribeMapRun"}
    result = collected(store, world)
    assert (result.outcome, result.problems) == ("partial", ("denied DescribeMapRun",))
    world.denied = set()
    assert collected(store, world).outcome == "complete"
    assert rows(store, "map_runs")[0]["children"] == 8
