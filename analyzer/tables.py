"""Executions of the store as Arrow tables of facts.

Executions that share a structure are folded once: the fold looks at no times, so it runs on the positions of events,
and the times of every execution are filled in afterwards, column by column.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from analyzer.arrays import array_from, array_of
from analyzer.attempt_rows import AttemptRow, Folded, attempts_of
from analyzer.cause_column import Causes, cause_column
from analyzer.charges import Charge, Tariff, charge_of
from analyzer.context import Context, called_by, definition_of
from analyzer.critical_path import Shapes, critical_flags
from analyzer.folding.run import Run
from analyzer.folding.visits import SUCCEEDED
from analyzer.history import folded
from analyzer.moments import TIMES, Numbers, Spread, time_columns
from analyzer.parts import columns_of, kind_of, part_columns
from analyzer.rows import ExecutionRow, Span, execution_row, listed_row
from store.executions import Kept, MapRunRow
from store.histories import structure_events, taken_apart
from store.machines import Machine
from store.schema import arrow_schema

Tables = dict[str, pa.Table]


def fact_tables(context: Context, tariff: Tariff, kept: Sequence[Kept], map_runs: Mapping[str, MapRunRow]) -> Tables:
    """The rows of both fact tables of some executions, in their order."""
    folds = _Folds(context, map_runs)
    parts = [folds.part_of(one) for one in kept]
    rows = [part.execution for part in parts]
    charges = [charge_of(tariff, context.machine_of(one), row) for one, row in zip(kept, rows, strict=True)]
    executions = _execution_columns(context, kept, rows, charges)
    lengths = [len(template.attempts) for template in folds.templates]
    spread = Spread.of(lengths, [part.template for part in parts], [part.times for part in parts])
    attempts = _attempt_columns(folds, spread, charges)
    paths, parts_ms = _path_columns(folds.templates, [part.template for part in parts], spread, attempts)
    attempts |= paths
    executions |= columns_of(parts_ms, [row.duration_ms is not None and row.events is not None for row in rows])
    index = array_from(spread.execution, None, pa.int64())
    attempts |= {name: executions[source].take(index) for name, source in _SHARED.items()}
    attempts["cause"] = cause_column(folds.templates, spread, [part.causes for part in parts])
    return {"executions": _table("executions", executions), "attempts": _table("attempts", attempts)}


class _Part(NamedTuple):
    """One execution: its row, the template of its attempts, the times and the causes of its events."""

    execution: ExecutionRow
    template: int
    times: Sequence[int]
    causes: Causes


class _Folds:
    """The structures folded so far. Template 0 has no attempts: that of executions without a history."""

    def __init__(self, context: Context, map_runs: Mapping[str, MapRunRow]) -> None:
        self._context = context
        self._map_runs = map_runs
        self._known: dict[tuple[bytes, int | None, int], int] = {}
        self.templates: list[Folded] = [Folded(Run(), [], None, 0, 0, None, knows_children=True)]
        self.places: list[str] = []
        """Of each attempt of each template, one after the other."""

    def part_of(self, kept: Kept) -> _Part:
        if kept.events is None:
            return _Part(listed_row(kept), 0, (), {})
        structure, times, causes = taken_apart(kept.events)
        key = (structure, kept.revision_id, kept.machine_id)
        template = self._known.get(key)
        if template is None:
            template = self._known[key] = len(self.templates)
            self.templates.append(self._folded(structure, kept))
            machine = self._context.machine_of(kept)
            self.places += [
                place(machine.name, machine.region, machine.account, row.state, row.state_type)
                for row in self.templates[-1].attempts
            ]
        known = self.templates[template]
        return _Part(execution_row(kept, known, _span(known.run, times)), template, times, causes)

    def _folded(self, structure: bytes, kept: Kept) -> Folded:
        definition = self._context.definition_text(kept.revision_id)
        is_billed = self._context.machine_of(kept).type == "STANDARD"
        if len(structure) <= LONGEST_REMEMBERED:
            known = _remembered(structure, definition, is_billed)
            if known.knows_children:
                return known
        return _fold(structure, definition, is_billed, self._map_runs)


LONGEST_REMEMBERED = 16_384
"""Bytes of the longest structure that is remembered from one chunk to the next: some 150 events."""


@functools.lru_cache(maxsize=512)
def _remembered(structure: bytes, definition: str | None, is_billed: bool) -> Folded:
    return _fold(structure, definition, is_billed, {})


def _fold(structure: bytes, definition: str | None, is_billed: bool, map_runs: Mapping[str, MapRunRow]) -> Folded:
    run = folded(structure_events(structure), definition_of(definition))
    return attempts_of(run, called_by(definition), map_runs, is_billed_by_transition=is_billed)


def _span(run: Run, times: Sequence[int]) -> Span:
    """The span of an execution whose run holds positions."""
    return Span(
        times[run.first_at] if run.first_at is not None else None,
        times[run.last_at] if run.last_at is not None else None,
        sum(times[end] - times[begin] for begin, end in run.segments) if run.segments else None,
    )


_SHARED = {
    "execution_arn": "execution_arn",
    "machine": "machine",
    "region": "region",
    "account": "account",
    "revision": "revision",
    "type": "type",
    "completeness": "completeness",
    "execution_id": "execution_id",
    "execution_started_at": "started_at",
    "execution_status": "status",
}
"""Columns of `attempts` that are their execution's."""


