from __future__ import annotations

import re
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
    said = done(ran("store", "check", "--store", imported))
    assert re.fullmatch(rf"{imported} is sound: store.db \d+\.\d MB, facts \d+\.\d MB\.\n", said)


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


def reports(store: Path, out: Path) -> dict[str, str]:
    done(ran("report", "executions", "attempts", "failure_hotspots", "--out", out, "--store", store))
    return {path.name: "\n".join(sorted(path.read_text("utf-8").splitlines())) for path in out.iterdir()}


def prune(store: Path, kind: str, *more: str) -> str:
    return done(ran("store", "prune", "--older-than", "2030-01-01", "--kind", kind, *more, "--store", store))


def rows_of(store: Path, table: str) -> int:
    with readable_store(store) as opened:
        return int(opened.db.table(table).count)


def test_pruning_says_first_what_would_go(own: Path) -> None:
    there = rows_of(own, "histories")
    said = prune(own, "histories")
    assert f"{there} histories would go" in said
    assert "add --yes" in said
    assert rows_of(own, "histories") == there


def test_reports_outlive_the_histories(own: Path, tmp_path: Path) -> None:
    before = reports(own, tmp_path / "before")
    assert "are gone: their facts stay" in prune(own, "histories", "--yes")
    assert rows_of(own, "histories") == 0
    assert reports(own, tmp_path / "after") == before
    done(ran("facts", "rebuild", "--store", own))
    assert reports(own, tmp_path / "rebuilt") == before


def test_facts_that_are_lost_with_their_histories_are_missed_loudly(own: Path, tmp_path: Path) -> None:
    prune(own, "histories", "--yes")
    assert "Copy that folder too" in ran("store", "backup", tmp_path / "copy.db", "--store", own).stderr
    shutil.rmtree(own / "facts")
    assert "whose histories were pruned, are gone" in refusal(ran("store", "check", "--store", own), 1)
    assert "pruned" in reports(own, tmp_path / "after")["executions.csv"]


def test_executions_go_with_all_that_is_theirs(own: Path, tmp_path: Path) -> None:
    prune(own, "executions", "--yes")
    assert (rows_of(own, "executions"), rows_of(own, "histories")) == (0, 0)
    assert reports(own, tmp_path / "after")["attempts.csv"].count("\n") == 0
    done(ran("store", "check", "--store", own))


def test_what_is_younger_stays(own: Path) -> None:
    there = rows_of(own, "histories")
    done(ran("store", "prune", "--older-than", "2000-01-01", "--kind", "histories", "--yes", "--store", own))
    assert rows_of(own, "histories") == there


def test_room_is_given_back(own: Path) -> None:
    prune(own, "histories", "--yes")
    assert re.search(r"store\.db \d+\.\d MB, facts \d+\.\d MB, before", done(ran("store", "vacuum", "--store", own)))
    done(ran("store", "check", "--store", own))
