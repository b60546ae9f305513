from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from filelock import FileLock

from analyzer.registry import analyses
from store.folder import writable_store
from store.schema import ATTEMPTS, EXECUTIONS
from tests.commands.dumps import written
from tests.commands.running import done, ran, refusal

SUMMARIES = [name for name, analysis in analyses().items() if not analysis.is_export]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_without_a_name_every_summary_is_written_and_named(imported: Path, tmp_path: Path) -> None:
    told = done(ran("report", "--store", imported, "--out", tmp_path / "new" / "folder"))
    files = sorted(path.name for path in (tmp_path / "new" / "folder").iterdir())
    assert files == [f"{name}.csv" for name in SUMMARIES]
    assert [line.partition(".csv ")[0].rpartition("/")[2] for line in told.splitlines()] == SUMMARIES


def test_a_summary_has_its_declared_columns_and_whole_numbers(imported: Path, tmp_path: Path) -> None:
    done(ran("report", "retry_rates", "--store", imported, "--out", tmp_path))
    found = rows(tmp_path / "retry_rates.csv")
    assert list(found[0]) == [column.name for column in analyses()["retry_rates"].columns]
    charge = [row for row in found if row["state"] == "Charge" and row["error"] == "States.Timeout"]
    assert [(row["retries"], row["backoff_ms"]) for row in charge] == [("1", "2000")]


def test_the_rows_themselves_are_written_when_named(imported: Path, tmp_path: Path) -> None:
    done(ran("report", "executions", "attempts", "--store", imported, "--out", tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["attempts.csv", "executions.csv"]
    executions, attempts = rows(tmp_path / "executions.csv"), rows(tmp_path / "attempts.csv")
    assert list(executions[0]) == [column.name for column in EXECUTIONS if column.exported]
    assert list(attempts[0]) == [column.name for column in ATTEMPTS if column.exported]
    assert {row["status"] for row in executions} == {"SUCCEEDED", "FAILED"}
    assert {row["started_at"] for row in executions} == {"2026-10-01T00:00:00.000Z"}
    assert {row["masked_failure"] for row in executions} == {"false"}
    assert {row["region"] for row in attempts} == {"us-east-1"}
    assert len(attempts) == 5


@pytest.mark.parametrize("suffix", ["parquet", "json"])
def test_other_formats_hold_the_same_rows(imported: Path, tmp_path: Path, suffix: str) -> None:
    done(ran("report", "executions", "--store", imported, "--out", tmp_path, "--format", suffix))
    path = tmp_path / f"executions.{suffix}"
    found = pq.read_table(path).to_pylist() if suffix == "parquet" else json.loads(path.read_text("utf-8"))
    assert sorted(row["attempts"] for row in found) == [1, 4]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), 2),
        (("--where", "status=FAILED"), 1),
        (("--where", "attempts>1", "--where", "status!=FAILED"), 0),
        (("--machine", "ord*"), 2),
        (("--machine", "else*"), 0),
        (("--since", "2026-10-01", "--until", "2026-10-02"), 2),
        (("--since", "2026-10-02"), 0),
        (("--since", "3d"), 2),
        (("--since", "2d"), 0),
        (("--until", "1w"), 0),
    ],
)
def test_a_report_can_be_narrowed(imported: Path, tmp_path: Path, options: tuple[str, ...], expected: int) -> None:
    done(ran("report", "executions", "--store", imported, "--out", tmp_path, *options))
    assert len(rows(tmp_path / "executions.csv")) == expected


@pytest.mark.parametrize(
    "options",
    [
        ("nope",),
        ("executions", "--where", "nope=1"),
        ("executions", "--where", "attempts=many"),
        ("executions", "--where", "attempts"),
        ("executions", "--since", "soon"),
        ("executions", "--since", "1d", "--until", "2d"),
        ("executions", "--format", "xlsx"),
    ],
)
def test_misuse_writes_nothing(imported: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    refusal(ran("report", *options, "--store", imported, "--out", tmp_path / "out"), 2)
    assert not (tmp_path / "out").exists()


def test_an_unknown_name_lists_those_that_are_known(imported: Path, tmp_path: Path) -> None:
    said = refusal(ran("report", "nope", "--store", imported, "--out", tmp_path), 2)
    assert [name for name in analyses() if name not in said] == []


def test_without_a_store_there_is_a_sentence_and_no_store(tmp_path: Path) -> None:
    said = refusal(ran("report", "--store", tmp_path / "none", "--out", tmp_path / "out"), 1)
    assert "there is no store" in said
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_a_sentence(imported: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "cannot be written" in refusal(ran("report", "--store", imported, "--out", tmp_path / "file"), 1)


def unfolded(folder: Path) -> Path:
    """A store whose facts were lost."""
    done(ran("import", written(folder), "--store", folder / "store"))
    for path in (folder / "store" / "facts").rglob("*.parquet"):
        path.unlink()
    return folder / "store"


def test_what_is_not_folded_is_folded_first(tmp_path: Path) -> None:
    store = unfolded(tmp_path)
    done(ran("report", "executions", "--store", store, "--out", tmp_path))
    assert len(rows(tmp_path / "executions.csv")) == 2


def test_while_another_process_writes_it_reads_and_says_what_is_missing(tmp_path: Path) -> None:
    store = unfolded(tmp_path)
    with FileLock(store / "writer.lock"):
        result = ran("report", "executions", "--store", store, "--out", tmp_path)
    assert done(result) == f"{tmp_path / 'executions.csv'}  0 rows\n"
    assert "another process is writing" in result.stderr


def test_damaged_facts_are_a_sentence(tmp_path: Path) -> None:
    store = unfolded(tmp_path)
    done(ran("facts", "rebuild", "--store", store))
    for path in (store / "facts").rglob("*.parquet"):
        path.write_bytes(b"not a table")
    said = refusal(ran("report", "--store", store, "--out", tmp_path), 1)
    assert "facts rebuild" in said


def test_an_empty_store_gives_tables_without_rows(tmp_path: Path) -> None:
    with writable_store(tmp_path / "store"):
        pass
    done(ran("report", "--store", tmp_path / "store", "--out", tmp_path))
    assert [rows(tmp_path / f"{name}.csv") for name in SUMMARIES] == [[] for _ in SUMMARIES]
