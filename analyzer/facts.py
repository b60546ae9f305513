"""Facts: decides which days changed, folds their executions and hands the rows to the store to write.

The work is cut into chunks of executions that do not depend on each other, so that it can be given to several
processes; each reads the store by itself and returns Arrow tables.
"""

from __future__ import annotations

import functools
import gc
import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from analyzer.definition import Definition, parse_definition
from analyzer.history import folded
from analyzer.integrations import ACTIVITY, LEGACY_LAMBDA, UNKNOWN, integration, target_of_arn
from analyzer.money import ExpressPrice, TransitionPrice, chunks, express_prices, transition_prices
from analyzer.prices import PriceBook
from analyzer.rows import AttemptRow, Called, ExecutionRow, FoldedRows, rows_of
from store.errors import DefinitionError
from store.events import unpacked
from store.executions import Kept, kept_between, map_runs_between
from store.facts import DayWriter, StaleDay, drop_day, execution_ids, stale_days
from store.folder import Store, readable_store
from store.machines import Machine, Revision, machines, revisions
from store.schema import arrow_schema

_Priced = TypeVar("_Priced", TransitionPrice, ExpressPrice)

FOLD_VERSION = 1
"""Raised whenever the fold gives other rows for the same history, so that old facts are built anew."""

EXECUTIONS_IN_CHUNK = 4_000
ASSUMED_MEMORY_MB = 64
"""Express memory where no metric tells it: the least that is billed."""


class Refreshed(NamedTuple):
    """What a refresh did: days folded and the rows now in them."""

    days: int
    executions: int
    attempts: int


class Chunk(NamedTuple):
    """Executions of one day by the range of their ids, both ends included."""

    stale: StaleDay
    first_id: int
    last_id: int
    is_last: bool


def fold_name(book: PriceBook) -> str:
    """What the facts depend on besides the store: the fold's version and the prices."""
    prices = "".join(map(repr, [*transition_prices(book), *express_prices(book)]))
    return f"{FOLD_VERSION}-{hashlib.sha256(prices.encode()).hexdigest()[:12]}"


def is_stale(store: Store, book: PriceBook) -> bool:
    """Some facts are not those of the store."""
    return bool(stale_days(store, fold_name(book)))


def refresh(store: Store, book: PriceBook, now_ms: int, pool: Executor | None = None) -> Refreshed:
    """Fold every stale day of a store that this process writes to; with a `pool`, in its processes."""
    fold = fold_name(book)
    done = Refreshed(0, 0, 0)
    writer: DayWriter | None = None
    chunks_to_do = list(_chunks(store, stale_days(store, fold)))
    for chunk, tables in _built(store.folder, book, chunks_to_do, pool):
        writer = writer or DayWriter(store, chunk.stale)
        writer.add(tables)
        done = Refreshed(
            done.days + chunk.is_last,
            done.executions + tables["executions"].num_rows,
            done.attempts + tables["attempts"].num_rows,
        )
        if chunk.is_last:
            writer.commit(fold, now_ms)
            writer = None
    return done


def _chunks(store: Store, days: Iterable[StaleDay]) -> Iterator[Chunk]:
    for stale in days:
        ids = execution_ids(store.db, stale.day)
        if not ids:
            drop_day(store, stale)
        for start in range(0, len(ids), EXECUTIONS_IN_CHUNK):
            part = ids[start : start + EXECUTIONS_IN_CHUNK]
            yield Chunk(stale, part[0], part[-1], is_last=part[-1] == ids[-1])


def _built(
    folder: Path, book: PriceBook, to_do: list[Chunk], pool: Executor | None
) -> Iterator[tuple[Chunk, dict[str, pa.Table]]]:
    """Each chunk with its tables, in order; with a pool, a few chunks ahead and never all at once."""
    build = functools.partial(chunk_tables, folder, book)
    if pool is None or len(to_do) == 1:
        yield from ((chunk, build(chunk)) for chunk in to_do)
        return
    waiting = iter(to_do)
    running = [(chunk, pool.submit(build, chunk)) for chunk in islice(waiting, _CHUNKS_AHEAD)]
    while running:
        chunk, future = running.pop(0)
        tables = future.result()
        running += [(ahead, pool.submit(build, ahead)) for ahead in islice(waiting, 1)]
        yield chunk, tables


