"""A store of as many executions as wanted, a million by default, for the benchmarks to work on.

    python -m benchmarks.million [--executions N] [--seed S] [--out FOLDER]

Each execution is a recorded history with a start, a pace and an interleaving of its own, so that every history has its
own times and, where branches run side by side, its own order of events. They are spread evenly over 90 days and 66
machines, in order of their start, and written through the store's own functions. Nothing is folded yet. The same seed
gives the same store.
"""

from __future__ import annotations

import argparse
import functools
import shutil
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.crowd import DAY_MS, DAYS, END_MS, FIRST_DAY, Deck, Execution, days_of
from benchmarks.templates import EXPRESS, SHOPS, Shop, documents, recordings
from store.events import decoded_events
from store.executions import (
    ExecutionRow,
    HistoryRow,
    MapRunRow,
    save_executions,
    save_histories,
    save_map_runs,
    set_revisions,
)
from store.folder import Store, writable_store
from store.histories import packed
from store.machines import MachineRow, RevisionRow, machine_saved, revision_saved
from store.passes import CoverageRow, begun_pass, coverage_saved, finish_pass

DATA = Path(__file__).parent / "data"
EXECUTIONS = 1_000_000
SEED = 2_026
DAYS_AHEAD = 3
MAKERS = 2
FIRST_REVISION = "INITIAL"


class Rows(NamedTuple):
    """What is written of one day; a Map Run stands beside its execution's ARN, whose id only the store knows."""

    executions: list[ExecutionRow]
    histories: list[HistoryRow]
    revisions: list[tuple[int, bool, str]]
    map_runs: list[tuple[str, MapRunRow]]


class Known(NamedTuple):
    """The ids that the store gave: machines by ARN, revisions by machine and name."""

    machines: dict[str, int]
    revisions: dict[tuple[int, str], int]


@functools.cache
def deck() -> Deck:
    """All recordings of all shops: read once."""
    return Deck([recorded for shop in SHOPS for recorded in recordings(shop)])


def rows_of_day(known: Known, seed: int, day: int, count: int) -> Rows:
    """What to write of one day."""
    rows = Rows([], [], [], [])
    for execution in deck().of_day(day, count, seed):
        _add(rows, known, execution)
    return rows


def _add(rows: Rows, known: Known, execution: Execution) -> None:
    recorded, times, arn = execution.recorded, execution.times, execution.arn
    machine_id, described = known.machines[recorded.machine_arn], recorded.described
    version, alias = (described.get(f"stateMachine{kind}Arn", "").rpartition(":")[2] or None for kind in _NAMED)
    rows.executions.append(
        ExecutionRow(machine_id, arn, execution.name, described["status"], times[0], times[-1], 0, version, alias)
    )
    map_runs, text = _map_runs(execution, b"[%b]" % b",".join(execution.events(_as_ms)))
    rows.map_runs.extend((arn, run) for run in map_runs)
    events = packed(decoded_events(text), str)
    rows.histories.append(HistoryRow(arn, events, len(times), len(times), times[-1], 0))
    rows.revisions.append((known.revisions[machine_id, recorded.revision or FIRST_REVISION], False, arn))


_NAMED = ("Version", "Alias")


def _as_ms(at: int) -> bytes:
    return b"%d" % at


def _map_runs(execution: Execution, text: bytes) -> tuple[list[MapRunRow], bytes]:
    """The Map Runs of an execution, each with an ARN of its own, and the events that name them so."""
    rows = []
    for described in execution.recorded.map_runs:
        old = described["mapRunArn"]
        arn, counts = f"{old.rpartition(':')[0]}:{execution.name}", described["itemCounts"]
        text = text.replace(old.encode(), arn.encode())
        started, stopped, children = execution.times[0], execution.times[-1], described["executionCounts"]["total"]
        rows.append(
            MapRunRow(arn, 0, described["status"], started, stopped, children, counts["total"], counts["failed"])
        )
    return rows, text


def write_store(folder: Path, executions: int, seed: int = SEED, days: int = DAYS) -> None:
    """Make the store anew. Other processes make the rows while this one writes them."""
    shutil.rmtree(folder, ignore_errors=True)
    deck()  # before there are other processes: they then have it too
    with writable_store(folder) as store, ProcessPoolExecutor(MAKERS) as pool:
        pass_id = begun_pass(store.db, "collect", END_MS)
        known = _known(store)
        for rows in _made(pool, functools.partial(rows_of_day, known, seed), list(days_of(executions, days))):
            _write(store, rows)
        _cover(store, known, pass_id)


def _made(pool: Executor, rows_of: Any, days: list[tuple[int, int]]) -> Iterator[Rows]:
    """The rows of each day, a few days ahead and never all at once."""
    waiting = iter(days)
    running = deque(pool.submit(rows_of, *day) for day in islice(waiting, DAYS_AHEAD))
    while running:
        rows = running.popleft().result()
        running.extend(pool.submit(rows_of, *day) for day in islice(waiting, 1))
        yield rows


def _write(store: Store, rows: Rows) -> None:
    save_executions(store.db, rows.executions)
    set_revisions(store.db, rows.revisions)
    save_histories(store.db, rows.histories, END_MS)
    ids = {arn: _id_of(store, arn) for arn, _ in rows.map_runs}
    save_map_runs(store.db, [run._replace(execution_id=ids[arn]) for arn, run in rows.map_runs])


def _id_of(store: Store, arn: str) -> int:
    return int(store.db.execute("SELECT id FROM executions WHERE arn = ?", [arn]).fetchone()[0])


def _known(store: Store) -> Known:
    known = Known({}, {})
    for shop in SHOPS:
        for document in documents("machines.jsonl.zst", shop):
            _add_machine(store, known, shop, document)
    return known


def _add_machine(store: Store, known: Known, shop: Shop, document: dict[str, Any]) -> None:
    arn, since = document["described"]["stateMachineArn"], (FIRST_DAY - 1) * DAY_MS
    row = MachineRow(
        arn, arn.rpartition(":")[2], document["described"]["type"], shop.region, shop.account, since, "ACTIVE"
    )
    machine_id = known.machines[arn] = machine_saved(store.db, row, since)
    for revision in document["revisions"]:
        name = revision["revisionId"] or FIRST_REVISION
        saved = RevisionRow(machine_id, name, revision["definition"], since)
        known.revisions[machine_id, name] = revision_saved(store.db, saved, since)


def _cover(store: Store, known: Known, pass_id: int) -> None:
    for arn, machine_id in known.machines.items():
        source = "express" if arn.endswith(EXPRESS) else "standard"
        coverage_saved(store.db, CoverageRow(pass_id, arn, machine_id, source, "complete", 0, END_MS))
    finish_pass(store.db, pass_id, END_MS, "complete", "made by benchmarks.million", {}, 0)


def main() -> None:
    """Make the store that the command line asks for."""
    parser = argparse.ArgumentParser(description="A store of many executions.")
    parser.add_argument("--executions", type=int, default=EXECUTIONS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=DATA / "store")
    asked = parser.parse_args()
    write_store(asked.out, asked.executions, asked.seed)


if __name__ == "__main__":
    main()
