"""Processes that help with the fold when there is much of it."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

WORKERS = 2
WORTH_EXECUTIONS = 8_000
"""From so many executions on, two processes gain more time than their start takes."""

_LOADED_ONCE = ["cli", "analyzer.facts", "collectors.files"]


@contextmanager
def workers(*, wanted: bool) -> Iterator[Executor | None]:
    """Two processes, when they are wanted; they begin with the first work that they are given.

    They are forked from a server that has loaded the fold and has neither threads nor an open database: forking this
    process, with its progress bar and its connections, would copy their locks in whatever state they are.
    """
    if not wanted:
        yield None
        return
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if context.get_start_method() == "forkserver":
        context.set_forkserver_preload(_LOADED_ONCE)
    # Ctrl-C reaches the whole group of processes; this one says what it means, and the others end with it.
    ignore = (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(WORKERS, mp_context=context, initializer=signal.signal, initargs=ignore) as pool:
        yield pool
