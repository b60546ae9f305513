"""What AWS charges for the collector's own questions: calls of Step Functions are free, metrics and scans are not."""

from __future__ import annotations

from typing import NamedTuple

from store.sqlite import Database


class Charged(NamedTuple):
    """What a pass asked for that is charged: metrics requested with their cost in words, and bytes scanned in logs.

    `cost` is an amount, a currency and the day of the price, as noted when it was asked; None when none was known.
    """

    pass_id: int
    metrics: int = 0
    cost: str | None = None
    bytes_scanned: int = 0


def charged(db: Database) -> list[Charged]:
    """What was charged, a row for each request that was noted; nothing in a store from before that was noted."""
    there = set(db.table_names())
    rows = [query for table, query in _QUERIES.items() if table in there]
    return [Charged(*row) for query in rows for row in db.execute(query)]


_QUERIES = {
    "metric_requests": "SELECT pass_id, metrics, cost, 0 FROM metric_requests ORDER BY id",
    "log_queries": "SELECT pass_id, 0, NULL, bytes_scanned FROM log_queries ORDER BY id",
}
