"""The state machines that the store knows, deleted ones too."""

from __future__ import annotations

from store.records.record import Record
from store.schema import COUNT, FLAG, LABEL, TEXT, Column

RECORD = Record(
    table="machine_details",
    columns=(
        Column("machine_id", COUNT, "number of the machine in the store"),
        Column("machine_arn", TEXT, "the machine; `file:<machine>` when the source gave no ARN"),
        Column("machine", LABEL, "name of the state machine"),
        Column("region", LABEL, "AWS Region; empty when the source does not say"),
        Column("account", LABEL, "AWS account; empty when the source does not say"),
        Column("type", LABEL, "STANDARD or EXPRESS"),
        Column("log_level", LABEL, "ALL, ERROR, FATAL or OFF; empty when nobody asked"),
        Column("is_traced", FLAG, "X-Ray traces are sent; empty when nobody asked"),
        Column("encryption", LABEL, "AWS_OWNED_KEY or CUSTOMER_MANAGED_KMS_KEY; empty when nobody asked"),
        Column("revision", LABEL, "the revision that became current last; empty when none is known"),
        Column("versions", COUNT, "published versions; empty when nobody asked"),
        Column("aliases", TEXT, "aliases with the versions that they lead to, in percent"),
        Column("tags", TEXT, "tags, as key=value; empty when it has none or nobody asked"),
        Column("first_seen_at", COUNT, "when the store first heard of it", is_time=True),
        Column(
            "deleted_at", COUNT, "when it was first missing from the listing; empty while it is there", is_time=True
        ),
    ),
    select="""SELECT m.id, m.arn, m.name, coalesce(m.region, ''), coalesce(m.account, ''), m.type, m.log_level,
        m.tracing, m.encryption, (SELECT r.revision FROM revisions r WHERE r.machine_id = m.id
            ORDER BY coalesce(r.since_at, r.first_seen_at) DESC, r.id DESC LIMIT 1),
        CASE WHEN EXISTS (SELECT 1 FROM machine_details d WHERE d.machine_id = m.id) THEN
            (SELECT count(*) FROM machine_versions v WHERE v.machine_id = m.id AND v.deleted_at IS NULL) END,
        (SELECT group_concat(a.alias || ': ' || (SELECT group_concat(r.key || ' ' || r.value || ' %', ', ')
            FROM json_each(a.routes) r), '; ') FROM machine_aliases a
            WHERE a.machine_id = m.id AND a.deleted_at IS NULL),
        (SELECT group_concat(t.key || '=' || t.value, ', ') FROM machine_tags t WHERE t.machine_id = m.id),
        m.first_seen_at, m.deleted_at FROM machines m ORDER BY m.id""",
)
