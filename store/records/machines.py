"""The state machines that the store knows, deleted ones too."""

from __future__ import annotations

from store.records.record import Record
from store.schema import COUNT, LABEL, TEXT, Column

RECORD = Record(
    table="machines",
    columns=(
        Column("machine_id", COUNT, "number of the machine in the store"),
        Column("machine_arn", TEXT, "the machine; `file:<machine>` when the source gave no ARN"),
        Column("machine", LABEL, "name of the state machine"),
        Column("region", LABEL, "AWS Region; empty when the source does not say"),
        Column("account", LABEL, "AWS account; empty when the source does not say"),
        Column("type", LABEL, "STANDARD or EXPRESS"),
        Column("log_level", LABEL, "ALL, ERROR, FATAL or OFF; empty when nobody asked"),
        Column("first_seen_at", COUNT, "when the store first heard of it", is_time=True),
        Column(
            "deleted_at", COUNT, "when it was first missing from the listing; empty while it is there", is_time=True
        ),
    ),
    select="""SELECT id, arn, name, coalesce(region, ''), coalesce(account, ''), type, log_level, first_seen_at,
        deleted_at FROM machines ORDER BY id""",
)
