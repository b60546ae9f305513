"""An invented AWS in memory: machines whose executions start, end and are redriven as a test says."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from store.errors import DeniedError, ExpiredHistoryError, ListingExpiredError, RefusedError

START = 1_700_000_000_000
DAY = 86_400_000
TERMINAL = {
    "SUCCEEDED": "ExecutionSucceeded",
    "FAILED": "ExecutionFailed",
    "TIMED_OUT": "ExecutionTimedOut",
    "ABORTED": "ExecutionAborted",
}


def moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


@dataclass
class Run:
    """An execution: what happened to it and when, oldest first: `start`, then a status, `redrive`, a status..."""

    arn: str
    machine_arn: str
    marks: list[tuple[int, str]]
    version: str | None = None
    map_run: str | None = None

    def seen_at(self, now: int) -> dict[str, Any] | None:
        """The item that a listing shows at this moment; None before it is visible."""
        marks = [mark for mark in self.marks if mark[0] <= now]
        if not marks:
            return None
        redrives = [at for at, what in marks if what == "redrive"]
        at, last = marks[-1]
        item = {
            "executionArn": self.arn,
            "stateMachineArn": self.machine_arn,
            "name": self.arn.rpartition(":")[2],
            "status": "RUNNING" if last in ("start", "redrive") else last,
            "startDate": moment(marks[0][0]),
            "redriveCount": len(redrives),
        }
        if last not in ("start", "redrive"):
            item["stopDate"] = moment(at)
        if redrives:
            item["redriveDate"] = moment(redrives[-1])
        if self.version:
            item["stateMachineVersionArn"] = f"{self.machine_arn}:{self.version}"
        return item

    def events(self) -> list[dict[str, Any]]:
        """Its history until now: each stretch enters a state, and each stop is an event."""
        events: list[dict[str, Any]] = []
        for at, what in self.marks:
            for kind, details in self._written(
                what, sum(1 for event in events if event["type"] == "ExecutionRedriven")
            ):
                number = len(events) + 1
                events.append(
                    {"timestamp": moment(at), "type": kind, "id": number, "previousEventId": number - 1, **details}
                )
        return events

    def _written(self, what: str, redrives: int) -> Iterator[tuple[str, dict[str, Any]]]:
        if what == "start":
            yield "ExecutionStarted", {"executionStartedEventDetails": {"roleArn": "arn:aws:iam::123456789012:role/r"}}
            yield "TaskStateEntered", {"stateEnteredEventDetails": {"name": "결제"}}
            if self.map_run:
                yield "MapRunStarted", {"mapRunStartedEventDetails": {"mapRunArn": self.map_run}}
        elif what == "redrive":
            yield "ExecutionRedriven", {"executionRedrivenEventDetails": {"redriveCount": redrives + 1}}
        else:
            yield TERMINAL[what], {}


@dataclass
class World:
    """Everything that the invented AWS knows. `call` makes it an `Api`.

    `order` is how listings are sorted: by `start`, by `stop` (running ones by start or redrive), or by stop with the
    `running first`: AWS's words allow all three. Listings and descriptions lag `lag_ms` behind. `on_call` is told of
    each call before it is answered, and may raise.
    """

    order: str = "start"
    lag_ms: int = 0
    page: int = 1_000
    now: int = START
    on_call: Callable[[str, dict[str, Any]], None] = lambda operation, parameters: None
    runs: dict[str, Run] = field(default_factory=dict)
    machines: dict[str, dict[str, Any]] = field(default_factory=dict)
    map_runs: dict[str, dict[str, Any]] = field(default_factory=dict)
    ran: dict[str, dict[str, Any]] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    # what happens in it

    def machine(self, name: str = "주문", type: str = "STANDARD", region: str = "ap-northeast-2") -> str:
        arn = f"arn:aws:states:{region}:123456789012:stateMachine:{name}"
        self.machines[arn] = {
            "stateMachineArn": arn,
            "name": name,
            "type": type,
            "status": "ACTIVE",
            "definition": '{"StartAt": "결제", "States": {"결제": {"Type": "Succeed"}}}',
            "roleArn": "arn:aws:iam::123456789012:role/r",
            "creationDate": moment(self.now),
            "revisionId": "r1",
            "updateDate": moment(self.now),
        }
        return arn

    def update(self, machine_arn: str, revision: str) -> None:
        changed = {"revisionId": revision, "definition": f'"{revision}"', "updateDate": moment(self.now)}
        self.machines[machine_arn] = self.machines[machine_arn] | changed

    def publish(self, machine_arn: str, version: str) -> None:
        copied = self.machines[machine_arn] | {"creationDate": moment(self.now)}
        self.machines[f"{machine_arn}:{version}"] = copied | {"stateMachineArn": f"{machine_arn}:{version}"}

    def start(self, machine_arn: str, name: str | None = None, **more: Any) -> str:
        name = name or f"e{len(self.runs) + 1}"
        arn = f"{machine_arn.replace(':stateMachine:', ':execution:')}:{name}"
        self.runs[arn] = Run(arn, machine_arn, [(self.now, "start")], **more)
        self.ran[arn] = self.machines[machine_arn]
        return arn

    def finish(self, arn: str, status: str = "SUCCEEDED") -> None:
        self.runs[arn].marks.append((self.now, status))

    def redrive(self, arn: str) -> None:
        self.runs[arn].marks.append((self.now, "redrive"))

    def finished(self, machine_arn: str, count: int, status: str = "SUCCEEDED") -> list[str]:
        """Executions that ran for a second each, one after the other."""
        arns = []
        for _ in range(count):
            arns.append(self.start(machine_arn))
            self.now += 1_000
            self.finish(arns[-1], status)
        return arns

    # how it answers

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        with self.lock:
            self.calls[operation] += 1
            self.asked.append((operation, parameters))
            self.on_call(operation, parameters)
            if operation in self.denied:
                raise DeniedError(f"denied {operation}", operation=operation)
            answer: dict[str, Any] = getattr(self, f"_{operation}")(**parameters)
            return answer

    def _ListStateMachines(self, **asked: Any) -> dict[str, Any]:  # noqa: N802 -- AWS's spelling, here and below
        named = [machine for machine in self.machines.values() if machine["stateMachineArn"].count(":") == 6]
        names = ("stateMachineArn", "name", "type", "creationDate")
        return self._page("stateMachines", [({name: m[name] for name in names}, m["name"]) for m in named], asked)

    def _DescribeStateMachine(self, stateMachineArn: str) -> dict[str, Any]:  # noqa: N802, N803
        if stateMachineArn not in self.machines:
            raise RefusedError("gone", code="StateMachineDoesNotExist")
        return {name: value for name, value in self.machines[stateMachineArn].items() if name != "updateDate"}

    def _DescribeStateMachineForExecution(self, executionArn: str) -> dict[str, Any]:  # noqa: N802, N803
        hidden = ("creationDate", "type", "status")
        return {name: value for name, value in self.ran[executionArn].items() if name not in hidden}

    def _ListExecutions(  # noqa: N802
        self,
        stateMachineArn: str,  # noqa: N803
        statusFilter: str | None = None,  # noqa: N803
        redriveFilter: str | None = None,  # noqa: N803
        **asked: Any,
    ) -> dict[str, Any]:
        if self.machines[stateMachineArn]["type"] == "EXPRESS":
            raise RefusedError("express", code="StateMachineTypeNotSupported")
        seen = [run.seen_at(self.now - self.lag_ms) for run in self.runs.values() if run.machine_arn == stateMachineArn]
        items = [item for item in seen if item is not None]
        if statusFilter:
            items = [item for item in items if item["status"] == statusFilter]
        if redriveFilter:
            items = [item for item in items if (item["redriveCount"] > 0) == (redriveFilter == "REDRIVEN")]
        return self._page("executions", [(item, self._rank(item)) for item in items], asked)

    def _rank(self, item: dict[str, Any]) -> str:
        """Text that sorts the newest first."""
        date = item["startDate"]
        if self.order != "start":
            date = item.get("stopDate") or item.get("redriveDate") or date
        block = "0" if self.order == "running first" and item["status"] == "RUNNING" else "1"
        return f"{block}{10**16 - round(date.timestamp() * 1000):017d}{item['executionArn']}"

    def _DescribeExecution(self, executionArn: str) -> dict[str, Any]:  # noqa: N802, N803
        item = self.runs[executionArn].seen_at(self.now - self.lag_ms) if executionArn in self.runs else None
        if item is None:
            raise ExpiredHistoryError("does not exist", code="ExecutionDoesNotExist")
        return item

    def _GetExecutionHistory(self, executionArn: str, includeExecutionData: bool, **asked: Any) -> dict[str, Any]:  # noqa: N802, N803
        assert includeExecutionData is False
        if executionArn not in self.runs:
            raise ExpiredHistoryError("does not exist", code="ExecutionDoesNotExist")
        events = self.runs[executionArn].events()
        return self._page("events", [(event, f"{event['id']:09d}") for event in events], asked)

    def _DescribeMapRun(self, mapRunArn: str) -> dict[str, Any]:  # noqa: N802, N803
        if mapRunArn not in self.map_runs:
            raise RefusedError("gone", code="ResourceNotFound")
        return self.map_runs[mapRunArn]

    def _page(self, key: str, ranked: list[tuple[Any, str]], asked: dict[str, Any]) -> dict[str, Any]:
        """A page after the rank that the token names, so that newcomers shift nothing."""
        assert asked["maxResults"] == 1_000
        token = asked.get("nextToken", "")
        if token == "expired":
            raise ListingExpiredError("expired", code="InvalidToken")
        rest = sorted((pair for pair in ranked if pair[1] > token), key=lambda pair: pair[1])
        page = rest[: self.page]
        answer: dict[str, Any] = {key: [item for item, _ in page]}
        return answer | ({"nextToken": page[-1][1]} if len(rest) > self.page else {})
