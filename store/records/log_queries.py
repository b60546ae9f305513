"""The queries of Logs Insights that counted Express executions."""

from __future__ import annotations

from store.records.record import Record
from store.schema import COUNT, LABEL, Column

RECORD = Record(
    table="log_queries",
    columns=(
        Column("region", LABEL, "AWS Region of the log group"),
        Column("log_group", LABEL, "the log group that was scanned"),
        Column("queried_at", COUNT, "when", is_time=True),
        Column("bytes_scanned", COUNT, "what AWS bills for"),
    ),
    select="SELECT region, log_group, queried_at, bytes_scanned FROM log_queries ORDER BY id",
)
