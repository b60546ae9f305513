"""What Cost Explorer says was used, day by day, and which days need not be asked for again."""

from __future__ import annotations

from store.sqlite import Database


def migrate(db: Database) -> None:
    """Bring a store of the step before to this one."""
    db.table("billing_days").create(
        {"account": str, "day": int, "settled": int, "asked_at": int},
        pk=("account", "day"),
        not_null={"settled", "asked_at"},
    )
    db.table("billing_lines").create(
        {"account": str, "day": int, "region": str, "usage_type": str, "quantity": float},
        pk=("account", "day", "region", "usage_type"),
        not_null={"quantity"},
        foreign_keys=[],
    )
