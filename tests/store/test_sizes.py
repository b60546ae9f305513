from __future__ import annotations

from pathlib import Path

from store.sizes import Sizes, sizes


def test_the_record_with_its_journal_and_the_facts_are_counted(tmp_path: Path) -> None:
    (tmp_path / "facts" / "attempts").mkdir(parents=True)
    for name, size in {"store.db": 10, "store.db-wal": 5, "writer.lock": 9, "facts/attempts/d.parquet": 7}.items():
        (tmp_path / name).write_bytes(b"x" * size)
    assert sizes(tmp_path) == Sizes(15, 7)
    assert sizes(tmp_path / "nowhere") == Sizes(0, 0)
