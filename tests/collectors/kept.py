"""A store in memory and what stands in it, for tests of what fills it."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from collectors.connections import Connection, Meter
from collectors.job import PassResult, run_pass
from collectors.scope import Options, Silent
from collectors.sessions import Target
from store.folder import Store
from store.histories import unpacked
from store.migrations import migrations
from tests.collectors.world import START, World

SINCE = START - 90 * 86_400_000


@functools.cache
def _empty() -> bytes:
    with_schema = Database(memory=True)
    migrations.apply(with_schema)
    image = with_schema.conn.serialize()
    with_schema.close()
    return image


def memory_store(image: bytes | None = None) -> Store:
    """A new store, or one as it was when its image was taken."""
    connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    connection.deserialize(image or _empty())
    connection.execute("PRAGMA foreign_keys = ON")
    return Store(Path(), Database(connection))


def image(store: Store) -> bytes:
    return store.db.conn.serialize()


def collected(store: Store, world: World, **options: Any) -> PassResult:
    """One pass over the world."""
    return collected_from(store, [world], **options)


def collected_from(
    store: Store, worlds: Sequence[Any], clock: Callable[[], int] | None = None, **options: Any
) -> PassResult:
    """One pass over several worlds, each a target of its own: `one`, `two`..."""
    targets = [Target(region=f"target-{number}") for number in range(len(worlds))]
    apis = dict(zip(targets, worlds, strict=True))
    now = worlds[0].now
    return run_pass(
        store,
        targets,
        Options(**({"since": SINCE, "threads": 2} | options)),
        clock or (lambda: now),
        Silent(),
        lambda target: Connection(target.name, apis[target], Meter()),
    )


def rows(store: Store, table: str) -> list[dict[str, Any]]:
    return list(store.db.table(table).rows)


def everything(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every row of what a pass may leave untouched."""
    tables = ("machines", "revisions", "executions", "histories", "map_runs", "stale_days")
    return {table: rows(store, table) for table in tables}


def what_is_known(store: Store) -> dict[str, Any]:
    """Each execution with what AWS said of it and, once it ended, the events kept: no ids, no times of saving.

    One that was redriven and still runs may have its history up to there, or none yet.
    """
    query = (
        "SELECT arn, name, status, started_at, stopped_at, redrives, version, h.events"
        " FROM executions e LEFT JOIN histories h ON h.execution_id = e.id"
    )
    known = {row["arn"]: row for row in store.db.query(query)}
    for row in known.values():
        row["events"] = unpacked(row["events"]) if row["events"] and row["status"] != "RUNNING" else None
    return known
