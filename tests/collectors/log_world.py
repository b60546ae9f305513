"""An invented AWS with Express machines: records that arrive late, out of order, in groups that others write to too."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from store.errors import RefusedError
from tests.collectors.world import World

GROUP = "/aws/vendedlogs/states/shared"
KINDS: list[tuple[str, dict[str, Any]]] = [
    ("ExecutionStarted", {"input": "{}", "inputDetails": {"truncated": False}, "roleArn": "r"}),
    ("TaskStateEntered", {"name": "결제"}),
    ("TaskScheduled", {"resourceType": "lambda", "resource": "invoke", "region": "r", "parameters": "{}"}),
    ("TaskFailed", {"resourceType": "lambda", "resource": "invoke", "error": "Declined", "cause": "no"}),
    ("ExecutionFailed", {"error": "Declined", "cause": "no"}),
]
GOOD_END: list[tuple[str, dict[str, Any]]] = [
    ("TaskSucceeded", {"resourceType": "lambda", "resource": "invoke"}),
    ("TaskStateExited", {"name": "결제"}),
    ("ExecutionSucceeded", {"output": "{}", "outputDetails": {"truncated": False}}),
]
LOGGED = {"ALL": None, "ERROR": {"TaskFailed", "ExecutionFailed"}, "FATAL": {"ExecutionFailed"}, "OFF": set[str]()}
RUN_MS = 1_000


class Record(NamedTuple):
    """A log event: when it happened, when it can be found, and its text."""

    at: int
    arrives: int
    message: str


@dataclass
class LogWorld(World):
    """A `World` that logs. Each page may be preceded by an empty one, as AWS's are."""

    logs: dict[str, list[Record]] = field(default_factory=dict)
    has_empty_pages: bool = False
    scanned: int = 0
    results: list[list[dict[str, str]]] = field(default_factory=list)

    def express(self, name: str = "빠른", level: str = "ALL", group: str = GROUP) -> str:
        """An Express machine, whose log group is there."""
        arn = self.machine(name, "EXPRESS")
        log_arn = f"arn:aws:logs:ap-northeast-2:123456789012:log-group:{group}:*"
        destinations = [{"cloudWatchLogsLogGroup": {"logGroupArn": log_arn}}]
        self.machines[arn]["loggingConfiguration"] = {"level": level, "destinations": destinations}
        self.logs.setdefault(group, [])
        return arn

    def logged(self, machine_arn: str, *, fails: bool = False, delays: Sequence[int] = (0,), name: str = "") -> str:
        """An execution that runs for a second from now; its records arrive as much later as `delays` say, in turn."""
        known = sum(len(records) for records in self.logs.values())
        arn = f"{machine_arn.replace(':stateMachine:', ':express:')}:{name or f'e{known}'}:{known:08d}"
        kinds = KINDS if fails else KINDS[:3] + GOOD_END
        for number, (kind, details) in enumerate(kinds, 1):
            at = self.now + RUN_MS * (number - 1) // (len(kinds) - 1)
            self.write(machine_arn, at, _record(arn, number, kind, details, at), delays[number % len(delays)], kind)
        return arn

    def write(self, machine_arn: str, at: int, message: str, delay: int = 0, kind: str = "") -> None:
        """A message in the machine's group, if its level logs such."""
        configuration = self.machines[machine_arn]["loggingConfiguration"]
        wanted = LOGGED[configuration["level"]]
        if wanted is None or kind in wanted:
            arn = configuration["destinations"][0]["cloudWatchLogsLogGroup"]["logGroupArn"]
            self.logs[arn.split(":")[6]].append(Record(at, at + delay, message))

    def _FilterLogEvents(self, logGroupName: str, startTime: int, endTime: int, **asked: Any) -> dict[str, Any]:  # noqa: N802, N803
        assert asked["limit"] == 10_000
        if logGroupName not in self.logs:
            raise RefusedError("The specified log group does not exist.", code="ResourceNotFoundException")
        token = asked.get("nextToken", "")
        if self.has_empty_pages and not token.endswith("!"):
            return {"events": [], "nextToken": f"{token}!"}
        found = [
            ({"timestamp": record.at, "message": record.message}, f"{record.at:015d}{number:09d}")
            for number, record in enumerate(self.logs[logGroupName])
            if startTime <= record.at <= endTime and record.arrives <= self.now
            if _is_found(record.message, asked.get("filterPattern", ""))
        ]
        return self._page("events", found, {"maxResults": 1_000, "nextToken": token.rstrip("!")})

    def _StartQuery(self, logGroupName: str, startTime: int, endTime: int, queryString: str, limit: int) -> Any:  # noqa: N802, N803
        first, last = map(int, re.findall(r"begun >= (\d+) and begun <= (\d+)", queryString)[0])
        records = [json.loads(record.message) for record in self.logs[logGroupName] if record.arrives <= self.now]
        self.scanned += sum(len(record.message) for record in self.logs[logGroupName])
        assert (startTime, endTime, limit) == (first // 1_000, (last + 300_000) // 1_000, 10_000)
        self.results = _counted(records, first, last)
        return {"queryId": "q"}

    def _GetQueryResults(self, queryId: str) -> dict[str, Any]:  # noqa: N802, N803
        assert queryId == "q"
        return {"status": "Complete", "results": self.results, "statistics": {"bytesScanned": float(self.scanned)}}


def _is_found(message: str, pattern: str) -> bool:
    """CloudWatch Logs' patterns, as far as they are used: types of records, and any of some terms."""
    if pattern.startswith("{"):
        return json.loads(message)["type"] in re.findall(r'= "(\w+)"', pattern)
    return not pattern or any(term in message for term in re.findall(r'\?"([^"]+)"', pattern))


ENDS = {"SUCCEEDED": "succeeded", "FAILED": "failed", "TIMED_OUT": "timed_out", "ABORTED": "aborted"}


def _counted(records: list[dict[str, Any]], first: int, last: int) -> list[list[dict[str, str]]]:
    """What Logs Insights answers to the query: executions by machine and end."""
    runs: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        runs.setdefault(record["execution_arn"], []).append(record)
    groups: dict[tuple[str, ...], list[int]] = {}
    for arn, found in runs.items():
        types, times = {one["type"] for one in found}, [int(one["event_timestamp"]) for one in found]
        if "ExecutionStarted" in types and first <= min(times) <= last:
            ends = (str(int(f"Execution{name.title().replace('_', '')}" in types)) for name in ENDS)
            groups.setdefault((":".join(arn.split(":")[:7]), *ends), []).append(max(times) - min(times))
    names = ("machine", *ENDS.values(), "executions", "duration_ms", "p50_ms", "p95_ms", "p99_ms", "max_ms")
    return [
        [
            {"field": name, "value": str(value)}
            for name, value in zip(names, (*key, len(d), sum(d), *[max(d)] * 4), strict=True)
        ]
        for key, d in groups.items()
    ]


def _record(arn: str, number: int, kind: str, details: dict[str, Any], at: int) -> str:
    record = {
        "id": str(number),
        "type": kind,
        "details": details,
        "previous_event_id": str(0 if number == 2 else number - 1),
        "event_timestamp": str(at),
        "execution_arn": arn,
        "redrive_count": "0",
    }
    return json.dumps(record, ensure_ascii=False)
