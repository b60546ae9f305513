"""How long the analyses take over the whole store and over a week, each alone in a fresh process, and all as files.

    python -m benchmarks.report_bench [--store FOLDER]

"Cold" is a process that has imported what it needs and opened nothing. Peers are the same questions asked of the same
rows with pandas (`benchmarks.notebook`); their sums must agree.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from analyzer.prices import bundled_prices
from analyzer.reading import facts_within, newest_definitions
from analyzer.registry import Facts, analyses, analysis_named
from analyzer.window import Window
from benchmarks.crowd import DAY_MS, END_MS
from benchmarks.measure import Figure, Run, command, fresh, repeated, table, watched
from benchmarks.million import DATA
from benchmarks.notebook import PEERS

RUNS = 3
MEMORY_MB = 700
SECONDS = {90: 0.6, 7: 0.1}
"""The most that an analysis may take over so many days."""
IMPORTED_LATE = (
    "narwhals._duckdb.namespace",
    "narwhals._arrow.dataframe",
    "narwhals._pandas_like.namespace",
    "pyarrow.pandas_compat",
)
"""What Narwhals and pyarrow import only when it is first used: imports all the same."""
REPORT_S = 10
EXPORT_S = 60


@contextmanager
def facts_of(folder: Path, days: int) -> Iterator[Facts]:
    """The facts of the last days, opened as `stepscope report` opens them."""
    window = Window(since_ms=END_MS - days * DAY_MS, until_ms=END_MS)
    with facts_within(folder, window, newest_definitions(folder), bundled_prices(), END_MS) as facts:
        yield facts


def answered(folder: Path, name: str, days: int) -> dict[str, Any]:
    """Ask one analysis; seconds from opening the store to the table, its rows, and the sum that a peer must have."""
    for module in IMPORTED_LATE:
        import_module(module)
    analysis = analysis_named(name)
    begun, cpu_begun = time.perf_counter(), time.process_time()
    with facts_of(folder, days) as facts:
        frame = analysis.run(facts)
    spent = {"seconds": time.perf_counter() - begun, "cpu_s": time.process_time() - cpu_begun}
    return {**spent, "rows": len(frame), **_checked(name, lambda column: int(frame[column].sum()))}


def _checked(name: str, total: Callable[[str], int]) -> dict[str, int]:
    return {"sum": total(PEERS[name][1])} if name in PEERS else {}


def by_notebook(folder: Path, name: str, days: int) -> dict[str, Any]:
    """The same with pandas."""
    begun, cpu_begun = time.perf_counter(), time.process_time()
    found = PEERS[name][0](folder, END_MS - days * DAY_MS, END_MS)
    return {"seconds": time.perf_counter() - begun, "cpu_s": time.process_time() - cpu_begun, "sum": found}


def summaries() -> list[str]:
    """The analyses that are no row exports."""
    return [name for name, one in analyses().items() if not one.is_export]


def figures_of(folder: Path, days: int) -> Iterator[Figure]:
    """Each analysis over so many days, cold, and the greatest memory of all of them."""
    runs = {name: repeated(RUNS, "benchmarks.report_bench", "--ask", name, days, folder) for name in summaries()}
    for name, run in runs.items():
        remark = f"{run.said['cpu_s']:.2f} s of processor, {run.said['rows']:,.0f} rows, {run.peak_mb:,.0f} MB"
        yield Figure(f"{name}, {days} days", run.said["seconds"], "s", SECONDS[days], remark)
    yield Figure(f"an analysis, {days} days, memory", max(run.peak_mb for run in runs.values()), "MB", MEMORY_MB)


def peers_of(folder: Path, days: int) -> Iterator[Figure]:
    """Each analysis that has a peer against it, turn by turn."""
    for name in PEERS:
        ours, theirs = (fresh("benchmarks.report_bench", how, name, days, folder) for how in ("--ask", "--notebook"))
        if ours.said["sum"] != theirs.said["sum"]:
            raise ValueError(f"{name}: {ours.said['sum']} here, {theirs.said['sum']} in the notebook")
        ratio = ours.said["seconds"] / theirs.said["seconds"]
        remark = f"{theirs.said['seconds']:.2f} s and {theirs.peak_mb:,.0f} MB in pandas"
        yield Figure(f"{name} / pandas, {days} days", ratio, "×", 1.0, remark)


def written(folder: Path, *names: str) -> Run:
    """`stepscope report` of these tables, or of all summary tables, into a folder that is then thrown away."""
    with TemporaryDirectory(dir=DATA) as out:
        return watched([*command("report", "--store", folder, "--out", out), *names])


def files_of(folder: Path) -> Iterator[Figure]:
    """All summary tables as files, and all attempts as one."""
    yield from _file_figures("report, all summary tables", written(folder), REPORT_S)
    yield from _file_figures("attempts as CSV", written(folder, "attempts"), EXPORT_S)


def _file_figures(name: str, run: Run, seconds: float) -> Iterator[Figure]:
    yield Figure(name, run.wall_s, "s", seconds, f"{run.cpu_s:.1f} s of processor, imports included")
    yield Figure(f"{name}, memory", run.peak_mb, "MB", MEMORY_MB)


def figures(folder: Path) -> Iterator[Figure]:
    """All of them."""
    for days in SECONDS:
        yield from figures_of(folder, days)
        yield from peers_of(folder, days)
    yield from files_of(folder)


def main() -> None:
    """Print the figures, or measure one thing in this process."""
    parser = argparse.ArgumentParser(description="The analyses, cold.")
    parser.add_argument("--store", type=Path, default=DATA / "store")
    parser.add_argument("--ask", nargs=3, metavar=("NAME", "DAYS", "STORE"))
    parser.add_argument("--notebook", nargs=3, metavar=("NAME", "DAYS", "STORE"))
    asked = parser.parse_args()
    for how, one in ((answered, asked.ask), (by_notebook, asked.notebook)):
        if one:
            print(json.dumps(how(Path(one[2]), one[0], int(one[1]))))
            return
    print(table(list(figures(asked.store))))


if __name__ == "__main__":
    main()
