"""One way to write a row: nothing is touched when nothing changed, so that an idle pass leaves the store as it was."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from sqlite_utils import Database


@functools.cache
def upsert_sql(table: str, columns: tuple[str, ...], key: tuple[str, ...], fixed: tuple[str, ...] = ()) -> str:
    """An upsert that updates only a row that differs, and never the `fixed` columns. Names are ours, never a user's."""
    changing = [column for column in columns if column not in key and column not in fixed]
    differs = " OR ".join(f"{table}.{column} IS NOT excluded.{column}" for column in changing)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in changing)}"
        f" WHERE {differs}"
    )


def inserted_or_changed(
    db: Database, table: str, row: Mapping[str, Any], key: tuple[str, ...], on_insert: Mapping[str, Any]
) -> int:
    """The id of the row with this key, after an upsert; `on_insert` is written when the row is new and kept after."""
    columns = (*row, *on_insert)
    db.execute(upsert_sql(table, columns, key, tuple(on_insert)), [*row.values(), *on_insert.values()])
    found = db.execute(
        f"SELECT id FROM {table} WHERE {' AND '.join(f'{column} = ?' for column in key)}",
        [row[column] for column in key],
    ).fetchone()
    return int(found[0])


def upsert_many(
    db: Database, table: str, columns: tuple[str, ...], key: tuple[str, ...], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Upsert rows, given in the order of `columns`, in the caller's transaction."""
    db.conn.executemany(upsert_sql(table, columns, key), rows)
