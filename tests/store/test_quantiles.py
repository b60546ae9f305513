"""Quantiles: exact, the same from every engine, empty where there is nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.quantiles import Table, quantile_column, quantiles_by

AT = (0.0, 0.5, 0.95, 0.99, 1.0)


def rows(groups: Mapping[str, Sequence[int | None]]) -> pd.DataFrame:
    pairs = [(group, value) for group, values in groups.items() for value in values]
    table = pd.DataFrame(pairs, columns=["group", "run ms"]).astype({"group": "string", "run ms": "Int64"})
    return table.assign(one=1)


def on_pandas(table: pd.DataFrame) -> Table:
    return nw.from_native(table).lazy()


def on_duckdb(table: pd.DataFrame) -> Table:
    return nw.from_native(duckdb.from_arrow(pa.Table.from_pandas(table)))


Engine = Callable[[pd.DataFrame], Table]
ENGINES = pytest.mark.parametrize("engine", [on_pandas, on_duckdb])


def answer(frame: Table) -> dict[str, dict[str, float | None]]:
    found = quantiles_by(frame, ["group"], ["run ms"], AT, sums=["one"]).collect("pyarrow")
    return {row.pop("group"): row for row in found.to_arrow().to_pylist()}


@ENGINES
@settings(max_examples=settings().max_examples // 4)
@given(values=st.lists(st.integers(0, 2**40), min_size=1, max_size=30))
def test_they_are_those_of_numpy(engine: Engine, values: list[int]) -> None:
    found = answer(engine(rows({"a": values, "b": [7]})))
    expected = dict(zip((quantile_column("run ms", q) for q in AT), np.quantile(values, AT), strict=True))
    assert {name: found["a"][name] for name in expected} == pytest.approx(expected)
    assert found["a"]["one"] == len(values)
    assert found["b"][quantile_column("run ms", 0.95)] == 7


@ENGINES
def test_a_group_without_values_has_empty_cells_and_a_sum(engine: Engine) -> None:
    found = answer(engine(rows({"a": [None, None], "b": [1, None, 3]})))
    assert found["a"] == {**{quantile_column("run ms", q): None for q in AT}, "one": 2}
    assert found["b"][quantile_column("run ms", 0.5)] == 2


@ENGINES
def test_no_rows_no_groups(engine: Engine) -> None:
    assert answer(engine(rows({}))) == {}
