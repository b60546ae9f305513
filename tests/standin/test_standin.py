"""The stand-in behaves like AWS where the project leans on it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.standin.handle import Standin

LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/states/fast:*"


def task(function: str, **more: Any) -> dict[str, Any]:
    parameters = {"FunctionName": function, "Payload.$": "$"}
    return {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": parameters, **more}


def one_state(state: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"StartAt": "주문 검증", "States": {"주문 검증": {**state, "End": True}}, **more}


def types(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


def seeded(name: str, start: str, stop: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "status": "SUCCEEDED", "startDate": start, "stopDate": stop, "events": [], **more}


def names(standin: Standin, machine: str, **more: Any) -> list[str]:
    pages = standin.states.get_paginator("list_executions").paginate(stateMachineArn=machine, **more)
    return [row["name"] for page in pages for row in page["executions"]]


def test_a_retried_task_recovers(standin: Standin) -> None:
    function = standin.lambda_("check", fail_first=1, error="Stock", message="재고 없음 {id}")
    retry = [{"ErrorEquals": ["Stock"], "IntervalSeconds": 1, "MaxAttempts": 2}]
    run = standin.run(standin.create_machine("order", one_state(task(function, Retry=retry))))
    assert standin.wait(run) == ["SUCCEEDED"]
    events = standin.history(run, includeExecutionData=False)
    tries = ["TaskScheduled", "TaskStarted", "TaskFailed", "TaskScheduled", "TaskStarted", "TaskSucceeded"]
    assert types(events) == [
        "ExecutionStarted",
        "TaskStateEntered",
        *tries,
        "TaskStateExited",
        "ExecutionSucceeded",
    ]
    assert [event["previousEventId"] for event in events] == [0, 0, 2, 3, 4, 5, 6, 7, 8, 9]
    assert "재고 없음" in events[4]["taskFailedEventDetails"]["cause"]
    assert "input" not in events[0]["executionStartedEventDetails"]
    described = standin.states.describe_execution(executionArn=run)
    assert (described["startDate"], described["stopDate"]) == (events[0]["timestamp"], events[-1]["timestamp"])


def test_waits_are_short_but_dated_as_long_on_a_quick_clock(standin: Standin) -> None:
    standin.run_clock(standin.speed)
    run = standin.run(standin.create_machine("wait", one_state({"Type": "Wait", "Seconds": 10})))
    assert standin.wait(run, patience_s=8) == ["SUCCEEDED"]
    standin.run_clock(1)
    described = standin.states.describe_execution(executionArn=run)
    assert 10 <= (described["stopDate"] - described["startDate"]).total_seconds() < 60


def test_a_stopped_run_ends_at_once(standin: Standin) -> None:
    run = standin.run(standin.create_machine("wait", one_state({"Type": "Wait", "Seconds": 10_000})))
    standin.states.stop_execution(executionArn=run, error="Enough", cause="by hand")
    described = standin.states.describe_execution(executionArn=run)
    last = standin.history(run)[-1]
    assert (described["status"], described["error"]) == ("ABORTED", "Enough")
    assert (last["type"], last["previousEventId"]) == ("ExecutionAborted", 0)
    assert described["stopDate"] == last["timestamp"]


def test_a_run_out_of_time_ends_at_once(standin: Standin) -> None:
    slow = standin.lambda_("slow", latency_ms=(200_000, 200_000))
    run = standin.run(standin.create_machine("late", one_state(task(slow), TimeoutSeconds=2)))
    assert standin.wait(run) == ["TIMED_OUT"]
    assert types(standin.history(run))[-2:] == ["TaskStarted", "ExecutionTimedOut"]


def test_an_evaluation_failure_points_before_its_state(standin: Standin) -> None:
    failing = {"Type": "Pass", "Output": "{% $missing %}"}
    run = standin.run(standin.create_machine("jsonata", one_state(failing, QueryLanguage="JSONata")))
    assert standin.wait(run) == ["FAILED"]
    failure = standin.history(run)[2]
    assert (failure["type"], failure["previousEventId"]) == ("EvaluationFailed", 0)


def test_a_given_up_branch_writes_no_more(standin: Standin) -> None:
    slow, broken = standin.lambda_("slow", latency_ms=(2_000, 2_000)), standin.lambda_("broken", fail_rate=1)
    branches = [{"StartAt": name, "States": {name: task(name, End=True)}} for name in (slow, broken)]
    after = {"Type": "Wait", "Seconds": 4, "End": True}
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "after"}]
    both = {"Type": "Parallel", "Branches": branches, "Catch": catch, "End": True}
    run = standin.run(standin.create_machine("both", {"StartAt": "both", "States": {"both": both, "after": after}}))
    assert standin.wait(run) == ["SUCCEEDED"]
    seen = types(standin.history(run))
    assert "TaskSucceeded" not in seen[seen.index("ParallelStateFailed") :]


def test_a_distributed_map_counts_its_children(standin: Standin) -> None:
    child = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "item"}
    broken = standin.lambda_("item", fail_first=2)
    processor = child | {"States": {"item": task(broken, End=True)}}
    items = {"Type": "Map", "ItemsPath": "$.items", "Label": "items", "MaxConcurrency": 1, "ItemProcessor": processor}
    tolerant = items | {"ToleratedFailurePercentage": 100.0}
    run = standin.run(standin.create_machine("bulk", one_state(tolerant)), {"items": list(range(5))})
    assert standin.wait(run) == ["SUCCEEDED"]
    listed = standin.states.list_map_runs(executionArn=run)["mapRuns"][0]
    counts = standin.states.describe_map_run(mapRunArn=listed["mapRunArn"])["executionCounts"]
    assert (counts["total"], counts["failed"], counts["succeeded"]) == (5, 2, 3)
    assert listed["stateMachineArn"].endswith(":stateMachine:bulk/items")


def test_an_express_run_is_only_in_its_logs(standin: Standin) -> None:
    logging = {
        "level": "ALL",
        "includeExecutionData": False,
        "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": LOGS}}],
    }
    machine = standin.create_machine("fast", one_state({"Type": "Pass"}), type="EXPRESS", logging=logging)
    answered = standin.states.start_sync_execution(stateMachineArn=machine)
    assert answered["billingDetails"]["billedMemoryUsedInMB"] == 64
    with pytest.raises(ClientError, match="StateMachineTypeNotSupported"):
        standin.states.list_executions(stateMachineArn=machine)
    with pytest.raises(ClientError, match="InvalidArn"):
        standin.states.get_execution_history(executionArn=answered["executionArn"])
    records = standin.client("logs").filter_log_events(logGroupName="/aws/vendedlogs/states/fast")["events"]
    assert len(records) == 4
    assert all(f'"execution_arn": "{answered["executionArn"]}"' in record["message"] for record in records)


def test_the_revision_that_ran_is_kept(standin: Standin) -> None:
    machine = standin.create_machine("order", one_state({"Type": "Pass", "Comment": "first"}))
    version = standin.states.publish_state_machine_version(stateMachineArn=machine)["stateMachineVersionArn"]
    old = standin.run(machine)
    revision = standin.update_machine(machine, one_state({"Type": "Pass", "Comment": "second"}))
    pinned, new = standin.run(version), standin.run(machine)
    ran = [standin.states.describe_state_machine_for_execution(executionArn=arn) for arn in (old, pinned, new)]
    assert [("first" in one["definition"], one.get("revisionId")) for one in ran[::2]] == [
        (True, None),
        (False, revision),
    ]
    assert "first" in ran[1]["definition"]
    assert "revisionId" not in ran[1]
    assert "first" in standin.states.describe_state_machine(stateMachineArn=version)["definition"]
    assert standin.states.describe_execution(executionArn=pinned)["stateMachineVersionArn"] == version
    listed = standin.states.list_state_machine_versions(stateMachineArn=machine)["stateMachineVersions"]
    assert [one["stateMachineVersionArn"] for one in listed] == [version]


def test_pages_neither_repeat_nor_lose_executions(standin: Standin) -> None:
    machine = standin.create_machine("order", one_state({"Type": "Pass"}))
    original = standin.run(machine)
    standin.wait(original)
    standin.replicate([original], 250, "2026-01-01T00:00:00Z", "2026-01-31T00:00:00Z")
    found = names(standin, machine, PaginationConfig={"PageSize": 7})
    assert len(found) == len(set(found)) == 251
    first = standin.states.list_executions(stateMachineArn=machine, maxResults=3)
    standin.run(machine, name="newcomer")
    rest = standin.states.list_executions(stateMachineArn=machine, nextToken=first["nextToken"], maxResults=1000)
    assert "newcomer" not in [row["name"] for row in rest["executions"]]
    assert len(rest["executions"]) == 248
    with pytest.raises(ClientError, match="ValidationException"):
        standin.states.list_executions(stateMachineArn=machine, maxResults=1001)
    with pytest.raises(ClientError, match="InvalidToken"):
        standin.states.list_executions(stateMachineArn=machine, nextToken="made up")


def test_a_listing_comes_in_either_order(standin: Standin) -> None:
    machine = standin.create_machine("order", one_state({"Type": "Pass"}))
    rows = [
        seeded("long", "2026-01-01T00:00:00Z", "2026-01-09T00:00:00Z"),
        seeded("short", "2026-01-02T00:00:00Z", "2026-01-02T00:00:01Z"),
        seeded("open", "2025-12-31T00:00:00Z", "2026-01-03T00:00:00Z"),
    ]
    standin.seed(machine, rows)
    assert names(standin, machine) == ["short", "long", "open"]
    standin.listing(order="stop", stale=[f"{machine.replace('stateMachine', 'execution')}:open"])
    assert names(standin, machine) == ["open", "long", "short"]
    assert names(standin, machine, statusFilter="RUNNING") == ["open"]
    standin.listing(order="stop", hidden=[f"{machine.replace('stateMachine', 'execution')}:long"])
    assert names(standin, machine, PaginationConfig={"PageSize": 1}) == ["open", "short"]


def test_a_seeded_redrive_is_answered_whole(standin: Standin) -> None:
    machine = standin.create_machine("order", one_state({"Type": "Pass"}))
    events = [
        {"id": number, "previousEventId": number - 1, "type": kind, "timestamp": f"2026-01-01T00:00:0{number}Z"}
        for number, kind in enumerate(["ExecutionStarted", "ExecutionFailed", "ExecutionRedriven"], 1)
    ]
    run = seeded("again", "2026-01-01T00:00:01Z", "2026-01-02T00:00:00Z", redriveCount=1, events=events)
    standin.seed(machine, [run, seeded("once", "2026-01-01T00:00:00Z", "2026-01-01T00:00:02Z")])
    assert names(standin, machine, redriveFilter="REDRIVEN") == ["again"]
    arn = f"{machine.replace('stateMachine', 'execution')}:again"
    assert types(standin.history(arn, reverseOrder=True, PaginationConfig={"PageSize": 2})) == [
        "ExecutionRedriven",
        "ExecutionFailed",
        "ExecutionStarted",
    ]


def test_seeded_map_runs_and_revisions_are_answered(standin: Standin) -> None:
    machine = standin.create_machine("bulk", one_state({"Type": "Pass"}))
    counts = {"total": 9, "succeeded": 8, "failed": 1}
    map_run = {
        "mapRunArn": f"{machine.replace('stateMachine', 'mapRun')}/items:1",
        "status": "SUCCEEDED",
        "startDate": "2026-01-01T00:00:01Z",
        "stopDate": "2026-01-01T00:00:02Z",
        "itemCounts": counts,
        "executionCounts": counts,
    }
    ran = {"definition": "{}", "revisionId": "older"}
    standin.seed(machine, [seeded("many", "2026-01-01T00:00:00Z", "2026-01-01T00:00:03Z", mapRuns=[map_run], ran=ran)])
    arn = f"{machine.replace('stateMachine', 'execution')}:many"
    [listed] = standin.states.list_map_runs(executionArn=arn)["mapRuns"]
    described = standin.states.describe_map_run(mapRunArn=listed["mapRunArn"])
    assert (described["executionArn"], described["executionCounts"]["failed"]) == (arn, 1)
    assert listed["stateMachineArn"] == f"{machine}/items"
    assert standin.states.describe_state_machine_for_execution(executionArn=arn)["revisionId"] == "older"


def test_an_unknown_operation_is_refused_as_aws_refuses(standin: Standin) -> None:
    with pytest.raises(ClientError, match="UnknownOperationException"):
        standin.states.validate_state_machine_definition(definition="{}")
