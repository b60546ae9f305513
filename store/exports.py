"""Tables as files: CSV, Parquet or JSON, streamed, and whole or not there at all.

A CSV opens right in a spreadsheet and reads back exactly: UTF-8 with a byte order mark, whole numbers without a
decimal point, times as ISO 8601 in UTC with milliseconds, `true` and `false`, an empty cell for what is not known. A
text that a spreadsheet would take for a formula gets a leading `'`; a number never does. JSON is one array of objects
with the same times, Parquet has real times; both keep texts as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from store.errors import MisuseError, StoreUnwritableError
from store.schema import Column

FORMATS = ("csv", "parquet", "json")
"""What a table can be written as; the name is also the file's suffix."""

_BOM = "\ufeff"
_VIEW = "exported"


def export_rows(rows: duckdb.DuckDBPyRelation, columns: Sequence[Column], path: Path, *, in_order: bool = False) -> int:
    """How many rows were written to `path`, whose suffix is the format.

    Rows are streamed: memory does not grow with their number. Keeping them `in_order` takes twice the time and memory,
    for one thread then waits for the other. A file that is there is replaced when the new one is complete. Raises
    `StoreUnwritableError` when it cannot be written, `MisuseError` for a suffix that is no format.
    """
    form = _FORMS.get(path.suffix)
    if form is None:
        raise MisuseError(f"A table cannot be written as {path.name!r}.", f"The formats are {', '.join(FORMATS)}.")
    with _replaced(path) as part:
        options = f"{form.options}, PRESERVE_ORDER {in_order}"
        target = str(part).replace("'", "''")
        cells = ", ".join(form.cells(columns))
        written = rows.query(_VIEW, f"COPY (SELECT {cells} FROM {_VIEW}) TO '{target}' ({options})")
        return int(written.fetchall()[0][0]) if written is not None else 0


def export_table(table: pa.Table, columns: Sequence[Column], path: Path) -> int:
    """The same for a table that is in memory, in its order."""
    with closing(duckdb.connect(":memory:")) as connection:
        return export_rows(connection.from_arrow(table), columns, path, in_order=True)


def _csv_cells(columns: Sequence[Column]) -> list[str]:
    # The first header carries the byte order mark: the writer has no other way to begin a file with one.
    names = [f"{_BOM * (position == 0)}{column.name}" for position, column in enumerate(columns)]
    return [f"{_csv_cell(column)} AS {_quoted(name)}" for column, name in zip(columns, names, strict=True)]


def _json_cells(columns: Sequence[Column]) -> list[str]:
    return [f"{_json_cell(column)} AS {_quoted(column.name)}" for column in columns]


def _parquet_cells(columns: Sequence[Column]) -> list[str]:
    return [f"{_parquet_cell(column)} AS {_quoted(column.name)}" for column in columns]


def _csv_cell(column: Column) -> str:
    if column.is_time:
        return _iso_time(column)
    return _CSV_CELLS.get(column.type, _as_it_is)(column)


def _json_cell(column: Column) -> str:
    if column.is_time:
        return _iso_time(column)
    return _finite(column) if column.type == pa.float64() else _as_it_is(column)


def _parquet_cell(column: Column) -> str:
    return f"make_timestamp_ms({_quoted(column.name)}) AT TIME ZONE 'UTC'" if column.is_time else _as_it_is(column)


def _as_it_is(column: Column) -> str:
    return _quoted(column.name)


def _iso_time(column: Column) -> str:
    return f"strftime(make_timestamp_ms({_quoted(column.name)}), '%Y-%m-%dT%H:%M:%S.%gZ')"


_FORMULA_STARTS = "=+-@\t\r"
"""A spreadsheet takes a cell that begins with one of these for a formula (OWASP, "CSV injection")."""


def _defused(column: Column) -> str:
    # Not `IN (...)`: DuckDB makes a join of a long list, and a join does not keep the order of rows.
    name = _quoted(column.name)
    is_formula = f"{name} <> '' AND contains('{_FORMULA_STARTS}', substr({name}, 1, 1))"
    return f"CASE WHEN {is_formula} THEN '''' || {name} ELSE {name} END"


def _finite(column: Column) -> str:
    """A number that is none, which JSON has no word for and a spreadsheet takes for a text, is not known."""
    name = _quoted(column.name)
    return f"CASE WHEN isfinite({name}) THEN {name} END"


def _plain_number(column: Column) -> str:
    """A number without an exponent as far as amounts of money go; they have 15 digits behind the point at most."""
    name = _quoted(column.name)
    plain = f"rtrim(printf('%.15f', {name}), '0')"
    return f"CASE WHEN abs({name}) < 1e-4 AND abs({name}) >= 1e-15 THEN {plain} ELSE ({_finite(column)})::VARCHAR END"


_CSV_CELLS: dict[pa.DataType, Callable[[Column], str]] = {pa.string(): _defused, pa.float64(): _plain_number}


class _Form(NamedTuple):
    """How a format is asked for: the expressions of its cells, and the writer's options."""

    cells: Callable[[Sequence[Column]], list[str]]
    options: str


_FORMS = {
    ".csv": _Form(_csv_cells, "FORMAT csv, HEADER true"),
    ".json": _Form(_json_cells, "FORMAT json, ARRAY true"),
    ".parquet": _Form(_parquet_cells, "FORMAT parquet, COMPRESSION zstd"),
}


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place when all went well; else nothing of it is left."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except (OSError, duckdb.IOException) as error:
        sentence = f"{path} cannot be written: {_first_line(error)}"
        raise StoreUnwritableError(sentence, "Choose another --out, or free some space.") from error
    finally:
        _discard(part)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _discard(part: Path) -> None:
    if part.parent.is_dir():
        part.unlink(missing_ok=True)
