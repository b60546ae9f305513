"""Executions that came from files or logs: saved in bulk, and never putting worse in place of better."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from store.executions import day_of
from store.machines import MachineRow, RevisionRow, revision_saved
from store.sqlite import Database


class ImportedRow(NamedTuple):
    """An execution with its history, as a file gives it. Times are epoch milliseconds; unknown is None.

    `machine` is the machine's ARN, `revision` the name of its definition's revision; `is_whole` says that the history
    reaches from the first event to the end, `first_at` when the first event that is known happened.
    """

    machine: str
    arn: str
    name: str
    status: str
    started_at: int | None
    stopped_at: int | None
    redrives: int
    version: str | None
    alias: str | None
    error: str | None
    revision: str | None
    events: bytes
    event_count: int
    last_event_id: int
    is_whole: bool
    first_at: int | None = None

    @property
    def day(self) -> int:
        """The UTC day that it counts for: that of its start or, where no record tells it, of its first event."""
        return day_of(self.first_at if self.started_at is None else self.started_at)


def imported_machine(db: Database, row: MachineRow, now_ms: int, *, is_type_told: bool) -> int:
    """The id of the machine with this ARN, added when it is not known.

    A file never overwrites what AWS said of a machine; a type that the user told sets right what was assumed.
    """
    columns = ", ".join(MachineRow._fields)
    with db.atomic():
        db.execute(
            f"INSERT INTO machines ({columns}, first_seen_at) VALUES ({', '.join('?' * len(row))}, ?)"
            " ON CONFLICT (arn) DO UPDATE SET type = excluded.type"
            " WHERE machines.source = 'import' AND ? AND machines.type <> excluded.type",
            [*row, now_ms, is_type_told],
        )
        found = db.execute("SELECT id FROM machines WHERE arn = ?", [row.arn]).fetchone()
    return int(found[0])


def imported_revision(db: Database, row: RevisionRow, now_ms: int) -> int:
    """The id of this machine's revision with this definition, added when none of its revisions has it."""
    found = db.execute(
        "SELECT id FROM revisions WHERE machine_id = ? AND definition = ?", [row.machine_id, row.definition]
    ).fetchone()
    return int(found[0]) if found else revision_saved(db, row, now_ms)


class Ids(NamedTuple):
    """The store's ids of what imported rows name: machines by ARN, revisions by machine ARN and name.

    `source` says where the rows come from, `is_inferred` that their revisions were told by the time alone.
    """

    machines: Mapping[str, int]
    revisions: Mapping[tuple[str, str], int]
    source: str = "import"
    is_inferred: bool = False

    def of(self, row: ImportedRow) -> tuple[int, int | None]:
        """The row's machine and revision."""
        return self.machines[row.machine], self.revisions[row.machine, row.revision] if row.revision else None


def save_imported(db: Database, rows: Sequence[ImportedRow], ids: Ids, now_ms: int) -> None:
    """Save executions with their histories in one transaction.

    Of two histories of one execution the one with the higher last event id stays, and with it what its file said of the
    execution; what AWS itself listed gives way only to a history that goes on where the stored one ends.
    """
    try:
        with db.atomic():
            _insert_all(db, rows, ids, now_ms)
    except sqlite3.IntegrityError:  # some are known already
        with db.atomic():
            for row in rows:
                _save(db, row, ids, now_ms)


_COLUMNS = (
    "id, machine_id, arn, name, status, started_at, stopped_at, day, redrives, version, alias, error, revision_id,"
    " revision_inferred, source, history, history_stopped_at, history_redrives"
)
_INSERT = f"INSERT INTO executions ({_COLUMNS}) VALUES ({', '.join('?' * len(_COLUMNS.split(',')))})"
_INSERT_HISTORY = (
    "INSERT INTO histories (execution_id, events, event_count, last_event_id, saved_at) VALUES (?, ?, ?, ?, ?)"
)


