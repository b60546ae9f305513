"""Executions of the store as Arrow tables of facts.

Executions that share a structure are folded once: the fold looks at no times, so it runs on the positions of events,
and the times of every execution are filled in afterwards, column by column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from analyzer.attempt_rows import AttemptRow, Folded, attempts_of
from analyzer.charges import Charge, Tariff, charge_of
from analyzer.context import Context
from analyzer.folding.run import Run
from analyzer.history import folded
from analyzer.rows import ExecutionRow, Span, execution_row, listed_row
from store.executions import Kept, MapRunRow
from store.histories import structure_events, taken_apart
from store.machines import Machine
from store.schema import arrow_schema

Tables = dict[str, pa.Table]
_Ints = npt.NDArray[np.int64]


def fact_tables(context: Context, tariff: Tariff, kept: Sequence[Kept], map_runs: Mapping[str, MapRunRow]) -> Tables:
    """The rows of both fact tables of some executions, in their order."""
    folds = _Folds(context, map_runs)
    parts = [folds.part_of(one) for one in kept]
    rows = [part.execution for part in parts]
    charges = [charge_of(tariff, context.machine_of(one), row) for one, row in zip(kept, rows, strict=True)]
    executions = _execution_columns(context, kept, rows, charges)
    spread = _Spread.of(folds.templates, parts)
    attempts = _attempt_columns(folds.templates, spread, charges)
    for name, source in _SHARED.items():
        attempts[name] = executions[source].take(spread.execution)
    return {"executions": _table("executions", executions), "attempts": _table("attempts", attempts)}


class _Part(NamedTuple):
    """One execution: its row, the template of its attempts, the times of its events."""

    execution: ExecutionRow
    template: int
    times: Sequence[int]


class _Folds:
    """The structures folded so far. Template 0 has no attempts: that of executions without a history."""

    def __init__(self, context: Context, map_runs: Mapping[str, MapRunRow]) -> None:
        self._context = context
        self._map_runs = map_runs
        self._known: dict[tuple[bytes, int | None, int], int] = {}
        self.templates: list[Folded] = [Folded(Run(), [], None, 0, 0, None, knows_children=True)]

    def part_of(self, kept: Kept) -> _Part:
        if kept.events is None:
            return _Part(listed_row(kept), 0, ())
        structure, times, _ = taken_apart(kept.events)
        key = (structure, kept.revision_id, kept.machine_id)
        template = self._known.get(key)
        if template is None:
            template = self._known[key] = len(self.templates)
            self.templates.append(self._folded(structure, kept))
        known = self.templates[template]
        return _Part(execution_row(kept, known, _span(known.run, times)), template, times)

    def _folded(self, structure: bytes, kept: Kept) -> Folded:
        context = self._context
        run = folded(structure_events(structure), context.definition(kept.revision_id))
        is_billed = context.machine_of(kept).type == "STANDARD"
        return attempts_of(run, context.called(kept.revision_id), self._map_runs, is_billed_by_transition=is_billed)


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
    columns = _columns("executions", ExecutionRow._fields, rows)
    given: dict[str, list[Any]] = {
        "machine": [machine.name for machine in of_machine],
        "region": [machine.region for machine in of_machine],
        "account": [machine.account for machine in of_machine],
        "type": [machine.type for machine in of_machine],
        "revision": [context.revision_name(one) for one in kept],
        "cost_usd": [one.cost for one in charges],
        "cost_note": [one.note for one in charges],
        "transitions_max": [_upper_bound(row, machine) for row, machine in zip(rows, of_machine, strict=True)],
    }
    return columns | _arrays("executions", given)


def _upper_bound(row: ExecutionRow, machine: Machine) -> int | None:
    """Transitions, should AWS bill the start of an execution too; Express is not billed by transition."""
    if row.transitions is None:
        return None
    return row.transitions + (machine.type == "STANDARD")


class _Spread(NamedTuple):
    """Which template row, which execution and which times each row of `attempts` takes its cells from."""

    row: _Ints
    execution: _Ints
    first_time: _Ints
    times: _Ints

    @classmethod
    def of(cls, templates: Sequence[Folded], parts: Sequence[_Part]) -> _Spread:
        lengths = np.array([len(template.attempts) for template in templates], np.int64)
        chosen = np.array([part.template for part in parts], np.int64)
        counts, events = lengths[chosen], np.array([len(part.times) for part in parts], np.int64)
        execution = np.repeat(np.arange(len(parts)), counts)
        within = np.arange(len(execution)) - _begins(counts)[execution]
        times = np.fromiter(chain.from_iterable(part.times for part in parts), np.int64, int(events.sum()))
        return cls(_begins(lengths)[chosen][execution] + within, execution, _begins(events)[execution], times)


def _begins(lengths: _Ints) -> _Ints:
    """Where each of consecutive parts of these lengths begins."""
    return np.cumsum(lengths) - lengths


_TIMES = ("entered_at", "scheduled_at", "started_at", "submitted_at", "ended_at", "exited_at")


def _attempt_columns(templates: Sequence[Folded], spread: _Spread, charges: Sequence[Charge]) -> dict[str, pa.Array]:
    rows = [row for template in templates for row in template.attempts]
    columns = {name: column.take(spread.row) for name, column in _columns("attempts", AttemptRow._fields, rows).items()}
    moments = {name: _Moments.at(columns[name], spread) for name in _TIMES}
    columns |= {name: moment.column() for name, moment in moments.items()}
    columns |= _durations(columns, moments, spread)
    prices = [np.nan if charge.per_transition is None else charge.per_transition for charge in charges]
    cost = columns["transitions"].to_numpy() * np.array(prices, np.float64)[spread.execution]
    return columns | {"cost_usd": pa.array(np.round(cost, 10), from_pandas=True)}


class _Moments(NamedTuple):
    """A column of times: the position of each, which may be none, and its milliseconds."""

    position: _Ints
    is_known: npt.NDArray[np.bool_]
    ms: _Ints

    @classmethod
    def at(cls, positions: pa.Array, spread: _Spread) -> _Moments:
        position = positions.fill_null(-1).to_numpy()
        return cls.of(position, position >= 0, spread)

    @classmethod
    def of(cls, position: _Ints, is_known: npt.NDArray[np.bool_], spread: _Spread) -> _Moments:
        index = np.where(is_known, position + spread.first_time, 0)
        return cls(position, is_known, spread.times[index] if len(spread.times) else index)

    def column(self) -> pa.Array:
        return pa.array(self.ms, mask=~self.is_known)

    def otherwise(self, other: _Moments) -> _Moments:
        """These moments, and the other's where they are not known."""
        chosen = (np.where(self.is_known, mine, its) for mine, its in zip(self, other, strict=True))
        return _Moments(*chosen)

    def since(self, other: _Moments, *, where: npt.NDArray[np.bool_] | None = None) -> pa.Array:
        """Milliseconds from the other to these, where both are known and the condition holds."""
        is_known = self.is_known & other.is_known
        return pa.array(self.ms - other.ms, mask=~(is_known if where is None else is_known & where))


