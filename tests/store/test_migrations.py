from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.emptying import empty
from store.executions import (
    ExecutionRow,
    HistoryRow,
    MapRunRow,
    note_gone,
    note_history,
    save_executions,
    save_histories,
    save_map_runs,
    set_revisions,
)
from store.folder import Store, problems, writable_store
from store.imports import imported_machine
from store.machines import MachineRow, RevisionRow, machine_saved, revision_saved
from store.migrations import migrations
from store.sqlite import Database

RELEASED = ["m0001_machines", "m0002_executions", "m0003_passes", "m0004_days", "m0005_days_of_machines"]
"""Migrations that stores out there have had: their order and their names stay, new ones come after."""

DAY = 86_400_000
MONDAY, TUESDAY = 20_731, 20_732


def migrated(path: Path, stop_before: str | None = None) -> Database:
    """A database with the migrations up to one of them."""
    db = Database(sqlite3.connect(path, isolation_level=None))
    migrations.apply(db, stop_before=stop_before)
    return db


def schema(db: Database) -> dict[str, str]:
    rows = db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {str(name): str(sql) for name, sql in rows}


# Only ever appended


def test_released_migrations_stay_in_their_order() -> None:
    assert [migration.name for migration in migrations._migrations][: len(RELEASED)] == RELEASED


@pytest.mark.parametrize("step", RELEASED[1:])
def test_a_store_of_each_earlier_step_becomes_one_of_today(tmp_path: Path, step: str) -> None:
    migrated(tmp_path / "store.db", stop_before=step).close()
    with writable_store(tmp_path) as store:
        assert migrations.pending(store.db) == []
        assert schema(store.db) == schema(migrated(tmp_path / "today.db"))
        assert problems(store) == []


def test_what_an_older_store_held_is_still_there(tmp_path: Path) -> None:
    old = migrated(tmp_path / "store.db", stop_before="m0004_days")
    old.execute("INSERT INTO machines (arn, name, type) VALUES ('arn:m', '주문 검증', 'STANDARD')")
    old.execute("INSERT INTO executions (machine_id, arn, name, status) VALUES (1, 'arn:e', 'e', 'RUNNING')")
    old.close()
    with writable_store(tmp_path) as store:
        assert store.db.execute("SELECT m.name, e.name FROM machines m, executions e").fetchall() == [
            ("주문 검증", "e")
        ]


def test_a_store_of_today_is_not_touched_by_being_opened(tmp_path: Path) -> None:
    with writable_store(tmp_path) as store:
        before = store.db.execute("PRAGMA schema_version").fetchone()
    with writable_store(tmp_path) as store:
        assert store.db.execute("PRAGMA schema_version").fetchone() == before


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = migrated(tmp_path / "store.db", stop_before="m0004_days")
    before = schema(db)
    monkeypatch.setattr("store.migrations.m0004_days._stale_triggers", lambda: ["CREATE TRIGGER this is not SQL"])
    with pytest.raises(sqlite3.OperationalError):
        migrations.apply(db)
    assert schema(db) == before
    monkeypatch.undo()
    migrations.apply(db)
    assert migrations.pending(db) == []


# Days that must be folded again


