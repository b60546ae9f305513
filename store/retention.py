"""How long AWS keeps what the collector has not fetched yet, and what it soon will not."""

from __future__ import annotations

from typing import NamedTuple

from store.migrations import MS_PER_DAY
from store.sqlite import Database

PUBLISHED_MS = 90 * MS_PER_DAY
"""How long after its stop AWS keeps an execution (developer guide, "Service quotas")."""

SHORTEST_MS = 30 * MS_PER_DAY
"""The least that AWS agrees to keep for an account that asks for it (same page)."""


def note_gone_by(db: Database, machine_id: int, age_ms: int, now_ms: int) -> None:
    """Note that AWS no longer held an execution of this machine so long after its stop.

    An account for which AWS keeps less than it publishes says so nowhere else. Of several ages the least is kept; one
    below what AWS agrees to has another cause, such as a deleted machine, and says nothing.
    """
    if SHORTEST_MS <= age_ms < PUBLISHED_MS:
        with db.atomic():
            db.execute(_NOTE, [age_ms, now_ms, machine_id])


_NOTE = """
INSERT INTO retentions (account, region, at_most_ms, learnt_at)
SELECT coalesce(account, ''), coalesce(region, ''), ?, ? FROM machines WHERE id = ? AND deleted_at IS NULL
ON CONFLICT (account, region) DO UPDATE SET at_most_ms = excluded.at_most_ms, learnt_at = excluded.learnt_at
WHERE excluded.at_most_ms < retentions.at_most_ms
"""


class Retention(NamedTuple):
    """An account and Region in which AWS keeps executions for less than it publishes: at most so long."""

    account: str
    region: str
    at_most_ms: int
    learnt_at: int


def retentions(db: Database) -> list[Retention]:
    """What was learnt, by account and Region; what is not in it keeps what is published."""
    columns = ", ".join(Retention._fields)
    return [Retention(*row) for row in db.execute(f"SELECT {columns} FROM retentions ORDER BY account, region")]


class Expiring(NamedTuple):
    """Histories of a machine that are not fetched and that AWS soon no longer holds, the first of them at a time."""

    machine: str
    region: str
    account: str
    histories: int
    failures: int
    first_at: int


def expiring(db: Database, now_ms: int, within_ms: int) -> list[Expiring]:
    """By machine, the histories that AWS drops within a span from now, the most pressing first."""
    rows = db.execute(_EXPIRING, {"published": PUBLISHED_MS, "now": now_ms, "until": now_ms + within_ms})
    return [Expiring(*row) for row in rows]


_EXPIRING = """
WITH kept AS (
    SELECT m.name, coalesce(m.region, '') AS region, coalesce(m.account, '') AS account, e.status,
        e.stopped_at + coalesce(r.at_most_ms, :published) AS gone_at
    FROM executions e INDEXED BY executions_to_fetch JOIN machines m ON m.id = e.machine_id
    LEFT JOIN retentions r ON r.account = coalesce(m.account, '') AND r.region = coalesce(m.region, '')
    WHERE e.status IN ('SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED') AND e.history IS NOT 'expired'
    AND e.source = 'api' AND (e.history IS NOT 'saved' OR e.history_stopped_at IS NOT e.stopped_at
    OR e.history_redrives IS NOT e.redrives)
)
SELECT name, region, account, count(*), sum(status <> 'SUCCEEDED'), min(gone_at) FROM kept
WHERE gone_at > :now AND gone_at <= :until GROUP BY name, region, account ORDER BY min(gone_at)
"""
