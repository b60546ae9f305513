from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store import facts
from store.errors import StoreDamagedError, StoreUnwritableError
from store.executions import ExecutionRow, save_executions
from store.facts import DayWriter, StaleDay, drop_day, execution_ids, mark_all_stale, open_facts, stale_days
from store.folder import Store, writable_store
from store.machines import MachineRow, machine_saved
from store.schema import TABLES, arrow_schema

DAY = 86_400_000
MONDAY, TUESDAY, WEDNESDAY = 20_731, 20_732, 20_733
MONDAY_FILE = "2026-10-05.parquet"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with writable_store(tmp_path) as store:
        machine_saved(store.db, MachineRow("arn:orders", "orders", "STANDARD"), 0)
        yield store


def start(store: Store, *days: int, status: str = "SUCCEEDED") -> None:
    """An execution on each of these days."""
    save_executions(
        store.db, [ExecutionRow(1, f"arn:{day}", f"run-{day}", status, day * DAY + 5, None) for day in days]
    )


def rows(table: str, count: int, **cells: Any) -> pa.Table:
    return pa.Table.from_pylist([cells] * count, schema=arrow_schema(table))


def both(count: int = 1, attempts: int | None = None, **cells: Any) -> dict[str, pa.Table]:
    return {
        "executions": rows("executions", count, machine="주문 검증", **cells),
        "attempts": rows("attempts", count if attempts is None else attempts, machine="주문 검증"),
    }


def write(store: Store, stale: StaleDay, tables: dict[str, pa.Table], fold: str = "1") -> None:
    writer = DayWriter(store, stale)
    writer.add(tables)
    writer.commit(fold, 7)


def fold_all(store: Store, fold: str = "1") -> None:
    for stale in stale_days(store, fold):
        write(store, stale, both(status=str(stale.day)), fold)


def shown(folder: Path, since_ms: int | None = None, until_ms: int | None = None) -> list[str]:
    """The days whose rows are seen."""
    with open_facts(folder, since_ms, until_ms) as tables:
        return sorted(row[0] for row in tables.executions.project("status").fetchall())


def stale(store: Store, fold: str = "1") -> list[int]:
    return [day.day for day in stale_days(store, fold)]


def files(store: Store) -> list[str]:
    return sorted(str(path.relative_to(store.facts)) for path in store.facts.rglob("*") if path.is_file())


# Writing a day


def test_nothing_is_seen_before_commit(store: Store) -> None:
    start(store, MONDAY)
    writer = DayWriter(store, stale_days(store, "1")[0])
    writer.add(both(status="new"))
    assert (shown(store.folder), stale(store)) == ([], [MONDAY])
    writer.commit("1", 7)
    assert (shown(store.folder), stale(store)) == (["new"], [])


def test_a_day_written_again_is_seen_as_it_was_until_commit(store: Store) -> None:
    start(store, MONDAY)
    fold_all(store)
    writer = DayWriter(store, StaleDay(MONDAY, 1))
    writer.add(both(status="new"))
    assert shown(store.folder) == [str(MONDAY)]
    writer.commit("1", 8)
    assert shown(store.folder) == ["new"]


def test_an_abandoned_day_stays_as_it_was(store: Store) -> None:
    start(store, MONDAY)
    fold_all(store)
    before = {name: (store.facts / name).read_bytes() for name in files(store)}
    with DayWriter(store, StaleDay(MONDAY, 1)) as writer:
        writer.add(both(status="new"))
    assert {name: (store.facts / name).read_bytes() for name in before} == before
    assert shown(store.folder) == [str(MONDAY)]


def test_a_committed_day_leaves_only_its_two_files(store: Store) -> None:
    start(store, MONDAY)
    fold_all(store)
    assert files(store) == [f"attempts/{MONDAY_FILE}", f"executions/{MONDAY_FILE}"]


def test_what_is_left_of_a_write_that_was_cut_short_is_neither_read_nor_in_the_way(store: Store) -> None:
    start(store, MONDAY)
    for table in TABLES:
        (store.facts / table).mkdir()
        (store.facts / table / MONDAY_FILE).with_suffix(".part").write_bytes(b"half a file")
    assert shown(store.folder) == []
    fold_all(store)
    assert (shown(store.folder), len(files(store))) == ([str(MONDAY)], 2)


def test_columns_and_their_types_are_those_of_the_schema(store: Store) -> None:
    start(store, MONDAY)
    fold_all(store)
    for table in TABLES:
        assert pq.read_schema(store.facts / table / MONDAY_FILE) == arrow_schema(table)


