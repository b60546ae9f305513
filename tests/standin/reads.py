"""The reading half of the API: listings, descriptions and histories."""

from __future__ import annotations

from typing import Any

from moto.stepfunctions.exceptions import ExecutionDoesNotExist, InvalidToken, ResourceNotFound
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from tests.standin.answers import (
    Answer,
    TypeNotSupportedError,
    WrongArnError,
    answer,
    page_by_offset,
    page_size,
    token_of,
    value_of_token,
)
from tests.standin.world import WORLD, Row, SeededExecution, instant, seconds

REDRIVABLE = ("FAILED", "ABORTED", "TIMED_OUT")
OPTIONAL = (
    ("stateMachineVersionArn", "version_arn"),
    ("stateMachineAliasArn", "alias_arn"),
    ("redriveDate", "redrive_date"),
)
PAYLOADS = ("input", "output", "inputDetails", "outputDetails")


def install(responses: Any) -> None:
    """Replaces moto's answers of the reading operations."""
    for operation in (
        list_executions,
        describe_execution,
        get_execution_history,
        list_map_runs,
        describe_map_run,
        describe_state_machine,
        describe_state_machine_for_execution,
        list_state_machine_versions,
    ):
        setattr(responses, operation.__name__, operation)


def list_executions(request: Any) -> Answer:
    """ListExecutions with keyset tokens, so that newcomers neither shift nor repeat a page."""
    if request._get_param("mapRunArn"):
        return _list_children(request)
    asked, size = request._get_param("stateMachineArn"), page_size(request)
    machine = request.stepfunction_backend.describe_state_machine(":".join(asked.split(":")[:7]))
    if machine.type == "EXPRESS":
        raise TypeNotSupportedError("This operation is not supported by this type of state machine")
    rows = [row for row in WORLD.rows_after(machine.arn, value_of_token(request)) if _is_asked(request, asked, row)]
    page = rows[:size]
    token = token_of(WORLD.listing.key(page[-1])) if len(rows) > size else None
    return answer({"executions": [_listed(row) for row in page], "nextToken": token})


def _list_children(request: Any) -> Answer:
    """ListExecutions of a Map Run: what was seeded for its `machine/label`, which has run once."""
    run, size = request._get_param("mapRunArn"), page_size(request)
    machine = run.replace(":mapRun:", ":stateMachine:").rpartition(":")[0]
    rows = WORLD.rows_after(machine, value_of_token(request))
    token = token_of(WORLD.listing.key(rows[size - 1])) if len(rows) > size else None
    return answer({"executions": [_listed(row) | {"mapRunArn": run} for row in rows[:size]], "nextToken": token})


def _is_asked(request: Any, asked: str, row: Row) -> bool:
    status, redriven = request._get_param("statusFilter"), request._get_param("redriveFilter")
    if status and status != _status_listed(row):
        return False
    if redriven and (redriven == "REDRIVEN") != (getattr(row, "redrive_count", 0) > 0):
        return False
    return asked in (row.state_machine_arn, getattr(row, "version_arn", None), getattr(row, "alias_arn", None))


def _status_listed(row: Row) -> str:
    return "RUNNING" if WORLD.listing.is_running(row) else str(row.status)


def _listed(row: Row) -> dict[str, Any]:
    status = _status_listed(row)
    item = {
        "executionArn": row.execution_arn,
        "stateMachineArn": row.state_machine_arn,
        "name": row.name,
        "status": status,
        "startDate": seconds(row.start_date),
        "redriveCount": getattr(row, "redrive_count", 0),
    }
    if status != "RUNNING" and row.stop_date:
        item["stopDate"] = seconds(row.stop_date)
    return item | {name: getattr(row, attr) for name, attr in OPTIONAL if getattr(row, attr, None)}


def execution_of(request: Any) -> Row:
    """The execution that a request names; the errors are those of AWS."""
    arn = request._get_param("executionArn")
    if ":express:" in arn:
        raise WrongArnError("Invalid Arn: 'Resource type not valid in this context: express'")
    request.stepfunction_backend._validate_execution_arn(arn)
    row = WORLD.execution(arn)
    if row is None:
        raise ExecutionDoesNotExist(f"Execution Does Not Exist: '{arn}'")
    return row


def describe_execution(request: Any) -> Answer:
    """DescribeExecution with every member that AWS sends."""
    row = execution_of(request)
    body = {
        "executionArn": row.execution_arn,
        "stateMachineArn": row.state_machine_arn,
        "name": row.name,
        "status": row.status,
        "startDate": instant(row.start_date),
        "input": row.execution_input,
        "inputDetails": {"included": True},
        "error": row.error,
        "cause": row.cause,
    }
    whole = body | _outcome(row) | {name: getattr(row, attr, None) for name, attr in OPTIONAL}
    without = PAYLOADS if request._get_param("includedData") == "METADATA_ONLY" else ()
    return answer({name: value for name, value in whole.items() if name not in without})


def _outcome(row: Row) -> dict[str, Any]:
    redrivable = row.status in REDRIVABLE
    body: dict[str, Any] = {
        "redriveCount": getattr(row, "redrive_count", 0),
        "redriveStatus": "REDRIVABLE" if redrivable else "NOT_REDRIVABLE",
    }
    if not redrivable:
        body["redriveStatusReason"] = f"Execution is {row.status} and cannot be redriven"
    if row.status != "RUNNING" and row.stop_date:
        body["stopDate"] = instant(row.stop_date)
    if row.status == "SUCCEEDED" and row.output is not None:
        body |= {"output": _text(row), "outputDetails": {"included": True}}
    return body


def _text(row: Row) -> str:
    """The output as JSON text; moto keeps that of its own executions parsed."""
    if isinstance(row, SeededExecution):
        return str(row.output)
    return str(to_json_str(row.output, separators=(",", ":")))


