from __future__ import annotations

from pathlib import Path

from analyzer.facts import refresh
from analyzer.prices import bundled_prices
from store.emptying import empty
from store.executions import ExecutionRow, HistoryRow, MapRunRow, save_executions, save_histories, save_map_runs
from store.folder import Store, problems, writable_store
from store.machines import MachineRow, RevisionRow, machine_saved, revision_saved
from store.migrations import migrations
from store.passes import begun_pass
from tests.store.test_checks import SOUND


def fill(store: Store) -> None:
    machine = machine_saved(store.db, MachineRow("arn:m", "m", "STANDARD"), 0)
    revision_saved(store.db, RevisionRow(machine, "r", None), 0)
    save_executions(store.db, [ExecutionRow(machine, "a", "a", "SUCCEEDED", 0, 1)])
    save_histories(store.db, [HistoryRow("a", SOUND, 1, 1, 1, 0)], 0)
    save_map_runs(store.db, [MapRunRow("arn:run", 1, None, None, None, None, None, None)])
    begun_pass(store.db, "demo", 0)


def test_an_emptied_store_is_as_one_that_was_never_filled(tmp_path: Path) -> None:
    with writable_store(tmp_path / "store") as store:
        fill(store)
        refresh(store, bundled_prices(), 0)
        empty(store.db)
        refresh(store, bundled_prices(), 0)
        counts = {name: store.db.table(name).count for name in store.db.table_names() if name != "_sqlite_migrations"}
        assert counts == dict.fromkeys(counts, 0)
        assert (problems(store), list((tmp_path / "store" / "facts").rglob("*.parquet"))) == ([], [])
        assert migrations.pending(store.db) == []


def test_an_emptied_store_can_be_filled_again(tmp_path: Path) -> None:
    with writable_store(tmp_path) as store:
        fill(store)
        empty(store.db)
        fill(store)
        assert store.db.table("executions").count == 1
