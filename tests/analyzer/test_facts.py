from __future__ import annotations

import multiprocessing
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest

import analyzer.facts
from analyzer.charges import Tariff
from analyzer.context import Context
from analyzer.facts import Refreshed, fold_name, is_stale, refresh
from analyzer.prices import PriceBook, bundled_prices
from analyzer.tables import fact_tables
from store.errors import StoreUnwritableError
from store.events import known_events
from store.executions import (
    ExecutionRow,
    HistoryRow,
    MapRunRow,
    kept_between,
    save_executions,
    save_histories,
    save_map_runs,
)
from store.facts import DayWriter, mark_all_stale
from store.folder import Store, writable_store
from store.histories import packed
from store.machines import MachineRow, machine_saved, machines, revisions
from store.schema import TABLES
from tests.analyzer.histories import Event, history, recorded

DAY = 86_400_000
OCTOBER = 1_790_812_800_000
BOOK = bundled_prices()

FINE = history("Charge").then("Ship").ended()
RETRIED = history("Charge", fails=2).ended()
REFUSED = history("Charge", fails=1, caught=True).ended("Failed", "Broken")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with writable_store(tmp_path / "store") as opened:
        yield opened


def machine(store: Store) -> int:
    arn = "arn:aws:states:us-east-1:111122223333:stateMachine:orders"
    return machine_saved(store.db, MachineRow(arn, "orders", "STANDARD", "us-east-1", "111122223333"), now_ms=1)


def ran(store: Store, name: str, at: int, events: Sequence[Event] | None = FINE) -> None:
    """Save an execution that started at this time, with its history."""
    save_executions(store.db, [ExecutionRow(machine(store), f"arn:{name}", name, "SUCCEEDED", at, at + 700)])
    if events is not None:
        shifted = [{**event, "timestamp": at + event["id"] * 100} for event in events]
        blob = packed(known_events(shifted), str)
        row = HistoryRow(f"arn:{name}", blob, len(events), len(events), at + 700, 0)
        save_histories(store.db, [row], now_ms=1)


def week(store: Store) -> None:
    """Three days of executions, the middle one with two."""
    ran(store, "fine", OCTOBER)
    ran(store, "retried", OCTOBER + DAY, RETRIED)
    ran(store, "refused", OCTOBER + DAY + 5, REFUSED)
    ran(store, "lost", OCTOBER + 2 * DAY, None)


