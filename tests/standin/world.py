"""What the emulator does not hold by itself: scripted Lambdas, seeded executions, how listings answer."""

from __future__ import annotations

import bisect
import datetime as dt
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

Row = Any
"""An execution as the answers read it: one of moto's, or a `SeededExecution`."""


def instant(value: Any) -> dt.datetime:
    """A tz-aware datetime from one, from epoch seconds, or from ISO 8601 text."""
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    if isinstance(value, int | float):
        return dt.datetime.fromtimestamp(value, dt.UTC)
    return dt.datetime.fromisoformat(str(value))


def seconds(value: Any) -> float:
    """Epoch seconds with milliseconds, the way AWS JSON 1.0 writes a date."""
    return round(instant(value).timestamp(), 3)


@dataclass
class SeededExecution:
    """An execution that never ran here: its dates and its history are given.

    `events` are events as the API writes them, or, shared between copies, pairs of an event without its
    timestamp and the seconds since the start, which `stretch` multiplies.
    """

    execution_arn: str
    state_machine_arn: str
    name: str
    status: str
    start_date: dt.datetime
    stop_date: dt.datetime | None
    events: list[Any]
    stretch: float = 1.0
    execution_input: str = "{}"
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    redrive_count: int = 0
    redrive_date: dt.datetime | None = None
    version_arn: str | None = None
    alias_arn: str | None = None
    ran: dict[str, Any] | None = None
    map_runs: list[dict[str, Any]] = field(default_factory=list)

    def history(self) -> list[dict[str, Any]]:
        """Its events, each with its timestamp."""
        began = self.start_date.timestamp()
        return [_dated(event, began, self.stretch) for event in self.events]


def _dated(event: Any, began: float, stretch: float) -> dict[str, Any]:
    if isinstance(event, dict):
        return event
    bare, after = event
    return {**bare, "timestamp": round(began + after * stretch, 3)}


@dataclass
class Listing:
    """How ListExecutions answers.

    `order` is "start" (newest start first) or "stop" (running first by start or redrive, the others by stop date,
    as botocore 1.44.5 documents). `hidden` executions are not listed yet; `stale` ones are still listed as RUNNING.
    """

    order: str = "start"
    hidden: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()

    def is_running(self, row: Row) -> bool:
        return bool(row.status == "RUNNING") or row.execution_arn in self.stale

    def key(self, row: Row) -> tuple[int, float, str]:
        """Position of a row, smallest first; a page's token is the key of its last row."""
        if self.order == "start":
            return 0, -seconds(row.start_date), row.execution_arn
        if self.is_running(row):
            return 0, -seconds(getattr(row, "redrive_date", None) or row.start_date), row.execution_arn
        return 1, -seconds(row.stop_date), row.execution_arn


class World:
    """Everything that lives beside moto's own backends; one per server process."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.clear()

    def clear(self) -> None:
        """Forgets everything, as after a start."""
        self.lambdas: dict[str, dict[str, Any]] = {}
        self.calls: dict[str, int] = defaultdict(int)
        self.running: dict[str, Row] = {}
        self.seeded: dict[str, SeededExecution] = {}
        self.by_machine: dict[str, list[Row]] = defaultdict(list)
        self.revisions: dict[str, tuple[str, str]] = {}
        self.listing = Listing()
        self._sorted: dict[str, tuple[int, list[Any], list[Row]]] = {}

    def add_seeded(self, execution: SeededExecution) -> None:
        """Adds a finished execution, or replaces the one of the same ARN."""
        with self.lock:
            old = self.seeded.get(execution.execution_arn)
            self.seeded[execution.execution_arn] = execution
            rows = self.by_machine[execution.state_machine_arn]
            if old is None:
                rows.append(execution)
            else:
                rows[rows.index(old)] = execution
            self._sorted.pop(execution.state_machine_arn, None)

    def add_running(self, row: Row) -> None:
        """Adds an execution that the interpreter runs."""
        with self.lock:
            self.running[row.execution_arn] = row
            self.by_machine[row.state_machine_arn].append(row)

    def execution(self, arn: str) -> Row | None:
        """The execution of this ARN, or None."""
        return self.seeded.get(arn) or self.running.get(arn)

    def rows_after(self, machine_arn: str, key: tuple[Any, ...] | None) -> list[Row]:
        """The listed executions of a machine in the listing's order, from just after `key`."""
        with self.lock:
            keys, rows = self._in_order(machine_arn)
        begin = 0 if key is None else bisect.bisect_right(keys, tuple(key))
        return [row for row in rows[begin:] if row.execution_arn not in self.listing.hidden]

    def _in_order(self, machine_arn: str) -> tuple[list[Any], list[Row]]:
        """Sorted rows; kept from page to page while nothing was added and nothing runs."""
        rows = self.by_machine[machine_arn]
        size, keys, ordered = self._sorted.get(machine_arn, (-1, [], []))
        if size != len(rows):
            pairs = sorted((self.listing.key(row), row) for row in rows)
            keys, ordered = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
            settled = all(row.status != "RUNNING" for row in rows)
            self._sorted[machine_arn] = (len(rows) if settled else -1, keys, ordered)
        return keys, ordered

    def list_as(self, **listing: Any) -> None:
        """Sets how ListExecutions answers from now on: see `Listing`."""
        with self.lock:
            self.listing = Listing(**listing)
            self._sorted.clear()


WORLD = World()
