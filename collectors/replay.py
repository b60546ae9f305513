"""Recordings that answer like AWS: an `Api` without an account, for the demo, the tests and the docs."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from collectors.recordings import About, Execution, Recordings
from collectors.refusals import typed

TARGET = "the sample data"
DEFAULT_PAGE, LARGEST_PAGE = 100, 1_000
LISTED_MACHINE = ("stateMachineArn", "name", "type")
LISTED_EXECUTION = (
    "executionArn",
    "stateMachineArn",
    "name",
    "status",
    "startDate",
    "stopDate",
    "redriveCount",
    "redriveDate",
    "stateMachineVersionArn",
    "stateMachineAliasArn",
)
LISTED_MAP_RUN = ("executionArn", "mapRunArn", "stateMachineArn", "startDate", "stopDate")
NOT_OF_A_RUN = ("status", "type", "creationDate")
"""Members of DescribeStateMachine that DescribeStateMachineForExecution does not have."""

Answer = dict[str, Any]
Asked = dict[str, Any]


def replay(folder: Path, now: date | None = None) -> Replay:
    """The recordings of a folder as an `Api`, moved by whole days so that the last run is on the day before `now`.

    Without `now` the dates stay as recorded. Raises `MisuseError` when the folder holds no recordings.
    """
    return Replay(Recordings(folder, now))


class Replay:
    """An `Api` that answers from recordings, for any number of threads, always the same.

    Errors are those that AWS answers, as `store.errors.AwsError`. Answers share parts: they are not to be changed.
    """

    def __init__(self, recordings: Recordings) -> None:
        self._recordings = recordings
        self._executions = {one.described["executionArn"]: one for one in recordings.executions}
        self._listed = _listed_by_machine(recordings.executions)
        self._machines = {one["described"]["stateMachineArn"]: one for one in recordings.machines}
        self._versioned = {row["stateMachineArn"] for rows in self._listed.values() for row in rows if _version(row)}
        self._answers: dict[str, Callable[[Asked], Answer]] = {
            "DescribeExecution": self._execution,
            "DescribeMapRun": self._map_run,
            "DescribeStateMachine": self._machine,
            "DescribeStateMachineForExecution": self._machine_that_ran,
            "FilterLogEvents": self._log_page,
            "GetExecutionHistory": self._history,
            "ListExecutions": self._executions_page,
            "ListMapRuns": self._map_runs_page,
            "ListStateMachineVersions": self._versions_page,
            "ListStateMachines": self._machines_page,
            "ListTagsForResource": self._tags,
        }

    @cached_property
    def about(self) -> About:
        """What was recorded, what it stands for, and the dates."""
        return self._recordings.about()

    @property
    def region(self) -> str:
        """The Region of the recorded machines."""
        return str(next(iter(self._machines)).split(":")[3])

    def log_lines(self) -> Iterator[str]:
        """The log records of the EXPRESS machines, one JSON document a line, by time."""
        return self._recordings.log_lines()

    @cached_property
    def _logged(self) -> list[Answer]:
        """The records of all log groups, by time."""
        return [{"timestamp": int(json.loads(line)["event_timestamp"]), "message": line} for line in self.log_lines()]

    def _log_page(self, asked: Asked) -> Answer:
        """FilterLogEvents: a machine's group is named after it."""
        machine = f":express:{asked['logGroupName'].rpartition('/')[2]}:"
        first = bisect_left(self._logged, asked["startTime"], key=itemgetter("timestamp"))
        end = bisect_right(self._logged, asked["endTime"], key=itemgetter("timestamp"))
        rows = [event for event in self._logged[first:end] if machine in event["message"]]
        return _page(rows, "events", asked | {"maxResults": LARGEST_PAGE})

    def call(self, operation: str, **parameters: Any) -> Answer:
        """The answer to one call as boto3 parses it. Raises a `store.errors.AwsError` as AWS would refuse."""
        try:
            if operation not in self._answers:
                raise _refusal("UnknownOperationException", f"{operation} was not recorded", operation)
            return self._answers[operation](parameters)
        except ClientError as refused:
            raise typed(refused, TARGET, operation) from refused

    def _machines_page(self, asked: Asked) -> Answer:
        rows = [
            _members(one["described"], LISTED_MACHINE) | {"creationDate": self._deployed(arn)[0]}
            for arn, one in self._machines.items()
        ]
        return _page(rows, "stateMachines", asked)

    def _deployed(self, machine_arn: str) -> list[datetime]:
        """When each revision of a machine was deployed."""
        return self._recordings.revised(machine_arn.split(":")[6])

    def _recorded(self, arn: str) -> Answer:
        """What was recorded of the machine that an ARN of it, or of a version of it, names."""
        base, version = _parts(arn)
        if base not in self._machines or (version and version not in self._versions(base)):
            raise _refusal("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'", "DescribeStateMachine")
        machine: Answer = self._machines[base]
        return machine

    def _versions(self, machine_arn: str) -> list[str]:
        """Numbers of the published versions: a machine that is started through them publishes each revision."""
        revisions = self._machines[machine_arn]["revisions"] if machine_arn in self._versioned else []
        return [str(number) for number, _ in enumerate(revisions, 1)]

    def _machine(self, asked: Asked) -> Answer:
        """DescribeStateMachine of a machine as it is at the end, or of one of its versions."""
        arn: str = asked["stateMachineArn"]
        machine, (_, version) = self._recorded(arn), _parts(arn)
        number = int(version) - 1 if version else -1
        created = self._deployed(arn)[number if version else 0]
        return _as_of(machine, number) | {"stateMachineArn": arn, "creationDate": created}

    def _versions_page(self, asked: Asked) -> Answer:
        arn: str = self._recorded(asked["stateMachineArn"])["described"]["stateMachineArn"]
        rows = [
            {"stateMachineVersionArn": f"{arn}:{version}", "creationDate": created}
            for version, created in zip(self._versions(arn), self._deployed(arn), strict=False)
        ]
        return _page(rows[::-1], "stateMachineVersions", asked)

    def _tags(self, asked: Asked) -> Answer:
        return {"tags": self._recorded(asked["resourceArn"])["tags"]}

    def _executions_page(self, asked: Asked) -> Answer:
        """ListExecutions in the order that botocore 1.44.5 documents: running first, the others by their stop."""
        base, _ = _parts(asked["stateMachineArn"])
        if self._recorded(base)["described"]["type"] == "EXPRESS":
            sentence = "This operation is not supported by this type of state machine"
            raise _refusal("StateMachineTypeNotSupported", sentence, "ListExecutions")
        return _page([row for row in self._listed.get(base, []) if _is_asked(row, asked)], "executions", asked)

    def _named(self, asked: Asked, operation: str) -> Execution:
        """The execution that a question names."""
        arn: str = asked["executionArn"]
        if ":express:" in arn:
            raise _refusal("InvalidArn", "Resource type not valid in this context: express", operation)
        if arn not in self._executions:
            raise _refusal("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'", operation)
        return self._executions[arn]

    def _execution(self, asked: Asked) -> Answer:
        return dict(self._named(asked, "DescribeExecution").described)

    def _history(self, asked: Asked) -> Answer:
        events = self._named(asked, "GetExecutionHistory").events()
        return _page(events[::-1] if asked.get("reverseOrder") else events, "events", asked)

    def _machine_that_ran(self, asked: Asked) -> Answer:
        execution = self._named(asked, "DescribeStateMachineForExecution")
        machine = self._machines[execution.machine_arn]
        number = [one["revisionId"] for one in machine["revisions"]].index(execution.revision_id)
        shared = {name: value for name, value in _as_of(machine, number).items() if name not in NOT_OF_A_RUN}
        return shared | {"updateDate": self._deployed(execution.machine_arn)[number]}

    def _map_runs_page(self, asked: Asked) -> Answer:
        runs = self._named(asked, "ListMapRuns").map_runs()
        return _page([_members(run, LISTED_MAP_RUN) for run in runs], "mapRuns", asked)

    @cached_property
    def _map_runs(self) -> dict[str, Answer]:
        return {run["mapRunArn"]: run for one in self._executions.values() for run in one.map_runs()}

    def _map_run(self, asked: Asked) -> Answer:
        arn: str = asked["mapRunArn"]
        if arn not in self._map_runs:
            raise _refusal("ResourceNotFound", f"Resource not found: '{arn}'", "DescribeMapRun")
        return {name: value for name, value in self._map_runs[arn].items() if name != "stateMachineArn"}


