"""A small store for the tests of pages: every kind of ending, and names that mean something to Markdown or HTML.

Everything starts between 2026-10-01 and 2026-10-10; the same store every time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from analyzer.facts import refresh
from analyzer.prices import bundled_prices
from store.events import known_events
from store.executions import ExecutionRow, HistoryRow, save_executions, save_histories
from store.folder import Store, writable_store
from store.histories import packed
from store.machines import MachineRow, machine_saved
from store.passes import CoverageRow, begun_pass, coverage_saved, finish_pass

DAY, HOUR = 86_400_000, 3_600_000
# 2026-10-01T00:00:00Z
OCTOBER = 1_790_812_800_000
LAST_DAY = "2026-10-10"
NOW = OCTOBER + 12 * DAY

ORDERS = "orders"
HOSTILE = "**x** <script>alert(1)</script> :red[y] :smile: $a$ `b` [l](https://example.com)"
HOSTILE_STATE = '<img src=x onerror="alert(1)"> :material/home: $$z$$ |'
HOSTILE_ERROR = "=HYPERLINK(1) **bold** <b>b</b>"
HOSTILE_CAUSE = "</code><script>alert(2)</script> **cause**\n$x$"
KOREAN = "주문 검증"


class Script:
    """The events of one execution, one after another unless said otherwise."""

    def __init__(self, started_at: int) -> None:
        self.at = started_at
        self.events: list[dict[str, Any]] = []
        self.add("ExecutionStarted", prev=0)

    def add(self, kind: str, ms: int = 5, prev: int | None = None, **details: Any) -> int:
        """Adds an event `ms` after the last one, and returns its id."""
        self.at += ms
        before = self.events[-1]["id"] if self.events and prev is None else prev or 0
        event: dict[str, Any] = {"id": len(self.events) + 1, "previousEventId": before, "type": kind}
        key = f"{kind[0].lower()}{kind[1:]}EventDetails"
        key = "stateEnteredEventDetails" if kind.endswith("StateEntered") else key
        key = "stateExitedEventDetails" if kind.endswith("StateExited") else key
        self.events.append({**event, "timestamp": self.at / 1000, **({key: details} if details else {})})
        return len(self.events)

    def attempt(self, error: str | None = None, cause: str = "", wait_ms: int = 0) -> None:
        """A try of a Task: in a queue, then running, then well or with an error."""
        self.add("TaskScheduled", wait_ms or 5, resourceType="lambda", resource="invoke")
        self.add("TaskStarted", 40, resourceType="lambda", resource="invoke")
        if error is None:
            self.add("TaskSucceeded", 300, resourceType="lambda", resource="invoke")
        else:
            self.add("TaskFailed", 700, resourceType="lambda", resource="invoke", error=error, cause=cause)

    def task(self, name: str, *errors: str, cause: str = "", ends_well: bool = True) -> None:
        """A Task that fails with these errors, one try each, and then succeeds unless it does not."""
        self.add("TaskStateEntered", name=name)
        for number, error in enumerate(errors):
            self.attempt(error, cause, wait_ms=2_000 * number)
        if ends_well:
            self.attempt(wait_ms=2_000 * len(errors))
            self.add("TaskStateExited", name=name)

    def items(self, name: str, state: str, count: int) -> None:
        """A Map over some items, one after another."""
        self.add("MapStateEntered", name=name)
        self.add("MapStateStarted", length=count)
        for index in range(count):
            self.add("MapIterationStarted", name=name, index=index)
            self.task(state)
            self.add("MapIterationSucceeded", name=name, index=index)
        self.add("MapStateSucceeded")
        self.add("MapStateExited", name=name)


def retried(started_at: int) -> Script:
    """Succeeds, with one retry."""
    script = Script(started_at)
    script.task(KOREAN)
    script.task("Charge", "PaymentTimeout", cause="no answer in 3 s")
    script.items("Pack", "Wrap", 3)
    script.add("ExecutionSucceeded")
    return script


def failed(started_at: int) -> Script:
    """Fails after a retry."""
    script = Script(started_at)
    script.task(KOREAN)
    script.task("Charge", "PaymentTimeout", "CardDeclined", cause="the card was declined", ends_well=False)
    script.add("ExecutionFailed", error="CardDeclined", cause="the card was declined")
    return script


def masked(started_at: int) -> Script:
    """Succeeds because a failure was caught; its names are meant to break things."""
    script = Script(started_at)
    script.task(HOSTILE_STATE, HOSTILE_ERROR, cause=HOSTILE_CAUSE, ends_well=False)
    script.add("TaskStateExited", name=HOSTILE_STATE)
    script.task("Alert")
    script.add("ExecutionSucceeded")
    return script


def broken(started_at: int) -> Script:
    """Fails at once, with hostile names everywhere."""
    script = Script(started_at)
    script.task(HOSTILE_STATE, HOSTILE_ERROR, cause=HOSTILE_CAUSE, ends_well=False)
    script.add("ExecutionFailed", error=HOSTILE_ERROR, cause=HOSTILE_CAUSE)
    return script


def arn_of(machine: str, number: int) -> str:
    """The ARN of the n-th execution of a machine."""
    return f"arn:aws:states:us-east-1:111122223333:execution:{machine}:{machine}-{number}"


def filled_store(folder: Path) -> Path:
    """A store with 41 executions, folded."""
    with writable_store(folder) as store:
        pass_id = begun_pass(store.db, "collect", NOW - HOUR)
        for machine in (ORDERS, HOSTILE):
            _fill(store, machine, pass_id)
        finish_pass(store.db, pass_id, NOW - HOUR + 60_000, "partial", "2 machines", {"ListExecutions": 2}, 0)
        refresh(store, bundled_prices(), NOW)
    return folder


def _fill(store: Store, machine: str, pass_id: int) -> None:
    row = MachineRow(f"arn:machine:{machine}", machine, "STANDARD", "us-east-1", "111122223333")
    machine_id = machine_saved(store.db, row, NOW)
    kinds = (retried, retried, failed) if machine == ORDERS else (masked, broken)
    for number in range(20):
        _save(store, machine_id, arn_of(machine, number), kinds[number % len(kinds)](OCTOBER + number * DAY // 2))
    if machine == ORDERS:
        running = ExecutionRow(machine_id, arn_of(machine, 20), "orders-20", "RUNNING", OCTOBER + 9 * DAY, None)
        save_executions(store.db, [running])
    outcome, sentence = ("complete", None) if machine == ORDERS else ("denied", "AccessDenied: ListExecutions")
    cover = CoverageRow(pass_id, "111122223333/us-east-1", machine_id, "standard", outcome, OCTOBER, NOW - HOUR, 20, 20)
    coverage_saved(store.db, cover._replace(sentence=sentence))


def _save(store: Store, machine_id: int, arn: str, script: Script) -> None:
    status = "SUCCEEDED" if script.events[-1]["type"] == "ExecutionSucceeded" else "FAILED"
    first = round(script.events[0]["timestamp"] * 1000)
    save_executions(store.db, [ExecutionRow(machine_id, arn, arn.rpartition(":")[2], status, first, script.at)])
    events = packed(known_events(script.events), lambda cause: cause)
    count = len(script.events)
    save_histories(store.db, [HistoryRow(arn, events, count, count, script.at, 0)], NOW)