_CHUNKS_AHEAD = 4


def chunk_tables(folder: Path, book: PriceBook, chunk: Chunk) -> dict[str, pa.Table]:
    """The rows of both fact tables of a chunk's executions."""
    with readable_store(folder) as store:
        context = _Context(machines(store.db), revisions(store.db), book)
        span = (chunk.stale.day, chunk.first_id, chunk.last_id)
        map_runs = {row.arn: row for row in map_runs_between(store.db, *span)}
        kept = list(kept_between(store.db, *span))
    with _paused_collection():
        rows = [context.rows_of(one, map_runs) for one in kept]
        return _tables(context, kept, rows)


@contextmanager
def _paused_collection() -> Iterator[None]:
    """No garbage collection for the length of a chunk: everything made in it lives until its end anyway."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class _Context:
    """What an execution's rows need besides its history: its machine, its definition, its prices."""

    def __init__(self, machine_rows: list[Machine], revision_rows: list[Revision], book: PriceBook) -> None:
        self.machines = {machine.id: machine for machine in machine_rows}
        self.revisions = {revision.id: revision for revision in revision_rows}
        self.definition = functools.cache(self._definition)
        self.called = functools.cache(self._called)
        self.transition_price = functools.cache(functools.partial(_price_on, transition_prices(book)))
        self.express_price = functools.cache(functools.partial(_price_on, express_prices(book)))

    def _definition(self, revision_id: int | None) -> Definition | None:
        revision = self.revisions.get(revision_id) if revision_id is not None else None
        if revision is None or not revision.definition:
            return None
        try:
            return parse_definition(revision.definition)
        except DefinitionError:
            # Its reason was reported and stored when the revision was saved; its histories still count.
            return None

    def _called(self, revision_id: int | None) -> Called:
        """A cached look-up of what the states of a revision call."""
        definition = self.definition(revision_id)
        return functools.cache(functools.partial(_call_of, definition))

    def rows_of(self, kept: Kept, map_runs: dict[str, Any]) -> FoldedRows:
        is_standard = self.machines[kept.machine_id].type == "STANDARD"
        run = folded(unpacked(kept.events), self.definition(kept.revision_id)) if kept.events is not None else None
        called = self.called(kept.revision_id)
        return rows_of(kept, run, called, map_runs, is_billed_by_transition=is_standard)


def _call_of(
    definition: Definition | None, state: str, resource_type: str | None, resource: str | None
) -> tuple[str | None, str | None, str | None]:
    """(resource, target, pattern) of a Task: from its schedule, else from the definition; unknown is None."""
    known = definition.states.get(state) if definition is not None else None
    calls, target = _FAMILY.get(resource_type or "", UNKNOWN), ""
    if resource is not None:
        calls = integration("" if resource_type in _FAMILY else resource_type or "", resource)
        calls = _FAMILY.get(resource_type or "", calls) if calls == UNKNOWN else calls
        target = target_of_arn(resource)
    if known is not None:
        target = target or known.target
        if calls == UNKNOWN:
            return known.resource or None, target or None, known.pattern or None
    return calls.resource or None, target or None, calls.pattern or None


_FAMILY = {"LambdaFunctionScheduled": LEGACY_LAMBDA, "ActivityScheduled": ACTIVITY}
"""The schedules that name an ARN and no resource type."""


def _price_on(prices: list[_Priced], region: str, day: int) -> _Priced | None:
    at = day * _MS_PER_DAY
    return next(
        (p for p in prices if p.region == region and p.from_ms <= at and (p.to_ms is None or at < p.to_ms)), None
    )


_MS_PER_DAY = 86_400_000


class _Money(NamedTuple):
    """The money of one execution: its cost, the price of one of its transitions, the note to its cost."""

    cost: float | None
    per_transition: float | None
    note: str


def _money(context: _Context, kept: Kept, row: ExecutionRow) -> _Money:
    machine = context.machines[kept.machine_id]
    if machine.region is None:
        return _Money(None, None, "cost unknown: the source does not say in which Region it ran")
    if row.started_at is None:
        return _Money(None, None, "cost unknown: the source does not say when it ran")
    day = row.started_at // _MS_PER_DAY
    if machine.type == "EXPRESS":
        return _express_money(context.express_price(machine.region, day), machine.region, row)
    price = context.transition_price(machine.region, day)
    if price is None:
        return _Money(None, None, _no_price(machine.region, row.started_at))
    if row.transitions is None:
        return _Money(None, float(price.usd), "cost unknown: no usable history, so no count of transitions")
    return _Money(round(row.transitions * float(price.usd), 10), float(price.usd), price.note)


