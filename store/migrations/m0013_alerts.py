"""Which findings have been told, so that each is told once while it lasts."""

from __future__ import annotations

from store.sqlite import Database


def migrate(db: Database) -> None:
    """Bring a store of the step before to this one."""
    db.table("alerts").create({"key": str, "sentence": str, "told_at": int}, pk="key", not_null={"sentence", "told_at"})
