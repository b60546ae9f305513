"""Sources that are chosen, over HTTP and through boto3."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from collectors.aws import Connector
from collectors.job import PassResult, run_pass
from collectors.scope import Options, Silent
from collectors.sessions import Target
from store.folder import Store
from store.records import record_named, rows_of
from tests.collectors.kept import SINCE, memory_store, rows, what_is_known
from tests.standin.handle import QuotaProxy, Standin

NOW = 1_767_312_000_000
"""2026-01-02: a day after the executions of the stand-in."""


@pytest.fixture
def store() -> Store:
    return memory_store()


def collected(store: Store, connect: Connector, target: Target, *only: str, now: int = NOW) -> PassResult:
    return run_pass(store, [target], Options(SINCE, only=only), lambda: now, Silent(), connect)


def test_details_are_read_once_and_an_idle_pass_asks_for_none(
    store: Store, connect: Connector, target: Target, proxy: QuotaProxy, standin: Standin
) -> None:
    definition = {"StartAt": "a", "States": {"a": {"Type": "Pass", "End": True}}}
    arn = standin.create_machine("orders", definition, tags=[{"key": "team", "value": "shop"}])
    version = standin.states.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    routes = [{"stateMachineVersionArn": version, "weight": 100}]
    standin.states.create_state_machine_alias(name="live", routingConfiguration=routes)
    assert collected(store, connect, target, "standard", "details").outcome == "complete"
    once = ("ListTagsForResource", "ListStateMachineVersions", "ListStateMachineAliases", "DescribeStateMachineAlias")
    assert {name: proxy.calls()[name] for name in once} == dict.fromkeys(once, 1)
    names = [column.name for column in record_named("machines").columns]
    (row,) = (dict(zip(names, row, strict=True)) for row in rows_of(store.db, record_named("machines")))
    assert (row["tags"], row["versions"], row["aliases"]) == ("team=shop", 1, "live: 1 100 %")
    proxy.reset(stats=True)
    collected(store, connect, target, "standard", "details")
    assert proxy.calls() == {"ListStateMachines": 1, "DescribeStateMachine": 1, "ListExecutions": 1}


def test_metrics_are_read_as_cloudwatch_gives_them(
    store: Store, connect: Connector, target: Target, standin: Standin, executions: Callable[..., str]
) -> None:
    arn = executions(1)
    at = dt.datetime.fromtimestamp(NOW / 1_000 - 7_200, dt.UTC)
    datum: dict[str, Any] = {
        "MetricName": "ExecutionsStarted",
        "Dimensions": [{"Name": "StateMachineArn", "Value": arn}],
        "Timestamp": at,
        "Value": 3.0,
        "Unit": "Count",
    }
    standin.client("cloudwatch").put_metric_data(Namespace="AWS/States", MetricData=[datum])
    result = collected(store, connect, target, "metrics")
    assert (result.outcome, result.problems) == ("complete", ())
    values = [row for row in rows_of(store.db, record_named("metrics")) if row[-1]]
    assert [(row[0], row[3], row[4], row[6], row[8]) for row in values] == [
        ("orders", "ExecutionsStarted", "Sum", NOW - 7_200_000, 3.0)
    ]
    before = result.calls["GetMetricData"]
    assert before > 0
    assert collected(store, connect, target, "metrics").calls["GetMetricData"] == 0


def test_a_redriven_execution_is_fetched_again(
    store: Store, connect: Connector, target: Target, proxy: QuotaProxy, standin: Standin
) -> None:
    arn = standin.create_machine("orders", {"StartAt": "a", "States": {"a": {"Type": "Pass", "End": True}}})
    start = NOW / 1_000 - 3_600
    failed = _run(start, ["ExecutionStarted", "ExecutionFailed"], "FAILED")
    standin.seed(arn, [failed])
    collected(store, connect, target)
    kinds = ["ExecutionStarted", "ExecutionFailed", "ExecutionRedriven", "ExecutionSucceeded"]
    standin.seed(arn, [_run(start, kinds, "SUCCEEDED") | {"redriveCount": 1, "redriveDate": start + 20}])
    proxy.reset(stats=True)
    assert collected(store, connect, target, now=NOW + 60_000).saved == 1
    assert proxy.calls()["GetExecutionHistory"] == 1
    (known,) = what_is_known(store).values()
    assert (known["status"], known["redrives"], len(known["events"])) == ("SUCCEEDED", 1, 4)
    assert [row["history_redrives"] for row in rows(store, "executions")] == [1]


def test_children_of_a_distributed_map_are_listed_and_fetched_once(
    store: Store, connect: Connector, target: Target, proxy: QuotaProxy, standin: Standin
) -> None:
    arn = standin.create_machine("orders", {"StartAt": "a", "States": {"a": {"Type": "Pass", "End": True}}})
    run = arn.replace(":stateMachine:", ":mapRun:") + "/label:1"
    start = NOW / 1_000 - 3_600
    parent = _run(start, ["ExecutionStarted", "MapRunStarted", "ExecutionSucceeded"], "SUCCEEDED")
    parent["events"][1]["mapRunStartedEventDetails"] = {"mapRunArn": run}
    counts = dict.fromkeys(COUNTS, 0) | {"total": 3, "succeeded": 3}
    described = {"mapRunArn": run, "status": "SUCCEEDED", "itemCounts": counts, "executionCounts": counts}
    dates = {"startDate": start, "stopDate": start + 1}
    limits = {"maxConcurrency": 0, "toleratedFailurePercentage": 0.0, "toleratedFailureCount": 0}
    standin.seed(arn, [parent | {"mapRuns": [described | dates | limits]}])
    child = _run(start, ["ExecutionStarted", "ExecutionSucceeded"], "SUCCEEDED")
    standin.seed(f"{arn}/label", [child | {"name": f"child-{number}"} for number in range(3)])
    result = collected(store, connect, target, "standard", "children")
    assert (result.problems, result.outcome, result.saved) == ((), "complete", 4)
    assert {row[3] for row in rows_of(store.db, record_named("links"))} == {run}
    proxy.reset(stats=True)
    collected(store, connect, target, "standard", "children")
    assert proxy.calls() == {"ListStateMachines": 1, "DescribeStateMachine": 1, "ListExecutions": 1}


COUNTS = ("pending", "running", "succeeded", "failed", "timedOut", "aborted", "total", "resultsWritten")


def _run(start: float, kinds: list[str], status: str) -> dict[str, Any]:
    events = [
        {"id": number, "previousEventId": number - 1, "timestamp": start + 10 * number, "type": kind}
        for number, kind in enumerate(kinds, 1)
    ]
    events = [
        e | ({"executionRedrivenEventDetails": {"redriveCount": 1}} if "Redriven" in str(e["type"]) else {})
        for e in events
    ]
    stop = start + 10 * len(kinds)
    return {"name": "run", "status": status, "startDate": start, "stopDate": stop, "events": events}
