"""Slices read by processes of their own: decoding is all that an import waits for, and Python decodes on one core."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext
from itertools import chain

from collectors.drafts import Read
from collectors.dumps import Told
from collectors.reading import read_slice
from collectors.slices import SLICE_BYTES, Slice
from store.errors import FileUnreadableError

WORTH_A_POOL = 3
"""Batches of slices below which starting processes costs more than they save."""

AHEAD = 4
"""Batches handed out at a time, so that no process waits while this one saves."""

MOST_PIECES = 500

Batch = list[tuple[Slice, Read]]


def read_all(slices: Iterable[Slice], told: Told, workers: int | Executor) -> Generator[Batch, None, None]:
    """The slices with what was read from them, a few megabytes at a time, in their order.

    What is worth it is read by a pool of the caller's, or by one of so many processes. Raises `FileUnreadableError`
    when one of them dies, as it does when memory runs out.
    """
    batches = _batches(slices)
    first = [batch for _, batch in zip(range(WORTH_A_POOL), batches, strict=False)]
    if len(first) < WORTH_A_POOL or workers == 1:
        for batch in chain(first, batches):
            yield read_batch(batch, told)
        return
    with _own_pool(workers) if isinstance(workers, int) else nullcontext(workers) as pool:
        try:
            yield from _in_order(pool, chain(first, batches), told)
        except BrokenProcessPool as error:
            raise FileUnreadableError(
                "a process that read the files died", "Free some memory, or use fewer."
            ) from error


@contextmanager
def _own_pool(workers: int) -> Iterator[Executor]:
    """Where the system can, its processes begin as copies of this one: they need not load everything again."""
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
    pool = ProcessPoolExecutor(workers, context, _ignore_interrupts)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def read_batch(batch: list[Slice], told: Told) -> Batch:
    """What was read from each slice; its bytes are not handed back."""
    return [(piece._replace(data=None), read_slice(piece, told)) for piece in batch]


def _batches(slices: Iterable[Slice]) -> Iterator[list[Slice]]:
    """Slices together, where they are small."""
    batch: list[Slice] = []
    size = 0
    for piece in slices:
        batch.append(piece)
        size += len(piece.data) if piece.data is not None else piece.end - piece.begin
        if size >= SLICE_BYTES or len(batch) >= MOST_PIECES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _in_order(pool: Executor, batches: Iterable[list[Slice]], told: Told) -> Iterator[Batch]:
    waiting: deque[Future[Batch]] = deque()
    for batch in batches:
        waiting.append(pool.submit(read_batch, batch, told))
        if len(waiting) > AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _ignore_interrupts() -> None:
    """Ctrl-C reaches every process; the one that handed out the work decides what becomes of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
