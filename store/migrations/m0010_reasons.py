"""Why a history is missing stands in the facts: a day is folded anew when that changes."""

from __future__ import annotations

from store.sqlite import Database


def migrate(db: Database) -> None:
    """Bring a store of the step before to this one."""
    db.execute(_HISTORY_NOTED)


_HISTORY_NOTED = """
CREATE TRIGGER history_noted AFTER UPDATE OF history ON executions
WHEN new.history IS NOT old.history AND 'saved' NOT IN (coalesce(old.history, ''), coalesce(new.history, ''))
BEGIN INSERT INTO stale_days (day, generation) VALUES (coalesce(new.day, 0), 1)
    ON CONFLICT (day) DO UPDATE SET generation = generation + 1; END
"""
