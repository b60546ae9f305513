"""Executions as listed, their histories and their Map Runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from store.migrations import MS_PER_DAY
from store.rows import upsert_many
from store.sqlite import Database


class ExecutionRow(NamedTuple):
    """An execution as a source lists it. Times are epoch milliseconds; unknown is None."""

    machine_id: int
    arn: str
    name: str
    status: str
    started_at: int | None
    stopped_at: int | None
    redrives: int = 0
    version: str | None = None
    alias: str | None = None
    error: str | None = None
    map_run_arn: str | None = None
    source: str = "api"


class HistoryRow(NamedTuple):
    """A history to be saved: the packed events, and the stop and redrives of the execution that they reach up to.

    `map_runs` are the Map Runs that the events name, each with how often it was redriven.
    """

    arn: str
    events: bytes
    event_count: int
    last_event_id: int
    stopped_at: int | None
    redrives: int
    map_runs: tuple[tuple[str, int], ...] = ()


_LISTED = (*ExecutionRow._fields, "day")


def save_executions(db: Database, rows: Iterable[ExecutionRow]) -> None:
    """Upsert listed executions in one transaction; a row that says nothing new is not touched."""
    with db.atomic():
        dated = ((*row, day_of(row.started_at)) for row in rows)
        upsert_many(db, "executions", _LISTED, ("arn",), dated, lasting=("version", "alias", "error", "map_run_arn"))


def day_of(started_at: int | None) -> int:
    """The UTC day of a start; 0 when that is not known, so that every execution stands in some day's facts."""
    return 0 if started_at is None else started_at // MS_PER_DAY


def save_histories(db: Database, rows: Iterable[HistoryRow], now_ms: int) -> None:
    """Save histories whole, each with its execution's note of what it was saved for, in one transaction.

    Of two histories of one execution the one with the higher last event id stays.
    """
    rows = list(rows)
    with db.atomic():
        db.conn.executemany(
            _SAVE_HISTORY, ((row.events, row.event_count, row.last_event_id, now_ms, row.arn) for row in rows)
        )
        db.conn.executemany(_NOTE_HISTORY, ((row.stopped_at, row.redrives, row.arn) for row in rows))
        db.conn.executemany(_ASK_MAP_RUN, ((*map_run, row.arn) for row in rows for map_run in row.map_runs))


_SAVE_HISTORY = """
INSERT INTO histories (execution_id, events, event_count, last_event_id, saved_at)
SELECT id, ?, ?, ?, ? FROM executions WHERE arn = ?
ON CONFLICT (execution_id) DO UPDATE SET events = excluded.events, event_count = excluded.event_count,
    last_event_id = excluded.last_event_id, saved_at = excluded.saved_at
WHERE excluded.last_event_id > histories.last_event_id
    OR (excluded.last_event_id = histories.last_event_id AND excluded.event_count > histories.event_count)
"""
_NOTE_HISTORY = """
UPDATE executions SET history = 'saved', history_stopped_at = ?1, history_redrives = ?2 WHERE arn = ?3
    AND (history IS NOT 'saved' OR history_stopped_at IS NOT ?1 OR history_redrives IS NOT ?2)
"""
_ASK_MAP_RUN = """
INSERT INTO map_runs (arn, redrives, execution_id) SELECT ?, ?, id FROM executions WHERE arn = ?
ON CONFLICT (arn) DO UPDATE SET status = NULL, redrives = excluded.redrives WHERE excluded.redrives > map_runs.redrives
"""


def note_history(db: Database, execution_id: int, history: str) -> None:
    """Note why an execution has no history: `expired`, `denied` or `unreadable`. Only `expired` is final."""
    db.execute("UPDATE executions SET history = ? WHERE id = ? AND history IS NOT ?", [history, execution_id, history])


def note_sampled(db: Database, execution_ids: Iterable[int]) -> None:
    """Note that these histories were left out of a sample: others stand for them until there is time to fetch them."""
    with db.atomic():
        db.conn.executemany(
            "UPDATE executions SET history = 'sampled' WHERE id = ? AND (history IS NULL OR history = 'denied')",
            [(execution_id,) for execution_id in execution_ids],
        )


