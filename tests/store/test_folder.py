from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from store.errors import (
    StoreBusyError,
    StoreDamagedError,
    StoreMissingError,
    StoreTooNewError,
    StoreUnwritableError,
)
from store.executions import ExecutionRow, executions_named, save_executions
from store.folder import Store, back_up, problems, readable_store, writable_store
from store.machines import MachineRow, machine_saved
from store.migrations import migrations

ROOT = Path(__file__).parents[2]


def fill(store: Store, name: str = "run-1") -> None:
    machine = machine_saved(store.db, MachineRow("arn:orders", "orders", "STANDARD"), 0)
    save_executions(store.db, [ExecutionRow(machine, f"arn:{name}", name, "SUCCEEDED", 0, 1)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a store with one execution, closed."""
    with writable_store(tmp_path / "store") as store:
        fill(store)
    return tmp_path / "store"


def names(folder: Path) -> list[str]:
    with readable_store(folder) as store:
        return [str(row[0]) for row in store.db.execute("SELECT name FROM executions ORDER BY name")]


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Made when missing


def test_a_store_is_made_with_its_folders_where_there_is_none(tmp_path: Path) -> None:
    with writable_store(tmp_path / "deep" / "down") as store:
        assert migrations.pending(store.db) == []
        assert store.facts.is_dir()
    assert names(tmp_path / "deep" / "down") == []


def test_only_its_owner_may_read_what_was_collected(folder: Path) -> None:
    assert {path.name: permissions(path) for path in (folder / "store.db", folder / "writer.lock")} == {
        "store.db": 0o600,
        "writer.lock": 0o600,
    }


def test_files_beside_the_database_are_as_closed_as_it_is(tmp_path: Path) -> None:
    with writable_store(tmp_path) as store:
        fill(store)
        assert {permissions(path) for path in tmp_path.glob("store.db*")} == {0o600}


def test_what_was_written_is_there_when_it_is_opened_again(folder: Path) -> None:
    with writable_store(folder) as store:
        fill(store, "run-2")
    assert names(folder) == ["run-1", "run-2"]


def test_readers_and_the_writer_do_not_wait_for_each_other(folder: Path) -> None:
    with writable_store(folder) as store, readable_store(folder) as reader:
        assert store.db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        with store.db.atomic():
            fill(store, "run-2")
            assert executions_named(reader.db, "run-2") == []
        assert executions_named(reader.db, "run-2") == ["arn:run-2"]


# One writer


def test_a_second_writer_is_told_that_there_is_one(folder: Path) -> None:
    with (
        writable_store(folder),
        pytest.raises(StoreBusyError, match="another process is writing") as refusal,
        writable_store(folder),
    ):
        pass
    assert "collector" in refusal.value.hint


def test_the_lock_ends_with_the_writer_however_it_ends(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError), writable_store(folder):
        raise ZeroDivisionError
    with writable_store(folder):
        pass


HOLDER = """
import sys
from pathlib import Path
from store.folder import writable_store
with writable_store(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_writer(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has the store open for writing until its input ends."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_another_process_holds_the_store_until_it_dies(folder: Path) -> None:
    with another_writer(folder) as process:
        with pytest.raises(StoreBusyError), writable_store(folder):
            pass
        assert names(folder) == ["run-1"]
        process.kill()
        process.wait()
        with writable_store(folder) as store:
            fill(store, "run-2")
    assert names(folder) == ["run-1", "run-2"]


# What is no store of this version


def add_migration(folder: Path, name: str) -> None:
    with closing(sqlite3.connect(folder / "store.db")) as connection, connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('stepscope', ?, '')", [name]
        )


@pytest.mark.parametrize("opened", [writable_store, readable_store])
def test_a_store_of_a_newer_version_is_left_alone(folder: Path, opened: type) -> None:
    add_migration(folder, "m9999_of_tomorrow")
    with pytest.raises(StoreTooNewError) as refusal, opened(folder):
        pass
    assert str(folder / "store.db") in refusal.value.sentence
    assert "newer Stepscope (it knows m9999_of_tomorrow)" in refusal.value.sentence
    assert refusal.value.hint.startswith("Update Stepscope")


def test_a_refused_writer_lets_go_of_the_store(folder: Path) -> None:
    add_migration(folder, "m9999_of_tomorrow")
    for _ in range(2):
        with pytest.raises(StoreTooNewError), writable_store(folder):
            pass


@pytest.mark.parametrize("opened", [writable_store, readable_store])
def test_a_file_that_is_no_database_is_said_to_be_damaged(tmp_path: Path, opened: type) -> None:
    (tmp_path / "store.db").write_text("주문 검증, by hand\n" * 100)
    with (
        pytest.raises(StoreDamagedError, match=r"store\.db is damaged: file is not a database") as refusal,
        opened(tmp_path),
    ):
        pass
    assert "backup" in refusal.value.hint
    assert (tmp_path / "store.db").read_text().startswith("주문 검증")


@pytest.mark.parametrize("opened", [writable_store, readable_store])
def test_a_store_cut_short_is_said_to_be_damaged_when_the_loss_is_met(folder: Path, opened: type) -> None:
    with (folder / "store.db").open("r+b") as file:
        file.truncate(3 * 4_096)
    with pytest.raises(StoreDamagedError, match=r"store\.db is damaged"), opened(folder) as store:
        store.db.execute("SELECT * FROM executions").fetchall()


def test_a_question_that_cannot_be_answered_is_no_damage(folder: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), readable_store(folder) as store:
        store.db.execute("SELECT * FROM payloads")


def test_a_store_that_is_not_there_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError, match="there is no store at") as refusal, readable_store(tmp_path / "none"):
        pass
    assert "stepscope demo" in refusal.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_its_first_writer_only_made_is_no_store_yet(tmp_path: Path) -> None:
    (tmp_path / "store.db").touch()
    with pytest.raises(StoreMissingError, match="there is no store at"), readable_store(tmp_path):
        pass
    with writable_store(tmp_path) as store:
        fill(store)
    assert names(tmp_path) == ["run-1"]


# Folders that refuse


def test_a_file_where_the_folder_should_be_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "store"):
        with pytest.raises(StoreUnwritableError, match="cannot be written") as refusal, writable_store(place):
            pass
        assert "--store" in refusal.value.hint


@pytest.mark.parametrize(
    ("failure", "hint"), [(PermissionError(13, "Permission denied"), "another folder"), (OSError(28, "full"), "space")]
)
def test_what_the_system_refuses_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: OSError, hint: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(StoreUnwritableError) as refusal, writable_store(tmp_path):
        pass
    assert str(tmp_path) in refusal.value.sentence
    assert hint in refusal.value.hint


@pytest.fixture
def locked_folder(folder: Path) -> Iterator[Path]:
    """The folder of a store, which nobody may write to."""
    (folder / "store.db").chmod(0o400)
    folder.chmod(0o500)
    yield folder
    folder.chmod(0o700)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_can_be_read_and_not_written(locked_folder: Path) -> None:
    assert names(locked_folder) == ["run-1"]
    with pytest.raises(StoreUnwritableError), writable_store(locked_folder):
        pass


def test_a_store_that_sqlite_can_open_only_as_it_lies_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder that refuses writes SQLite cannot make its shared memory; root, as in a container, never meets it."""
    connect = sqlite3.connect

    def connect_as_there(database: str, **settings: Any) -> sqlite3.Connection:
        return connect(database, **settings) if "immutable=1" in database else connect(":memory:", factory=Unopened)

    monkeypatch.setattr(sqlite3, "connect", connect_as_there)
    assert names(folder) == ["run-1"]
    with pytest.raises(StoreUnwritableError, match="unable to open"), writable_store(folder):
        pass


class Unopened(sqlite3.Connection):
    """A connection to a file that turns out not to open."""

    def execute(self, *_: Any) -> sqlite3.Cursor:
        raise sqlite3.OperationalError("unable to open database file")


# Reading only


def test_a_readable_store_cannot_write(folder: Path) -> None:
    with readable_store(folder) as store, pytest.raises(sqlite3.OperationalError, match="readonly"):
        store.db.execute("DELETE FROM executions")
    assert names(folder) == ["run-1"]


def test_a_store_of_an_odd_name_is_found(tmp_path: Path) -> None:
    odd = tmp_path / "주문 #1?mode=memory%20&"
    with writable_store(odd) as store:
        fill(store)
    assert (names(odd), sorted(path.name for path in tmp_path.iterdir())) == (["run-1"], [odd.name])


# Checked and backed up


def test_a_sound_store_has_no_problems(folder: Path) -> None:
    with readable_store(folder) as store:
        assert problems(store) == []


def test_a_row_that_points_at_nothing_is_a_problem(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "store.db")) as connection, connection:
        connection.execute("DELETE FROM machines")
    with readable_store(folder) as store:
        assert problems(store) == ["row 1 of executions points at a row of machines that is not there"]


def test_a_backup_is_a_store_closed_to_others(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "copies" / "store.db"
    with readable_store(folder) as store:
        back_up(store, target)
    assert (names(target.parent), permissions(target)) == (["run-1"], 0o600)


def test_a_backup_can_be_taken_while_others_read_and_write(folder: Path, tmp_path: Path) -> None:
    with writable_store(folder) as writer, readable_store(folder) as reader:
        with writer.db.atomic():
            fill(writer, "run-2")
            back_up(reader, tmp_path / "during" / "store.db")
        back_up(writer, tmp_path / "after" / "store.db")
        fill(writer, "run-3")
    assert names(tmp_path / "during") == ["run-1"]
    assert names(tmp_path / "after") == ["run-1", "run-2"]


def test_a_backup_takes_the_place_of_an_older_one(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy" / "store.db"
    with writable_store(folder) as store:
        back_up(store, target)
        fill(store, "run-2")
        back_up(store, target)
    assert names(target.parent) == ["run-1", "run-2"]


def test_a_backup_that_cannot_be_written_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with readable_store(folder) as store, pytest.raises(StoreUnwritableError, match="cannot be written"):
        back_up(store, tmp_path / "file" / "copy.db")
