"""Histories: whole or not at all, and every miss counted."""

from __future__ import annotations

from typing import Any

import pytest

from collectors.histories import history_of
from store.errors import CutAnswerError, ExpiredHistoryError, HistoryUnreadableError, ThrottledError
from store.folder import Store
from store.histories import unpacked
from store.queue import Todo
from tests.collectors.kept import collected, memory_store, rows
from tests.collectors.world import START, World


@pytest.fixture
def store() -> Store:
    return memory_store()


@pytest.fixture
def world() -> World:
    return World()


def todo(arn: str, status: str = "SUCCEEDED", redrives: int = 0) -> Todo:
    return Todo(1, arn, status, START + 1_000, redrives, 1)


class Altered:
    """The world, but for the events it gives."""

    def __init__(self, world: World, change: Any) -> None:
        self.world, self.change = world, change

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        answer = self.world.call(operation, **parameters)
        return {**answer, "events": self.change(answer["events"])}


def test_a_whole_history_is_packed_by_id(world: World) -> None:
    (arn,) = world.finished(world.machine(), 1)
    row = history_of(Altered(world, lambda events: [*events[::-1], *events]), todo(arn))
    assert (row.event_count, row.last_event_id, row.stopped_at, row.redrives) == (3, 3, START + 1_000, 0)
    assert [event.id for event in unpacked(row.events)] == [1, 2, 3]


@pytest.mark.parametrize(
    "change",
    [lambda events: events[:-1], lambda events: events[1:], lambda events: [events[0], events[2]], lambda events: []],
    ids=["no end", "no beginning", "a gap", "nothing"],
)
def test_a_history_with_gaps_is_cut(world: World, change: Any) -> None:
    (arn,) = world.finished(world.machine(), 1)
    with pytest.raises(CutAnswerError):
        history_of(Altered(world, change), todo(arn))


def test_a_history_that_ends_otherwise_than_listed_is_not_final(world: World) -> None:
    (arn,) = world.finished(world.machine(), 1)
    with pytest.raises(CutAnswerError):
        history_of(world, todo(arn, "FAILED"))


def test_events_that_are_none_are_unreadable(world: World) -> None:
    (arn,) = world.finished(world.machine(), 1)
    with pytest.raises(HistoryUnreadableError):
        history_of(Altered(world, lambda events: [{"id": "first", "type": "ExecutionStarted"}]), todo(arn))


def test_a_history_that_lags_behind_a_redrive_is_noted_for_what_it_shows(world: World) -> None:
    (arn,) = world.finished(world.machine(), 1, "FAILED")
    assert history_of(world, todo(arn, "FAILED", redrives=1)).redrives == 0


def test_causes_are_redacted(world: World) -> None:
    (arn,) = world.finished(world.machine(), 1, "FAILED")

    def spoken(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        details = {"executionFailedEventDetails": {"error": "E", "cause": "password=hunter2"}}
        return [*events[:-1], events[-1] | details]

    events = unpacked(history_of(Altered(world, spoken), todo(arn, "FAILED")).events)
    assert events[-1].d.cause == "password=[secret]"


def missing(world: World, error: Exception, *numbers: int) -> None:
    """Histories number so and so cannot be had."""

    def on_call(operation: str, parameters: dict[str, Any]) -> None:
        if operation == "GetExecutionHistory" and parameters["executionArn"].rpartition("e")[2] in map(str, numbers):
            raise error

    world.on_call = on_call


def test_a_miss_is_counted_and_tried_again(store: Store, world: World) -> None:
    world.finished(world.machine(), 10)
    missing(world, ThrottledError("slow down"), 3, 7)
    result = collected(store, world)
    assert (result.outcome, result.saved, result.missed) == ("partial", 8, 2)
    assert [row["sentence"] for row in rows(store, "coverage")] == ["slow down; 2 histories throttled", None]
    world.on_call = lambda operation, parameters: None
    assert collected(store, world).saved == 2


def test_an_expired_history_is_counted_and_never_asked_for_again(store: Store, world: World) -> None:
    world.finished(world.machine(), 3)
    missing(world, ExpiredHistoryError("no longer there"), 2)
    result = collected(store, world)
    assert (result.outcome, result.saved, result.missed) == ("complete", 2, 1)
    world.calls.clear()
    collected(store, world)
    assert world.calls["GetExecutionHistory"] == 0
    assert [row["history"] for row in rows(store, "executions")] == ["saved", "expired", "saved"]


def test_failures_come_first(store: Store, world: World) -> None:
    machine = world.machine()
    world.finished(machine, 3)
    failed = world.finished(machine, 1, "FAILED")
    world.finished(machine, 3)
    collected(store, world, threads=1)
    fetched = [
        parameters["executionArn"] for operation, parameters in world.asked if operation == "GetExecutionHistory"
    ]
    assert fetched[0] == failed[0]
    assert len(fetched) == 7


def test_long_histories_come_in_pages(store: Store) -> None:
    world = World(page=2)
    world.finished(world.machine(), 2)
    collected(store, world)
    assert world.calls["GetExecutionHistory"] == 4
    assert [row["event_count"] for row in rows(store, "histories")] == [3, 3]
