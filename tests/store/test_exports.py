from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import MisuseError, StoreUnwritableError
from store.exports import FORMATS, export_rows, export_table
from store.schema import COUNT, FLAG, LABEL, MONEY, SMALL, Column

COLUMNS = (
    Column("state", LABEL, "a text"),
    Column("count", COUNT, "a whole number"),
    Column("small", SMALL, "a small one"),
    Column("cost_usd", MONEY, "a number"),
    Column("masked", FLAG, "a flag"),
    Column("started_at", COUNT, "a time", is_time=True),
)
ROW = ("Charge", 7, 3, 0.25, True, 1_790_812_800_005)
EMPTY = (None,) * len(COLUMNS)


def table(rows: Sequence[Sequence[Any]]) -> pa.Table:
    schema = pa.schema([(column.name, column.type) for column in COLUMNS])
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)


def written(folder: Path, *rows: Sequence[Any], suffix: str = "csv") -> Path:
    path = folder / f"report.{suffix}"
    assert export_table(table(rows), COLUMNS, path) == len(rows)
    return path


def cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def column(path: Path, name: str) -> list[str]:
    position = [column.name for column in COLUMNS].index(name)
    return [row[position] for row in cells(path)]


def test_a_csv_is_utf8_with_a_mark_and_lines_of_cells(tmp_path: Path) -> None:
    path = written(tmp_path, ROW, EMPTY, ("주문 검증", -1, 0, 1.0, False, 0))
    assert (
        path.read_bytes()
        == (
            "\ufeffstate,count,small,cost_usd,masked,started_at\n"
            "Charge,7,3,0.25,true,2026-10-01T00:00:00.005Z\n"
            ",,,,,\n"
            "주문 검증,-1,0,1.0,false,1970-01-01T00:00:00.000Z\n"
        ).encode()
    )


def test_a_table_without_rows_has_its_header(tmp_path: Path) -> None:
    assert written(tmp_path).read_text("utf-8-sig") == "state,count,small,cost_usd,masked,started_at\n"
    assert json.loads(written(tmp_path, suffix="json").read_text()) == []
    assert pq.read_table(written(tmp_path, suffix="parquet")).column_names == [column.name for column in COLUMNS]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_looks_like_a_formula_is_defused(tmp_path: Path, start: str) -> None:
    texts = [f"{start}1+1", start, f"a{start}"]
    path = written(tmp_path, *((text, *ROW[1:]) for text in texts))
    assert column(path, "state") == [f"'{start}1+1", f"'{start}", f"a{start}"]


def test_numbers_are_never_defused(tmp_path: Path) -> None:
    path = written(tmp_path, ("x", -7, -3, -0.25, True, -1))
    assert cells(path) == [["x", "-7", "-3", "-0.25", "true", "1969-12-31T23:59:59.999Z"]]


def test_a_cell_may_hold_what_separates_cells(tmp_path: Path) -> None:
    texts = ['a,"b"', "two\nlines", "a\r\nb", "a\rb", " space ", '"', "'=1"]
    assert column(written(tmp_path, *((text, *ROW[1:]) for text in texts)), "state") == texts


def test_whole_numbers_stay_whole_beside_empty_cells(tmp_path: Path) -> None:
    path = written(tmp_path, ("x", 2**62, None, None, None, None), EMPTY, ("x", 1, 2, None, None, None))
    assert column(path, "count") == ["4611686018427387904", "", "1"]
    assert column(path, "small") == ["", "", "2"]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.000025, "0.000025"),
        (-0.000025, "-0.000025"),
        (1.04167e-9, "0.00000000104167"),
        (0.0, "0.0"),
        (1 / 3, "0.3333333333333333"),
        (123456.789, "123456.789"),
        (math.nan, ""),
        (math.inf, ""),
    ],
)
def test_numbers_have_no_exponent_and_no_words(tmp_path: Path, number: float, text: str) -> None:
    assert column(written(tmp_path, ("x", 1, 1, number, True, 0)), "cost_usd") == [text]


