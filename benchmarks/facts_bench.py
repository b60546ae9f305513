"""How fast the facts are folded from the histories in the store, against bare orjson decoding the same JSON.

    python -m benchmarks.facts_bench [--executions N]

The floor is one process that does nothing but `orjson.loads` of every history, put into the API's spelling beforehand.
"""

from __future__ import annotations

import argparse
import json
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec
import orjson

from analyzer.facts import refresh
from analyzer.prices import bundled_prices
from benchmarks.crowd import END_MS
from benchmarks.measure import Figure, fresh, middle, table
from benchmarks.million import DATA, write_store
from store.facts import mark_all_stale
from store.folder import readable_store, writable_store
from store.histories import unpacked

EXECUTIONS = 50_000
PROCESSES = 2
RUNS = 3
MEMORY_MB = 600


def rebuilt(folder: Path) -> dict[str, float]:
    """Fold everything anew; seconds apart from imports, and the rows."""
    begun = time.perf_counter()
    with writable_store(folder) as store, ProcessPoolExecutor(PROCESSES) as pool:
        mark_all_stale(store.db)
        done = refresh(store, bundled_prices(), END_MS, pool)
    return {"seconds": time.perf_counter() - begun, **done._asdict()}


def decoded(folder: Path) -> dict[str, float]:
    """Decode every history with orjson; seconds spent in it and in nothing else."""
    seconds, events = 0.0, 0
    with readable_store(folder) as store:
        for (blob,) in store.db.execute("SELECT events FROM histories"):
            text = msgspec.json.encode(unpacked(blob))
            begun = time.perf_counter()
            found = orjson.loads(text)
            seconds += time.perf_counter() - begun
            events += len(found)
    return {"seconds": seconds, "events": events}


def figures(executions: int = EXECUTIONS) -> list[Figure]:
    """Facts rebuilt, against orjson."""
    folder = DATA / f"facts-{executions}"
    if not (folder / "store.db").is_file():
        write_store(folder, executions)
    pairs = [
        [fresh("benchmarks.facts_bench", "--only", one, folder) for one in ("rebuilt", "decoded")] for _ in range(RUNS)
    ]
    ours, floor = (middle(runs) for runs in zip(*pairs, strict=True))
    seconds, events = ours.said["seconds"], floor.said["events"]
    return [
        Figure("facts rebuild / orjson, wall", seconds / floor.said["seconds"], "×", None, f"{PROCESSES} processes"),
        Figure("facts rebuild / orjson, processor", ours.cpu_s / floor.said["seconds"], "×", None, "imports included"),
        Figure("facts rebuild", events / seconds / 1e6, "M events/s", None, f"{events:,.0f} events"),
        Figure("facts rebuild, memory of the tree", ours.peak_mb, "MB", MEMORY_MB),
    ]


def main() -> None:
    """Print the figures, or measure one thing in this process."""
    parser = argparse.ArgumentParser(description="Facts against orjson.")
    parser.add_argument("--executions", type=int, default=EXECUTIONS)
    parser.add_argument("--only", nargs=2, metavar=("WHAT", "STORE"))
    asked = parser.parse_args()
    if asked.only:
        what, folder = asked.only
        print(json.dumps({"rebuilt": rebuilt, "decoded": decoded}[what](Path(folder))))
    else:
        print(table(figures(asked.executions)))


if __name__ == "__main__":
    main()
