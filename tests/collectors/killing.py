"""A collector that is killed at any moment, without a chance to tidy up.

The process that collects is forked from one that has everything imported, so that a run takes no longer than its work.
"""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path
from typing import Any

import duckdb

from analyzer.facts import refresh
from analyzer.prices import bundled_prices
from collectors.connections import Connection, Meter
from collectors.job import run_pass
from collectors.scope import Options, Silent
from collectors.sessions import Target
from store.folder import writable_store
from store.schema import TABLES
from tests.collectors.trials import held
from tests.collectors.world import DAY, START, World

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])
HOUR = 3_600_000


def world_of(executions: int) -> World:
    """Two machines over four days; of the executions a few failed, were redriven, or ran a Distributed Map."""
    world = World(page=executions // 5)
    machines = [world.machine("주문"), world.machine("정산")]
    for number in range(executions):
        world.now = START + 4 * DAY * number // executions
        map_run = f"arn:aws:states:ap-northeast-2:123456789012:mapRun:m/l:{number}" if number % 100 == 7 else None
        arn = world.start(machines[number % 2], map_run=map_run)
        world.now += 1_000
        world.finish(arn, "FAILED" if number % 10 == 3 else "SUCCEEDED")
        if number % 50 == 3:
            world.now += HOUR
            world.redrive(arn)
            world.now += 1_000
            world.finish(arn)
        if map_run:
            world.map_runs[map_run] = _map_run(map_run)
    world.now = START + 5 * DAY
    return world


def _map_run(arn: str) -> dict[str, Any]:
    counts = {"total": 4, "pending": 0, "failed": 0, "timedOut": 0}
    return {"mapRunArn": arn, "status": "SUCCEEDED", "itemCounts": counts, "executionCounts": counts}


def collect(folder: Path, executions: int) -> None:
    """One pass and its fold, as `stepscope collect` makes them."""
    world, target = world_of(executions), Target(region="ap-northeast-2")
    with writable_store(folder) as store:
        options = Options(since=START - DAY, threads=2)
        run_pass(store, [target], options, lambda: world.now, Silent(), lambda _: Connection("target", world, Meter()))
        refresh(store, bundled_prices(), world.now)


def run(folder: Path, executions: int, kill_after: float | None = None) -> float:
    """Seconds that a collector took, which is killed after some when told to. Raises when it fails by itself."""
    process = CONTEXT.Process(target=collect, args=(folder, executions))
    begun = time.monotonic()
    process.start()
    process.join(kill_after)
    if process.is_alive():
        process.kill()
        process.join()
    elif process.exitcode != 0:
        raise RuntimeError(f"the collector ended with {process.exitcode}")
    return time.monotonic() - begun


def everything(folder: Path) -> dict[str, Any]:
    """What the store holds, and all facts."""
    return held(folder) | {table: _facts(folder, table) for table in TABLES}


def _facts(folder: Path, table: str) -> list[Any]:
    files = str(folder / "facts" / table / "*.parquet")
    with duckdb.connect() as connection:
        relation = connection.read_parquet(files).project("* EXCLUDE (execution_id)").order("ALL")
        return [relation.columns, *relation.fetchall()]
