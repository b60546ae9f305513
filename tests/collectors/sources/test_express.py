from __future__ import annotations

from typing import Any

import pytest

from collectors.log_groups import LATE_MS, OVERLAP_MS
from collectors.sources import express, sources
from store.errors import CredentialsError, CutAnswerError, DeniedError, ThrottledError
from store.folder import Store
from store.migrations import MS_PER_DAY
from tests.collectors.kept import SINCE, collected, everything, memory_store, rows, what_is_known
from tests.collectors.log_world import GROUP, RUN_MS, LogWorld
from tests.collectors.world import START

MINUTE = 60_000


@pytest.fixture
def store() -> Store:
    return memory_store()


@pytest.fixture
def world() -> LogWorld:
    return LogWorld()


def covers(store: Store) -> dict[str, dict[str, Any]]:
    """The newest coverage of each machine."""
    names = {row["id"]: row["name"] for row in rows(store, "machines")}
    return {names[row["machine_id"]]: row for row in rows(store, "coverage") if row["machine_id"]}


def test_it_comes_after_the_source_that_lists_the_machines() -> None:
    names = [source.NAME for source in sources()]
    assert names[0] == "standard"
    assert express.NAME in names[1:]


def test_records_become_executions_with_histories(store: Store, world: LogWorld) -> None:
    machine = world.express()
    good, bad = world.logged(machine), world.logged(machine, fails=True)
    world.now += MINUTE
    result = collected(store, world)
    assert (result.outcome, result.machines, result.listed, result.saved) == ("complete", 1, 2, 2)
    known = what_is_known(store)
    assert {arn: (row["status"], row["stopped_at"] - row["started_at"]) for arn, row in known.items()} == {
        good: ("SUCCEEDED", RUN_MS),
        bad: ("FAILED", RUN_MS),
    }
    assert [len(row["events"]) for row in known.values()] == [6, 5]
    kept = rows(store, "executions")
    assert {(row["source"], row["history"], row["revision_inferred"]) for row in kept} == {("logs", "saved", 1)}
    assert {row["day"] for row in kept} == {START // MS_PER_DAY}


def test_a_second_pass_with_nothing_new_reads_one_page_and_changes_nothing(store: Store, world: LogWorld) -> None:
    machine = world.express()
    world.logged(machine)
    world.now += MINUTE
    collected(store, world)
    before = everything(store)
    world.calls.clear()
    world.now += MINUTE
    result = collected(store, world)
    assert world.calls == {"ListStateMachines": 1, "DescribeStateMachine": 1, "FilterLogEvents": 1}
    assert (result.listed, result.saved) == (0, 0)
    assert everything(store) == before


def test_pages_may_be_small_and_empty(store: Store) -> None:
    world = LogWorld(page=2, has_empty_pages=True)
    machine = world.express()
    arns = [world.logged(machine) for _ in range(5)]
    world.now += MINUTE
    collected(store, world)
    assert {arn: len(row["events"]) for arn, row in what_is_known(store).items()} == dict.fromkeys(arns, 6)


def test_a_group_that_machines_share_is_read_once(store: Store, world: LogWorld) -> None:
    one, two = world.express("하나"), world.express("둘")
    world.logged(one)
    world.logged(two)
    world.now += MINUTE
    collected(store, world, since=world.now - MS_PER_DAY + 1)
    assert world.calls["FilterLogEvents"] == 1
    machines = {row["machine_id"] for row in rows(store, "executions")}
    assert len(machines) == 2


def test_of_a_shared_group_only_what_is_wanted_is_kept(store: Store, world: LogWorld) -> None:
    wanted, other = world.express("하나"), world.express("둘")
    arn = world.logged(wanted)
    world.logged(other)
    world.now += MINUTE
    collected(store, world, machines=("하나",))
    assert list(what_is_known(store)) == [arn]
    assert len(what_is_known(store)) == 1
    collected(store, world)
    assert len(what_is_known(store)) == 2


def test_records_that_arrive_late_are_not_lost(store: Store, world: LogWorld) -> None:
    machine = world.express()
    arn = world.logged(machine, delays=(0, OVERLAP_MS - MINUTE))
    world.now += 2 * RUN_MS
    collected(store, world)
    assert [row["history"] for row in rows(store, "executions")] == [None]
    world.now += OVERLAP_MS
    assert collected(store, world).saved == 1
    assert len(what_is_known(store)[arn]["events"]) == 6


def test_of_an_execution_that_lacks_records_they_are_read_again_for_some_time(store: Store, world: LogWorld) -> None:
    machine = world.express()
    arn = world.logged(machine, delays=(0, LATE_MS - 20 * MINUTE))
    for _ in range(4):
        world.now += LATE_MS // 4
        collected(store, world)
    assert len(what_is_known(store)[arn]["events"]) == 6


def test_what_never_arrives_is_said(store: Store, world: LogWorld) -> None:
    machine = world.express()
    world.logged(machine, delays=(0, 99 * MS_PER_DAY))
    world.now += MINUTE
    collected(store, world)
    assert covers(store)["빠른"]["sentence"] is None
    world.now += OVERLAP_MS
    collected(store, world)
    assert covers(store)["빠른"]["sentence"] == (
        "1 execution of which records are missing: CloudWatch Logs delivers at best effort"
    )


def test_what_is_no_record_is_counted_and_passed_over(store: Store, world: LogWorld) -> None:
    machine = world.express()
    world.write(machine, START, "a stranger's\nline")
    world.write(machine, START, '{"level": "info"}')
    arn = world.logged(machine)
    world.write(machine, START, "{half a rec")
    world.now += MINUTE
    assert collected(store, world).outcome == "complete"
    assert list(what_is_known(store)) == [arn]
    assert str(covers(store)["빠른"]["sentence"]).startswith(f"3 lines of the log group {GROUP} left out, the first: ")


def test_payloads_that_aws_cut_are_counted(store: Store, world: LogWorld) -> None:
    machine = world.express()
    world.logged(machine)
    cut = [record._replace(message=record.message.replace(": false", ":true")) for record in world.logs[GROUP]]
    world.logs[GROUP] = cut
    world.now += MINUTE
    collected(store, world)
    assert "AWS cut the payload of 2 records" in str(covers(store)["빠른"]["sentence"])


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("ERROR", "level ERROR: only failures of states and executions; no starts, durations"),
        ("FATAL", "level FATAL: only failed executions; no starts, durations"),
    ],
)
def test_a_level_below_all_gives_failures_and_says_what_is_missing(
    store: Store, world: LogWorld, level: str, said: str
) -> None:
    machine = world.express(level=level)
    world.logged(machine)
    failed = world.logged(machine, fails=True)
    world.now += MINUTE
    assert collected(store, world).outcome == "complete"
    [kept] = rows(store, "executions")
    assert (kept["arn"], kept["status"], kept["started_at"]) == (failed, "FAILED", None)
    assert (kept["stopped_at"], kept["day"]) == (START + RUN_MS, START // MS_PER_DAY)
    assert str(covers(store)["빠른"]["sentence"]).startswith(said)


def test_off_empty_denied_and_gone_are_told_apart(store: Store, world: LogWorld) -> None:
    world.express("꺼짐", "OFF")
    world.express("빈", group="/empty")
    world.express("막힌", group="/denied")
    world.express("없는", group="/gone")
    del world.logs["/gone"]

    def on_call(operation: str, parameters: dict[str, Any]) -> None:
        if parameters.get("logGroupName") == "/denied":
            raise DeniedError("not allowed")

    world.on_call = on_call
    result = collected(store, world)
    assert {name: row["outcome"] for name, row in covers(store).items()} == {
        "꺼짐": "not_collected",
        "빈": "complete",
        "막힌": "denied",
        "없는": "failed",
    }
    assert "logging is OFF" in str(covers(store)["꺼짐"]["sentence"])
    assert "the log group /gone is not there" in str(covers(store)["없는"]["sentence"])
    assert len(result.problems) == 2


@pytest.mark.parametrize("failure", [ThrottledError("slow"), CutAnswerError("cut"), CredentialsError("old")])
def test_what_fails_does_not_move_the_watermark(store: Store, world: LogWorld, failure: Exception) -> None:
    machine = world.express()
    arn = world.logged(machine)
    world.now += 3 * MS_PER_DAY

    def on_call(operation: str, parameters: dict[str, Any]) -> None:
        if operation == "FilterLogEvents" and world.calls[operation] >= 2:
            raise failure

    world.on_call = on_call
    collected(store, world, since=START - 5 * MS_PER_DAY)
    [row] = [row for row in rows(store, "coverage") if row["machine_id"]]
    assert (row["outcome"], row["listed_to"]) == (failure.outcome, START - 4 * MS_PER_DAY - 1)  # type: ignore[attr-defined]
    world.on_call = lambda operation, parameters: None
    world.calls.clear()
    collected(store, world, since=START - 5 * MS_PER_DAY)
    assert list(what_is_known(store)) == [arn]
    assert world.calls["FilterLogEvents"] == 8


def test_the_first_reading_goes_back_as_far_as_asked(store: Store, world: LogWorld) -> None:
    machine = world.express()
    world.now = SINCE - MS_PER_DAY
    world.logged(machine)
    world.now = SINCE + MS_PER_DAY
    arn = world.logged(machine)
    world.now = START
    collected(store, world)
    assert list(what_is_known(store)) == [arn]
    collected(store, world, since=SINCE - 2 * MS_PER_DAY)
    assert len(what_is_known(store)) == 2
