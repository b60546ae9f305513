"""Facts that can no longer be folded: their histories were pruned, and the fact files are all there is of them.

A day that is folded anew takes the rows of such executions over from its old files.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from store.executions import Kept
from store.facts import fact_file
from store.folder import Store
from store.migrations import MS_PER_DAY
from store.schema import TABLES, arrow_schema
from store.sqlite import Database


def is_pruned(kept: Kept) -> bool:
    """Whether the history of this execution was saved once and is no longer there."""
    return kept.history == "saved" and kept.events is None


def carried(folder: Path, day: int, ids: Sequence[int]) -> dict[str, pa.Table]:
    """The rows of both fact tables of executions that started on a day, from the files as they are.

    Columns that the files do not have yet are empty. An execution that is in no file has no row.
    """
    return {table: _rows(fact_file(folder, table, day), table, ids) for table in TABLES}


def days_pruned(db: Database) -> list[int]:
    """The UTC days of start on which histories were pruned."""
    rows = db.execute(
        "SELECT DISTINCT day FROM executions WHERE history = 'saved'"
        " AND id NOT IN (SELECT execution_id FROM histories) ORDER BY day"
    )
    return [int(row[0]) for row in rows]


def days_lost(store: Store) -> list[date]:
    """Those of them whose facts are no longer there either."""
    lost = [
        day
        for day in days_pruned(store.db)
        if not all(fact_file(store.folder, table, day).is_file() for table in TABLES)
    ]
    return [datetime.fromtimestamp(day * MS_PER_DAY / 1000, UTC).date() for day in lost]


def _rows(path: Path, table: str, ids: Sequence[int]) -> pa.Table:
    schema = arrow_schema(table)
    if not ids or not path.is_file():
        return pa.Table.from_batches([], schema)  # schema.empty_table() would load pandas
    near = [("execution_id", ">=", min(ids)), ("execution_id", "<=", max(ids))]
    rows = pq.read_table(path, filters=near, partitioning=None)
    wanted = rows.filter(pc.is_in(rows["execution_id"], pa.array(ids, pa.int64())))
    columns = [
        wanted[field.name].cast(field.type) if field.name in wanted.column_names else pa.nulls(len(wanted), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)
