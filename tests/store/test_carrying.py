from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from store.carrying import carried
from store.facts import fact_file
from store.schema import TABLES, arrow_schema

DAY = 20_000


def written(folder: Path, table: str, rows: pa.Table) -> None:
    path = fact_file(folder, table, DAY)
    path.parent.mkdir(parents=True)
    pq.write_table(rows, path)


def test_rows_of_the_wanted_executions_are_taken_over(tmp_path: Path) -> None:
    for table in TABLES:
        rows = pa.Table.from_pylist([{"execution_id": n, "machine": f"m{n}"} for n in (1, 2, 2, 5)])
        written(tmp_path, table, rows.cast(pa.schema([("execution_id", pa.int64()), ("machine", pa.string())])))
    found = carried(tmp_path, DAY, [2, 4, 5])
    assert [rows["execution_id"].to_pylist() for rows in found.values()] == [[2, 2, 5], [2, 2, 5]]


def test_columns_that_a_file_does_not_have_yet_are_empty(tmp_path: Path) -> None:
    written(tmp_path, "executions", pa.table({"execution_id": pa.array([1], pa.int64())}))
    found = carried(tmp_path, DAY, [1])["executions"]
    assert found.schema == arrow_schema("executions")
    assert found["machine"].to_pylist() == [None]


def test_without_files_there_is_nothing_to_take_over(tmp_path: Path) -> None:
    assert [rows.num_rows for rows in carried(tmp_path, DAY, [1]).values()] == [0, 0]
