"""What a store holds, row by row."""

from __future__ import annotations

from typing import Any

from store.sqlite import Database


def contents(db: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, those that triggers keep too."""
    return {name: list(db.table(name).rows) for name in db.table_names()}


def column(db: Database, table: str, name: str) -> list[Any]:
    """A column of a table, in the order in which its rows were added."""
    return [row[name] for row in db.table(table).rows_where(order_by="rowid")]


def stale_days(db: Database) -> list[int]:
    """The days that were marked since the last fold."""
    return column(db, "stale_days", "day")


def all_folded(db: Database) -> None:
    """As if every day were folded: none is stale."""
    db.table("stale_days").delete_where()
