"""Answers leave as pandas tables with exactly the declared columns and types.

An integer with empty cells stays an integer, and an empty text is empty and not the word "nan": every column has one of
pandas's nullable types. Times are whole milliseconds; `with_times` makes them times for a page.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa

from store.quantiles import Table
from store.schema import Column

_TYPES: dict[pa.DataType, pd.api.extensions.ExtensionDtype] = {
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.string(): pd.StringDtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def frame_of(table: Table, columns: Sequence[Column]) -> pd.DataFrame:
    """The rows of a table as pandas, in the declared columns, order and types.

    Raises pyarrow.ArrowInvalid for a value that its declared type cannot hold: an analysis that breaks its word.
    """
    answer = table.select(*(column.name for column in columns)).collect("pyarrow").to_arrow()
    schema = pa.schema([(column.name, plain_type(column)) for column in columns])
    frame: pd.DataFrame = answer.cast(schema).to_pandas(types_mapper=_TYPES.get)
    return frame


def plain_type(column: Column) -> pa.DataType:
    """The Arrow type of a column where it leaves: labels are texts, every integer has 64 bits."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    return pa.int64() if pa.types.is_integer(kind) else kind


def with_times(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """The same rows with every time as a time in UTC, for a page."""
    times = [column.name for column in columns if column.is_time and column.name in frame]
    return frame.assign(**{name: pd.to_datetime(frame[name], unit="ms", utc=True) for name in times})
