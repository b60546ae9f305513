"""What CloudWatch counted."""

from __future__ import annotations

from store.records.record import Record
from store.schema import COUNT, LABEL, NUMBER, Column

RECORD = Record(
    table="metric_points",
    columns=(
        Column("machine", LABEL, "name of the state machine; empty for the whole account and Region"),
        Column("region", LABEL, "AWS Region"),
        Column("account", LABEL, "AWS account"),
        Column("metric", LABEL, "name of the metric, as CloudWatch has it"),
        Column("stat", LABEL, "Sum, Average, Maximum or a percentile"),
        Column("subject", LABEL, "what it is about beside that: an API, or StateTransition"),
        Column("at", COUNT, "when its period begins", is_time=True),
        Column("period_s", COUNT, "length of the period in seconds"),
        Column("value", NUMBER, "the value, in the metric's unit"),
    ),
    select="""SELECT coalesce(m.name, ''), s.region, s.account, s.metric, s.stat, s.subject, p.at * 1000, p.period_s,
        p.value FROM metric_points p JOIN metric_series s ON s.id = p.series_id
        LEFT JOIN machines m ON m.id = s.machine_id ORDER BY p.series_id, p.at""",
)
