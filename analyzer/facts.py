"""Facts: decides which days changed, folds their executions and hands the rows to the store to write.

The work is cut into chunks of executions that do not depend on each other, so that it can be given to several
processes; each reads the store by itself and returns Arrow tables.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from analyzer.charges import Tariff
from analyzer.context import Context
from analyzer.money import express_prices, transition_prices
from analyzer.prices import PriceBook
from analyzer.tables import Tables, fact_tables
from store.carrying import carried, is_pruned
from store.executions import kept_between, map_runs_between
from store.facts import DayWriter, StaleDay, drop_day, execution_ids, stale_days
from store.folder import Store, readable_store
from store.machines import machines, revisions

FOLD_VERSION = 5
"""Raised whenever the fold gives other rows for the same history, so that old facts are built anew."""

EXECUTIONS_IN_CHUNK = 1_000
"""So few that a chunk takes little memory; structures are remembered from one to the next."""


class Refreshed(NamedTuple):
    """What a refresh did: days folded and the rows now in them."""

    days: int
    executions: int
    attempts: int


class Chunk(NamedTuple):
    """Executions of one day by the range of their ids, both ends included."""

    stale: StaleDay
    first_id: int
    last_id: int


def fold_name(book: PriceBook) -> str:
    """What the facts depend on besides the store: the fold's version and the prices."""
    prices = "".join(map(repr, [*transition_prices(book), *express_prices(book)]))
    return f"{FOLD_VERSION}-{hashlib.sha256(prices.encode()).hexdigest()[:12]}"


def is_stale(store: Store, book: PriceBook) -> bool:
    """Some facts are not those of the store."""
    return bool(stale_days(store, fold_name(book)))


def refresh(store: Store, book: PriceBook, now_ms: int, pool: Executor | None = None) -> Refreshed:
    """Fold every stale day of a store that this process writes to; with a `pool`, in its processes."""
    fold = fold_name(book)
    done = Refreshed(0, 0, 0)
    to_do = list(_chunks(store, stale_days(store, fold)))
    for stale, built in groupby(_built(store.folder, book, to_do, pool), key=_day_of):
        with DayWriter(store, stale) as writer:
            for _, tables in built:
                writer.add(tables)
            executions, attempts = writer.commit(fold, now_ms)
        done = Refreshed(done.days + 1, done.executions + executions, done.attempts + attempts)
    return done


def _day_of(built: tuple[Chunk, Tables]) -> StaleDay:
    return built[0].stale


def _chunks(store: Store, days: Iterable[StaleDay]) -> Iterator[Chunk]:
    for stale in days:
        ids = execution_ids(store.db, stale.day)
        if not ids:
            drop_day(store, stale)
        for start in range(0, len(ids), EXECUTIONS_IN_CHUNK):
            part = ids[start : start + EXECUTIONS_IN_CHUNK]
            yield Chunk(stale, part[0], part[-1])


def _built(folder: Path, book: PriceBook, to_do: list[Chunk], pool: Executor | None) -> Iterator[tuple[Chunk, Tables]]:
    """Each chunk with its tables, in order; with a pool, a few chunks ahead and never all at once."""
    build = functools.partial(chunk_tables, folder, book)
    if pool is None or len(to_do) == 1:
        yield from ((chunk, build(chunk)) for chunk in to_do)
        return
    waiting = iter(to_do)
    running = [(chunk, pool.submit(build, chunk)) for chunk in islice(waiting, _CHUNKS_AHEAD)]
    while running:
        chunk, future = running.pop(0)
        tables = future.result()
        running += [(ahead, pool.submit(build, ahead)) for ahead in islice(waiting, 1)]
        yield chunk, tables


_CHUNKS_AHEAD = 4


def chunk_tables(folder: Path, book: PriceBook, chunk: Chunk) -> Tables:
    """The rows of both fact tables of a chunk's executions, read from the store at `folder`.

    Those of executions whose history was pruned are taken over from the day's files as they are.
    """
    with readable_store(folder) as store:
        context = Context(machines(store.db), revisions(store.db))
        span = (chunk.stale.day, chunk.first_id, chunk.last_id)
        map_runs = {row.arn: row for row in map_runs_between(store.db, *span)}
        kept = list(kept_between(store.db, *span))
        old = carried(folder, chunk.stale.day, [one.id for one in kept if is_pruned(one)])
        known = set(old["executions"]["execution_id"].to_pylist())
        new = fact_tables(context, Tariff(book), [one for one in kept if one.id not in known], map_runs)
        return {name: pa.concat_tables([rows, new[name]]) for name, rows in old.items()}
