"""What Logs Insights counted of Express executions."""

from __future__ import annotations

from store.records.record import Record
from store.schema import COUNT, LABEL, Column

RECORD = Record(
    table="log_days",
    columns=(
        Column("machine", LABEL, "name of the state machine"),
        Column("region", LABEL, "AWS Region of the machine; empty when not known"),
        Column("account", LABEL, "AWS account of the machine; empty when not known"),
        Column("day_at", COUNT, "UTC day on which the executions started", is_time=True),
        Column("status", LABEL, "how they ended; UNKNOWN where no record tells"),
        Column("executions", COUNT, "executions counted"),
        Column("duration_ms", COUNT, "sum of their durations"),
        Column("duration_p50_ms", COUNT, "half of them took no longer"),
        Column("duration_p95_ms", COUNT, "95 of 100 took no longer"),
        Column("duration_p99_ms", COUNT, "99 of 100 took no longer"),
        Column("duration_max_ms", COUNT, "the longest"),
    ),
    select="""SELECT m.name, coalesce(m.region, ''), coalesce(m.account, ''), d.day * 86400000, d.status, d.executions,
        d.duration_ms, d.p50_ms, d.p95_ms, d.p99_ms, d.max_ms
        FROM log_days d JOIN machines m ON m.id = d.machine_id ORDER BY d.day, m.name, m.id, d.status""",
)
