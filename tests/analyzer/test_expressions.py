"""Totals: counts of nothing are 0, amounts of nothing are empty, and empty keys are a group."""

from __future__ import annotations

from collections.abc import Callable

import narwhals as nw
import pyarrow as pa
import pytest

from analyzer import expressions
from analyzer.expressions import flag, only, part, totals
from store.quantiles import Table
from tests.analyzer.rows import REDRIVE, Row, attempts, on_duckdb, on_pandas

Engine = Callable[[pa.Table], Table]
ENGINES = pytest.mark.parametrize("engine", [on_pandas, on_duckdb])

ROWS = pa.table(
    {
        "region": ["a", "a", "b", None, None],
        "good": [True, False, None, True, True],
        "cost": [1.0, 2.0, None, 0.1, 0.2],
        "id": [1, 1, 2, 3, 4],
    }
)


@ENGINES
def test_totals_by_group(engine: Engine) -> None:
    found = totals(
        engine(ROWS),
        ["region"],
        counts={"rows": expressions.one, "good": flag(nw.col("good"))},
        amounts={"cost": nw.col("cost"), "good_cost": part(nw.col("good"), nw.col("cost"))},
        distinct={"ids": nw.col("id")},
        first={"first": nw.col("id")},
        last={"last_good": only(nw.col("good"), nw.col("id"))},
    )
    rows = {row.pop("region"): row for row in pa.Table.from_pandas(found, preserve_index=False).to_pylist()}
    assert rows == {
        "a": {"rows": 2, "good": 1, "ids": 1, "first": 1, "last_good": 1, "cost": 3.0, "good_cost": 1.0},
        "b": {"rows": 1, "good": 0, "ids": 1, "first": 2, "last_good": None, "cost": None, "good_cost": None},
        None: {"rows": 2, "good": 2, "ids": 2, "first": 3, "last_good": 4, "cost": 0.3, "good_cost": 0.3},
    }


@ENGINES
def test_no_rows_have_no_totals(engine: Engine) -> None:
    found = totals(engine(ROWS.slice(0, 0)), ["region"], counts={"rows": expressions.one})
    assert found.empty
    assert [str(kind) for kind in found.dtypes] == ["string", "Int64"]


@ENGINES
@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("is_attempt", [1, 1, 1, 1, 0]),
        ("is_first_try", [1, 1, 0, 1, 0]),
        ("is_retry", [0, 0, 1, 0, 0]),
        ("is_failure", [0, 1, 1, 0, 0]),
        ("is_partial", [0, 0, 0, 1, 0]),
    ],
)
def test_what_a_row_counts_as(engine: Engine, name: str, holds: list[int]) -> None:
    rows: list[Row] = [
        {},
        {"outcome": "failed"},
        {"outcome": "timed_out", "attempt": 2},
        {"outcome": "aborted", "completeness": "gap"},
        REDRIVE,
    ]
    numbered: list[Row] = [{**row, "event_id": number} for number, row in enumerate(rows)]
    kept = engine(attempts(numbered)).filter(getattr(expressions, name)).collect("pyarrow").to_arrow()
    assert kept["event_id"].to_pylist() == [number for number, held in enumerate(holds) if held]