def test_rows_keep_their_order_and_full_groups_are_written_as_they_come(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "ROWS_IN_GROUP", 4)
    writer = DayWriter(store, StaleDay(MONDAY, 1))
    for number in range(5):
        writer.add(both(2, attempts=0, execution_id=number))
    writer.commit("1", 7)
    file = pq.ParquetFile(store.facts / "executions" / MONDAY_FILE)
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [4, 4, 2]
    assert file.read().column("execution_id").to_pylist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert pq.read_metadata(store.facts / "attempts" / MONDAY_FILE).num_rows == 0


def test_a_table_larger_than_a_group_is_cut_into_groups(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "ROWS_IN_GROUP", 4)
    write(store, StaleDay(MONDAY, 1), both(9))
    file = pq.ParquetFile(store.facts / "executions" / MONDAY_FILE)
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [4, 4, 1]


def test_what_was_written_is_noted(store: Store) -> None:
    write(store, StaleDay(MONDAY, 1), both(2, attempts=3), fold="fold-7")
    noted = store.db.execute("SELECT day, executions, attempts, fold, written_at FROM fact_days").fetchall()
    assert noted == [(MONDAY, 2, 3, "fold-7", 7)]


def test_a_folder_that_refuses_the_files_is_told_and_the_day_stays_stale(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    start(store, MONDAY)
    writer = DayWriter(store, stale_days(store, "1")[0])
    writer.add(both())
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StoreUnwritableError, match="No space left"):
        writer.commit("1", 7)
    assert (stale(store), shown(store.folder)) == ([MONDAY], [])


# Which days are stale


def test_a_day_that_changed_while_it_was_folded_is_folded_again(store: Store) -> None:
    start(store, MONDAY)
    writer = DayWriter(store, stale_days(store, "1")[0])
    writer.add(both())
    start(store, MONDAY, status="FAILED")
    writer.commit("1", 7)
    assert stale(store) == [MONDAY]


def test_days_of_another_fold_are_stale(store: Store) -> None:
    start(store, MONDAY, TUESDAY)
    fold_all(store)
    write(store, StaleDay(TUESDAY, 1), both(), fold="2")
    assert (stale(store, "1"), stale(store, "2")) == ([TUESDAY], [MONDAY])


@pytest.mark.parametrize("table", TABLES)
def test_a_day_that_lacks_a_file_is_stale(store: Store, table: str) -> None:
    start(store, MONDAY, TUESDAY)
    fold_all(store)
    (store.facts / table / MONDAY_FILE).unlink()
    assert stale_days(store, "1") == [StaleDay(MONDAY, 0)]
    fold_all(store)
    assert stale(store) == []


def test_all_days_can_be_made_stale(store: Store) -> None:
    start(store, MONDAY, TUESDAY)
    fold_all(store)
    mark_all_stale(store.db)
    start(store, WEDNESDAY)
    mark_all_stale(store.db)
    assert stale(store) == [MONDAY, TUESDAY, WEDNESDAY]


def test_facts_of_a_day_without_executions_are_made_stale_too(store: Store) -> None:
    write(store, StaleDay(MONDAY, 1), both())
    mark_all_stale(store.db)
    assert stale(store) == [MONDAY]


def test_the_executions_of_a_day_are_told_in_order(store: Store) -> None:
    start(store, TUESDAY, MONDAY)
    save_executions(store.db, [ExecutionRow(1, "arn:x", "x", "RUNNING", MONDAY * DAY + DAY - 1, None)])
    assert (execution_ids(store.db, MONDAY), execution_ids(store.db, TUESDAY)) == ([2, 3], [1])
    assert execution_ids(store.db, WEDNESDAY) == []


