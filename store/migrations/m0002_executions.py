"""Executions as the listing gives them, their histories and map runs."""

from __future__ import annotations

from store.sqlite import Database


def migrate(db: Database) -> None:
    """Bring a store of the step before to this one."""
    db.table("executions").create(
        {
            "id": int,
            "machine_id": int,
            "arn": str,
            "name": str,
            "status": str,
            "started_at": int,
            "stopped_at": int,
            "day": int,
            "redrives": int,
            "version": str,
            "alias": str,
            "revision_id": int,
            "revision_inferred": int,
            "error": str,
            "map_run_arn": str,
            "source": str,
            "history": str,
            "history_stopped_at": int,
            "history_redrives": int,
        },
        pk="id",
        not_null={"machine_id", "arn", "name", "status"},
        foreign_keys=[("machine_id", "machines", "id"), ("revision_id", "revisions", "id")],
    )
    db.table("executions").create_index(["arn"], unique=True)
    db.table("executions").create_index(["day"])
    for index in _QUEUE_INDEXES:
        db.execute(index)
    _create_histories(db)
    _create_map_runs(db)


def _create_histories(db: Database) -> None:
    db.table("histories").create(
        {"execution_id": int, "events": bytes, "event_count": int, "last_event_id": int, "saved_at": int},
        pk="execution_id",
        not_null={"events", "event_count", "last_event_id"},
        foreign_keys=[("execution_id", "executions", "id")],
    )


def _create_map_runs(db: Database) -> None:
    db.table("map_runs").create(
        {
            "arn": str,
            "execution_id": int,
            "status": str,
            "started_at": int,
            "stopped_at": int,
            "children": int,
            "items": int,
            "items_failed": int,
            "redrives": int,
        },
        pk="arn",
        foreign_keys=[("execution_id", "executions", "id")],
    )
    db.table("map_runs").create_index(["execution_id"])


_QUEUE_INDEXES = (
    "CREATE INDEX executions_by_status ON executions (machine_id, status, stopped_at) WHERE source = 'api'",
    """CREATE INDEX executions_to_fetch ON executions (machine_id) WHERE source = 'api' AND history IS NOT 'expired'
    AND (history IS NOT 'saved' OR history_stopped_at IS NOT stopped_at OR history_redrives IS NOT redrives)""",
    "CREATE INDEX executions_unrevised ON executions (machine_id) WHERE source = 'api' AND revision_id IS NULL",
)
"""What the collector asks of the queue: partial, so that what is done or imported costs nothing."""
