"""Emptying a store of sample data, so that it can be filled anew."""

from __future__ import annotations

from store.sqlite import Database

_KEPT = frozenset({"_sqlite_migrations", "stale_days", "fact_days"})
"""What says how the rows lie, and which facts must go with them."""


def empty(db: Database) -> None:
    """Delete every row of the record; the next refresh then drops the facts. All or nothing."""
    tables = [name for name in db.table_names() if name not in _KEPT and not name.startswith("sqlite_")]
    with db.atomic():
        db.execute("PRAGMA defer_foreign_keys = ON")
        for table in tables:
            db.execute(f"DELETE FROM [{table}]")
