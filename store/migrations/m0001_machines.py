"""State machines and the revisions of their definitions."""

from __future__ import annotations

from store.sqlite import Database


def migrate(db: Database) -> None:
    """Bring a store of the step before to this one."""
    db.table("machines").create(
        {
            "id": int,
            "arn": str,
            "name": str,
            "type": str,
            "region": str,
            "account": str,
            "created_at": int,
            "status": str,
            "log_level": str,
            "log_group": str,
            "source": str,
            "first_seen_at": int,
            "deleted_at": int,
        },
        pk="id",
        not_null={"arn", "name", "type"},
    )
    db.table("machines").create_index(["arn"], unique=True)
    db.table("revisions").create(
        {
            "id": int,
            "machine_id": int,
            "revision": str,
            "version": str,
            "definition": str,
            "problem": str,
            "since_at": int,
            "first_seen_at": int,
        },
        pk="id",
        not_null={"machine_id", "revision"},
        foreign_keys=[("machine_id", "machines", "id")],
    )
    db.table("revisions").create_index(["machine_id", "revision"], unique=True)
