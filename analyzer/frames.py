"""Answers leave as pandas tables with exactly the declared columns and types.

An integer with empty cells stays an integer, and an empty text is empty and not the word "nan": every column has one of
pandas's nullable types. Times are whole milliseconds; `with_times` makes them times for a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from store.quantiles import Table
from store.schema import Column

# Sums of money lose their last bits to the order in which an engine adds them. A price has 10 digits at most, and the
# 100 ms of an Express run 15: what is rounded away here is noise.
DIGITS = 12

_TYPES: dict[pa.DataType, pd.api.extensions.ExtensionDtype] = {
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.string(): pd.StringDtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def frame_of(table: Table, columns: Sequence[Column], *, rounded: bool = False) -> pd.DataFrame:
    """The rows of a table as pandas, in the declared columns, order and types.

    Raises pyarrow.ArrowInvalid for a value that its declared type cannot hold: an analysis that breaks its word.
    """
    names = [column.name for column in columns]
    answer = table.select(*names).collect("pyarrow").to_arrow().select(names)
    typed = answer.cast(pa.schema([(column.name, plain_type(column)) for column in columns]))
    return _nullable(_rounded(typed) if rounded else typed)


def collected(table: Table, *, rounded: bool = True) -> pd.DataFrame:
    """The rows of a table as pandas, rounded unless they are many: what an analysis goes on with."""
    answer = table.collect("pyarrow").to_arrow().select(table.columns)
    typed = answer.cast(pa.schema([(field.name, _widest(field.type)) for field in answer.schema]))
    return _nullable(_rounded(typed) if rounded else typed)


def frame_from(rows: Sequence[Mapping[Any, Any] | tuple[Any, ...]], columns: Sequence[Column]) -> pd.DataFrame:
    """Rows that were put together one by one, in the declared columns and types."""
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    return frame.astype({column.name: _TYPES[plain_type(column)] for column in columns})


def _nullable(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas(types_mapper=_TYPES.get)
    return frame


def _rounded(table: pa.Table) -> pa.Table:
    """The numbers rounded by Python, which knows the shortest decimal: NumPy multiplies, and adds noise of its own."""
    for index, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            cells = [None if cell is None else round(cell, DIGITS) for cell in table[index].to_pylist()]
            table = table.set_column(index, field, pa.array(cells, field.type))
    return table


def _widest(kind: pa.DataType) -> pa.DataType:
    """The type of 64 bits; DuckDB's sums of integers have 128, which arrive as decimals."""
    if pa.types.is_dictionary(kind):
        return _widest(kind.value_type)
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return pa.int64()
    return pa.string() if pa.types.is_large_string(kind) else kind


def plain_type(column: Column) -> pa.DataType:
    """The Arrow type of a column where it leaves: labels are texts, every integer has 64 bits."""
    return _widest(column.type)


def with_times(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """The same rows with every time as a time in UTC, for a page."""
    times = [column.name for column in columns if column.is_time and column.name in frame]
    return frame.assign(**{name: pd.to_datetime(frame[name], unit="ms", utc=True) for name in times})
