"""How long AWS keeps the executions of an account, where it was learnt."""

from __future__ import annotations

from store.sqlite import Database


def migrate(db: Database) -> None:
    """Bring a store of the step before to this one."""
    db.table("retentions").create(
        {"account": str, "region": str, "at_most_ms": int, "learnt_at": int},
        pk=("account", "region"),
        not_null={"at_most_ms", "learnt_at"},
    )