def _listed_by_machine(executions: Sequence[Execution]) -> dict[str, list[Answer]]:
    listed: dict[str, list[Answer]] = defaultdict(list)
    for execution in executions:
        listed[execution.machine_arn].append(_members(execution.described, LISTED_EXECUTION))
    return {machine: sorted(rows, key=_position, reverse=True) for machine, rows in listed.items()}


def _position(row: Answer) -> tuple[bool, datetime, str]:
    latest: datetime = row["stopDate"] if "stopDate" in row else row["startDate"]
    return "stopDate" not in row, latest, row["executionArn"]


def _is_asked(row: Answer, asked: Asked) -> bool:
    """Whether a row passes the filters, and was started through the version or alias that was asked for."""
    through = row["stateMachineArn"], _version(row), row.get("stateMachineAliasArn")
    redriven = asked.get("redriveFilter")
    return (
        asked["stateMachineArn"] in through
        and asked.get("statusFilter") in {None, row["status"]}
        and (redriven is None or (redriven == "REDRIVEN") == (row["redriveCount"] > 0))
    )


def _version(row: Answer) -> str | None:
    """ARN of the version that an execution was started with."""
    arn: str | None = row.get("stateMachineVersionArn")
    return arn


def _parts(arn: str) -> tuple[str, str]:
    """The machine's own ARN, and the version or alias that follows it."""
    pieces = arn.split(":")
    return ":".join(pieces[:7]), ":".join(pieces[7:])


def _as_of(machine: Answer, number: int) -> Answer:
    """The machine's description with a revision's definition and revisionId; the first revision has no revisionId."""
    whole = machine["described"] | machine["revisions"][number]
    return {name: value for name, value in whole.items() if value is not None}


def _members(answer: Answer, names: Sequence[str]) -> Answer:
    return {name: answer[name] for name in names if name in answer}


def _page(rows: Sequence[Any], name: str, asked: Asked) -> Answer:
    """One page under AWS's limits; its token says where the next begins."""
    size = asked.get("maxResults") or DEFAULT_PAGE
    token = str(asked.get("nextToken") or f"{name}:0")
    begin = token.removeprefix(f"{name}:")
    if size > LARGEST_PAGE:
        raise _refusal("ValidationException", f"maxResults must be at most {LARGEST_PAGE}", name)
    if not begin.isdigit():
        raise _refusal("InvalidToken", f"Invalid Token: '{token}'", name)
    end = int(begin) + size
    more = {"nextToken": f"{name}:{end}"} if end < len(rows) else {}
    return {name: list(rows[int(begin) : end]), **more}


def _refusal(code: str, message: str, operation: str) -> ClientError:
    error: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    return ClientError(error, operation)
