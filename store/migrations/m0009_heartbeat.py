"""Which collector has the store, and since when: one row, renewed while it lives."""

from __future__ import annotations

from store.sqlite import Database


def migrate(db: Database) -> None:
    """Bring a store of the step before to this one."""
    db.execute(
        """CREATE TABLE heartbeat (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            pid INTEGER NOT NULL,
            host TEXT NOT NULL,
            since_at INTEGER NOT NULL,
            renewed_at INTEGER NOT NULL,
            state TEXT NOT NULL,
            every_ms INTEGER,
            next_at INTEGER
        )"""
    )
