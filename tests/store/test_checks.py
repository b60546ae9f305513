from __future__ import annotations

from pathlib import Path

from store.checks import unreadable_histories
from store.events import known_events
from store.executions import ExecutionRow, HistoryRow, save_executions, save_histories
from store.folder import writable_store
from store.histories import packed
from store.machines import MachineRow, machine_saved

SOUND = packed(known_events([{"id": 1, "type": "ExecutionStarted", "timestamp": 1.5}]), str)


def test_histories_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with writable_store(tmp_path) as store:
        machine = machine_saved(store.db, MachineRow("arn:m", "m", "STANDARD"), 0)
        blobs = {"a": SOUND, "b": b"no history", "c": SOUND[:-3], "d": b""}
        save_executions(store.db, (ExecutionRow(machine, name, name, "SUCCEEDED", 0, 1) for name in blobs))
        save_histories(store.db, (HistoryRow(name, blob, 1, 1, 1, 0) for name, blob in blobs.items()), 0)
        assert list(unreadable_histories(store.db)) == ["b", "c", "d"]


def test_an_empty_store_has_none(tmp_path: Path) -> None:
    with writable_store(tmp_path) as store:
        assert list(unreadable_histories(store.db)) == []