def _table(name: str, columns: dict[str, pa.Array]) -> pa.Table:
    schema = arrow_schema(name)
    return pa.table([columns[field.name] for field in schema], schema=schema)


def _execution_columns(
    context: Context, kept: Sequence[Kept], rows: Sequence[ExecutionRow], charges: Sequence[Charge]
) -> dict[str, pa.Array]:
    of_machine = [context.machine_of(one) for one in kept]
    own = dict(zip(ExecutionRow._fields, zip(*rows, strict=True) if rows else repeat(()), strict=False))
    given: dict[str, Sequence[Any]] = {
        "machine": [machine.name for machine in of_machine],
        "region": [machine.region for machine in of_machine],
        "account": [machine.account for machine in of_machine],
        "type": [machine.type for machine in of_machine],
        "revision": [context.revision_name(one) for one in kept],
        "cost_usd": [one.cost for one in charges],
        "cost_note": [one.note for one in charges],
        "transitions_max": [_upper_bound(row, machine) for row, machine in zip(rows, of_machine, strict=True)],
    }
    return _arrays("executions", own | given)


def _upper_bound(row: ExecutionRow, machine: Machine) -> int | None:
    """Transitions, should AWS bill the start of an execution too; Express is not billed by transition."""
    if row.transitions is None:
        return None
    return row.transitions + (machine.type == "STANDARD")


def _attempt_columns(folds: _Folds, spread: Spread, charges: Sequence[Charge]) -> dict[str, pa.Array]:
    rows = [row for template in folds.templates for row in template.attempts]
    cells = zip(*rows, strict=True) if rows else repeat(())
    values: dict[str, Sequence[Any]] = dict(zip(AttemptRow._fields, cells, strict=False))
    values |= {"place": folds.places, "is_eventful": list(map(is_eventful, rows))}
    numbers = {name: _numbers(values[name])[spread.row] for name in (*TIMES, "attempt", "backoff_ms", "transitions")}
    timed = time_columns(numbers, spread)
    index = array_from(spread.row, None, pa.int64())
    fixed = _arrays("attempts", {name: cells for name, cells in values.items() if name not in timed})
    prices = [np.nan if charge.per_transition is None else charge.per_transition for charge in charges]
    cost = np.round(numbers["transitions"] * np.array(prices, np.float64)[spread.execution], 10)
    columns = {name: column.take(index) for name, column in fixed.items()}
    return columns | timed | {"cost_usd": array_from(cost, ~np.isnan(cost), pa.float64())}


def _path_columns(
    templates: Sequence[Folded], chosen: Sequence[int], spread: Spread, timed: dict[str, pa.Array]
) -> tuple[dict[str, pa.Array], dict[str, Numbers]]:
    """Which attempts are on the critical path, and which hold states; and what they spent, by execution and part.

    The row of a redrive is on no path.
    """
    shapes = Shapes([one.scopes for one in templates], [len(one.attempts) for one in templates])
    rows = [row for template in templates for row in template.attempts]
    holds = [held for template in templates for held in _holding(template)]
    is_attempt = np.array([row.attempt is not None for row in rows], np.bool_)[spread.row]
    is_critical = critical_flags(shapes, chosen, spread) & is_attempt
    kinds = [kind_of(row, holds_states=held) for row, held in zip(rows, holds, strict=True)]
    columns = {
        "is_critical": array_from(is_critical, None, pa.bool_()),
        "holds_states": array_from(np.array(holds, np.bool_)[spread.row], None, pa.bool_()),
    }
    return columns, part_columns(kinds, is_critical, timed, spread, len(chosen))


def _holding(template: Folded) -> Iterator[bool]:
    """Of each row whether it is a container's attempt in which states were entered."""
    parents = set(template.scopes.parent) if template.scopes is not None else set()
    return (index in parents for index in range(len(template.attempts)))


@functools.lru_cache(maxsize=16_384)
def place(*parts: str | None) -> str:
    """The place of an attempt, from the columns of `store.schema.PLACE`."""
    return msgspec.json.encode(parts).decode()


def is_eventful(row: AttemptRow) -> bool:
    """Whether there is more to say of an attempt than that its first try succeeded."""
    return row.outcome != SUCCEEDED or row.attempt != 1 or row.visit_error is not None


def _numbers(values: Sequence[int | None]) -> Numbers:
    """Positions and counts, -1 where there is none."""
    return np.array([-1 if value is None else value for value in values], np.int64)


def _arrays(table: str, columns: Mapping[str, Sequence[Any]]) -> dict[str, pa.Array]:
    schema = arrow_schema(table)
    return {name: array_of(values, schema.field(name).type) for name, values in columns.items()}
