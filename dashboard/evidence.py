"""One execution: its row, its attempts and the causes that its history gives for what failed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analyzer.frames import frame_of
from store.events import Evaluation, Event, Failure, UnknownEvent, time_ms
from store.executions import Kept, kept_execution
from store.facts import open_facts
from store.folder import readable_store
from store.histories import unpacked
from store.machines import Machine, machines
from store.schema import ATTEMPTS, EXECUTIONS, Column

EXECUTION_COLUMNS = tuple(column for column in EXECUTIONS if column.exported)
ATTEMPT_COLUMNS = tuple(column for column in ATTEMPTS if column.exported)


class Cause(NamedTuple):
    """What the first event with an error says of it: `cause` is AWS's word for the text, shortened and redacted.

    `times` is how many events have that error.
    """

    event_id: int
    at_ms: int
    event: str
    error: str
    cause: str
    times: int


class Evidence(NamedTuple):
    """One execution. `row` is its row of the table executions, None while the store has not been folded since."""

    kept: Kept
    machine: Machine
    row: dict[str, Any] | None
    attempts: pd.DataFrame
    causes: list[Cause]
    unknown_events: int


def evidence(folder: Path, arn: str) -> Evidence | None:
    """What the store holds of an execution; None when it holds none of that ARN."""
    with readable_store(folder) as store:
        kept = kept_execution(store.db, arn)
        if kept is None:
            return None
        machine = next(machine for machine in machines(store.db) if machine.id == kept.machine_id)
    events = unpacked(kept.events) if kept.events is not None else []
    started_at = kept.started_at or 0
    with open_facts(folder, started_at, started_at + 1) as facts:
        rows = _of_execution(facts.executions, EXECUTION_COLUMNS, kept.id)
        attempts = _of_execution(facts.attempts, ATTEMPT_COLUMNS, kept.id)
    row = dict(zip(rows.columns, rows.iloc[0], strict=True)) if len(rows) else None
    unknown = sum(isinstance(event, UnknownEvent) for event in events)
    return Evidence(
        kept._replace(events=None), machine, row, attempts.sort_values("event_id"), causes_of(events), unknown
    )


def _of_execution(relation: Any, columns: tuple[Column, ...], execution_id: int) -> pd.DataFrame:
    table = nw.from_native(relation).lazy().filter(nw.col("execution_id") == execution_id)
    return frame_of(table, columns)


def causes_of(events: Iterable[Event]) -> list[Cause]:
    """The failures that events tell of, each error once, in the order of the events."""
    failures: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda event: event.id):
        if isinstance(event.d, Failure | Evaluation) and (event.d.error or event.d.cause):
            failures.setdefault(event.d.error or "", []).append(event)
    return [_cause(error, alike) for error, alike in failures.items()]


def _cause(error: str, alike: list[Event]) -> Cause:
    first = next((event for event in alike if event.d.cause), alike[0])
    return Cause(first.id, time_ms(first.at), first.type, error, first.d.cause or "", len(alike))
