"""What leaves has the declared columns and types, whatever the engine made of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest

from analyzer.frames import collected, frame_from, frame_of, with_times
from store.schema import COUNT, FLAG, LABEL, MONEY, SMALL, TEXT, Column

COLUMNS = (
    Column("state", LABEL, "a label"),
    Column("error", TEXT, "a text"),
    Column("failures", COUNT, "a count"),
    Column("visit", SMALL, "a small count"),
    Column("cost_usd", MONEY, "money"),
    Column("masked", FLAG, "a flag"),
    Column("seen_at", COUNT, "a time", is_time=True),
)
DTYPES = ["string", "string", "Int64", "Int64", "Float64", "boolean", "Int64"]
ARROW = pa.table(
    {
        "more": pa.array([1, 2]),
        "seen_at": pa.array([1_700_000_000_123, None]),
        "masked": pa.array([True, None]),
        "cost_usd": pa.array([0.5, None]),
        "visit": pa.array([1, None], pa.int32()),
        "failures": pa.array([Decimal(3), None], pa.decimal128(38, 0)),
        "error": pa.array(["States.Timeout", None], pa.large_string()),
        "state": pa.array(["주문 검증", None]).dictionary_encode(),
    }
)


def frame(table: pa.Table = ARROW) -> pd.DataFrame:
    return frame_of(nw.from_native(table).lazy(), COLUMNS)


def test_columns_come_in_order_and_with_nullable_types() -> None:
    assert list(frame().columns) == [column.name for column in COLUMNS]
    assert [str(kind) for kind in frame().dtypes] == DTYPES


def test_values_are_kept_and_unknown_is_empty() -> None:
    first, second = frame().to_dict("records")
    assert list(first.values()) == ["주문 검증", "States.Timeout", 3, 1, 0.5, True, 1_700_000_000_123]
    assert pd.isna(list(second.values())).all()


def test_no_rows_have_the_same_columns_and_types() -> None:
    empty = frame(ARROW.slice(0, 0))
    assert empty.empty
    assert empty.dtypes.equals(frame().dtypes)


def test_a_value_that_its_column_cannot_hold_is_an_error() -> None:
    broken = ARROW.set_column(ARROW.schema.get_field_index("failures"), "failures", pa.array([0.5, 1.0]))
    with pytest.raises(pa.ArrowInvalid, match="truncated"):
        frame(broken)


def test_numbers_are_rounded_when_asked_and_large_ones_keep_their_digits() -> None:
    sums = pa.table({"cost_usd": pa.array([0.1 + 0.2, 123_456.7891, None, float("nan")])})
    frame = frame_of(nw.from_native(sums).lazy(), [COLUMNS[4]], rounded=True)
    assert frame["cost_usd"].tolist()[:2] == [0.3, 123_456.7891]
    assert frame["cost_usd"].isna()[2]


def test_what_is_collected_has_the_widest_types_and_is_rounded() -> None:
    sums = pa.table(
        {"n": pa.array([Decimal(3)], pa.decimal128(38, 0)), "small": pa.array([1], pa.int8()), "x": [0.1 + 0.2]}
    )
    frame = collected(nw.from_native(sums).lazy())
    assert [str(kind) for kind in frame.dtypes] == ["Int64", "Int64", "Float64"]
    assert frame.iloc[0].tolist() == [3, 1, 0.3]


def test_rows_one_by_one_get_the_declared_types() -> None:
    rows: list[dict[str, Any]] = [{"state": "Charge", "failures": 2}, {"cost_usd": 0.5, "masked": None}]
    built = frame_from(rows, COLUMNS)
    assert [str(kind) for kind in built.dtypes] == DTYPES
    assert built["failures"].isna().tolist() == [False, True]
    assert frame_from([], COLUMNS).dtypes.equals(built.dtypes)


def test_a_page_gets_times_in_utc() -> None:
    times = with_times(frame(), COLUMNS)["seen_at"]
    assert times[0] == pd.Timestamp("2023-11-14T22:13:20.123Z")
    assert times.isna().tolist() == [False, True]
    assert frame()["seen_at"].dtype == "Int64"
