"""What each pass of the collector covered."""

from __future__ import annotations

from store.records.record import Record
from store.schema import COUNT, LABEL, TEXT, Column

RECORD = Record(
    table="coverage",
    columns=(
        Column("pass_id", COUNT, "number of the pass"),
        Column("pass_started_at", COUNT, "when the pass began", is_time=True),
        Column("target", LABEL, "account and Region that was asked"),
        Column("machine", LABEL, "name of the state machine; empty for the listing of machines"),
        Column("region", LABEL, "AWS Region of the machine; empty when not known"),
        Column("account", LABEL, "AWS account of the machine; empty when not known"),
        Column("source", LABEL, "where the collector looked"),
        Column("listed_from", COUNT, "the oldest start that it looked at", is_time=True),
        Column("listed_to", COUNT, "up to when it looked", is_time=True),
        Column("listed", COUNT, "executions listed"),
        Column("saved", COUNT, "histories saved"),
        Column("missed", COUNT, "histories wanted and not got"),
        Column("outcome", LABEL, "complete, partial, failed, interrupted, denied, throttled or not_collected"),
        Column("sentence", TEXT, "what there is to say about it"),
    ),
    select="""SELECT c.pass_id, p.started_at, c.target, m.name, coalesce(m.region, ''), coalesce(m.account, ''),
        c.source, c.listed_from, c.listed_to, c.listed, c.saved, c.missed, c.outcome, c.sentence
        FROM coverage c JOIN passes p ON p.id = c.pass_id LEFT JOIN machines m ON m.id = c.machine_id ORDER BY c.id""",
)