ORDERS = MachineRow("arn:orders", "orders", "STANDARD")
FILED = MachineRow("file:filed", "filed", "STANDARD", source="import")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with an execution on a Monday and one from a file on a Tuesday; both days are folded."""
    with writable_store(tmp_path) as store:
        machine = machine_saved(store.db, ORDERS, 0)
        filed = imported_machine(store.db, FILED, 0, is_type_told=False)
        revision_saved(store.db, RevisionRow(machine, "r1", None), 0)
        save_executions(store.db, [listed(), ExecutionRow(filed, "arn:filed", "filed", "FAILED", TUESDAY * DAY, None)])
        set_revisions(store.db, [(1, True, "arn:e")])
        save_histories(store.db, [saved()], 0)
        save_map_runs(store.db, [MapRunRow("arn:map", 1, "RUNNING", None, None, 1, 1, 0)])
        store.db.execute("DELETE FROM stale_days")
        yield store


def listed(status: str = "RUNNING", day: int = MONDAY, arn: str = "arn:e") -> ExecutionRow:
    return ExecutionRow(1, arn, "e", status, day * DAY, None)


def saved(events: bytes = b"1", count: int = 1) -> HistoryRow:
    return HistoryRow("arn:e", events, count, count, None, 0)


def stale(store: Store) -> list[int]:
    return [int(row[0]) for row in store.db.execute("SELECT day FROM stale_days ORDER BY day")]


CHANGES: dict[str, tuple[Callable[[Database], object], list[int]]] = {
    "another status": (lambda db: save_executions(db, [listed("SUCCEEDED")]), [MONDAY]),
    "another execution": (lambda db: save_executions(db, [listed(day=TUESDAY, arn="arn:f")]), [TUESDAY]),
    "another day": (lambda db: save_executions(db, [listed(day=TUESDAY)]), [MONDAY, TUESDAY]),
    "a start no longer known": (lambda db: db.execute("UPDATE executions SET day = 0 WHERE id = 1"), [0, MONDAY]),
    "gone at AWS": (lambda db: note_gone(db, "arn:e"), [MONDAY]),
    "a revision": (lambda db: set_revisions(db, [(1, False, "arn:e")]), [MONDAY]),
    "more history": (lambda db: save_histories(db, [saved(b"12", 2)], 0), [MONDAY]),
    "more of a Map Run": (
        lambda db: save_map_runs(db, [MapRunRow("arn:map", 1, "SUCCEEDED", None, None, 2, 2, 1)]),
        [MONDAY],
    ),
    "another Map Run": (
        lambda db: save_map_runs(db, [MapRunRow("arn:2", 1, None, None, None, None, None, None)]),
        [MONDAY],
    ),
    "another type of its machine": (lambda db: machine_saved(db, ORDERS._replace(type="EXPRESS"), 0), [MONDAY]),
    "a Region for its machine": (lambda db: machine_saved(db, ORDERS._replace(region="eu-west-1"), 0), [MONDAY]),
    "a type that the user told": (
        lambda db: imported_machine(db, FILED._replace(type="EXPRESS"), 0, is_type_told=True),
        [TUESDAY],
    ),
    "a definition": (lambda db: revision_saved(db, RevisionRow(1, "r1", "{}"), 0), [MONDAY]),
    "nothing left": (empty, [MONDAY, TUESDAY]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_an_execution_marks_its_day_and_no_other(store: Store, change: str) -> None:
    happens, days = CHANGES[change]
    happens(store.db)
    assert stale(store) == days


REPEATS: dict[str, Callable[[Database], object]] = {
    "the same listing": lambda db: save_executions(db, [listed()]),
    "the same history": lambda db: save_histories(db, [saved()], 5),
    "an older history": lambda db: save_histories(db, [saved(b"", 0)], 5),
    "the same Map Run": lambda db: save_map_runs(db, [MapRunRow("arn:map", 1, "RUNNING", None, None, 1, 1, 0)]),
    "a note of what was fetched": lambda db: note_history(db, 1, "denied"),
    "the same machine": lambda db: machine_saved(db, ORDERS, 9),
    "what facts do not say of a machine": lambda db: machine_saved(db, ORDERS._replace(log_level="ALL"), 9),
    "another machine": lambda db: machine_saved(db, ORDERS._replace(arn="arn:photos"), 9),
    "a type that is only assumed": lambda db: imported_machine(
        db, FILED._replace(type="EXPRESS"), 9, is_type_told=False
    ),
    "the same revision": lambda db: revision_saved(db, RevisionRow(1, "r1", None), 9),
    "when a revision became current": lambda db: revision_saved(db, RevisionRow(1, "r1", None, since_at=5), 9),
    "a new revision": lambda db: revision_saved(db, RevisionRow(1, "r2", "{}"), 9),
}


@pytest.mark.parametrize("repeat", REPEATS)
def test_what_changes_no_fact_marks_no_day(store: Store, repeat: str) -> None:
    REPEATS[repeat](store.db)
    assert stale(store) == []


def test_a_start_that_is_not_known_is_of_day_0(store: Store) -> None:
    save_executions(store.db, [ExecutionRow(1, "arn:f", "f", "UNKNOWN", None, None)])
    assert stale(store) == [0]


def test_every_change_of_a_day_counts(store: Store) -> None:
    generations = []
    for status in ("SUCCEEDED", "RUNNING", "FAILED"):
        save_executions(store.db, [listed(status)])
        generations.append(store.db.execute("SELECT generation FROM stale_days").fetchone()[0])
    assert generations == sorted(set(generations))


def test_a_change_that_is_undone_marks_nothing(store: Store) -> None:
    with contextlib.suppress(ZeroDivisionError), store.db.atomic():
        save_executions(store.db, [listed("SUCCEEDED")])
        raise ZeroDivisionError
    assert stale(store) == []