def note_gone(db: Database, arn: str) -> None:
    """Note that AWS no longer holds an execution that was running when last seen: how it ended stays unknown."""
    db.execute("UPDATE executions SET status = 'UNKNOWN', history = 'expired' WHERE arn = ?", [arn])


def set_revisions(db: Database, rows: Iterable[tuple[int, bool, str]]) -> None:
    """Give executions their revision: (revision id, whether inferred, execution ARN) each, in one transaction."""
    with db.atomic():
        db.conn.executemany(
            "UPDATE executions SET revision_id = ?1, revision_inferred = ?2 WHERE arn = ?3"
            " AND (revision_id IS NOT ?1 OR revision_inferred IS NOT ?2)",
            [(revision, int(inferred), arn) for revision, inferred, arn in rows],
        )


class MapRunRow(NamedTuple):
    """A Map Run's counts: `children` is how many child executions it started."""

    arn: str
    execution_id: int
    status: str | None
    started_at: int | None
    stopped_at: int | None
    children: int | None
    items: int | None
    items_failed: int | None
    redrives: int = 0


def save_map_runs(db: Database, rows: Iterable[MapRunRow]) -> None:
    """Upsert the map runs of an execution in one transaction."""
    with db.atomic():
        upsert_many(db, "map_runs", MapRunRow._fields, ("arn",), rows)


class Kept(NamedTuple):
    """An execution with its history, as the fold reads it."""

    id: int
    machine_id: int
    arn: str
    status: str
    started_at: int | None
    stopped_at: int | None
    redrives: int
    version: str | None
    alias: str | None
    revision_id: int | None
    revision_inferred: int | None
    error: str | None
    source: str
    history: str | None
    events: bytes | None


_KEPT = """
SELECT e.id, e.machine_id, e.arn, e.status, e.started_at, e.stopped_at, e.redrives, e.version, e.alias, e.revision_id,
    e.revision_inferred, e.error, e.source, e.history, h.events
FROM executions e LEFT JOIN histories h ON h.execution_id = e.id
"""


def kept_between(db: Database, day: int, first_id: int, last_id: int) -> Iterator[Kept]:
    """The executions that started on a UTC day and whose ids lie in a range, with their histories, by id."""
    rows = db.execute(_KEPT + " WHERE e.day = ? AND e.id BETWEEN ? AND ? ORDER BY e.id", [day, first_id, last_id])
    return (Kept(*row) for row in rows)


def map_runs_between(db: Database, day: int, first_id: int, last_id: int) -> list[MapRunRow]:
    """The map runs of those executions."""
    columns = ", ".join(f"m.{name}" for name in MapRunRow._fields)
    rows = db.execute(
        f"SELECT {columns} FROM map_runs m JOIN executions e ON e.id = m.execution_id"
        " WHERE e.day = ? AND e.id BETWEEN ? AND ?",
        [day, first_id, last_id],
    )
    return [MapRunRow(*row) for row in rows]


def kept_execution(db: Database, arn: str) -> Kept | None:
    """One execution by its ARN, with its history; None when the store has none of that ARN."""
    row = db.execute(_KEPT + " WHERE e.arn = ?", [arn]).fetchone()
    return Kept(*row) if row else None


def executions_named(db: Database, name: str) -> list[str]:
    """ARNs of the executions that bear this name or ARN, newest first."""
    rows = db.execute("SELECT arn FROM executions WHERE arn = ? OR name = ? ORDER BY started_at DESC", [name, name])
    return [str(row[0]) for row in rows]


def map_runs_of(db: Database, execution_id: int) -> list[MapRunRow]:
    """The map runs of one execution."""
    columns = ", ".join(MapRunRow._fields)
    rows = db.execute(f"SELECT {columns} FROM map_runs WHERE execution_id = ?", [execution_id])
    return [MapRunRow(*row) for row in rows]
