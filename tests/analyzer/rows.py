"""Rows of the two fact tables from short literals: what a test does not say is that of a plain, complete run.

executions([{"status": "FAILED"}])
attempts([{"state": "Charge", "outcome": "failed", "error": "CardDeclined"}])
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import pyarrow as pa

from analyzer.conditions import condition
from analyzer.registry import Facts, analysis_named
from analyzer.tables import place
from store.quantiles import Table
from store.schema import PLACE, arrow_schema

Row = dict[str, Any]
Rows = Iterable[Mapping[str, Any]]

# 2026-10-01T00:00:00Z, a Thursday.
OCTOBER = 1_790_812_800_000
DAY = 86_400_000
TRANSITION_USD = 0.000025

EXECUTION: Row = {
    "machine": "orders",
    "region": "us-east-1",
    "account": "111122223333",
    "type": "STANDARD",
    "status": "SUCCEEDED",
    "started_at": OCTOBER,
    "stopped_at": OCTOBER + 1_000,
    "duration_ms": 1_000,
    "attempts": 1,
    "retries": 0,
    "redrives": 0,
    "transitions": 1,
    "transitions_max": 2,
    "cost_usd": TRANSITION_USD,
    "cost_note": "estimate",
    "caught": 0,
    "tolerated_items": 0,
    "masked_failure": False,
    "completeness": "complete",
}
ATTEMPT: Row = {
    "machine": "orders",
    "region": "us-east-1",
    "account": "111122223333",
    "type": "STANDARD",
    "state": "Charge",
    "state_type": "Task",
    "visit": 1,
    "attempt": 1,
    "redrive": 0,
    "outcome": "succeeded",
    "ended_at": OCTOBER + 500,
    "run_ms": 500,
    "transitions": 1,
    "cost_usd": TRANSITION_USD,
    "execution_id": 1,
    "execution_started_at": OCTOBER,
    "execution_status": "SUCCEEDED",
    "is_root": False,
    "is_terminal": False,
    "is_critical": True,
    "holds_states": False,
    "completeness": "complete",
}


def executions(rows: Rows) -> pa.Table:
    """The executions table; they are numbered from 1."""
    numbered = [{"execution_id": n, "execution_arn": f"arn:{n}", **row} for n, row in enumerate(rows, start=1)]
    return _table("executions", EXECUTION, numbered)


def attempts(rows: Rows) -> pa.Table:
    """The attempts table. A retry's `visit_error` has to be said; a first try's is its own error."""
    full = [{**ATTEMPT, "visit_error": row.get("error"), **row} for row in rows]
    return _table("attempts", {}, [{**row, **_settled(row)} for row in full])


def _settled(row: Mapping[str, Any]) -> Row:
    """What follows from the other cells."""
    is_plain = row["outcome"] == "succeeded" and row["attempt"] == 1 and row["visit_error"] is None
    return {"place": place(*(row[name] for name in PLACE)), "is_eventful": not is_plain}


_executions, _attempts = executions, attempts


def _table(name: str, defaults: Mapping[str, Any], rows: Rows) -> pa.Table:
    return pa.Table.from_pylist([{**defaults, **row} for row in rows], schema=arrow_schema(name))


# A redrive is billed and is no attempt.
REDRIVE: Row = {
    "state": "(redrive)",
    "state_type": "",
    **dict.fromkeys(("visit", "attempt", "outcome", "ended_at", "run_ms")),
    "redrive": 1,
}


def facts_of(*, executions: Rows = (), attempts: Rows = (), **more: Any) -> Facts:
    """The facts of these rows, on pandas."""
    return Facts(on_pandas(_executions(executions)), on_pandas(_attempts(attempts)), **more)


def answer(
    name: str, *, executions: Rows = (), attempts: Rows = (), where: Iterable[str] = (), **more: Any
) -> list[Row]:
    """The rows of an analysis, which must be the same on pandas and on DuckDB; None for an empty cell."""
    tables, asked = (_executions(executions), _attempts(attempts)), [condition(text) for text in where]
    first, second = (
        analysis_named(name).run(Facts(engine(tables[0]), engine(tables[1]), **more), asked)
        for engine in (on_pandas, on_duckdb)
    )
    pd.testing.assert_frame_equal(first, second)
    frame = first.astype(object)
    return [
        {str(name): cell for name, cell in row.items()} for row in frame.where(frame.notna(), None).to_dict("records")
    ]


def picked(rows: Iterable[Mapping[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """The named cells of each row."""
    return [tuple(row[name] for name in names) for row in rows]


def on_pandas(table: pa.Table | pd.DataFrame) -> Table:
    """A table as a lazy frame over pandas, with nullable types."""
    frame = table if isinstance(table, pd.DataFrame) else plain(table).to_pandas(types_mapper=_NULLABLE.get)
    return nw.from_native(frame).lazy()


def on_duckdb(table: pa.Table | pd.DataFrame) -> Table:
    """A table as a lazy frame over DuckDB."""
    arrow = pa.Table.from_pandas(table) if isinstance(table, pd.DataFrame) else table
    return nw.from_native(duckdb.from_arrow(arrow))


def plain(table: pa.Table) -> pa.Table:
    """Labels as texts, which is how DuckDB reads them."""
    fields = [pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]
    return table.cast(pa.schema(fields))


_NULLABLE = {
    pa.int64(): pd.Int64Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.string(): pd.StringDtype(),
    pa.bool_(): pd.BooleanDtype(),
}
