"""The facts folder: Parquet, one file per UTC day of start and table, written beside and renamed into place.

Which days are stale stands in store.db, kept by triggers; deleting the folder loses nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Self

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from store.errors import StoreDamagedError
from store.folder import Store, unwritable_as_error
from store.migrations import MS_PER_DAY
from store.schema import TABLES, arrow_schema
from store.sqlite import Database

ROWS_IN_GROUP = 122_880
"""Rows of a Parquet row group: DuckDB reads whole groups and gives each to one thread."""

QUERY_MEMORY = "500MB"


class StaleDay(NamedTuple):
    """A UTC day whose facts are not those of the store. `generation` tells whether it changed again meanwhile."""

    day: int
    generation: int


def stale_days(store: Store, fold: str) -> list[StaleDay]:
    """The days to fold: changed since, folded by other rules or prices than `fold`, or with a file missing."""
    changed = {
        int(day): int(generation) for day, generation in store.db.execute("SELECT day, generation FROM stale_days")
    }
    for day, written_by in store.db.execute("SELECT day, fold FROM fact_days"):
        if written_by != fold or not all(path.is_file() for path in _files(store, int(day))):
            changed.setdefault(int(day), 0)
    return [StaleDay(*item) for item in sorted(changed.items())]


def mark_all_stale(db: Database) -> None:
    """Have every day folded anew."""
    with db.atomic():
        db.execute(
            "INSERT INTO stale_days (day, generation) SELECT DISTINCT day, 1 FROM executions WHERE true"
            " ON CONFLICT (day) DO UPDATE SET generation = generation + 1"
        )
        db.execute("INSERT OR IGNORE INTO stale_days (day, generation) SELECT day, 1 FROM fact_days")


def execution_ids(db: Database, day: int) -> list[int]:
    """The ids of the executions that started on a day, in order."""
    rows = db.execute("SELECT id FROM executions WHERE day = ? ORDER BY id", [day])
    return [int(row[0]) for row in rows]


def fact_file(folder: Path, table: str, day: int) -> Path:
    """Where the rows of a table of a UTC day are, in the store at `folder`."""
    return folder / "facts" / table / f"{datetime.fromtimestamp(day * MS_PER_DAY / 1000, UTC).date()}.parquet"


def _files(store: Store, day: int) -> list[Path]:
    return [fact_file(store.folder, table, day) for table in TABLES]


class DayWriter:
    """Writes the fact files of one day: Arrow tables in, row groups out, nothing visible before `commit`."""

    def __init__(self, store: Store, stale: StaleDay) -> None:
        self._store = store
        self._stale = stale
        self._waiting: dict[tuple[str, int], list[pa.Table]] = {}
        self._rows = dict.fromkeys(TABLES, 0)
        self._stack = ExitStack()
        with unwritable_as_error(store.facts):
            self._writers = {table: self._stack.enter_context(self._writer(table)) for table in TABLES}

    def _writer(self, table: str) -> pq.ParquetWriter:
        path = fact_file(self._store.folder, table, self._stale.day)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)  # what another writer left open there must not reach into this one's file
        return pq.ParquetWriter(part, arrow_schema(table), **_encoded(table))

    def add(self, tables: dict[str, pa.Table]) -> None:
        """Append rows; a row group is written when enough have come."""
        for name, table in tables.items():
            self._rows[name] += table.num_rows
            for kind, part in enumerate(_kinds(table)):
                group = self._waiting.setdefault((name, kind), [])
                group.append(part)
                if sum(waiting.num_rows for waiting in group) >= ROWS_IN_GROUP:
                    self._flush(name, kind)

    def _flush(self, name: str, kind: int) -> None:
        rows = pa.concat_tables(self._waiting.pop((name, kind)))
        with unwritable_as_error(self._store.facts):
            self._writers[name].write_table(rows, row_group_size=ROWS_IN_GROUP)

    def __enter__(self) -> Self:
        """The writer; leaving it closes its files, which without a `commit` nobody sees."""
        return self

    def __exit__(self, *failure: object) -> None:
        """Close the files."""
        self._stack.close()

    def commit(self, fold: str, now_ms: int) -> tuple[int, int]:
        """Show the day's files and note in store.db which fold they are; a crash in between is repaired by the next.

        Returns how many executions and attempts they hold.
        """
        with unwritable_as_error(self._store.facts):
            for name, kind in list(self._waiting):
                self._flush(name, kind)
            self._stack.close()
            self._announce()
            for path in _files(self._store, self._stale.day):
                path.with_suffix(".part").replace(path)
        self._note(fold, now_ms)
        return self._rows["executions"], self._rows["attempts"]

    def _announce(self) -> None:
        """Note the day as stale where only its fold or a file made it so: half shown, it is of no fold at all."""
        self._store.db.execute("INSERT OR IGNORE INTO stale_days (day, generation) VALUES (?, ?)", [*self._stale])

    def _note(self, fold: str, now_ms: int) -> None:
        db, (day, generation) = self._store.db, self._stale
        with db.atomic():
            db.execute("DELETE FROM stale_days WHERE day = ? AND generation = ?", [day, generation])
            db.execute(
                "INSERT OR REPLACE INTO fact_days (day, executions, attempts, fold, written_at) VALUES (?, ?, ?, ?, ?)",
                [day, self._rows["executions"], self._rows["attempts"], fold, now_ms],
            )


def _kinds(table: pa.Table) -> list[pa.Table]:
    """Its rows, those apart in which something happened: questions about failures then read a tenth of a file."""
    if "is_eventful" not in table.column_names:
        return [table]
    is_eventful = pc.coalesce(table["is_eventful"], pc.is_valid(table["is_eventful"]))
    return [table.filter(is_eventful), table.filter(pc.invert(is_eventful))]


def _encoded(table: str) -> dict[str, Any]:
    """How a table is written: what repeats by dictionary, other integers by their steps. A fifth quicker to scan."""
    repeating = [column.name for column in TABLES[table] if pa.types.is_string(column.type)]
    repeating += [column.name for column in TABLES[table] if column.name in _REPEATING]
    integers = [column.name for column in TABLES[table] if pa.types.is_integer(column.type)]
    steps = dict.fromkeys((name for name in integers if name not in repeating), "DELTA_BINARY_PACKED")
    return {"compression": "zstd", "compression_level": 1, "use_dictionary": repeating, "column_encoding": steps}


_REPEATING = frozenset({"cost_usd", "transitions", "attempt", "visit", "redrive", "branch"})
"""Numbers of which there are few."""


def drop_day(store: Store, stale: StaleDay) -> None:
    """Remove the facts of a day on which no execution is left."""
    for path in _files(store, stale.day):
        path.unlink(missing_ok=True)
    with store.db.atomic():
        store.db.execute("DELETE FROM stale_days WHERE day = ? AND generation = ?", [*stale])
        store.db.execute("DELETE FROM fact_days WHERE day = ?", [stale.day])


class FactTables(NamedTuple):
    """The two fact tables over the days asked for, as DuckDB relations of one connection."""

    executions: duckdb.DuckDBPyRelation
    attempts: duckdb.DuckDBPyRelation


@functools.cache
def _engine(threads: int) -> duckdb.DuckDBPyConnection:
    """What questions are asked of: to make it takes 15 ms, longer than many a question; a cursor on it takes none."""
    return duckdb.connect(":memory:", config={"threads": threads, "memory_limit": QUERY_MEMORY})


@contextmanager
def open_facts(
    folder: Path, since_ms: int | None = None, until_ms: int | None = None, threads: int = 2
) -> Iterator[FactTables]:
    """The fact tables of the days that overlap [since, until), by start. Rows of the edge days are not yet cut off.

    A store without facts gives empty tables of the same columns. Raises `StoreDamagedError`, also while the tables are
    read, when a file is not what was written.
    """
    connection = _engine(threads).cursor()
    try:
        connection.execute("SET enable_progress_bar = false")
        yield FactTables(*(_relation(connection, folder, table, since_ms, until_ms) for table in TABLES))
    except duckdb.Error as error:
        if not _tells_damage(error):
            raise
        sentence = f"the facts in {folder / 'facts'} cannot be read: {str(error).partition(chr(10))[0]}"
        raise StoreDamagedError(sentence, "Run `stepscope facts rebuild`; nothing is lost by it.") from error
    finally:
        connection.close()


def _tells_damage(error: duckdb.Error) -> bool:
    """A file is the cause, and no question: DuckDB's own reader of Parquet fails without naming a kind of error."""
    return type(error) is duckdb.Error or isinstance(error, (duckdb.IOException, duckdb.InvalidInputException))


def _relation(
    connection: duckdb.DuckDBPyConnection, folder: Path, table: str, since_ms: int | None, until_ms: int | None
) -> duckdb.DuckDBPyRelation:
    paths = [str(path) for path in _days_between(folder / "facts" / table, since_ms, until_ms)]
    if not paths:
        return connection.from_arrow(arrow_schema(table).empty_table())
    return connection.read_parquet(paths)


def _days_between(folder: Path, since_ms: int | None, until_ms: int | None) -> list[Path]:
    first = _date_text(since_ms) if since_ms is not None else ""
    last = _date_text(until_ms - 1) if until_ms is not None else "9999"
    return [path for path in sorted(folder.glob("*.parquet")) if first <= path.stem <= last]


def _date_text(ms: int) -> str:
    return str((datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)).date())
