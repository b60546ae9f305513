"""Executions whose log records have not all arrived, and what Logs Insights counted in place of reading records."""

from __future__ import annotations

from store.sqlite import Database


def migrate(db: Database) -> None:
    """Bring a store of the step before to this one."""
    db.execute(
        "CREATE INDEX executions_half_logged ON executions (machine_id, day)"
        " WHERE source = 'logs' AND history IS NOT 'saved'"
    )
    db.table("log_days").create(
        {
            "machine_id": int,
            "day": int,
            "status": str,
            "executions": int,
            "duration_ms": int,
            "p50_ms": int,
            "p95_ms": int,
            "p99_ms": int,
            "max_ms": int,
        },
        pk=("machine_id", "day", "status"),
        foreign_keys=[("machine_id", "machines", "id")],
    )
    db.table("log_queries").create(
        {
            "id": int,
            "pass_id": int,
            "region": str,
            "log_group": str,
            "day": int,
            "queried_at": int,
            "bytes_scanned": int,
        },
        pk="id",
        foreign_keys=[("pass_id", "passes", "id")],
    )
