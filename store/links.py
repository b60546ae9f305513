"""Which executions started which, and what is still to be asked about that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from store.rows import upsert_many
from store.sqlite import Database


class Unlisted(NamedTuple):
    """A Map Run whose children were not listed for its present status and redrives."""

    arn: str
    machine_id: int
    status: str
    redrives: int


class Unlinked(NamedTuple):
    """An execution that may have started others, and of which it was not asked which, for its present redrives."""

    id: int
    arn: str
    machine_id: int
    redrives: int


def map_runs_to_list(db: Database, machine_ids: Iterable[int]) -> list[Unlisted]:
    """The Map Runs of these machines whose children are still to be listed."""
    rows = db.execute(
        "SELECT m.arn, e.machine_id, m.status, m.redrives FROM map_runs m JOIN executions e ON e.id = m.execution_id"
        " LEFT JOIN map_run_listings l ON l.arn = m.arn"
        " WHERE m.status IS NOT NULL AND m.status <> 'UNKNOWN' AND e.source = 'api'"
        " AND (l.arn IS NULL OR l.status = 'RUNNING' OR l.redrives <> m.redrives)"
        " AND e.machine_id IN (SELECT value FROM json_each(?)) ORDER BY m.rowid",
        [_json(machine_ids)],
    )
    return [Unlisted(*row) for row in rows]


def note_listed(db: Database, run: Unlisted) -> None:
    """Note for which status and redrives the children of a Map Run were listed."""
    with db.atomic():
        row = (run.arn, run.status, run.redrives)
        upsert_many(db, "map_run_listings", ("arn", "status", "redrives"), ("arn",), [row])


def executions_to_link(db: Database, machine_ids: Iterable[int]) -> list[Unlinked]:
    """The executions of these machines that may have started others: a definition of the machine calls for it."""
    rows = db.execute(_TO_LINK, [_json(machine_ids)])
    return [Unlinked(*row) for row in rows]


_TO_LINK = """
SELECT e.id, e.arn, e.machine_id, e.redrives FROM executions e LEFT JOIN links_read l ON l.execution_id = e.id
WHERE e.source = 'api' AND e.history = 'saved' AND e.history_redrives IS e.redrives
    AND (l.execution_id IS NULL OR l.redrives <> e.redrives)
    AND e.machine_id IN (SELECT value FROM json_each(?))
    AND e.machine_id IN (SELECT machine_id FROM revisions WHERE definition LIKE '%states:startExecution%')
ORDER BY e.id
"""


def save_links(db: Database, parent: Unlinked, children: Sequence[tuple[int, str]]) -> None:
    """Save the children that an execution started: (event id, ARN) each, in one transaction."""
    with db.atomic():
        rows = ((parent.id, *child) for child in children)
        upsert_many(db, "links", ("execution_id", "event_id", "child_arn"), ("execution_id", "child_arn"), rows)
        note_unlinked(db, parent)


def note_unlinked(db: Database, parent: Unlinked) -> None:
    """Note that there is no more to be asked about an execution's children, unless it is redriven."""
    upsert_many(db, "links_read", ("execution_id", "redrives"), ("execution_id",), [(parent.id, parent.redrives)])


def _json(ids: Iterable[int]) -> str:
    return msgspec.json.encode(list(ids)).decode()
