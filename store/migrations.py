"""The schema of store.db, as migrations that are only ever appended.

Times are integer milliseconds since 1970 UTC, days whole UTC days since 1970. `stale_days` is kept by triggers, so
that whatever writes, by whatever path, a day whose executions changed is folded again.
"""

from __future__ import annotations

from store.sqlite import Database, Migrations

migrations = Migrations("stepscope")

MS_PER_DAY = 86_400_000


@migrations()
def m0001_machines(db: Database) -> None:
    """State machines and the revisions of their definitions."""
    db.table("machines").create(
        {
            "id": int,
            "arn": str,
            "name": str,
            "type": str,
            "region": str,
            "account": str,
            "created_at": int,
            "status": str,
            "log_level": str,
            "log_group": str,
            "source": str,
            "first_seen_at": int,
            "deleted_at": int,
        },
        pk="id",
        not_null={"arn", "name", "type"},
    )
    db.table("machines").create_index(["arn"], unique=True)
    db.table("revisions").create(
        {
            "id": int,
            "machine_id": int,
            "revision": str,
            "version": str,
            "definition": str,
            "problem": str,
            "since_at": int,
            "first_seen_at": int,
        },
        pk="id",
        not_null={"machine_id", "revision"},
        foreign_keys=[("machine_id", "machines", "id")],
    )
    db.table("revisions").create_index(["machine_id", "revision"], unique=True)


@migrations()
def m0002_executions(db: Database) -> None:
    """Executions as the listing gives them, their histories and map runs."""
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


@migrations()
def m0003_passes(db: Database) -> None:
    """Runs of the collector and what each covered. Watermarks are read from here: the last complete listing."""
    db.table("passes").create(
        {
            "id": int,
            "kind": str,
            "started_at": int,
            "finished_at": int,
            "outcome": str,
            "sentence": str,
            "calls": str,
            "throttled": int,
        },
        pk="id",
        not_null={"kind", "started_at"},
    )
    db.table("coverage").create(
        {
            "id": int,
            "pass_id": int,
            "target": str,
            "machine_id": int,
            "source": str,
            "listed_from": int,
            "listed_to": int,
            "listed": int,
            "saved": int,
            "missed": int,
            "outcome": str,
            "sentence": str,
        },
        pk="id",
        not_null={"pass_id", "source", "outcome"},
        foreign_keys=[("pass_id", "passes", "id"), ("machine_id", "machines", "id")],
    )
    db.table("coverage").create_index(["machine_id", "source", "listed_to"])
    db.table("coverage").create_index(["pass_id"])


@migrations()
def m0004_days(db: Database) -> None:
    """Which days must be folded again (kept by triggers), and which fact files stand for which fold."""
    db.table("stale_days").create({"day": int, "generation": int}, pk="day", not_null={"generation"})
    db.table("fact_days").create(
        {"day": int, "executions": int, "attempts": int, "fold": str, "written_at": int}, pk="day"
    )
    for trigger in _stale_triggers():
        db.execute(trigger)


_FOLDED = (
    "machine_id, status, started_at, stopped_at, day, redrives, version, alias, revision_id, revision_inferred, error"
)
"""Columns of executions that facts are made of: noting what was fetched makes no day stale."""


def _stale_triggers() -> list[str]:
    mark = "INSERT INTO stale_days (day, generation) {day} ON CONFLICT (day) DO UPDATE SET generation = generation + 1;"
    new_day = mark.format(day="VALUES (coalesce(new.day, 0), 1)")
    old_day = mark.format(day="VALUES (coalesce(old.day, 0), 1)")
    owner = mark.format(day="SELECT coalesce(day, 0), 1 FROM executions WHERE id = new.execution_id")
    return [
        f"CREATE TRIGGER execution_added AFTER INSERT ON executions BEGIN {new_day} END",
        f"CREATE TRIGGER execution_changed AFTER UPDATE OF {_FOLDED} ON executions BEGIN {new_day} END",
        f"""CREATE TRIGGER execution_moved AFTER UPDATE OF day ON executions
        WHEN old.day IS NOT new.day BEGIN {old_day} END""",
        f"CREATE TRIGGER execution_removed AFTER DELETE ON executions BEGIN {old_day} END",
        f"CREATE TRIGGER history_added AFTER INSERT ON histories BEGIN {owner} END",
        f"CREATE TRIGGER history_changed AFTER UPDATE ON histories BEGIN {owner} END",
        f"CREATE TRIGGER map_run_added AFTER INSERT ON map_runs BEGIN {owner} END",
        f"CREATE TRIGGER map_run_changed AFTER UPDATE ON map_runs BEGIN {owner} END",
    ]


@migrations()
def m0005_days_of_machines(db: Database) -> None:
    """What is learned of a machine, or of a definition, changes the facts of every day it ran on."""
    for trigger in _machine_triggers():
        db.execute(trigger)


def _machine_triggers() -> list[str]:
    mark = """INSERT INTO stale_days (day, generation)
        SELECT DISTINCT coalesce(day, 0), 1 FROM executions WHERE {whose} = new.id
        ON CONFLICT (day) DO UPDATE SET generation = generation + 1;"""
    return [
        f"""CREATE TRIGGER machine_changed AFTER UPDATE OF name, type, region, account ON machines
        WHEN (old.name, old.type, old.region, old.account) IS NOT (new.name, new.type, new.region, new.account)
        BEGIN {mark.format(whose="machine_id")} END""",
        f"""CREATE TRIGGER definition_changed AFTER UPDATE OF definition ON revisions
        WHEN old.definition IS NOT new.definition BEGIN {mark.format(whose="revision_id")} END""",
    ]
