"""How long a page waits for its data after a filter was changed, in a dashboard that is already running.

    python -m benchmarks.page_bench [--store FOLDER]

Each page is drawn by Streamlit's own tester, through `app.py`; what counts is the time spent in `dashboard.context`,
where pages read. Every drawing has another last day and an empty cache of answers.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import wraps
from pathlib import Path
from statistics import median
from typing import Any, ParamSpec, TypeVar

from benchmarks.crowd import DAY_MS, END_MS
from benchmarks.measure import ROOT, Figure, fresh, table
from benchmarks.million import DATA

SECONDS = {"7d": 0.3, "90d": 0.8}
"""The most that the data of a page may take over a window."""
PAGES = ("overview", "failures", "retries", "latency", "cost", "standard_vs_express", "executions")
READS = ("known", "answer", "is_empty", "listed", "collection", "coverage")
LAST_DAY = date(1970, 1, 1) + timedelta(days=END_MS // DAY_MS - 1)
DRAWINGS = 3

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


class Stopwatch:
    """The time spent in functions that were put under it: seconds, and seconds of processor."""

    def __init__(self) -> None:
        self.seconds = self.cpu_s = 0.0

    def over(self, function: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
        """The same function, timed."""

        @wraps(function)
        def timed(*args: _Given.args, **named: _Given.kwargs) -> _Answer:
            begun, cpu_begun = time.perf_counter(), time.process_time()
            try:
                return function(*args, **named)
            finally:
                self.seconds += time.perf_counter() - begun
                self.cpu_s += time.process_time() - cpu_begun

        return timed


def waited(folder: Path) -> dict[str, tuple[float, float]]:
    """By span and page, the medians of the seconds and of the seconds of processor that a drawing's data took."""
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415 -- only the measured process needs Streamlit

    from dashboard import context  # noqa: PLC0415

    logging.disable(logging.WARNING)
    os.environ["STEPSCOPE_STORE"] = str(folder)
    watch = Stopwatch()
    for name in READS:
        setattr(context, name, watch.over(getattr(context, name)))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    found = {}
    for span in SECONDS:
        for page in PAGES:
            app.switch_page(f"dashboard/pages/{page}.py")
            drawings = [_drawn(app, watch, span, days_ago) for days_ago in range(DRAWINGS)]
            found[f"{span} {page}"] = (median(wall for wall, _ in drawings), median(cpu for _, cpu in drawings))
    return found


def _drawn(app: Any, watch: Stopwatch, span: str, days_ago: int) -> tuple[float, float]:
    """Draw the page once more, with a window of its own, and nothing of it in a cache."""
    import streamlit as st  # noqa: PLC0415

    st.cache_data.clear()
    app.session_state["window"], app.session_state["until"] = span, LAST_DAY - timedelta(days=days_ago)
    watch.seconds = watch.cpu_s = 0.0
    app.run()
    if app.exception or app.error:
        raise RuntimeError(f"the page could not be drawn: {[*app.exception, *app.error]}")
    return watch.seconds, watch.cpu_s


def figures(folder: Path) -> Iterator[Figure]:
    """The data of every page, at its default window and over everything."""
    said = fresh("benchmarks.page_bench", "--only", folder).said
    for name, (seconds, cpu_s) in said.items():
        span, _, page = name.partition(" ")
        yield Figure(f"page {page}, {span}, its data", seconds, "s", SECONDS[span], f"{cpu_s:.2f} s of processor")


def main() -> None:
    """Print the figures, or measure in this process."""
    parser = argparse.ArgumentParser(description="The data of pages.")
    parser.add_argument("--store", type=Path, default=DATA / "store")
    parser.add_argument("--only", type=Path)
    asked = parser.parse_args()
    print(json.dumps(waited(asked.only)) if asked.only else table(list(figures(asked.store))))


if __name__ == "__main__":
    main()
