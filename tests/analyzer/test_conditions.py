"""`--where` asks what a user of the words would expect, of every type and on every engine."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest

from analyzer.conditions import column_named, condition
from store.errors import MisuseError
from store.quantiles import Table
from store.schema import COUNT, FLAG, LABEL, MONEY, Column
from tests.analyzer.rows import DAY, OCTOBER, on_duckdb, on_pandas

COLUMNS = (
    Column("n", COUNT, "the row"),
    Column("error", LABEL, "a text"),
    Column("run_ms", COUNT, "a count"),
    Column("cost_usd", MONEY, "a number"),
    Column("masked", FLAG, "a flag"),
    Column("seen_at", COUNT, "a time", is_time=True),
    Column("internal", COUNT, "not for users", exported=False),
)
ROWS = pa.table(
    {
        "n": [0, 1, 2, 3],
        "error": ["States.Timeout", "a = b", "주문 오류", None],
        "run_ms": [10, 200, 3_000, None],
        "cost_usd": [0.25, 0.5, 1.0, None],
        "masked": [True, False, True, None],
        "seen_at": [OCTOBER, OCTOBER + DAY - 1, OCTOBER + DAY, None],
    }
)
ENGINES = pytest.mark.parametrize("engine", [on_pandas, on_duckdb])


@ENGINES
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("error=States.Timeout", [0]),
        ("error=a = b", [1]),
        ("error = 주문 오류", [2]),
        ("error=' OR 1=1 --", []),
        ("error!=States.Timeout", [1, 2, 3]),
        ("error=", [3]),
        ("error!=", [0, 1, 2]),
        ("run_ms=200", [1]),
        ("run_ms<200", [0]),
        ("run_ms<=200", [0, 1]),
        ("run_ms>200", [2]),
        ("run_ms>=200", [1, 2]),
        ("run_ms!=200", [0, 2, 3]),
        ("cost_usd>0.3", [1, 2]),
        ("cost_usd=5e-1", [1]),
        ("masked=true", [0, 2]),
        ("masked=False", [1]),
        ("masked!=true", [1, 3]),
        ("seen_at=2026-10-01", [0, 1]),
        ("seen_at!=2026-10-01", [2, 3]),
        ("seen_at=2026-10-01T00:00:00Z", [0]),
        ("seen_at<2026-10-02", [0, 1]),
        ("seen_at>2026-10-01T09:00:00+09:00", [1, 2]),
    ],
)
def test_it_holds_for_the_rows_that_it_says(
    engine: Callable[[pa.Table], Table], text: str, expected: list[int]
) -> None:
    asked = condition(text)
    column = column_named(asked.column, COLUMNS)
    assert column is not None
    found = engine(ROWS).filter(asked.holds(column)).collect("pyarrow").to_arrow()
    assert found["n"].to_pylist() == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("run_ms=fast", "`run_ms` holds whole numbers, and 'fast' is none."),
        ("run_ms=1.5", "`run_ms` holds whole numbers, and '1.5' is none."),
        ("cost_usd>much", "`cost_usd` holds numbers, and 'much' is none."),
        ("masked=maybe", "`masked` holds true or false, and 'maybe' is none."),
        ("seen_at>soon", "'soon' is no date or time."),
        ("seen_at=2026-13-01", "'2026-13-01' is no date or time."),
        ("error>a", "`error` has no order, so `>` cannot be asked of it."),
        ("run_ms>", "`run_ms>` has no value to compare with."),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    asked = condition(text)
    column = column_named(asked.column, COLUMNS)
    assert column is not None
    with pytest.raises(MisuseError) as raised:
        asked.holds(column)
    assert raised.value.sentence == sentence


@pytest.mark.parametrize("text", ["", "error", "=x", "two words=1", "error~x"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(MisuseError, match="is no condition"):
        condition(text)


def test_internal_columns_cannot_be_named() -> None:
    assert column_named("internal", COLUMNS) is None
    assert column_named("nowhere", COLUMNS) is None