def _durations(columns: Mapping[str, pa.Array], at: Mapping[str, _Moments], spread: _Spread) -> dict[str, pa.Array]:
    """Queue, run and backoff, by the same rules as `attempt_rows` has for one execution."""
    began = at["scheduled_at"].otherwise(at["started_at"]).otherwise(at["ended_at"])
    waited = columns["backoff_ms"]
    is_retry = waited.is_valid().to_numpy(zero_copy_only=False)
    before = _Moments.of(began.position - waited.fill_null(0).to_numpy(), is_retry, spread)
    is_first = columns["attempt"].fill_null(1).to_numpy() == 1
    had_work = at["started_at"].is_known | at["scheduled_at"].is_known
    return {
        "queue_ms": at["started_at"].otherwise(at["ended_at"]).since(at["scheduled_at"]),
        "run_ms": at["ended_at"].since(
            at["started_at"].otherwise(at["entered_at"]), where=at["started_at"].is_known | (is_first & ~had_work)
        ),
        "backoff_ms": began.since(before, where=is_retry),
    }


def _columns(table: str, names: tuple[str, ...], rows: Sequence[Any]) -> dict[str, pa.Array]:
    values: Iterable[Any] = zip(*rows, strict=True) if rows else ([] for _ in names)
    return _arrays(table, dict(zip(names, values, strict=True)))


def _arrays(table: str, columns: dict[str, Any]) -> dict[str, pa.Array]:
    schema = arrow_schema(table)
    return {name: pa.array(values, type=schema.field(name).type) for name, values in columns.items()}
