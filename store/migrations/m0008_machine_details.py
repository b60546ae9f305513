"""Machines in full, and which executions started which."""

from __future__ import annotations

from store.sqlite import Database


def migrate(db: Database) -> None:
    """Bring a store of the step before to this one."""
    for column, kind in (("tracing", "INTEGER"), ("encryption", "TEXT"), ("kms_key", "TEXT")):
        db.execute(f"ALTER TABLE machines ADD COLUMN {column} {kind}")
    db.execute("ALTER TABLE revisions ADD COLUMN last_seen_at INTEGER")
    machine = [("machine_id", "machines", "id")]
    db.table("machine_details").create({"machine_id": int, "read_at": int}, pk="machine_id", foreign_keys=machine)
    db.table("machine_tags").create(
        {"machine_id": int, "key": str, "value": str}, pk=("machine_id", "key"), foreign_keys=machine
    )
    db.table("machine_versions").create(
        {"machine_id": int, "version": str, "created_at": int, "deleted_at": int},
        pk=("machine_id", "version"),
        foreign_keys=machine,
    )
    db.table("machine_aliases").create(
        {"machine_id": int, "alias": str, "routes": str, "created_at": int, "updated_at": int, "deleted_at": int},
        pk=("machine_id", "alias"),
        foreign_keys=machine,
    )
    execution = [("execution_id", "executions", "id")]
    db.table("links").create(
        {"execution_id": int, "event_id": int, "child_arn": str},
        pk=("execution_id", "child_arn"),
        not_null={"event_id"},
        foreign_keys=execution,
    )
    db.table("links_read").create({"execution_id": int, "redrives": int}, pk="execution_id", foreign_keys=execution)
    db.table("map_run_listings").create(
        {"arn": str, "status": str, "redrives": int}, pk="arn", not_null={"status"}, foreign_keys=[("arn", "map_runs")]
    )