def _insert_all(db: Database, rows: Sequence[ImportedRow], ids: Ids, now_ms: int) -> None:
    """Insert rows none of which is known. Raises sqlite3.IntegrityError when one is."""
    first = int(db.execute("SELECT coalesce(max(id), 0) + 1 FROM executions").fetchone()[0])
    db.conn.executemany(_INSERT, (_values(number, row, ids) for number, row in enumerate(rows, first)))
    db.conn.executemany(
        _INSERT_HISTORY,
        ((number, row.events, row.event_count, row.last_event_id, now_ms) for number, row in enumerate(rows, first)),
    )


def _values(number: int | None, row: ImportedRow, ids: Ids) -> tuple[Any, ...]:
    machine_id, revision_id = ids.of(row)
    fetched = ("saved", row.stopped_at, row.redrives) if row.is_whole else (None, None, None)
    return (
        number,
        machine_id,
        *row[1:6],
        row.day,
        *row[6:10],
        revision_id,
        None if revision_id is None else int(ids.is_inferred),
        ids.source,
        *fetched,
    )


class Found(NamedTuple):
    """What the store has of an execution that a file has too. `events` is None when it has no history."""

    id: int
    source: str
    events: bytes | None
    event_count: int
    last_event_id: int


def found_executions(db: Database, arns: Sequence[str]) -> dict[str, Found]:
    """Those of these executions that the store knows, by ARN."""
    rows = db.execute(
        "SELECT e.arn, e.id, e.source, h.events, coalesce(h.event_count, 0), coalesce(h.last_event_id, -1)"
        " FROM json_each(?) AS wanted JOIN executions e ON e.arn = wanted.value"
        " LEFT JOIN histories h ON h.execution_id = e.id",
        [msgspec.json.encode(arns).decode()],
    )
    return {str(arn): Found(*rest) for arn, *rest in rows}


def _save(db: Database, row: ImportedRow, ids: Ids, now_ms: int) -> None:
    found = found_executions(db, [row.arn]).get(row.arn)
    if found is None:
        _insert_all(db, [row], ids, now_ms)
        return
    is_newer = (row.last_event_id, row.event_count) > (found.last_event_id, found.event_count)
    if is_newer and (found.source != "api" or found.events is not None):
        _replace(db, found.id, row, ids)
    if is_newer:
        db.execute("DELETE FROM histories WHERE execution_id = ?", [found.id])
        db.execute(_INSERT_HISTORY, [found.id, row.events, row.event_count, row.last_event_id, now_ms])
    if is_newer and row.is_whole:
        db.execute(
            "UPDATE executions SET history = 'saved', history_stopped_at = ?, history_redrives = ? WHERE id = ?",
            [row.stopped_at, row.redrives, found.id],
        )
    _set_revision(db, found, ids.of(row)[1], is_inferred=ids.is_inferred)


def _replace(db: Database, execution_id: int, row: ImportedRow, ids: Ids) -> None:
    """What the file says in place of what was known; what it leaves open stays. The source stays too."""
    db.execute(
        "UPDATE executions SET machine_id = ?, status = ?, started_at = coalesce(?, started_at), stopped_at = ?,"
        " redrives = ?, version = coalesce(?, version), alias = coalesce(?, alias), error = coalesce(?, error)"
        " WHERE id = ?",
        [ids.machines[row.machine], *row[3:10], execution_id],
    )
    db.execute(
        "UPDATE executions SET day = coalesce(started_at, ?1, 0) / 86400000 WHERE id = ?2"
        " AND day <> coalesce(started_at, ?1, 0) / 86400000",
        [row.first_at, execution_id],
    )


def _set_revision(db: Database, found: Found, revision_id: int | None, *, is_inferred: bool) -> None:
    """Give a known execution the revision that a file tells, unless AWS told one; a guess replaces only a guess."""
    if revision_id is not None:
        db.execute(
            "UPDATE executions SET revision_id = ?1, revision_inferred = ?3 WHERE id = ?2"
            " AND (revision_id IS NULL OR (source <> 'api' AND (NOT ?3 OR revision_inferred)))"
            " AND revision_id IS NOT ?1",
            [revision_id, found.id, int(is_inferred)],
        )
