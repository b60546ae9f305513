"""Declared columns keep the rules of the fact tables' own."""

from __future__ import annotations

import pyarrow as pa
import pytest

from analyzer.columns import MACHINE, STATE
from analyzer.frames import plain_type
from analyzer.registry import Analysis, analyses
from store.schema import Column

SUMMARIES = [analysis for analysis in analyses().values() if not analysis.is_export]
COLUMNS = [
    pytest.param(column, id=f"{analysis.name}.{column.name}") for analysis in SUMMARIES for column in analysis.columns
]


@pytest.mark.parametrize("column", COLUMNS)
def test_names_and_types_agree(column: Column) -> None:
    kind = plain_type(column)
    assert column.name.endswith("_at") == column.is_time
    assert not column.is_time or kind == pa.int64()
    if column.name.endswith(("_usd", "_rate", "_share")) or "_per_" in column.name:
        assert kind == pa.float64()
    if column.name.endswith("_ms"):
        assert kind in (pa.int64(), pa.float64())


@pytest.mark.parametrize("column", COLUMNS)
def test_a_meaning_is_one_line_that_fits_a_table_cell(column: Column) -> None:
    assert column.meaning
    assert not set("|\n") & set(column.meaning)


@pytest.mark.parametrize("analysis", SUMMARIES, ids=lambda analysis: analysis.name)
def test_names_are_used_once(analysis: Analysis) -> None:
    names = [column.name for column in analysis.columns]
    assert len(names) == len(set(names))


def test_a_state_belongs_to_a_machine() -> None:
    assert STATE[: len(MACHINE)] == MACHINE