def rows(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All facts, by table, in the order of the files."""
    return {table: [row for path in files(store, table) for row in pq.read_table(path).to_pylist()] for table in TABLES}


def files(store: Store, table: str = "*") -> list[Path]:
    return sorted(store.facts.glob(f"{table}/*.parquet"))


def written(store: Store) -> dict[str, int]:
    """When each file was written."""
    return {f"{path.parent.name}/{path.stem}": path.stat().st_mtime_ns for path in files(store)}


def test_a_day_of_starts_is_a_file_of_each_table(store: Store) -> None:
    week(store)
    assert refresh(store, BOOK, now_ms=9) == Refreshed(days=3, executions=4, attempts=2 + 3 + 1)
    assert [path.stem for path in files(store, "attempts")] == ["2026-10-01", "2026-10-02", "2026-10-03"]
    told = rows(store)
    assert [row["execution_arn"] for row in told["executions"]] == [
        "arn:fine",
        "arn:retried",
        "arn:refused",
        "arn:lost",
    ]
    assert [row["completeness"] for row in told["executions"]] == ["complete", "complete", "complete", "missing"]
    assert {row["started_at"] // DAY for row in told["executions"]} == {OCTOBER // DAY + n for n in range(3)}


def test_a_day_with_more_executions_than_a_chunk_is_one_file(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyzer.facts, "EXECUTIONS_IN_CHUNK", 3)
    for number in range(8):
        ran(store, f"run-{number}", OCTOBER + number)
    assert refresh(store, BOOK, now_ms=9) == Refreshed(days=1, executions=8, attempts=16)
    assert [row["execution_arn"] for row in rows(store)["executions"]] == [f"arn:run-{n}" for n in range(8)]


# Changed days only


def test_nothing_new_folds_nothing(store: Store) -> None:
    week(store)
    refresh(store, BOOK, now_ms=9)
    before = written(store)
    assert not is_stale(store, BOOK)
    assert refresh(store, BOOK, now_ms=10) == Refreshed(0, 0, 0)
    week(store)
    assert refresh(store, BOOK, now_ms=11) == Refreshed(0, 0, 0)
    assert written(store) == before


CHANGES: dict[str, Callable[[Store], None]] = {
    "another execution": lambda store: ran(store, "new", OCTOBER + DAY + 9),
    "a longer history": lambda store: ran(store, "retried", OCTOBER + DAY, [*RETRIED, *tail(RETRIED)]),
    "another status": lambda store: save_executions(
        store.db, [ExecutionRow(machine(store), "arn:refused", "refused", "ABORTED", OCTOBER + DAY + 5, OCTOBER + DAY)]
    ),
    "a map run": lambda store: save_map_runs(store.db, [MapRunRow("arn:run", 2, "SUCCEEDED", 1, 2, 5, 5, 0)]),
}


def tail(events: Sequence[Event]) -> list[Event]:
    last = len(events)
    return recorded(f"{last + 1}<-{last} ExecutionRedriven\n{last + 2}<-{last + 1} ExecutionFailed Broken")


@pytest.mark.parametrize("change", CHANGES)
def test_only_the_day_that_changed_is_folded_again(store: Store, change: str) -> None:
    week(store)
    refresh(store, BOOK, now_ms=9)
    before = written(store)
    CHANGES[change](store)
    assert refresh(store, BOOK, now_ms=10).days == 1
    after = written(store)
    assert {name for name in after if after[name] != before[name]} == {
        "executions/2026-10-02",
        "attempts/2026-10-02",
    }


def test_an_execution_whose_start_is_corrected_moves_to_its_day(store: Store) -> None:
    ran(store, "fine", OCTOBER)
    refresh(store, BOOK, now_ms=9)
    ran(store, "fine", OCTOBER + DAY)
    assert refresh(store, BOOK, now_ms=10).executions == 1
    assert [path.stem for path in files(store)] == ["2026-10-02", "2026-10-02"]


def test_an_execution_of_unknown_start_stands_in_the_first_day(store: Store) -> None:
    save_executions(store.db, [ExecutionRow(machine(store), "arn:x", "x", "UNKNOWN", None, None)])
    refresh(store, BOOK, now_ms=9)
    assert [path.stem for path in files(store, "executions")] == ["1970-01-01"]


def test_other_prices_fold_everything_again(store: Store) -> None:
    week(store)
    refresh(store, BOOK, now_ms=9)
    dearer = dearer_book(BOOK)
    assert fold_name(dearer) != fold_name(BOOK)
    assert is_stale(store, dearer)
    before = rows(store)
    assert refresh(store, dearer, now_ms=10).days == 3
    costs = [[row["cost_usd"] for row in told["attempts"]] for told in (before, rows(store))]
    assert costs[1] == [pytest.approx(10 * cost) for cost in costs[0]]
    assert not is_stale(store, dearer)


def dearer_book(book: PriceBook) -> PriceBook:
    """The same prices, ten times as high."""
    return PriceBook(msgspec.structs.replace(entry, price=entry.price * 10) for entry in book.entries)


def test_another_version_of_the_fold_folds_everything_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    week(store)
    refresh(store, BOOK, now_ms=9)
    monkeypatch.setattr(analyzer.facts, "FOLD_VERSION", 10_000)
    assert refresh(store, BOOK, now_ms=10).days == 3


# Lost and rebuilt


def test_deleting_the_facts_loses_nothing(store: Store) -> None:
    week(store)
    refresh(store, BOOK, now_ms=9)
    before = rows(store)
    shutil.rmtree(store.facts)
    assert is_stale(store, BOOK)
    refresh(store, BOOK, now_ms=10)
    assert rows(store) == before


def test_deleting_a_file_brings_back_its_day(store: Store) -> None:
    week(store)
    refresh(store, BOOK, now_ms=9)
    before = rows(store)
    files(store, "attempts")[1].unlink()
    assert refresh(store, BOOK, now_ms=10).days == 1
    assert rows(store) == before


def test_a_rebuild_gives_the_same_rows(store: Store) -> None:
    week(store)
    refresh(store, BOOK, now_ms=9)
    before = rows(store)
    mark_all_stale(store.db)
    assert refresh(store, BOOK, now_ms=10).days == 3
    assert rows(store) == before


# Crashes


class Crash(BaseException):
    """The process is gone: nothing may catch this."""


class Crasher:
    """Crashes before the n-th of some calls."""

    def __init__(self, at: int) -> None:
        self.left = at

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def crashing(*args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left < 0:
                raise Crash
            return call(*args, **kwargs)

        return crashing


STEPS: list[tuple[Any, str]] = [
    (analyzer.facts, "chunk_tables"),
    (analyzer.facts, "drop_day"),
    (DayWriter, "__init__"),
    (DayWriter, "add"),
    (DayWriter, "commit"),
    (DayWriter, "_note"),
    (pq.ParquetWriter, "write_table"),
    (pq.ParquetWriter, "close"),
    (Path, "replace"),
    (Path, "unlink"),
]


def crashed(store: Store, at: int) -> bool:
    """Whether a refresh came as far as its n-th step, and was stopped there."""
    crasher = Crasher(at)
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, crasher.around(getattr(owner, name)))
        try:
            refresh(store, BOOK, now_ms=10)
        except Crash:
            return True
    return False


def change(store: Store, number: int) -> None:
    """A day is added to, one loses its only execution, one is new."""
    ran(store, f"more-{number}", OCTOBER + DAY + 10 + number)
    ran(store, "moving", OCTOBER + (3 + number) * DAY)


def expected(store: Store) -> dict[str, list[dict[str, Any]]]:
    """The facts as one fold of everything gives them, without a file."""
    days = sorted({int(row[0]) for row in store.db.execute("SELECT day FROM executions")})
    context = Context(machines(store.db), revisions(store.db))
    tables = [fact_tables(context, Tariff(BOOK), list(kept_between(store.db, day, 0, 10**9)), {}) for day in days]
    return {name: [row for table in tables for row in table[name].to_pylist()] for name in TABLES}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_crash_between_any_two_steps_is_repaired_by_the_next_refresh(store: Store) -> None:
    week(store)
    change(store, 0)
    refresh(store, BOOK, now_ms=9)
    steps = 1
    while True:
        change(store, steps)
        is_crashed = crashed(store, steps - 1)
        for path in files(store):
            pq.read_metadata(path)  # what can be seen is whole
        refresh(store, BOOK, now_ms=11)
        assert rows(store) == expected(store)
        assert not is_stale(store, BOOK)
        if not is_crashed:
            break
        steps += 1
    assert steps > 20


def test_a_day_that_changes_while_it_is_folded_is_folded_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ran(store, "one", OCTOBER)
    build = analyzer.facts.chunk_tables

    def interrupted(*args: Any) -> Any:
        tables = build(*args)
        ran(store, "two", OCTOBER + 5)
        return tables

    monkeypatch.setattr(analyzer.facts, "chunk_tables", interrupted)
    assert refresh(store, BOOK, now_ms=9).executions == 1
    monkeypatch.undo()
    assert is_stale(store, BOOK)
    assert refresh(store, BOOK, now_ms=10).executions == 2


@pytest.mark.parametrize("step", ["__init__", "write_table"])
def test_a_full_disk_is_said_in_a_sentence_and_the_facts_before_stay(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    week(store)
    refresh(store, BOOK, now_ms=9)
    before = rows(store)
    ran(store, "more", OCTOBER + DAY + 7)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, step, full)
    with pytest.raises(StoreUnwritableError, match="cannot be written"):
        refresh(store, BOOK, now_ms=10)
    monkeypatch.undo()
    assert rows(store) == before
    refresh(store, BOOK, now_ms=11)
    assert rows(store) != before


# Processes


def test_several_processes_write_the_same_facts_as_one(tmp_path: Path) -> None:
    told = []
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        for pool in (None, processes):
            with writable_store(tmp_path / str(pool is None)) as store:
                week(store)
                assert refresh(store, BOOK, now_ms=9, pool=pool) == Refreshed(3, 4, 6)
                told.append(rows(store))
    assert told[0] == told[1]
