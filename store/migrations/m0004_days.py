"""Which days must be folded again (kept by triggers), and which fact files stand for which fold."""

from __future__ import annotations

from store.sqlite import Database


def migrate(db: Database) -> None:
    """Bring a store of the step before to this one."""
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
