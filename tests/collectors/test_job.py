"""Passes: what they say of themselves, and that nothing that goes wrong stays hidden or spreads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from collectors.aws import Connector
from collectors.connections import Connection, Meter
from collectors.job import PassResult, run_pass, schedule
from collectors.quota import Quota
from collectors.scope import Options, Silent
from collectors.sessions import Target
from collectors.sources import sources
from store.errors import CredentialsError, MisuseError, StoreUnwritableError, UnreachableError
from store.folder import Store
from store.migrations import MS_PER_DAY
from store.passes import CoverageRow, coverage_of, passes
from tests.collectors.kept import SINCE, collected, collected_from, everything, memory_store, rows, what_is_known
from tests.collectors.test_status_changes import body
from tests.collectors.world import World
from tests.standin.handle import REGION, QuotaProxy, Standin

Executions = Callable[..., str]
NOW = 1_767_312_000_000
"""2026-01-02: a day after the executions over HTTP."""


@pytest.fixture
def store() -> Store:
    return memory_store()


def failing(world: World, operation: str, error: BaseException, after: int = 0) -> None:
    """From its call number `after` on, the operation fails."""

    def on_call(called: str, parameters: dict[str, Any]) -> None:
        if called == operation and world.calls[operation] > after:
            raise error

    world.on_call = on_call


def covered(store: Store, result: PassResult) -> dict[int | None, CoverageRow]:
    """What the pass covered, by machine; None is the target."""
    return {row.machine_id: row for row in coverage_of(store.db, result.pass_id)}


def outcomes(store: Store, result: PassResult) -> dict[int | None, str]:
    return {machine: row.outcome for machine, row in covered(store, result).items()}


def test_a_complete_pass_says_what_it_did(store: Store) -> None:
    world = World()
    world.finished(world.machine(), 2)
    world.machine("빠른", "EXPRESS")
    result = collected(store, world)
    assert (result.outcome, result.problems) == ("complete", ())
    assert passes(store.db)[0].sentence == result.sentence
    assert outcomes(store, result) == {None: "complete", 1: "not_collected", 2: "complete"}
    assert "logging is OFF" in str(covered(store, result)[1].sentence)


def test_one_failing_target_does_not_stop_the_next(store: Store) -> None:
    bad, good = World(), World()
    failing(bad, "ListStateMachines", CredentialsError("the token has expired"))
    good.finished(good.machine(), 2)
    result = collected_from(store, [bad, good])
    assert result.outcome == "partial"
    assert result.saved == 2
    assert result.problems == ("the token has expired",)
    assert [row.outcome for row in coverage_of(store.db, result.pass_id)] == ["credentials", "complete", "complete"]


def test_a_pass_that_got_nothing_failed(store: Store) -> None:
    world = World()
    failing(world, "ListStateMachines", UnreachableError("nobody answers"))
    result = collected(store, world)
    assert result.outcome == "failed"
    assert result.sentence.endswith("; nobody answers")
    assert passes(store.db)[0].outcome == "failed"


def test_a_failure_nobody_thought_of_is_told_too(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "collectors.job")
    bad, good = World(), World()
    failing(bad, "ListStateMachines", ZeroDivisionError("a bug"))
    good.finished(good.machine(), 1)
    result = collected_from(store, [bad, good])
    assert result.problems == ("target-0: ZeroDivisionError: a bug",)
    assert result.saved == 1
    assert "Traceback" in caplog.text


def test_a_denied_machine_does_not_stop_the_next(store: Store) -> None:
    world = World()
    denied = world.machine("가")
    world.finished(denied, 2)
    world.finished(world.machine("나"), 2)

    def on_call(operation: str, parameters: dict[str, Any]) -> None:
        world.denied = {"ListExecutions"} if parameters.get("stateMachineArn") == denied else set()

    world.on_call = on_call
    result = collected(store, world)
    assert (result.outcome, result.saved) == ("partial", 2)
    assert outcomes(store, result) == {None: "complete", 1: "denied", 2: "complete"}


def test_denied_histories_are_asked_for_once_and_counted(store: Store) -> None:
    world = World()
    world.finished(world.machine(), 40)
    world.denied = {"GetExecutionHistory"}
    result = collected(store, world)
    assert world.calls["GetExecutionHistory"] < 10
    assert (result.listed, result.saved, result.missed) == (40, 0, 40)
    assert outcomes(store, result)[1] == "denied"
    world.denied = set()
    assert collected(store, world).saved == 40


def test_credentials_that_expire_leave_what_was_read(store: Store) -> None:
    world = World()
    world.finished(world.machine(), 20)
    failing(world, "GetExecutionHistory", CredentialsError("expired"), after=12)
    result = collected(store, world, threads=1)
    assert (result.outcome, result.saved, result.missed) == ("partial", 12, 8)
    row = covered(store, result)[1]
    assert (row.outcome, row.saved, row.missed) == ("credentials", 12, 8)
    assert row.listed_to is not None


def test_an_interrupted_pass_says_so(store: Store) -> None:
    world = World()
    world.finished(world.machine(), 20)
    failing(world, "GetExecutionHistory", KeyboardInterrupt(), after=5)
    result = collected(store, world, threads=1)
    assert result.outcome == passes(store.db)[0].outcome == "interrupted"
    assert result.sentence.startswith("interrupted after 1 machine: 20 executions listed, 5 histories saved")
    assert outcomes(store, result) == {None: "interrupted", 1: "interrupted"}


def test_a_pattern_that_fits_nothing_is_no_silence(store: Store) -> None:
    world = World()
    world.machine("orders")
    result = collected(store, world, machines=("order?x", "refunds"))
    assert result.outcome == "failed"
    assert result.problems == ("none of the 1 state machines in target-0 is called order?x, refunds",)
    assert collected(store, world, machines=("ord*",)).outcome == "complete"


def test_an_account_without_machines_is_complete_and_empty(store: Store) -> None:
    result = collected(store, World())
    assert (result.outcome, result.machines) == ("complete", 0)
    assert covered(store, result)[None].sentence == "target-0 has no state machines"


def test_a_target_without_a_region_is_misuse_before_anything_begins(store: Store) -> None:
    def nowhere(target: Target) -> Any:
        raise MisuseError("no AWS Region is given")

    with pytest.raises(MisuseError):
        run_pass(store, [Target()], Options(SINCE), lambda: NOW, Silent(), nowhere)
    assert passes(store.db) == []


def test_a_store_that_refuses_writes_ends_the_pass(store: Store) -> None:
    world = World()
    world.finished(world.machine(), 1)
    store.db.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreUnwritableError):
        collected(store, world)


class Turns:
    """Passes that take as long as they are told, on a clock of their own."""

    def __init__(self, *durations: float) -> None:
        self.now = 0.0
        self.durations = list(durations)
        self.begun: list[float] = []

    def run(self) -> PassResult:
        self.begun.append(self.now)
        self.now += self.durations.pop(0)
        return collected(memory_store(), World())

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def stop(self) -> bool:
        return not self.durations


def test_passes_begin_at_their_times_and_never_overlap() -> None:
    turns = Turns(10, 400, 10, 10)
    result = schedule(turns.run, 300, turns.stop, turns.sleep, lambda: turns.now)
    assert turns.begun == [0, 300, 700, 1_000]
    assert result.outcome == "complete"


def test_ctrl_c_ends_the_schedule() -> None:
    turns = Turns(10, 10)

    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    schedule(turns.run, 300, turns.stop, interrupted, lambda: turns.now)
    assert turns.begun == [0]


# Over HTTP, through boto3.


def collected_over_http(store: Store, connect: Connector, *targets: Target, **options: Any) -> PassResult:
    return run_pass(store, targets, Options(SINCE, **options), lambda: NOW, Silent(), connect)


def test_over_http_everything_is_kept_and_an_idle_pass_changes_nothing(
    store: Store, connect: Connector, target: Target, proxy: QuotaProxy, executions: Executions
) -> None:
    executions(30, events=5)
    executions(1, "refunds", events=1_500)
    result = collected_over_http(store, connect, target)
    assert (result.outcome, result.listed, result.saved) == ("complete", 31, 31)
    assert sorted(len(row["events"]) for row in what_is_known(store).values()) == [5] * 30 + [1_500]
    assert proxy.calls()["GetExecutionHistory"] == 32
    before = everything(store)
    proxy.reset(stats=True)
    collected_over_http(store, connect, target)
    assert proxy.calls() == {"ListStateMachines": 1, "DescribeStateMachine": 2, "ListExecutions": 2}
    assert everything(store) == before
    assert len(rows(store, "passes")) == 2


@pytest.mark.usefixtures("hurried")
def test_over_http_faults_that_pass_leave_no_hole(
    store: Store, connect: Connector, target: Target, proxy: QuotaProxy, executions: Executions
) -> None:
    executions(40, events=5)
    kinds = ("throttle", "html", "drop", "drop_after", "reset")
    rules: list[dict[str, Any]] = [{"fault": kind, "times": 1, "after": 7 * n} for n, kind in enumerate(kinds)]
    rules.append({"fault": "bad_json", "times": 2, "op": ["ListExecutions", "GetExecutionHistory"]})
    proxy.configure(faults=rules)
    result = collected_over_http(store, connect, target)
    assert (result.outcome, result.saved) == ("complete", 40)
    assert result.throttled == 1
    assert sum(result.calls.values()) == sum(proxy.calls().values())


def test_over_http_credentials_expire_and_another_target_goes_on(
    store: Store, connect: Connector, target: Target, proxy: QuotaProxy, standin: Standin, executions: Executions
) -> None:
    executions(20)
    proxy.configure(faults=[{"fault": "expired", "op": "GetExecutionHistory", "after": 8}])
    unbroken = Target(REGION, endpoint_url=standin.endpoint)
    result = collected_over_http(store, connect, target, unbroken, threads=1)
    assert result.outcome == "partial"
    assert result.saved == 20
    assert "refused the credentials at GetExecutionHistory" in result.problems[0]


def test_over_http_a_pass_keeps_within_its_quota(
    store: Store, target: Target, proxy: QuotaProxy, executions: Executions
) -> None:
    executions(120)
    proxy.configure(quotas={"GetExecutionHistory": [20, 100]})
    paced = Connector(quotas={"GetExecutionHistory": Quota(20, 100)})
    result = collected_over_http(store, paced, target)
    assert (result.outcome, result.saved) == ("complete", 120)
    assert result.throttled <= 0.03 * 120


def test_over_http_nobody_answers(store: Store, connect: Connector, target: Target) -> None:
    nowhere = Target(REGION, endpoint_url="http://127.0.0.1:1")
    result = collected_over_http(store, connect, nowhere, target)
    assert result.outcome == "partial" if result.listed else "failed"
    assert f"{REGION} did not answer ListStateMachines" in result.problems[0]


def test_over_http_one_denied_one_unreachable_one_good(
    store: Store, connect: Connector, target: Target, proxy: QuotaProxy, standin: Standin, executions: Executions
) -> None:
    executions(20)
    proxy.configure(faults=[{"fault": "denied", "op": "ListStateMachines"}])
    unreachable = Target("eu-west-1", endpoint_url="http://127.0.0.1:1")
    good = Target(REGION, endpoint_url=standin.endpoint, machines=("order*",))
    result = collected_over_http(store, connect, target, unreachable, good)
    assert (result.outcome, result.listed, result.saved) == ("partial", 20, 20)
    told = [(row.target, row.outcome) for row in coverage_of(store.db, result.pass_id) if row.machine_id is None]
    assert told == [(REGION, "denied"), ("eu-west-1", "unreachable"), (REGION, "complete")]
    assert [problem.split(": ")[0] for problem in result.problems] == [
        f"{REGION} denied ListStateMachines",
        "eu-west-1 did not answer ListStateMachines",
    ]


def test_each_target_has_its_own_machines_and_watermarks(store: Store) -> None:
    here, there = World(), World()
    here.finished(here.machine("orders"), 2)
    here.machine("refunds")
    there.finished(there.machine("orders", region="cn-north-1"), 1)
    apis = {Target("a", machines=("order*",)): here, Target("b"): there}
    run_pass(
        store,
        list(apis),
        Options(SINCE, threads=1),
        lambda: here.now,
        Silent(),
        lambda target: Connection(target.name, apis[target], Meter()),
    )
    known = store.db.execute("SELECT name, region FROM machines ORDER BY id").fetchall()
    assert known == [("orders", "ap-northeast-2"), ("orders", "cn-north-1")]
    moved = "SELECT target FROM coverage WHERE machine_id IS NOT NULL AND listed_to IS NOT NULL ORDER BY id"
    assert store.db.execute(moved).fetchall() == [("a",), ("b",)]


@pytest.mark.usefixtures("hurried")
def test_over_http_a_token_that_expires_for_good_is_a_sentence_and_moves_no_watermark(
    store: Store, connect: Connector, target: Target, proxy: QuotaProxy, executions: Executions
) -> None:
    executions(1_500)
    proxy.configure(faults=[{"fault": "token_expired", "op": "ListExecutions"}])
    result = collected_over_http(store, connect, target)
    assert result.outcome == "partial"
    assert f"the next page of ListExecutions in {REGION} had expired" in result.problems[0]
    assert [row.listed_to for row in coverage_of(store.db, result.pass_id)] == [None, None]
    proxy.configure(faults=[])
    assert collected_over_http(store, connect, target).outcome == "complete"
    assert len(rows(store, "executions")) == 1_500


@pytest.mark.usefixtures("hurried")
def test_over_http_credentials_expire_and_the_next_pass_has_the_rest(
    store: Store, connect: Connector, target: Target, proxy: QuotaProxy, executions: Executions
) -> None:
    executions(30)
    proxy.configure(faults=[{"fault": "expired", "op": "GetExecutionHistory", "after": 10}])
    first = collected_over_http(store, connect, target, threads=1)
    assert (first.outcome, first.saved) == ("partial", 10)
    assert "refused the credentials at GetExecutionHistory" in first.problems[0]
    proxy.configure(faults=[])
    second = collected_over_http(store, connect, target)
    assert (second.outcome, second.saved) == ("complete", 20)


def with_everything(standin: Standin) -> Target:
    """An account that makes every source ask all that it can."""
    machine = standin.create_machine("orders", {"StartAt": "a", "States": {"a": {"Type": "Pass", "End": True}}})
    map_run = f"{machine.replace(':stateMachine:', ':mapRun:')}/m:1f"
    kinds: list[dict[str, Any]] = [
        {"type": "ExecutionStarted"},
        {"type": "MapStateEntered", "stateEnteredEventDetails": {"name": "m"}},
        {"type": "MapRunStarted", "mapRunStartedEventDetails": {"mapRunArn": map_run}},
        {"type": "MapRunSucceeded"},
        {"type": "ExecutionSucceeded"},
    ]
    start = NOW / 1_000 - 600
    events = [
        {"id": place, "previousEventId": place - 1, "timestamp": start + place / 10} | kind
        for place, kind in enumerate(kinds, 1)
    ]
    counts = {"total": 1, "succeeded": 1}
    described = {"mapRunArn": map_run, "status": "SUCCEEDED", "itemCounts": counts, "executionCounts": counts}
    ended = {"name": "ended", "status": "SUCCEEDED", "startDate": start, "stopDate": start + 1, "events": events}
    running = {"name": "running", "status": "RUNNING", "startDate": start, "events": events[:1]}
    standin.seed(machine, [ended | {"mapRuns": [described | {"startDate": start, "stopDate": start + 1}]}, running])
    log_group = "/aws/vendedlogs/states/fast"
    standin.client("logs").create_log_group(logGroupName=log_group)
    destination = {
        "cloudWatchLogsLogGroup": {"logGroupArn": f"arn:aws:logs:{REGION}:123456789012:log-group:{log_group}:*"}
    }
    logging = {"level": "ALL", "includeExecutionData": False, "destinations": [destination]}
    standin.create_machine(
        "fast", {"StartAt": "a", "States": {"a": {"Type": "Pass", "End": True}}}, type="EXPRESS", logging=logging
    )
    sqs = standin.client("sqs")
    queue = sqs.create_queue(QueueName="changes")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody=body("RUNNING", machine="orders", name="late"))
    return Target(REGION, endpoint_url=standin.endpoint, queue=queue)


def test_over_http_the_calls_are_exactly_those_allowed(store: Store, connect: Connector, standin: Standin) -> None:
    asked: Counter[str] = Counter()
    target = with_everything(standin)
    counting = Options(SINCE, counts_logs=True)
    later = NOW + 2 * MS_PER_DAY  # Logs Insights is asked of whole days
    for hidden, options, now in (((), Options(SINCE), NOW), (("running",), Options(SINCE), NOW), ((), counting, later)):
        standin.listing(hidden=[arn for arn in known_arns(store) if arn.rpartition(":")[2] in hidden])
        asked += run_pass(store, [target], options, partial(int, now), Silent(), connect).calls
    declared = {source.NAME: set(source.OPERATIONS) for source in sources()}
    assert set(asked) <= set().union(*declared.values())
    assert declared["standard"] | declared["express"] | declared["sqs"] <= set(asked)


def known_arns(store: Store) -> list[str]:
    return [str(row["arn"]) for row in rows(store, "executions")]
