"""Taking out of the record what is old. What is not folded yet, or not finished, is never touched."""

from __future__ import annotations

from typing import NamedTuple

from store.migrations import MS_PER_DAY
from store.sqlite import Database

_FOLDED = """
day > 0 AND day < :day AND day NOT IN (SELECT day FROM stale_days) AND day IN (SELECT day FROM fact_days)
"""
"""Whole days before the one asked for whose facts are those of the record."""

_OLD_HISTORIES = f"SELECT id FROM executions WHERE history = 'saved' AND {_FOLDED}"
_OLD_EXECUTIONS = f"SELECT id FROM executions WHERE status NOT IN ('RUNNING', 'PENDING_REDRIVE') AND {_FOLDED}"
_OLD_PASSES = """
SELECT id FROM passes WHERE finished_at < :before AND id NOT IN (SELECT pass_id FROM coverage WHERE id IN (
    SELECT max(id) FROM coverage GROUP BY target, machine_id, source
    UNION SELECT id FROM (SELECT id, max(listed_to) FROM coverage WHERE listed_to IS NOT NULL
        GROUP BY machine_id, source)))
"""
"""Not the passes that hold the watermarks and what each machine was last covered by."""


class Kind(NamedTuple):
    """What may be pruned: the table that loses rows, which of them are old, and what becomes of what hangs on them."""

    table: str
    is_old: str
    consequence: str


KINDS = {
    "histories": Kind(
        "histories", f"execution_id IN ({_OLD_HISTORIES})", "their facts stay, and all reports with them"
    ),
    "executions": Kind(
        "executions", f"id IN ({_OLD_EXECUTIONS})", "their histories and facts go with them, and leave every report"
    ),
    "metrics": Kind("metric_points", "at < :before / 1000", "AWS may still have them, in longer periods"),
    "passes": Kind(
        "passes", f"id IN ({_OLD_PASSES})", "what they covered goes with them, but for the newest of each machine"
    ),
}


def old_rows(db: Database, kind: str, before_ms: int) -> int:
    """How many rows of this kind are older than a moment and may go."""
    table, is_old, _ = KINDS[kind]
    if table not in db.table_names():
        return 0
    return int(db.execute(f"SELECT count(*) FROM {table} WHERE {is_old}", _at(before_ms)).fetchone()[0])


def prune(db: Database, kind: str, before_ms: int) -> int:
    """How many rows of this kind were taken out, in one transaction, with all that belongs to them."""
    table, is_old, _ = KINDS[kind]
    with db.atomic():
        taken = old_rows(db, kind, before_ms)
        if taken:
            _prune_dependants(db, table, is_old, before_ms)
            db.execute(f"DELETE FROM {table} WHERE {is_old}", _at(before_ms))
    return taken


def _prune_dependants(db: Database, table: str, is_old: str, before_ms: int) -> None:
    """Take out the rows of every table that point at those that go."""
    for name in db.table_names():
        for key in db.table(name).foreign_keys:
            if key.other_table == table:
                old = f"SELECT id FROM {table} WHERE {is_old}"
                db.execute(f"DELETE FROM [{name}] WHERE [{key.column}] IN ({old})", _at(before_ms))


def _at(before_ms: int) -> dict[str, int]:
    return {"before": before_ms, "day": before_ms // MS_PER_DAY}


def vacuumed(db: Database) -> None:
    """Give back to the disk what pruning left empty. Needs as much free space as the file takes."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
