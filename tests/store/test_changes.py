from __future__ import annotations

import itertools
import sqlite3

import pytest

from store.changes import save_changes
from store.executions import ExecutionRow
from store.machines import MachineRow, machine_saved
from store.migrations import migrations
from store.sqlite import Database


@pytest.fixture
def db() -> Database:
    db = Database(sqlite3.connect(":memory:", isolation_level=None))
    migrations.apply(db)
    machine_saved(db, MachineRow("arn:m", "m", "STANDARD"), 0)
    return db


def row(status: str, redrives: int = 0) -> ExecutionRow:
    return ExecutionRow(1, "arn:e", "e", status, 1_000, None if status == "RUNNING" else 2_000 + redrives, redrives)


def known(db: Database) -> tuple[str, int, int | None]:
    found: tuple[str, int, int | None] = db.execute("SELECT status, redrives, stopped_at FROM executions").fetchone()
    return found


LIFE = [row("RUNNING"), row("FAILED"), row("RUNNING", 1), row("SUCCEEDED", 1)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(LIFE)))))
def test_in_any_order_the_end_is_what_stays(db: Database, order: tuple[int, ...]) -> None:
    for place in order:
        save_changes(db, [LIFE[place]])
    assert known(db) == ("SUCCEEDED", 1, 2_001)


def test_together_they_are_as_one_after_the_other(db: Database) -> None:
    assert save_changes(db, reversed(LIFE)) == 1
    assert known(db) == ("SUCCEEDED", 1, 2_001)


def test_what_comes_twice_is_no_news(db: Database) -> None:
    assert [save_changes(db, [LIFE[1]]) for _ in range(2)] == [1, 0]


def test_a_redrive_opens_it_again(db: Database) -> None:
    save_changes(db, LIFE[:3])
    assert known(db) == ("RUNNING", 1, None)


def test_nothing_is_nothing(db: Database) -> None:
    assert save_changes(db, []) == 0
