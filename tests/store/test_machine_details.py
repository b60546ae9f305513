from __future__ import annotations

from store.machine_details import AliasRow, Details, VersionRow, details_due, save_details
from store.machines import MachineRow, machine_saved
from tests.collectors.kept import memory_store, rows

NOTHING = Details({}, (), ())


def test_the_one_that_waited_longest_is_due_first() -> None:
    db = memory_store().db
    ids = [machine_saved(db, MachineRow(name, name, "STANDARD"), 0) for name in "abc"]
    save_details(db, ids[0], NOTHING, None, 20)
    save_details(db, ids[1], NOTHING, None, 10)
    assert details_due(db, ids, 20) == [ids[2], ids[1], ids[0]]
    assert details_due(db, ids, 15) == [ids[2], ids[1]]
    assert details_due(db, ids[:1], 0) == []


def test_saving_the_same_again_changes_only_when_it_was_read() -> None:
    store = memory_store()
    machine = machine_saved(store.db, MachineRow("a", "a", "STANDARD"), 0)
    found = Details({"team": "shop"}, [VersionRow("1", 5)], [AliasRow("live", {"1": 100}, 6, None)])
    tables = ("machine_tags", "machine_versions", "machine_aliases")
    save_details(store.db, machine, found, None, 10)
    before = [rows(store, table) for table in tables]
    save_details(store.db, machine, found, None, 20)
    assert [rows(store, table) for table in tables] == before
    assert rows(store, "machine_aliases")[0]["routes"] == '{"1":100}'
