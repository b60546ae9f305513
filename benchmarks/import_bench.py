"""How long `stepscope import` takes, store and fold and facts together, against orjson decoding the same bytes.

    python -m benchmarks.import_bench [--events N]

The floor is one process that reads the file line by line and does nothing with a line but `orjson.loads` it. Both are
whole processes and so are their memory and processor; what `stepscope` needs to start is in its time.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from benchmarks.exports import EVENTS, write_histories, write_records
from benchmarks.measure import Figure, command, fresh, middle, table, watched
from benchmarks.million import DATA

RUNS = 3
RATIO = 2.5
MEMORY_MB = 600

FILES: dict[str, Callable[[Path, int], Any]] = {
    "histories": write_histories,
    "histories with payloads": partial(write_histories, payloads=True),
    "histories as recorded": partial(write_histories, as_recorded=True),
    "log records": write_records,
}
"""By what is in it, how the file to import is written. As recorded means that branches never interleave anew."""


def decoded(path: Path) -> dict[str, float]:
    """Decode every line with orjson; seconds apart from imports."""
    begun, cpu_begun = time.perf_counter(), time.process_time()
    with path.open("rb") as lines:
        for line in lines:
            orjson.loads(line)
    return {"seconds": time.perf_counter() - begun, "cpu_s": time.process_time() - cpu_begun}


def figures_of(kind: str, events: int) -> Iterator[Figure]:
    """One kind of file: ours and the floor turn by turn."""
    path = DATA / f"{kind.replace(' ', '-')}-{events}.jsonl"
    if not path.is_file():
        FILES[kind](path, events)
    pairs = [(_imported(path), fresh("benchmarks.import_bench", "--decode", path)) for _ in range(RUNS)]
    ours, floor = (middle(runs) for runs in zip(*pairs, strict=True))
    seconds, cpu_ratio = floor.said["seconds"], ours.cpu_s / floor.said["cpu_s"]
    remark = f"{ours.wall_s:.1f} s against {seconds:.2f} s; processor {ours.cpu_s:.1f} s, {cpu_ratio:.1f} ×"
    yield Figure(f"import {kind} / orjson", ours.wall_s / seconds, "×", RATIO, remark)
    yield Figure(f"import {kind}, memory of the tree", ours.peak_mb, "MB", MEMORY_MB)


def _imported(path: Path) -> Any:
    with TemporaryDirectory(dir=DATA) as folder:
        return watched(command("--store", folder, "import", path))


def figures(events: int = EVENTS) -> Iterator[Figure]:
    """All kinds of files."""
    for kind in FILES:
        yield from figures_of(kind, events)


def main() -> None:
    """Print the figures, or measure one thing in this process."""
    parser = argparse.ArgumentParser(description="Import against orjson.")
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--decode", type=Path)
    asked = parser.parse_args()
    print(json.dumps(decoded(asked.decode)) if asked.decode else table(list(figures(asked.events))))


if __name__ == "__main__":
    main()
