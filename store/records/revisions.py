"""The revisions of definitions that the store knows."""

from __future__ import annotations

from store.records.record import Record
from store.schema import COUNT, LABEL, TEXT, Column

RECORD = Record(
    table="machine_details",
    columns=(
        Column("machine", LABEL, "name of the state machine"),
        Column("region", LABEL, "AWS Region; empty when the source does not say"),
        Column("account", LABEL, "AWS account; empty when the source does not say"),
        Column("revision", LABEL, "name of the revision, as executions have it"),
        Column("version", LABEL, "published version; empty when it is none"),
        Column("definition", TEXT, "the definition as JSON; empty when it is not known"),
        Column("problem", TEXT, "why the definition cannot be read; empty when it can"),
        Column("since_at", COUNT, "from when on it was the current one; empty when not known", is_time=True),
        Column("first_seen_at", COUNT, "when the store first heard of it", is_time=True),
        Column(
            "last_seen_at", COUNT, "when it was last the current one, to the day; empty when nobody asked", is_time=True
        ),
    ),
    select="""SELECT m.name, coalesce(m.region, ''), coalesce(m.account, ''), r.revision, r.version, r.definition,
        r.problem, r.since_at, r.first_seen_at, r.last_seen_at
        FROM revisions r JOIN machines m ON m.id = r.machine_id ORDER BY r.id""",
)
