"""One way to write a row: nothing is touched when nothing changed, so that an idle pass leaves the store as it was."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from store.sqlite import Database


@functools.cache
def upsert_sql(
    table: str,
    columns: tuple[str, ...],
    key: tuple[str, ...],
    fixed: tuple[str, ...] = (),
    lasting: tuple[str, ...] = (),
) -> str:
    """An upsert that updates only a row that differs; names are ours, never a user's.

    It never touches the `fixed` columns of a row that is there, and a NULL never replaces what a `lasting` one holds.
    """
    changing = {
        column: f"coalesce(excluded.{column}, {table}.{column})" if column in lasting else f"excluded.{column}"
        for column in columns
        if column not in key and column not in fixed
    }
    differs = " OR ".join(f"{table}.{column} IS NOT {value}" for column, value in changing.items())
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {', '.join(f'{c} = {v}' for c, v in changing.items())}"
        f" WHERE {differs}"
    )


def inserted_or_changed(
    db: Database,
    table: str,
    row: Mapping[str, Any],
    key: tuple[str, ...],
    on_insert: Mapping[str, Any],
    lasting: tuple[str, ...] = (),
) -> int:
    """The id of the row with this key, after an upsert; `on_insert` is written when the row is new and kept after."""
    columns = (*row, *on_insert)
    db.execute(upsert_sql(table, columns, key, tuple(on_insert), lasting), [*row.values(), *on_insert.values()])
    found = db.execute(
        f"SELECT id FROM {table} WHERE {' AND '.join(f'{column} = ?' for column in key)}",
        [row[column] for column in key],
    ).fetchone()
    return int(found[0])


def upsert_many(
    db: Database,
    table: str,
    columns: tuple[str, ...],
    key: tuple[str, ...],
    rows: Iterable[tuple[Any, ...]],
    lasting: tuple[str, ...] = (),
) -> None:
    """Upsert rows, given in the order of `columns`, in the caller's transaction."""
    db.conn.executemany(upsert_sql(table, columns, key, (), lasting), rows)
