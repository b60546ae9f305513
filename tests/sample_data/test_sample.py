"""The sample data shows what the project promises of it, and all of it was truly run."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import zstandard

from collectors.replay import Replay, replay
from sample_data.plan import planned

SAMPLE = Path(__file__).parents[2] / "sample_data"
TERMINAL = {"ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"}
Execution = tuple[dict[str, Any], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def sample() -> Replay:
    return replay(SAMPLE)


def unpacked(name: str) -> list[Any]:
    packed = (SAMPLE / name).read_bytes()
    return [json.loads(line) for line in zstandard.ZstdDecompressor().decompress(packed).splitlines()]


def recordings() -> list[dict[str, Any]]:
    return unpacked("recordings.jsonl.zst")


def plan() -> dict[str, Any]:
    [read] = unpacked("plan.json.zst")
    return dict(read)


@cache
def executions() -> dict[str, list[Execution]]:
    """Every row of ListExecutions with its history, by machine."""
    sample = replay(SAMPLE)
    found: dict[str, list[Execution]] = defaultdict(list)
    for machine in sample.call("ListStateMachines")["stateMachines"]:
        token = {"nextToken": ""} if machine["type"] == "STANDARD" else {}
        while token:
            asked = {"stateMachineArn": machine["stateMachineArn"], "maxResults": 1000, **token}
            answer = sample.call("ListExecutions", **asked)
            found[machine["name"]] += [(row, history(sample, row["executionArn"])) for row in answer["executions"]]
            token = {"nextToken": answer["nextToken"]} if "nextToken" in answer else {}
    return found


def history(sample: Replay, arn: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = sample.call("GetExecutionHistory", executionArn=arn, maxResults=1000)["events"]
    return events


def types(machine: str) -> list[list[str]]:
    return [[event["type"] for event in events] for _, events in executions()[machine]]


def states(events: list[dict[str, Any]], kind: str = "StateEntered") -> list[str]:
    return [
        details["name"]
        for event in events
        if event["type"].endswith(kind)
        for name, details in event.items()
        if name.endswith("EventDetails")
    ]


def errors(events: list[dict[str, Any]]) -> set[str]:
    details = [value for event in events for name, value in event.items() if name.endswith("EventDetails")]
    return {value["error"] for value in details if "error" in value}


def failure_rate(machine: str, version: str) -> float:
    rows = [row for row, _ in executions()[machine]]
    through = [row["status"] for row in rows if row.get("stateMachineVersionArn", "").endswith(f":{version}")]
    return through.count("FAILED") / len(through)


def test_there_are_about_four_thousand_executions_in_thirty_days(sample: Replay) -> None:
    about = sample.about
    assert 3_800 <= about.executions <= 4_200
    assert 400 <= about.recorded <= 700
    assert (about.last_day - about.first_day).days == 29
    express = {json.loads(line)["execution_arn"] for line in sample.log_lines()}
    assert sum(map(len, executions().values())) + len(express) == about.executions


def test_the_folder_is_small() -> None:
    files = [path for path in SAMPLE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(path.stat().st_size for path in files) < 5_000_000


def test_every_history_is_well_formed() -> None:
    for row, events in (pair for pairs in executions().values() for pair in pairs):
        assert [event["id"] for event in events] == list(range(1, len(events) + 1))
        assert all(event["previousEventId"] < event["id"] for event in events)
        stamps = [event["timestamp"] for event in events]
        assert stamps == sorted(stamps)
        assert row["startDate"] == stamps[0]
        ends = [event["type"] in TERMINAL for event in events]
        assert ends == [False] * (len(events) - 1) + [row["status"] != "RUNNING"]
        assert row.get("stopDate", stamps[-1]) == stamps[-1]


def test_no_history_holds_inputs_or_outputs() -> None:
    text = str([events for pairs in executions().values() for _, events in pairs[:50]])
    assert "'input'" not in text
    assert "'output'" not in text


def test_every_recording_is_a_run_of_its_own() -> None:
    """Runs of the stand-in have names that it made up, their own dates, and a time of their own for every event."""
    members = [member for recording in recordings() for member in recording.get("members", ())]
    arns = [member["described"]["executionArn"] for member in members]
    arns += [
        json.loads(recording["records"][0])["execution_arn"] for recording in recordings() if "records" in recording
    ]
    assert len(arns) == len(set(arns))
    clocks = [tuple(event["timestamp"] for event in member["events"]) for member in members]
    assert len(clocks) == len(set(clocks))


def test_every_recording_is_used() -> None:
    assert {row[0] for row in plan()["executions"]} == set(range(len(recordings())))


def test_the_plan_is_what_the_recordings_give() -> None:
    assert [list(row) for row in planned(recordings())] == plan()["executions"]


def test_the_definitions_are_those_of_the_workflows_folder(sample: Replay) -> None:
    files = {path.name: json.loads(path.read_text()) for path in (SAMPLE / "workflows").glob("*.asl.json")}
    for machine in sample.call("ListStateMachines")["stateMachines"]:
        described = sample.call("DescribeStateMachine", stateMachineArn=machine["stateMachineArn"])
        assert json.loads(described["definition"]) in files.values()


def test_the_order_workflow_charges_with_retries_and_fails_behind_a_catch() -> None:
    runs = [(row["status"], states(events)) for row, events in executions()["order-processing"]]
    paths = {(status, tuple(path[:3]), path[-1]) for status, path in runs}
    normal = ("Validate order", "Reserve stock", "Charge card")
    assert {("SUCCEEDED", normal, "Order done"), ("FAILED", normal, "Order failed")} <= paths
    failed = [path for status, path in runs if path[-1] == "Order failed"]
    assert all(path[-2] == "Alert on-call" for path in failed)
    assert any(path.count("TaskFailed") > path.count("TaskStateExited") for path in types("order-processing"))
    assert {"PaymentTimeout", "CardDeclined", "OutOfStock", "States.Timeout"} <= set().union(
        *(errors(events) for _, events in executions()["order-processing"])
    )


def test_the_image_pipeline_speaks_korean_and_retries_its_parallel() -> None:
    entered = {name for _, events in executions()["image-pipeline"] for name in states(events)}
    assert entered == {"이미지 업로드", "크기 변환", "썸네일", "중간 크기", "메타데이터 저장"}
    assert any(path.count("ParallelStateStarted") > 1 for path in types("image-pipeline"))


def test_a_loop_polls() -> None:
    rounds = [states(events).count("Check job") for _, events in executions()["nightly-report"]]
    assert max(rounds) > 3
    assert any("Job done?" in states(events) for _, events in executions()["nightly-report"])


def test_a_map_runs_items_at_once_and_its_failure_is_masked() -> None:
    runs = executions()["catalog-import"]
    assert all(types.count("MapIterationStarted") >= 6 for types in types("catalog-import"))
    masked = [row for row, events in runs if "MapStateFailed" in [event["type"] for event in events]]
    assert masked
    assert {row["status"] for row in masked} == {"SUCCEEDED"}


def test_a_workflow_waits_for_another(sample: Replay) -> None:
    resources = {
        event["taskScheduledEventDetails"]["resource"]
        for _, events in executions()["settlement"]
        for event in events
        if event["type"] == "TaskScheduled"
    }
    assert "startExecution.sync:2" in resources
    assert len(executions()["settlement"]) == len(executions()["settlement-calc"])
    assert any("States.TaskFailed" in errors(events) for _, events in executions()["settlement"])


def test_failures_are_masked_by_a_catch() -> None:
    caught = [row["status"] for row, events in executions()["recommendation"] if "Use defaults" in states(events)]
    assert caught.count("SUCCEEDED") > len(caught) / 2 > 10


def test_a_person_is_asked_and_runs_end_in_every_way() -> None:
    assert any("TaskSubmitted" in path for path in types("refund-approval"))
    statuses = Counter(row["status"] for pairs in executions().values() for row, _ in pairs)
    assert set(statuses) == {"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "RUNNING"}


def test_a_distributed_map_knows_its_children(sample: Replay) -> None:
    for row, _ in executions()["photo-rebuild"]:
        [run] = sample.call("ListMapRuns", executionArn=row["executionArn"])["mapRuns"]
        counts = sample.call("DescribeMapRun", mapRunArn=run["mapRunArn"])["executionCounts"]
        assert counts["total"] == counts["succeeded"] + counts["failed"] == 24
        assert row["startDate"] <= run["startDate"] <= run["stopDate"] <= row["stopDate"]


def test_jsonata_fails_to_evaluate() -> None:
    assert any("EvaluationFailed" in path for path in types("coupon-issue"))


def test_express_runs_are_log_records_at_level_all(sample: Replay) -> None:
    machine = "arn:aws:states:us-east-1:123456789012:stateMachine:checkout-api"
    described = sample.call("DescribeStateMachine", stateMachineArn=machine)
    assert described["type"] == "EXPRESS"
    assert described["loggingConfiguration"]["level"] == "ALL"
    runs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in map(json.loads, sample.log_lines()):
        runs[record["execution_arn"]].append(record)
    assert len(runs) > 500
    for records in runs.values():
        assert [int(record["id"]) for record in records] == list(range(1, len(records) + 1))
        assert records[-1]["type"] in TERMINAL
    assert {records[-1]["type"] for records in runs.values()} == {"ExecutionSucceeded", "ExecutionFailed"}


def test_a_bad_deploy_is_followed_by_its_repair(sample: Replay) -> None:
    before, bad, after = (failure_rate("order-processing", version) for version in "123")
    assert bad > 0.25 > 3 * max(before, after) / 2
    versions = sample.call(
        "ListStateMachineVersions",
        stateMachineArn="arn:aws:states:us-east-1:123456789012:stateMachine:order-processing",
    )["stateMachineVersions"]
    mended, broken, _ = (one["creationDate"] for one in versions)
    assert timedelta(days=2) < mended - broken < timedelta(days=5)
    assert {
        row["stateMachineVersionArn"][-1]
        for row, _ in executions()["order-processing"]
        if broken <= row["startDate"] < mended
    } == {"2"}


def halves(machine: str) -> tuple[list[Execution], list[Execution]]:
    middle = min(row["startDate"] for row, _ in executions()[machine]) + timedelta(days=19)
    early = [pair for pair in executions()[machine] if pair[0]["startDate"] < middle]
    return early, [p for p in executions()[machine] if p[0]["startDate"] >= middle]


def test_a_dependency_becomes_slow() -> None:
    def median(pairs: list[Execution]) -> timedelta:
        took: list[timedelta] = sorted(row["stopDate"] - row["startDate"] for row, _ in pairs)
        return took[len(took) // 2]

    early, late = halves("image-pipeline")
    assert median(late) > 2 * median(early)


def test_errors_are_new_only_where_one_was_planted() -> None:
    planted = {"recommendation": {"ProfileSchemaError"}, "order-processing": {"TypeError"}}
    for machine, pairs in executions().items():
        began = min(row["startDate"] for row, _ in pairs)
        early = set().union(*(errors(events) for row, events in pairs if row["startDate"] < began + timedelta(days=10)))
        rest = set().union(*(errors(events) for row, events in pairs if row["status"] not in {"ABORTED", "TIMED_OUT"}))
        assert rest - early - {"ApprovalExpired", "States.Timeout"} <= planted.get(machine, set())


def test_a_transient_error_is_never_retried() -> None:
    throttled = [
        events for _, events in executions()["recommendation"] if "Lambda.TooManyRequestsException" in errors(events)
    ]
    assert len(throttled) > 30
    assert all(events[-1]["type"] == "ExecutionFailed" for events in throttled)


def test_the_shop_sleeps_at_night_and_rests_at_the_weekend() -> None:
    seoul = timedelta(hours=9)
    starts = [row["startDate"] + seoul for row, _ in executions()["order-processing"]]
    by_hour = Counter(start.hour for start in starts)
    assert sum(by_hour[hour] for hour in range(10, 13)) > 5 * sum(by_hour[hour] for hour in range(2, 5))
    days = Counter(start.date() for start in starts[1:-1])
    weekend = [count for day, count in days.items() if day.weekday() >= 5]
    week = [count for day, count in days.items() if day.weekday() < 5]
    assert sum(week) / len(week) > 1.2 * sum(weekend) / len(weekend)
