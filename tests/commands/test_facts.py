from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from tests.commands.dumps import written
from tests.commands.running import done, ran, refusal


def facts(store: Path) -> dict[str, list[object]]:
    return {path.parent.name: pq.read_table(path).to_pylist() for path in (store / "facts").rglob("*.parquet")}


def test_rebuilding_gives_the_same_rows(tmp_path: Path) -> None:
    done(ran("import", written(tmp_path), "--store", tmp_path / "store"))
    before = facts(tmp_path / "store")
    for path in (tmp_path / "store" / "facts").rglob("*.parquet"):
        path.write_bytes(b"damaged")
    assert done(ran("facts", "rebuild", "--store", tmp_path / "store")).startswith("folded 1 day: 2 executions")
    assert facts(tmp_path / "store") == before
    assert [len(rows) for rows in before.values()] != [0, 0]


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert "there is no store" in refusal(ran("facts", "rebuild", "--store", tmp_path / "none"), 1)
    assert list(tmp_path.iterdir()) == []
