"""What is learned of a machine, or of a definition, changes the facts of every day it ran on."""

from __future__ import annotations

from store.sqlite import Database


def migrate(db: Database) -> None:
    """Bring a store of the step before to this one."""
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
