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
    """What may be pruned: what it is called by in a sentence, the table that loses rows, and what becomes of facts."""

    table: str
    consequence: str
    old: str


KINDS = {
    "histories": Kind("histories", "their facts stay, and all reports with them", _OLD_HISTORIES),
    "executions": Kind("executions", "their histories and facts go with them, and leave every report", _OLD_EXECUTIONS),
    "passes": Kind("passes", "what they covered goes with them, but for the newest of each machine", _OLD_PASSES),
}


def old_rows(db: Database, kind: str, before_ms: int) -> int:
    """How many rows of this kind are older than a moment and may go."""
    found = db.execute(
        f"SELECT count(*) FROM {KINDS[kind].table} WHERE {_key(kind)} IN ({KINDS[kind].old})", _at(before_ms)
    )
    return int(found.fetchone()[0])


def prune(db: Database, kind: str, before_ms: int) -> int:
    """How many rows of this kind were taken out, in one transaction, with all that belongs to them."""
    with db.atomic():
        taken = old_rows(db, kind, before_ms)
        if kind != "histories":
            _prune_dependants(db, kind, before_ms)
        db.execute(f"DELETE FROM {KINDS[kind].table} WHERE {_key(kind)} IN ({KINDS[kind].old})", _at(before_ms))
    return taken


def _prune_dependants(db: Database, kind: str, before_ms: int) -> None:
    """Take out the rows of every table that point at those that go."""
    for name in db.table_names():
        for key in db.table(name).foreign_keys:
            if key.other_table == KINDS[kind].table:
                db.execute(f"DELETE FROM [{name}] WHERE [{key.column}] IN ({KINDS[kind].old})", _at(before_ms))


def _key(kind: str) -> str:
    return "execution_id" if kind == "histories" else "id"


def _at(before_ms: int) -> dict[str, int]:
    return {"before": before_ms, "day": before_ms // MS_PER_DAY}


def vacuumed(db: Database) -> None:
    """Give back to the disk what pruning left empty. Needs as much free space as the file takes."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
