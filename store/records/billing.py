"""What Cost Explorer says was used."""

from __future__ import annotations

from store.records.record import Record
from store.schema import COUNT, FLAG, LABEL, MONEY, Column

RECORD = Record(
    table="billing_lines",
    columns=(
        Column(
            "account", LABEL, "AWS account that was asked about; empty when the answer is for all that pay together"
        ),
        Column("day_at", COUNT, "UTC day of the usage", is_time=True),
        Column("region", LABEL, "AWS Region, as Cost Explorer has it"),
        Column("usage_type", LABEL, "usage type, as on the bill"),
        Column("quantity", MONEY, "how much was used, in the usage type's own unit"),
        Column("settled", FLAG, "whether the day is whole"),
    ),
    select="""SELECT l.account, l.day * 86400000, l.region, l.usage_type, l.quantity, d.settled = 1
        FROM billing_lines l JOIN billing_days d ON d.account = l.account AND d.day = l.day
        ORDER BY l.account, l.day, l.region, l.usage_type""",
)
