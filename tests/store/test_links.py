from __future__ import annotations

from store.executions import ExecutionRow, HistoryRow, MapRunRow, save_executions, save_histories, save_map_runs
from store.links import Unlinked, executions_to_link, map_runs_to_list, note_listed, save_links
from store.machines import MachineRow, RevisionRow, child_machines, machine_saved, revision_saved
from store.sqlite import Database
from tests.collectors.kept import memory_store

CALLS = '{"Resource": "arn:aws:states:::states:startExecution"}'


def ran(db: Database, definition: str) -> int:
    machine = machine_saved(db, MachineRow("m", "m", "STANDARD"), 0)
    revision_saved(db, RevisionRow(machine, "r1", definition), 0)
    save_executions(db, [ExecutionRow(machine, "e", "e", "SUCCEEDED", 1, 2)])
    save_histories(db, [HistoryRow("e", b"x", 1, 1, 2, 0)], 0)
    return machine


def test_only_what_may_have_started_others_is_asked_and_again_after_a_redrive() -> None:
    db = memory_store().db
    machine = ran(db, CALLS)
    (parent,) = executions_to_link(db, [machine])
    assert parent == Unlinked(1, "e", machine, 0)
    save_links(db, parent, [(3, "child")])
    assert executions_to_link(db, [machine]) == []
    save_executions(db, [ExecutionRow(machine, "e", "e", "SUCCEEDED", 1, 9, redrives=1)])
    assert executions_to_link(db, [machine]) == []  # its new history comes first
    save_histories(db, [HistoryRow("e", b"y", 2, 2, 9, 1)], 0)
    assert [one.redrives for one in executions_to_link(db, [machine])] == [1]


def test_a_machine_that_starts_nothing_is_never_asked() -> None:
    db = memory_store().db
    assert executions_to_link(db, [ran(db, "{}")]) == []


def test_a_map_run_is_listed_until_it_is_over() -> None:
    db = memory_store().db
    machine = ran(db, "{}")
    row = MapRunRow("run", 1, None, 1, None, 2, 2, 0)
    for status, listed in (
        (None, False),
        ("RUNNING", True),
        ("RUNNING", True),
        ("SUCCEEDED", True),
        ("SUCCEEDED", False),
    ):
        save_map_runs(db, [row._replace(status=status)])
        runs = map_runs_to_list(db, [machine])
        assert bool(runs) is listed
        for run in runs:
            note_listed(db, run)
    save_map_runs(db, [row._replace(status="SUCCEEDED", redrives=1)])
    assert len(map_runs_to_list(db, [machine])) == 1


def test_machines_of_children_belong_to_their_parent() -> None:
    db = memory_store().db
    for arn in ("arn:m", "arn:m2"):
        machine_saved(db, MachineRow(f"{arn}/label", "m/label", "STANDARD", source="map"), 0)
    assert [one.arn for one in child_machines(db, ["arn:m"])] == ["arn:m/label"]
