"""How new the store is and how much of the truth it holds: cheap reads that a page makes before every drawing."""

from __future__ import annotations

from typing import NamedTuple

from store.migrations import MS_PER_DAY
from store.passes import CoverageRow
from store.sqlite import Database


class Freshness(NamedTuple):
    """What changes when the store does.

    `version` is another text after every pass that ended and every day that was folded. `first_day_ms` and
    `last_day_ms` are the UTC days, in milliseconds since 1970, of the first and the last start known; None in an empty
    store. `stale_days` were changed and not yet folded. `running_kind` is the kind of a pass that has begun and not
    ended, `collected_at` when the last one ended, in milliseconds; `is_sample` says that a demo filled the store.
    """

    version: str
    first_day_ms: int | None
    last_day_ms: int | None
    stale_days: int
    running_kind: str | None
    collected_at: int | None
    is_sample: bool


_FIRST_AND_LAST_DAY = """
SELECT (SELECT min(day) FROM executions WHERE day > 0), (SELECT max(day) FROM executions WHERE day > 0)
"""
"""Asked for together, they would be looked for in the whole index."""


def freshness(db: Database) -> Freshness:
    """How new the store is, from a few index reads."""
    folded = db.execute("SELECT count(*), max(written_at), sum(executions), sum(attempts) FROM fact_days").fetchone()
    passed = db.execute("SELECT count(*), max(finished_at) FROM passes").fetchone()
    first, last = db.execute(_FIRST_AND_LAST_DAY).fetchone()
    running = db.execute(
        "SELECT kind FROM passes WHERE finished_at IS NULL AND id = (SELECT max(id) FROM passes)"
    ).fetchone()
    return Freshness(
        version="-".join(str(value) for value in (*folded, *passed)),
        first_day_ms=None if first is None else int(first) * MS_PER_DAY,
        last_day_ms=None if last is None else int(last) * MS_PER_DAY,
        stale_days=int(db.execute("SELECT count(*) FROM stale_days").fetchone()[0]),
        running_kind=running[0] if running else None,
        collected_at=passed[1],
        is_sample=bool(db.execute("SELECT EXISTS (SELECT 1 FROM passes WHERE kind = 'demo')").fetchone()[0]),
    )


def newest_coverage(db: Database) -> list[CoverageRow]:
    """For each target, machine and source what the last pass that tried it got, in the order of their names."""
    columns = ", ".join(f"coverage.{name}" for name in CoverageRow._fields)
    rows = db.execute(
        f"SELECT {columns} FROM coverage JOIN (SELECT max(id) AS id FROM coverage GROUP BY target, machine_id, source)"
        " AS newest USING (id) LEFT JOIN machines ON machines.id = coverage.machine_id"
        " ORDER BY coverage.target, machines.name, coverage.source"
    )
    return [CoverageRow(*row) for row in rows]


def complete_to(db: Database) -> dict[tuple[int, str], int]:
    """By machine id and source, up to when the listing is known to be complete, in epoch milliseconds."""
    rows = db.execute(
        "SELECT machine_id, source, max(listed_to) FROM coverage"
        " WHERE machine_id IS NOT NULL AND listed_to IS NOT NULL GROUP BY machine_id, source"
    )
    return {(int(machine), str(source)): int(at) for machine, source, at in rows}


def execution_counts(db: Database) -> dict[int, int]:
    """By machine id, how many executions are known; a machine without any is not there."""
    rows = db.execute("SELECT machine_id, count(*) FROM executions GROUP BY machine_id")
    return {int(machine): int(count) for machine, count in rows}


class HistoryCount(NamedTuple):
    """Executions of one status whose histories are alike: `history` is as in the table executions."""

    status: str
    history: str | None
    executions: int


def history_counts(db: Database) -> list[HistoryCount]:
    """How many executions have their history, and why the others have none."""
    rows = db.execute(
        "SELECT status, history, count(*) FROM executions GROUP BY status, history ORDER BY status, history"
    )
    return [HistoryCount(str(status), history, int(count)) for status, history, count in rows]
