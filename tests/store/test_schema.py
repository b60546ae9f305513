"""The two fact tables: names carry units, types agree with them, and every column says what it holds."""

from __future__ import annotations

import pyarrow as pa
import pytest

from store.schema import TABLES, Column, arrow_schema

COLUMNS = [column for columns in TABLES.values() for column in columns]


def names(columns: list[Column]) -> set[str]:
    return {column.name for column in columns}


def test_a_time_is_called_at_and_is_whole_milliseconds() -> None:
    times = [column for column in COLUMNS if column.is_time]
    assert names(times) == {name for name in names(COLUMNS) if name.endswith("_at")}
    assert {column.type for column in times} == {pa.int64()}


def test_units_and_types_agree() -> None:
    assert {column.type for column in COLUMNS if column.name.endswith("_ms")} == {pa.int64()}
    assert {column.type for column in COLUMNS if column.name.endswith("_usd")} == {pa.float64()}
    assert {column.type for column in COLUMNS if column.name.startswith("is_")} == {pa.bool_()}


def test_a_meaning_is_one_line_that_fits_a_cell_of_a_table() -> None:
    assert [column.name for column in COLUMNS if not column.meaning or set("|\n") & set(column.meaning)] == []


@pytest.mark.parametrize("table", TABLES)
def test_the_arrow_schema_has_each_column_once_and_in_order(table: str) -> None:
    columns = [column.name for column in TABLES[table]]
    assert arrow_schema(table).names == columns
    assert len(set(columns)) == len(columns)
