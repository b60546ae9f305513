"""What CloudWatch counted: a row of integers for each value, and what asking for it was charged by."""

from __future__ import annotations

from store.sqlite import Database


def migrate(db: Database) -> None:
    """Bring a store of the step before to this one."""
    db.table("metric_series").create(
        {
            "id": int,
            "machine_id": int,
            "account": str,
            "region": str,
            "metric": str,
            "stat": str,
            "subject": str,
            "read_from": int,
            "read_to": int,
        },
        pk="id",
        not_null={"account", "region", "metric", "stat", "subject"},
        foreign_keys=[("machine_id", "machines", "id")],
    )
    db.execute(
        "CREATE UNIQUE INDEX metric_series_by_name"
        " ON metric_series (coalesce(machine_id, 0), account, region, metric, stat, subject)"
    )
    db.execute(
        "CREATE TABLE metric_points (series_id INTEGER NOT NULL REFERENCES metric_series (id), at INTEGER NOT NULL,"
        " period_s INTEGER NOT NULL, value REAL NOT NULL, PRIMARY KEY (series_id, at)) WITHOUT ROWID"
    )
    db.table("metric_requests").create(
        {"id": int, "pass_id": int, "region": str, "metrics": int, "cost": str},
        pk="id",
        not_null={"pass_id", "metrics"},
        foreign_keys=[("pass_id", "passes", "id")],
    )
