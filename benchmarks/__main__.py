"""Runs all benchmarks and prints one table.

make bench                     a million executions: some minutes to make, once, and as many to measure
BENCH_N=20000 make bench       a quick look
make bench ARGS=report         only one of them: import, facts, report, page
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from analyzer.facts import refresh
from analyzer.prices import bundled_prices
from benchmarks import facts_bench, import_bench, page_bench, report_bench
from benchmarks.crowd import END_MS
from benchmarks.measure import Figure, table
from benchmarks.million import DATA, EXECUTIONS, write_store
from store.folder import writable_store

BENCHES: dict[str, Callable[[Path], Iterable[Figure]]] = {
    "import": lambda _: import_bench.figures(),
    "facts": lambda _: facts_bench.figures(),
    "report": report_bench.figures,
    "page": page_bench.figures,
}


def folded_store(executions: int) -> Path:
    """The folder of a store of so many executions, made and folded when it is not there."""
    folder = DATA / f"store-{executions}"
    if not (folder / "store.db").is_file():
        _timed(f"making a store of {executions:,} executions", lambda: write_store(folder, executions))
    _timed("folding what is not folded", lambda: _fold(folder))
    return folder


def _fold(folder: Path) -> None:
    with writable_store(folder) as store, ProcessPoolExecutor(2) as pool:
        refresh(store, bundled_prices(), END_MS, pool)


def _timed(what: str, work: Callable[[], None]) -> None:
    print(f"{what} …", flush=True)
    begun = time.perf_counter()
    work()
    print(f"  {time.perf_counter() - begun:,.0f} s", flush=True)


def main() -> None:
    """Print the table, each benchmark's rows as soon as they are known."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast the pieces are.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; all without one")
    names = parser.parse_args().names or list(BENCHES)
    executions = int(os.environ.get("BENCH_N", EXECUTIONS))
    folder = folded_store(executions)
    print(f"\n{executions:,} executions, {os.cpu_count()} cores. Medians; ratios are of runs next to each other.")
    for name in names:
        print(f"\n{table(list(BENCHES[name](folder)))}", flush=True)


if __name__ == "__main__":
    main()