def get_execution_history(request: Any) -> Answer:
    """GetExecutionHistory: pages in either order, with or without payloads."""
    row, size = execution_of(request), page_size(request)
    backwards, with_data = bool(request._get_param("reverseOrder")), request._get_param("includeExecutionData")
    events = _events(row)
    begin, total = _position(request, row.execution_arn, backwards, len(events))
    events = events[:total][::-1] if backwards else events[:total]
    page = [_event(event, with_data is not False) for event in events[begin : begin + size]]
    more = begin + size < total
    token = token_of([row.execution_arn, backwards, begin + size, total]) if more else None
    return answer({"events": page, "nextToken": token})


def _events(row: Row) -> list[dict[str, Any]]:
    if isinstance(row, SeededExecution):
        return row.history()
    if row.exec_worker.env is None:  # its thread has not begun yet
        return []
    return list(row.to_history_output()["events"])


def _position(request: Any, arn: str, backwards: bool, size: int) -> tuple[int, int]:
    """Where the page begins, and how many events there were when the first page was given."""
    token = value_of_token(request)
    if token is None:
        return 0, size
    if token[:2] != [arn, backwards]:
        raise InvalidToken("'Invalid token'")
    return token[2], token[3]


def _event(event: dict[str, Any], with_data: bool) -> dict[str, Any]:
    shown = dict(event, timestamp=seconds(event["timestamp"]))
    if not with_data:
        for name, details in event.items():
            if name.endswith("EventDetails"):
                shown[name] = {k: v for k, v in details.items() if k not in PAYLOADS}
    return shown


def list_map_runs(request: Any) -> Answer:
    """ListMapRuns of an execution that ran here or was seeded, in pages."""
    runs = [_map_run_item(run) for run in _map_runs(execution_of(request))]
    return answer(page_by_offset(request, "mapRuns", runs))


def _map_runs(row: Row) -> list[dict[str, Any]]:
    if isinstance(row, SeededExecution):
        return row.map_runs
    if row.exec_worker.env is None:
        return []
    return [_described(record) for record in row.exec_worker.env.map_run_record_pool_manager.get_all()]


def _described(record: Any) -> dict[str, Any]:
    """A record of moto's with what it leaves out: failed children among the counts, the machine of the children."""
    body = dict(record.describe())
    machine = body["executionArn"].replace(":execution:", ":stateMachine:").rpartition(":")[0]
    counted = {name: count for name, count in body["itemCounts"].items() if name != "resultsWritten"}
    label = record.map_run_arn.split("/")[-1].split(":")[0]
    return body | {
        "executionCounts": body["executionCounts"] | counted,
        "redriveCount": 0,
        "stateMachineArn": f"{machine}/{label}",
        "startDate": instant(body["startDate"]),
        "stopDate": instant(body["stopDate"]) if "stopDate" in body else None,
    }


def _map_run_item(run: dict[str, Any]) -> dict[str, Any]:
    names = ("executionArn", "mapRunArn", "stateMachineArn", "startDate", "stopDate")
    return {name: run[name] for name in names if run.get(name) is not None}


def describe_map_run(request: Any) -> Answer:
    """DescribeMapRun, for runs of the interpreter and seeded ones."""
    arn = request._get_param("mapRunArn")
    parent = arn.split(":")[6].split("/")[0]
    rows = [row for machine, rows in WORLD.by_machine.items() if machine.endswith(f":{parent}") for row in rows]
    for run in (run for row in rows for run in _map_runs(row)):
        if run["mapRunArn"] == arn:
            return answer({k: v for k, v in run.items() if k != "stateMachineArn"})
    raise ResourceNotFound(arn)


def machine_body(machine: Any) -> dict[str, Any]:
    """The members that DescribeStateMachine and DescribeStateMachineForExecution share."""
    body = {
        "stateMachineArn": getattr(machine, "source_arn", machine.arn),
        "name": machine.name,
        "definition": machine.definition,
        "roleArn": machine.roleArn,
        "loggingConfiguration": machine.loggingConfiguration,
        "tracingConfiguration": machine.tracingConfiguration,
        "encryptionConfiguration": machine.encryptionConfiguration,
    }
    return body | {"revisionId": getattr(machine, "revision_id", None)}


def describe_state_machine(request: Any) -> Answer:
    """DescribeStateMachine of a machine or of a published version."""
    machine = request.stepfunction_backend.describe_state_machine(request._get_param("stateMachineArn"))
    own = {"status": "ACTIVE", "type": machine.type, "creationDate": instant(machine.creation_date)}
    named = {"stateMachineArn": machine.arn, "description": machine.description}
    return answer(machine_body(machine) | own | named)


def describe_state_machine_for_execution(request: Any) -> Answer:
    """DescribeStateMachineForExecution: the definition that ran, not the one of today."""
    row = execution_of(request)
    if isinstance(row, SeededExecution):
        now = request.stepfunction_backend.describe_state_machine(row.state_machine_arn)
        return answer(machine_body(now) | {"updateDate": instant(now.update_date)} | (row.ran or {}))
    ran = row.state_machine
    return answer(machine_body(ran) | {"updateDate": instant(ran.update_date)})


def list_state_machine_versions(request: Any) -> Answer:
    """ListStateMachineVersions, newest first."""
    machine = request.stepfunction_backend.describe_state_machine(request._get_param("stateMachineArn"))
    versions = [
        {"stateMachineVersionArn": version.arn, "creationDate": instant(version.creation_date)}
        for _, version in sorted(machine.versions.items(), reverse=True)
    ]
    return answer(page_by_offset(request, "stateMachineVersions", versions))
