"""Processes that help with the fold when there is much of it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import BaseContext

WORKERS = 2
WORTH_A_FORK, WORTH_A_START = 10_000, 40_000
"""From so many executions on, two processes gain more time than it takes to fork them, or to start them anew."""

_LOADED_ONCE = ["cli", "analyzer.facts"]


@contextmanager
def workers(*, wanted: bool, is_first: bool = False) -> Iterator[Executor | None]:
    """Two processes, when they are wanted.

    `is_first` promises that nothing is open yet and that no thread runs: they are then copies of this process. A copy
    of one with an open database or with threads would hold their locks in whatever state they are; without the promise
    they are forked from a server that has loaded the fold and nothing else.
    """
    if not wanted:
        yield None
        return
    # Ctrl-C reaches the whole group of processes; this one says what it means, and the others end with it.
    ignore = (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(WORKERS, _context(is_first=is_first), signal.signal, ignore) as pool:
        if is_first:
            pool.submit(os.getpid)  # they are made now, before anything is opened
        yield pool


def _context(*, is_first: bool) -> BaseContext:
    if is_first and sys.platform == "linux":  # elsewhere the system's own libraries do not bear a fork
        return multiprocessing.get_context("fork")
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED_ONCE)
    return context
