from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.folder import readable_store, writable_store
from tests.commands.running import done, ran, refusal


@pytest.fixture
def own(imported: Path, tmp_path: Path) -> Path:
    """A copy of the imported store, which may be harmed."""
    return Path(shutil.copytree(imported, tmp_path / "store"))


def test_a_sound_store_is_said_to_be(imported: Path) -> None:
    assert done(ran("store", "check", "--store", imported)) == f"{imported} is sound.\n"


def test_faults_are_named_and_counted(own: Path) -> None:
    with writable_store(own) as store:
        store.db.execute("PRAGMA foreign_keys = OFF")
        store.db.execute("UPDATE executions SET machine_id = 77 WHERE name = 'order-1'")
        store.db.execute("UPDATE histories SET events = x'00'")
    said = refusal(ran("store", "check", "--store", own), 1)
    assert "of executions points at a row of machines that is not there" in said
    assert said.count("the history of arn:") == 2
    assert "has 3 faults" in said


def test_what_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_text("a letter " * 1_000)
    assert "is not a database" in refusal(ran("store", "check", "--store", tmp_path), 1)


@pytest.mark.parametrize("target", ["copy.db", "new/folder/copy.db"])
def test_a_backup_holds_the_same_record(imported: Path, tmp_path: Path, target: str) -> None:
    told = done(ran("store", "backup", tmp_path / target, "--store", imported))
    assert told.startswith(str(tmp_path / target))
    assert [path.name for path in (tmp_path / target).parent.iterdir()] == ["copy.db"]
    assert (tmp_path / target).stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(tmp_path / target)) as copy, readable_store(imported) as store:
        assert list(copy.iterdump()) == list(store.db.conn.iterdump())


def test_a_backup_in_a_folder_is_a_store_again(imported: Path, tmp_path: Path) -> None:
    done(ran("store", "backup", tmp_path, "--store", imported))
    done(ran("facts", "rebuild", "--store", tmp_path))
    assert "✗ FAILED" in done(ran("show", "order-2", "--store", tmp_path))


def test_a_store_is_not_copied_onto_itself(own: Path) -> None:
    for target in (own, own / "store.db", own / ".." / "store"):
        assert "is the store itself" in refusal(ran("store", "backup", target, "--store", own), 2)
    done(ran("store", "check", "--store", own))


def test_a_place_that_cannot_be_written_is_a_sentence(imported: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    refusal(ran("store", "backup", tmp_path / "file" / "copy.db", "--store", imported), 1)