def _express_money(price: ExpressPrice | None, region: str, row: ExecutionRow) -> _Money:
    if price is None:
        return _Money(None, None, _no_price(region, row.started_at or 0))
    if row.duration_ms is None:
        return _Money(None, None, "cost unknown: the source does not say how long it ran")
    billed = chunks(row.duration_ms, ASSUMED_MEMORY_MB)
    cost = float(price.request_usd) + billed * float(price.chunk_usd)
    return _Money(round(cost, 15), None, f"{price.note}; memory not measured, {ASSUMED_MEMORY_MB} MB assumed")


def _no_price(region: str, at: int) -> str:
    day = datetime.fromtimestamp(at / 1000, UTC).date()
    return f"cost unknown: no price in US dollars is known for {region} on {day}"


def _tables(context: _Context, kept: list[Kept], rows: list[FoldedRows]) -> dict[str, pa.Table]:
    money = [_money(context, one, row.execution) for one, row in zip(kept, rows, strict=True)]
    executions = _execution_columns(context, kept, rows, money)
    attempts = _attempt_columns(rows, money)
    spread = pa.array(np.repeat(np.arange(len(rows)), [len(row.attempts) for row in rows]))
    for name, source in _SPREAD.items():
        attempts[name] = executions[source].take(spread)
    return {"executions": _table("executions", executions), "attempts": _table("attempts", attempts)}


_SPREAD = {
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
    context: _Context, kept: list[Kept], rows: list[FoldedRows], money: list[_Money]
) -> dict[str, pa.Array]:
    of_machine = [context.machines[one.machine_id] for one in kept]
    columns = _columns("executions", ExecutionRow._fields, [row.execution for row in rows])
    given: dict[str, list[Any]] = {
        "machine": [machine.name for machine in of_machine],
        "region": [machine.region for machine in of_machine],
        "account": [machine.account for machine in of_machine],
        "type": [machine.type for machine in of_machine],
        "revision": [_revision_name(context, one) for one in kept],
        "version": [one.version for one in kept],
        "alias": [one.alias for one in kept],
        "cost_usd": [one.cost for one in money],
        "cost_note": [one.note for one in money],
        "transitions_max": [
            _upper_bound(row.execution, machine) for row, machine in zip(rows, of_machine, strict=True)
        ],
    }
    return columns | _arrays("executions", given)


def _upper_bound(row: ExecutionRow, machine: Machine) -> int | None:
    """Transitions, should AWS bill the start of an execution too; Express is not billed by transition."""
    if row.transitions is None:
        return None
    return row.transitions + (machine.type == "STANDARD")


def _revision_name(context: _Context, kept: Kept) -> str | None:
    revision = context.revisions.get(kept.revision_id) if kept.revision_id is not None else None
    if revision is None:
        return None
    return f"{revision.revision}?" if kept.revision_inferred else revision.revision


def _attempt_columns(rows: list[FoldedRows], money: list[_Money]) -> dict[str, pa.Array]:
    columns = _columns("attempts", AttemptRow._fields, [attempt for row in rows for attempt in row.attempts])
    per_transition = np.repeat(
        np.array([np.nan if one.per_transition is None else one.per_transition for one in money], dtype="float64"),
        [len(row.attempts) for row in rows],
    )
    cost = np.round(columns["transitions"].to_numpy() * per_transition, 10)
    return columns | {"cost_usd": pa.array(cost, from_pandas=True)}


def _columns(table: str, names: tuple[str, ...], rows: list[Any]) -> dict[str, pa.Array]:
    values: Iterable[Any] = zip(*rows, strict=True) if rows else ([] for _ in names)
    return _arrays(table, dict(zip(names, values, strict=True)))


def _arrays(table: str, columns: dict[str, Any]) -> dict[str, pa.Array]:
    schema = arrow_schema(table)
    return {name: pa.array(values, type=schema.field(name).type) for name, values in columns.items()}
