from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from analyzer.columns import count, number, text, time
from analyzer.registry import analysis_named
from dashboard.tables import csv_bytes
from store.exports import export_table
from tests.dashboard.answered import answered

COLUMNS = (text("state", ""), count("failures", ""), number("failure_rate", ""), time("last_seen_at", ""))


def test_the_csv_is_the_one_of_the_report(tmp_path: Path) -> None:
    frame = answered("failure_hotspots")
    columns = analysis_named("failure_hotspots").columns
    path = tmp_path / "failure_hotspots.csv"
    export_table(duckdb.from_df(frame[[column.name for column in columns]]).to_arrow_table(), columns, path)
    assert csv_bytes(frame, columns) == path.read_bytes()


def test_a_csv_has_no_formulas_and_no_decimal_points_in_whole_numbers() -> None:
    frame = pd.DataFrame(
        {
            "state": pd.Series(["=1+1", "주문"], dtype="string"),
            "failures": pd.Series([3, None], dtype="Int64"),
            "failure_rate": pd.Series([0.25, None], dtype="Float64"),
            "last_seen_at": pd.Series([1_790_812_800_000, None], dtype="Int64"),
        }
    )
    lines = csv_bytes(frame, COLUMNS).decode("utf-8-sig").splitlines()
    assert lines[0] == "state,failures,failure_rate,last_seen_at"
    assert lines[1].startswith("'=1+1,3,0.25,2026-10-01T00:00:00.000Z")
    assert lines[2] == "주문,,,"


def test_a_csv_begins_with_a_byte_order_mark() -> None:
    assert csv_bytes(answered("retry_rates"), COLUMNS[:1]).startswith(b"\xef\xbb\xbf")
