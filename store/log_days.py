"""What Logs Insights counted of Express executions, where their records were not read one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from store.rows import upsert_many
from store.sqlite import Database


class LogDay(NamedTuple):
    """The executions of a machine that started on a UTC day and ended with this status, and their durations.

    `status` is UNKNOWN where no record tells the end. `duration_ms` is the sum.
    """

    machine_id: int
    day: int
    status: str
    executions: int
    duration_ms: int
    p50_ms: int
    p95_ms: int
    p99_ms: int
    max_ms: int


class LogQuery(NamedTuple):
    """A query of Logs Insights: AWS bills the bytes that it scanned."""

    pass_id: int
    region: str
    log_group: str
    day: int
    queried_at: int
    bytes_scanned: int


def save_log_days(db: Database, rows: Iterable[LogDay], query: LogQuery) -> None:
    """Keep what a query counted, in one transaction; the same day counted again replaces what it was."""
    with db.atomic():
        upsert_many(db, "log_days", LogDay._fields, ("machine_id", "day", "status"), rows)
        columns = ", ".join(LogQuery._fields)
        db.execute(f"INSERT INTO log_queries ({columns}) VALUES ({', '.join('?' * len(query))})", list(query))
