"""A pass on a bad day, and whether it hides anything: one fault of one operation, then a pass without.

The stand-in holds a world that moves between two passes, so that every operation of the collector is called: machines
in several pages, executions that are new, redriven, or ended beyond the reach of the listing, a revision, a Map Run.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from collectors.aws import Connector
from collectors.job import PassResult, run_pass
from collectors.quota import ELSEWHERE, Quota
from collectors.scope import Options, Silent
from collectors.sessions import Target
from store.folder import Store, readable_store, writable_store
from store.histories import taken_apart
from tests.standin.handle import REGION, QuotaProxy, Standin

HOUR, DAY = 3_600, 86_400
FIRST = int(time.time()) // DAY * DAY - 8 * DAY
"""When the executions of the world begin, in seconds. CloudWatch Logs takes no record that is older than 14 days."""
BEFORE_MS, AFTER_MS, HEALED_MS = ((FIRST + seconds) * 1_000 for seconds in (DAY, 3 * DAY, 3 * DAY + 60))
"""When the passes begin: the one before the world moves on, the one with a fault, the one after it."""
PAGE_ROWS = {"ListStateMachines": 1, "ListExecutions": 3, "GetExecutionHistory": 4, "FilterLogEvents": 5}
"""Rows in a page, so that a small world has first, middle and last ones."""
GROUP = "/aws/vendedlogs/states/ticker"
ALLOWED = Quota(100_000, 10_000)
STATE = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}


def history(start: float, *ends: str, map_run: str | None = None) -> list[dict[str, Any]]:
    """The events of an execution that ends so; each end after the first follows a redrive a day later."""
    kinds: list[tuple[str, str, dict[str, Any]]] = [
        ("ExecutionStarted", "executionStartedEventDetails", {"roleArn": "arn:aws:iam::123456789012:role/r"}),
        ("TaskStateEntered", "stateEnteredEventDetails", {"name": "결제"}),
    ]
    if map_run:
        kinds.append(("MapRunStarted", "mapRunStartedEventDetails", {"mapRunArn": map_run}))
    times = [0.0] * len(kinds)
    for number, end in enumerate(ends):
        redriven = [("ExecutionRedriven", "executionRedrivenEventDetails", {"redriveCount": number})] if number else []
        tried: list[tuple[str, str, dict[str, Any]]] = [
            ("TaskScheduled", "taskScheduledEventDetails", {"resourceType": "lambda", "resource": "invoke"}),
            ("TaskStarted", "taskStartedEventDetails", {"resourceType": "lambda", "resource": "invoke"}),
            ("TaskSucceeded", "taskSucceededEventDetails", {"resourceType": "lambda", "resource": "invoke"})
            if end == "ExecutionSucceeded"
            else ("TaskFailed", "taskFailedEventDetails", {"error": "Declined", "cause": "카드 거절"}),
            (end, f"e{end[1:]}EventDetails", {}),
        ]
        kinds += [*redriven, *tried]
        times += [number * DAY + 1.0] * (len(redriven) + len(tried))
    return [
        {"id": place, "previousEventId": place - 1, "timestamp": start + after, "type": kind, key: details}
        for place, ((kind, key, details), after) in enumerate(zip(kinds, times, strict=True), start=1)
    ]


def logged(arn: str, start: float) -> list[tuple[int, str]]:
    """The records of an Express execution that succeeds, with their times in milliseconds."""
    return [
        (round(event["timestamp"] * 1_000), json.dumps(_record(arn, event), ensure_ascii=False))
        for event in history(start, "ExecutionSucceeded")
    ]


def _record(arn: str, event: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(event["id"]),
        "type": event["type"],
        "details": next(value for name, value in event.items() if name.endswith("EventDetails")),
        "previous_event_id": str(event["previousEventId"]),
        "event_timestamp": str(round(event["timestamp"] * 1_000)),
        "execution_arn": arn,
    }


def execution(name: str, start: float, status: str = "SUCCEEDED", **more: Any) -> dict[str, Any]:
    """An execution to be seeded, which ends a second after its start unless told otherwise."""
    end = {"SUCCEEDED": "ExecutionSucceeded", "FAILED": "ExecutionFailed"}.get(status)
    given = {"name": name, "status": status, "startDate": start, "events": history(start, *([end] if end else []))}
    return given | ({"stopDate": start + 1} if end else {}) | more


@dataclass
class Moving:
    """The world of the trials in a stand-in, which `moves_on` once."""

    standin: Standin

    def begins(self) -> None:
        """Three machines; executions that ended, one that failed, one that runs."""
        definition = {"StartAt": "결제", "States": {"결제": STATE}}
        self.orders = self.standin.create_machine("orders", definition)
        self.nightly = self.standin.create_machine("nightly", definition)
        group = self.standin.log(GROUP, [])
        logging = {"level": "ALL", "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}]}
        self.ticker = self.standin.create_machine("ticker", definition, type="EXPRESS", logging=logging)
        self.log(*(FIRST + n * HOUR for n in range(2)))
        ended = [execution(f"old-{n}", FIRST + n * HOUR) for n in range(4)]
        self.standin.seed(
            self.orders, [*ended, execution("failed", FIRST, "FAILED"), execution("runs", FIRST, "RUNNING")]
        )
        self.standin.seed(self.nightly, [execution("night-0", FIRST)])

    def log(self, *starts: float) -> None:
        """The records of executions of the Express machine."""
        arn = self.ticker.replace(":stateMachine:", ":express:")
        self.standin.log(GROUP, [event for start in starts for event in logged(f"{arn}:tick-{start:.0f}:u", start)])

    def moves_on(self) -> None:
        """Of each machine new ones; one redriven, one ended long after its start, one with a Map Run; a revision."""
        changed = {"StartAt": "결제", "Comment": "2", "States": {"결제": STATE}}
        self.standin.update_machine(self.orders, changed)
        later = FIRST + 2 * DAY
        map_run = f"{self.orders.replace(':stateMachine:', ':mapRun:')}/items:5f0c"
        counts = dict.fromkeys(("total", "succeeded"), 4) | dict.fromkeys(
            ("pending", "running", "failed", "timedOut", "aborted", "resultsWritten"), 0
        )
        described = {"mapRunArn": map_run, "status": "SUCCEEDED", "startDate": later, "stopDate": later + 1}
        mapped = execution("mapped", later) | {
            "events": history(later, "ExecutionSucceeded", map_run=map_run),
            "mapRuns": [
                described
                | {"itemCounts": counts, "executionCounts": counts, "maxConcurrency": 0}
                | {"toleratedFailurePercentage": 0.0, "toleratedFailureCount": 0}
            ],
        }
        redriven = execution("failed", FIRST) | {
            "events": history(FIRST, "ExecutionFailed", "ExecutionSucceeded"),
            "stopDate": FIRST + DAY + 1,
            "redriveCount": 1,
            "redriveDate": FIRST + DAY,
        }
        new = [execution(f"new-{n}", later + n, "FAILED" if n % 3 == 0 else "SUCCEEDED") for n in range(7)]
        self.standin.seed(self.orders, [*new, mapped, redriven, execution("runs", FIRST, stopDate=FIRST + 2 * DAY)])
        self.standin.seed(self.nightly, [execution(f"night-{n}", later + n * HOUR) for n in range(1, 5)])
        self.log(*(later + n * HOUR for n in range(3)))


class Trial(NamedTuple):
    """A fault from the `after`th call of an operation on: once, or for the rest of the pass."""

    fault: str
    operation: str
    after: int
    is_lasting: bool

    @property
    def rule(self) -> dict[str, Any]:
        """The rule of the proxy; what is slow is so for a moment only."""
        times = {} if self.is_lasting else {"times": 1}
        return {"fault": self.fault, "op": self.operation, "after": self.after, "seconds": 0.02, **times}


@dataclass
class Bench:
    """Where trials are made: the proxy, a store from before the world moved on, and what clean passes make of it."""

    proxy: QuotaProxy
    folder: Path

    def prepare(self, standin: Standin) -> None:
        """Set the world up, and take from a clean pass what a trial must come to."""
        self.proxy.configure(quotas={operation: [0, 0] for operation in ELSEWHERE}, page_rows=PAGE_ROWS)
        world = Moving(standin)
        world.begins()
        self.passed(self.folder / "before", BEFORE_MS)
        world.moves_on()
        self.proxy.reset(stats=True)
        result, self.clean = self.tried(None)
        assert result.outcome == "complete", result.problems
        self.calls = result.calls

    def passed(self, folder: Path, now_ms: int) -> PassResult:
        """One pass."""
        target = Target(region=REGION, endpoint_url=self.proxy.endpoint)
        connector = Connector(quotas=dict.fromkeys(ELSEWHERE, ALLOWED))
        with writable_store(folder) as store:
            options = Options(since=(FIRST - 90 * DAY) * 1_000, threads=2)
            return run_pass(store, [target], options, lambda: now_ms, Silent(), connector)

    def tried(self, trial: Trial | None) -> tuple[PassResult, dict[str, Any]]:
        """A pass over the moved world, with a fault, and what the store then holds."""
        folder = self.folder / "trial"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder / "before", folder)
        self.proxy.configure(faults=[] if trial is None else [trial.rule])
        try:
            result = self.passed(folder, AFTER_MS)
        finally:
            self.proxy.configure(faults=[])
        return result, held(folder)

    def verdict(self, trial: Trial) -> str:
        """What is wrong with how a trial went; empty when nothing is.

        A pass that calls itself complete has missed nothing; any other says of which target; the next one heals it.
        """
        result, after = self.tried(trial)
        if result.outcome == "complete" and after != self.clean:
            return f"{trial}: a silent hole: {difference(self.clean, after)}"
        if result.outcome != "complete" and not any(REGION in problem for problem in result.problems):
            return f"{trial}: no sentence names the target: {result.problems}"
        healed = self.passed(self.folder / "trial", HEALED_MS)
        if healed.outcome != "complete":
            return f"{trial}: the next pass is {healed.outcome}: {healed.problems}"
        now = held(self.folder / "trial")
        if trial.fault == "denied" and trial.operation == "DescribeStateMachineForExecution":
            # It may be denied for good: revisions are then inferred at once, and said to be; since when stays unknown.
            now |= {table: self.clean[table] for table in ("store.executions", "store.revisions")}
        return "" if now == self.clean else f"{trial}: not healed: {difference(self.clean, now)}"

    def trials(self, fault: str) -> list[Trial]:
        """The fault at the first, a middle and the last call of each operation, once and for good."""
        return [
            Trial(fault, operation, after, is_lasting)
            for operation, calls in sorted(self.calls.items())
            for after in sorted({0, calls // 2, calls - 1})
            for is_lasting in (False, True)
        ]


def held(folder: Path) -> dict[str, Any]:
    """What a store holds of AWS: every row but those of passes, without ids and without the times of its own work."""
    with readable_store(folder) as store:
        return {f"store.{table}": sorted(_rows(store, query), key=repr) for table, query in QUERIES.items()}


def _rows(store: Store, query: str) -> list[Sequence[Any]]:
    rows = [list(row) for row in store.db.execute(query)]
    return [[tuple(taken_apart(cell)) if isinstance(cell, bytes) else cell for cell in row] for row in rows]


_MACHINES = "SELECT arn, name, type, region, account, created_at, status, deleted_at IS NULL FROM machines"
_REVISIONS = """
SELECT m.arn, r.revision, r.version, r.definition, r.problem, r.since_at
FROM revisions r JOIN machines m ON m.id = r.machine_id
"""
_EXECUTIONS = """
SELECT h.events, e.arn, e.name, e.status, e.started_at, e.stopped_at, e.day, e.redrives, e.version, e.alias, e.error,
    e.map_run_arn, e.source, e.history, e.history_stopped_at, e.history_redrives, r.revision, e.revision_inferred,
    h.event_count, h.last_event_id
FROM executions e LEFT JOIN revisions r ON r.id = e.revision_id LEFT JOIN histories h ON h.execution_id = e.id
"""
_MAP_RUNS = """
SELECT m.arn, e.arn, m.status, m.started_at, m.stopped_at, m.children, m.items, m.items_failed, m.redrives
FROM map_runs m JOIN executions e ON e.id = m.execution_id
"""
QUERIES = {"machines": _MACHINES, "revisions": _REVISIONS, "executions": _EXECUTIONS, "map_runs": _MAP_RUNS}


def difference(wanted: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """By table, the rows of which one has none and the other one, at most two each."""
    return {
        table: {
            "lacks": [str(row)[:300] for row in wanted[table] if row not in found[table]][:2],
            "has": [str(row)[:300] for row in found[table] if row not in wanted[table]][:2],
        }
        for table in wanted
        if wanted[table] != found[table]
    }
