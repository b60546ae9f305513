"""Histories: whole or not at all, and every miss counted."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from collectors.histories import history_of
from store.errors import CutAnswerError, ExpiredHistoryError, HistoryUnreadableError, ThrottledError
from store.folder import Store
from store.histories import unpacked
from store.queue import Todo
from store.retention import retentions
from tests.collectors.kept import collected, collected_from, memory_store, rows
from tests.collectors.world import DAY, START, World


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


@pytest.mark.parametrize(("hides", "kept"), [(False, "account 111122223333"), (True, "account [account]")])
def test_account_numbers_are_left_out_of_causes_when_asked(world: World, hides: bool, kept: str) -> None:
    (arn,) = world.finished(world.machine(), 1, "FAILED")

    def spoken(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        details = {"executionFailedEventDetails": {"error": "E", "cause": "account 111122223333"}}
        return [*events[:-1], events[-1] | details]

    row = history_of(Altered(world, spoken), todo(arn, "FAILED"), hides_accounts=hides)
    assert unpacked(row.events)[-1].d.cause == kept


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
    world.now += 40 * DAY
    missing(world, ExpiredHistoryError("no longer there"), 2)
    result = collected(store, world)
    assert (result.outcome, result.saved, result.missed) == ("complete", 2, 1)
    world.calls.clear()
    collected(store, world)
    assert world.calls["GetExecutionHistory"] == 0
    assert [row["history"] for row in rows(store, "executions")] == ["saved", "expired", "saved"]


def test_a_retention_that_is_shorter_than_published_is_learnt(store: Store, world: World) -> None:
    world.finished(world.machine(), 2)
    world.now += 40 * DAY
    missing(world, ExpiredHistoryError("no longer there"), 1)
    collected(store, world)
    [learnt] = retentions(store.db)
    assert (learnt.account, learnt.region) == ("123456789012", "ap-northeast-2")
    assert learnt.at_most_ms // DAY == 40


def test_an_execution_that_aws_does_not_know_yet_is_asked_for_again(store: Store, world: World) -> None:
    world.finished(world.machine(), 3)
    missing(world, ExpiredHistoryError("not there yet"), 2)
    result = collected(store, world)
    assert (result.outcome, result.saved, result.missed) == ("partial", 2, 1)
    world.on_call = lambda operation, parameters: None
    assert collected(store, world).saved == 1
    assert retentions(store.db) == []


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


def hurried(store: Store, world: World, calls: int) -> Any:
    """A pass that has time for so many histories: each takes a second."""
    begun = world.calls["GetExecutionHistory"]

    def clock() -> int:
        return world.now + 1_000 * (world.calls["GetExecutionHistory"] - begun)

    return collected_from(store, [world], clock=clock, max_ms=1_000 * calls, threads=1)


def histories(store: Store) -> Counter[tuple[str, str | None]]:
    return Counter((row["status"], row["history"]) for row in rows(store, "executions"))


def test_when_time_is_short_failures_come_first_and_successes_are_left_to_a_sample(store: Store, world: World) -> None:
    orders = world.machine()
    world.finished(orders, 40)
    world.finished(orders, 5, "FAILED")
    world.finished(orders, 60)
    result = hurried(store, world, 20)
    kept = histories(store)
    assert kept["FAILED", "saved"] == 5
    assert kept["SUCCEEDED", "saved"] + kept["SUCCEEDED", "sampled"] == 100
    assert 15 <= kept["SUCCEEDED", "saved"] <= 20
    assert (result.outcome, result.missed, result.left_out) == ("complete", 0, kept["SUCCEEDED", "sampled"])
    assert f"{result.left_out} left to a sample" in result.sentence
    covers = {row["machine_id"]: row["outcome"] for row in rows(store, "coverage")}
    assert covers == {None: "complete", 1: "sampled"}


def test_later_passes_fetch_what_was_left_out(store: Store, world: World) -> None:
    world.finished(world.machine(), 50)
    hurried(store, world, 10)
    first = {row["id"] for row in rows(store, "executions") if row["history"] == "saved"}
    hurried(store, world, 10)
    second = {row["id"] for row in rows(store, "executions") if row["history"] == "saved"}
    assert first < second
    assert collected(store, world).outcome == "complete"
    assert histories(store) == {("SUCCEEDED", "saved"): 50}
    assert world.calls["GetExecutionHistory"] == 50


def test_a_failure_that_there_is_no_time_for_is_missed_and_no_sample(store: Store, world: World) -> None:
    world.finished(world.machine(), 30, "FAILED")
    result = hurried(store, world, 10)
    assert result.outcome == "partial"
    assert result.missed == histories(store)["FAILED", None] > 10
    assert "not reached within --max-time" in " ".join(str(row["sentence"]) for row in rows(store, "coverage"))


def test_what_was_redriven_is_fetched_before_any_sample(store: Store, world: World) -> None:
    orders = world.machine()
    (redriven,) = world.finished(orders, 1, "FAILED")
    world.finished(orders, 60)
    world.redrive(redriven)
    world.now += 1_000
    world.finish(redriven)
    hurried(store, world, 12)
    assert next(row for row in rows(store, "executions") if row["arn"] == redriven)["history"] == "saved"


def test_days_whose_histories_are_left_out_are_folded_anew(store: Store, world: World) -> None:
    world.finished(world.machine(), 30)
    hurried(store, world, 5)
    store.db.execute("DELETE FROM stale_days")
    hurried(store, world, 1)
    generations = rows(store, "stale_days")
    assert len(generations) == 1  # by the histories that were saved; what stays left out changes nothing