def test_json_is_one_array_with_the_same_times_and_the_texts_as_they_are(tmp_path: Path) -> None:
    path = written(tmp_path, ROW, EMPTY, ("=1+1", 1, 1, math.nan, False, 0), suffix="json")
    names = [column.name for column in COLUMNS]
    assert json.loads(path.read_text()) == [
        dict(zip(names, ["Charge", 7, 3, 0.25, True, "2026-10-01T00:00:00.005Z"], strict=True)),
        dict.fromkeys(names),
        dict(zip(names, ["=1+1", 1, 1, None, False, "1970-01-01T00:00:00.000Z"], strict=True)),
    ]


def test_parquet_has_real_times_and_the_types_of_the_columns(tmp_path: Path) -> None:
    found = pq.read_table(written(tmp_path, ROW, EMPTY, suffix="parquet"))
    assert found["started_at"].to_pylist() == [datetime(2026, 10, 1, 0, 0, 0, 5_000, tzinfo=UTC), None]
    assert [str(kind) for kind in found.schema.types] == [
        "string",
        "int64",
        "int32",
        "double",
        "bool",
        "timestamp[us, tz=UTC]",
    ]


ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1)
MONEY_AMOUNT = st.decimals(min_value=0, max_value=10**6, places=15).map(float)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        yield connection


@given(rows=st.lists(st.tuples(ANY_TEXT, st.integers(-(2**62), 2**62), MONEY_AMOUNT), max_size=20))
def test_a_csv_reads_back_as_it_was(
    connection: duckdb.DuckDBPyConnection,
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, int, float]],
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    given = table([(text, whole, 1, amount, True, 0) for text, whole, amount in rows])
    assert export_rows(connection.from_arrow(given), COLUMNS, path) == len(rows)
    assert column(path, "state") == [f"'{text}" if text[0] in "=+-@\t\r" else text for text, _, _ in rows]
    assert [int(text) for text in column(path, "count")] == [whole for _, whole, _ in rows]
    assert [float(text) for text in column(path, "cost_usd")] == [amount for _, _, amount in rows]


def test_rows_keep_their_order_when_asked_to(tmp_path: Path) -> None:
    numbers = list(range(60_000))
    source = tmp_path / "source.parquet"
    pq.write_table(pa.table({"state": ["x"] * len(numbers), "count": numbers}), source, row_group_size=2_000)
    with duckdb.connect(":memory:", config={"threads": 4}) as connection:
        found = connection.read_parquet(str(source))
        assert export_rows(found, COLUMNS[:2], tmp_path / "report.csv", in_order=True) == len(numbers)
    assert column(tmp_path / "report.csv", "count") == [str(number) for number in numbers]


def test_an_export_makes_its_folder_and_takes_the_place_of_the_last_one(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "it's"
    written(folder, ROW, ROW)
    assert len(cells(written(folder, ROW))) == 1
    assert [path.name for path in folder.iterdir()] == ["report.csv"]


def test_what_was_there_stays_when_an_export_fails(tmp_path: Path) -> None:
    path = written(tmp_path, ROW)
    before = path.read_bytes()
    with pytest.raises(duckdb.BinderException):
        export_table(table([ROW]).drop_columns(["state"]), COLUMNS, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnwritableError, match="cannot be written") as raised:
        written(tmp_path / "file", ROW)
    assert "--out" in raised.value.hint


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    (tmp_path / ".report.csv.part").symlink_to("/dev/full")
    with pytest.raises(StoreUnwritableError, match=r"report\.csv cannot be written"):
        export_table(table([ROW] * 100_000), COLUMNS, tmp_path / "report.csv")


def test_another_suffix_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(MisuseError) as raised:
        written(tmp_path, ROW, suffix="xlsx")
    assert [name for name in FORMATS if name not in raised.value.hint] == []
