"""Which executions started which."""

from __future__ import annotations

from store.records.record import Record
from store.schema import COUNT, LABEL, TEXT, Column

RECORD = Record(
    table="links",
    columns=(
        Column("parent_arn", TEXT, "the execution that started the other"),
        Column("event_id", COUNT, "the event by which it did; empty for children of a Distributed Map"),
        Column("child_arn", TEXT, "the execution that was started; the store may not hold it"),
        Column("map_run_arn", TEXT, "the Map Run that it belongs to; empty when a state started it by itself"),
        Column("kind", LABEL, "map_run or start_execution"),
    ),
    select="""SELECT p.arn, NULL, c.arn, c.map_run_arn, 'map_run' FROM map_runs m
        JOIN executions p ON p.id = m.execution_id JOIN executions c ON c.map_run_arn = m.arn
        UNION ALL SELECT p.arn, l.event_id, l.child_arn, NULL, 'start_execution' FROM links l
        JOIN executions p ON p.id = l.execution_id""",
)