def test_a_day_half_shown_in_another_fold_is_stale_in_every_fold(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    start(store, MONDAY)
    fold_all(store, "old")
    replace = Path.replace

    def only_executions(path: Path, target: Path) -> Path:
        if "attempts" in path.parts:
            raise KeyboardInterrupt
        return replace(path, target)

    with monkeypatch.context() as patch, DayWriter(store, stale_days(store, "new")[0]) as writer:
        writer.add(both(status="new"))
        patch.setattr(Path, "replace", only_executions)
        with pytest.raises(KeyboardInterrupt):
            writer.commit("new", 8)
    assert (stale(store, "old"), stale(store, "new")) == ([MONDAY], [MONDAY])
    fold_all(store, "old")
    assert (stale(store, "old"), shown(store.folder)) == ([], [str(MONDAY)])


# A day on which nothing is left


def test_a_dropped_day_is_gone_and_no_other(store: Store) -> None:
    start(store, MONDAY, TUESDAY)
    fold_all(store)
    store.db.execute("DELETE FROM executions WHERE day = ?", [MONDAY])
    drop_day(store, stale_days(store, "1")[0])
    assert (shown(store.folder), stale(store)) == ([str(TUESDAY)], [])
    assert [path.stem for path in store.facts.rglob("*.parquet")] == ["2026-10-06"] * 2


def test_a_day_without_files_can_be_dropped(store: Store) -> None:
    start(store, MONDAY)
    drop_day(store, stale_days(store, "1")[0])
    assert stale(store) == []


def test_a_dropped_day_that_changed_meanwhile_stays_stale(store: Store) -> None:
    start(store, MONDAY)
    [before] = stale_days(store, "1")
    start(store, MONDAY, status="FAILED")
    drop_day(store, before)
    assert stale(store) == [MONDAY]


# Reading


@pytest.fixture
def three_days(store: Store) -> Path:
    start(store, MONDAY, TUESDAY, WEDNESDAY)
    fold_all(store)
    return store.folder


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (None, None, [MONDAY, TUESDAY, WEDNESDAY]),
        (TUESDAY * DAY, None, [TUESDAY, WEDNESDAY]),
        (TUESDAY * DAY - 1, None, [MONDAY, TUESDAY, WEDNESDAY]),
        (None, TUESDAY * DAY, [MONDAY]),
        (None, TUESDAY * DAY + 1, [MONDAY, TUESDAY]),
        (TUESDAY * DAY + 5, TUESDAY * DAY + 6, [TUESDAY]),
        (TUESDAY * DAY, WEDNESDAY * DAY, [TUESDAY]),
        (0, MONDAY * DAY, []),
        (WEDNESDAY * DAY + DAY, None, []),
    ],
)
def test_the_days_that_overlap_a_window_are_read(
    three_days: Path, since: int | None, until: int | None, days: list[int]
) -> None:
    assert shown(three_days, since, until) == [str(day) for day in days]


@pytest.mark.parametrize("folder", ["", "none"])
def test_a_store_without_facts_gives_empty_tables_of_the_same_columns(store: Store, folder: str) -> None:
    start(store, MONDAY)
    with open_facts(store.folder / folder) as nothing:
        columns = [(table.columns, table.types, table.fetchall()) for table in nothing]
    fold_all(store)
    with open_facts(store.folder) as something:
        assert columns == [(table.columns, table.types, []) for table in something]


def test_executions_of_an_unknown_start_are_in_no_window_with_a_beginning(store: Store) -> None:
    save_executions(store.db, [ExecutionRow(1, "arn:x", "x", "UNKNOWN", None, None)])
    fold_all(store)
    assert (shown(store.folder), shown(store.folder, since_ms=DAY)) == (["0"], [])


@pytest.mark.parametrize("content", [b"", b"no Parquet, written by hand"])
def test_a_file_that_is_not_what_was_written_is_told(three_days: Path, content: bytes) -> None:
    (three_days / "facts" / "attempts" / MONDAY_FILE).write_bytes(content)
    with pytest.raises(StoreDamagedError, match="cannot be read") as refusal:
        shown(three_days)
    assert "stepscope facts rebuild" in refusal.value.hint
    assert shown(three_days, since_ms=TUESDAY * DAY) == [str(TUESDAY), str(WEDNESDAY)]


def test_a_file_that_is_damaged_inside_is_told_when_its_rows_are_read(three_days: Path) -> None:
    path = three_days / "facts" / "executions" / MONDAY_FILE
    content = path.read_bytes()
    path.write_bytes(content[:4] + b"\xff" * 400 + content[404:])
    with pytest.raises(StoreDamagedError, match="cannot be read"), open_facts(three_days) as tables:
        tables.executions.fetchall()


def test_facts_can_be_written_while_they_are_read(store: Store) -> None:
    start(store, MONDAY)
    fold_all(store)
    with open_facts(store.folder) as tables:
        write(store, StaleDay(MONDAY, 1), both(status="new"))
        assert [row[0] for row in tables.executions.project("status").fetchall()] in (["new"], [str(MONDAY)])
