"""What is still to be fetched. The store is the queue: each answer is a query, so an interruption needs no repair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from store.migrations import MS_PER_DAY
from store.sqlite import Database

REDRIVE_WINDOW_MS = 14 * MS_PER_DAY
"""How long after its stop an execution may be redriven: developer guide, "Redriving executions"."""

TODO_ROWS = 500


class Todo(NamedTuple):
    """An execution whose history is to be fetched."""

    id: int
    arn: str
    status: str
    stopped_at: int | None
    redrives: int
    machine_id: int


def histories_to_fetch(db: Database, machine_ids: Iterable[int]) -> list[int]:
    """Ids of these machines' finished executions whose history was not saved for their present stop and redrives.

    Failures first, the newest first. An execution that AWS no longer holds is not asked for again.
    """
    return [int(row[0]) for row in db.execute(_TO_FETCH, [_json(machine_ids)])]


_TO_FETCH = """
SELECT id FROM executions INDEXED BY executions_to_fetch
WHERE status IN ('SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED')
    AND (history IS NOT 'saved' OR history_stopped_at IS NOT stopped_at OR history_redrives IS NOT redrives)
    AND history IS NOT 'expired' AND source = 'api'
    AND machine_id IN (SELECT value FROM json_each(?))
ORDER BY status = 'SUCCEEDED', stopped_at DESC, id
"""


class Candidate(NamedTuple):
    """A success that may be drawn; `is_wanted` while its history is still to be fetched."""

    id: int
    machine_id: int
    day: int
    arn: str
    is_wanted: bool


def candidates(db: Database, machine_ids: Iterable[int]) -> Iterator[Candidate]:
    """The successes of each machine and day of start that has histories to fetch, fetched ones too, day by day.

    Redriven ones are not among them: what failed before is fetched whatever became of it.
    """
    rows = db.execute(_CANDIDATES, [_json(machine_ids)])
    return (Candidate(number, machine, day, arn, bool(wanted)) for number, machine, day, arn, wanted in rows)


_CANDIDATES = """
WITH days AS (SELECT DISTINCT machine_id, day FROM executions INDEXED BY executions_to_fetch
    WHERE status = 'SUCCEEDED' AND redrives = 0
    AND (history IS NOT 'saved' OR history_stopped_at IS NOT stopped_at OR history_redrives IS NOT redrives)
    AND history IS NOT 'expired' AND source = 'api' AND machine_id IN (SELECT value FROM json_each(?)))
SELECT e.id, e.machine_id, e.day, e.arn,
    e.history IS NOT 'saved' OR e.history_stopped_at IS NOT e.stopped_at OR e.history_redrives IS NOT e.redrives
FROM days d JOIN executions e ON e.day = d.day AND e.machine_id = d.machine_id
WHERE e.status = 'SUCCEEDED' AND e.redrives = 0 AND e.source = 'api' AND e.history IS NOT 'expired'
ORDER BY e.machine_id, e.day
"""


def todos(db: Database, ids: Sequence[int]) -> Iterator[Todo]:
    """The executions of these ids, in their order, read a few at a time: a first pass may have a million."""
    for begin in range(0, len(ids), TODO_ROWS):
        yield from _todos(db, ids[begin : begin + TODO_ROWS])


def _todos(db: Database, ids: Sequence[int]) -> list[Todo]:
    rows = db.execute(
        "SELECT e.id, e.arn, e.status, e.stopped_at, e.redrives, e.machine_id"
        " FROM json_each(?) AS wanted JOIN executions e ON e.id = wanted.value ORDER BY wanted.key",
        [_json(ids)],
    )
    return [Todo(*row) for row in rows]


def unfinished(db: Database, machine_id: int) -> list[str]:
    """ARNs of the machine's executions that the store still believes to be running."""
    rows = db.execute(
        "SELECT arn FROM executions WHERE machine_id = ? AND status IN ('RUNNING', 'PENDING_REDRIVE')"
        " AND source = 'api' ORDER BY id",
        [machine_id],
    )
    return [str(row[0]) for row in rows]


def is_redrivable(db: Database, machine_id: int, stopped_since: int) -> bool:
    """Whether some execution of the machine failed since then, so that it may be redriven."""
    row = db.execute(
        "SELECT EXISTS (SELECT 1 FROM executions WHERE machine_id = ? AND source = 'api'"
        " AND status IN ('FAILED', 'TIMED_OUT', 'ABORTED') AND stopped_at >= ?)",
        [machine_id, stopped_since],
    ).fetchone()
    return bool(row[0])


class Unrevised(NamedTuple):
    """An execution of which it is not known yet which revision ran."""

    arn: str
    started_at: int | None
    version: str | None


def unrevised(db: Database, machine_id: int) -> list[Unrevised]:
    """The machine's executions without a revision, newest first."""
    rows = db.execute(
        "SELECT arn, started_at, version FROM executions WHERE machine_id = ? AND revision_id IS NULL"
        " AND source = 'api' ORDER BY started_at DESC, id DESC",
        [machine_id],
    )
    return [Unrevised(*row) for row in rows]


EXPRESS_LIMIT_MS = 300_000
"""How long an Express execution may run: developer guide, "Service quotas"."""

_HALF_LOGGED = """
FROM executions INDEXED BY executions_half_logged
WHERE machine_id = ?1 AND source = 'logs' AND history IS NOT 'saved' AND
"""


def half_logged_since(db: Database, machine_id: int, since: int) -> int | None:
    """When the first execution since then can have begun of which log records are missing; None when there is none."""
    row = db.execute(
        f"SELECT min(coalesce(started_at, stopped_at - {EXPRESS_LIMIT_MS})) {_HALF_LOGGED} day >= ?2 / {MS_PER_DAY}"
        " AND coalesce(started_at, stopped_at) >= ?2",
        [machine_id, since],
    ).fetchone()
    return None if row[0] is None else int(row[0])


def half_logged(db: Database, machine_id: int, until: int) -> int:
    """How many executions that began until then lack log records."""
    row = db.execute(
        f"SELECT count(*) {_HALF_LOGGED} coalesce(started_at, stopped_at, 0) <= ?2", [machine_id, until]
    ).fetchone()
    return int(row[0])


class OpenMapRun(NamedTuple):
    """A Map Run whose counts are not known, or not final."""

    arn: str
    execution_id: int
    machine_id: int
    redrives: int


def map_runs_to_describe(db: Database, machine_ids: Iterable[int]) -> list[OpenMapRun]:
    """The Map Runs named in histories of these machines that were never described, or still ran when they were."""
    rows = db.execute(
        "SELECT m.arn, m.execution_id, e.machine_id, m.redrives"
        " FROM map_runs m JOIN executions e ON e.id = m.execution_id"
        " WHERE (m.status IS NULL OR m.status = 'RUNNING') AND e.source = 'api'"
        " AND e.machine_id IN (SELECT value FROM json_each(?)) ORDER BY m.rowid",
        [_json(machine_ids)],
    )
    return [OpenMapRun(*row) for row in rows]


def _json(ids: Iterable[int]) -> str:
    return msgspec.json.encode(list(ids)).decode()
