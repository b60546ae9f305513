"""State machines and the revisions of their definitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from store.rows import inserted_or_changed
from store.sqlite import Database


class MachineRow(NamedTuple):
    """A state machine as a source describes it. Unknown is None; times are epoch milliseconds."""

    arn: str
    name: str
    type: str
    region: str | None = None
    account: str | None = None
    created_at: int | None = None
    status: str | None = None
    log_level: str | None = None
    log_group: str | None = None
    source: str = "api"
    tracing: int | None = None
    encryption: str | None = None
    kms_key: str | None = None


class Machine(NamedTuple):
    """A machine of the store: its row's id and what is known of it."""

    id: int
    arn: str
    name: str
    type: str
    region: str | None
    account: str | None


class LoggedMachine(NamedTuple):
    """An EXPRESS machine: the level that it logs at, and the log group, as far as AWS told."""

    id: int
    arn: str
    name: str
    level: str | None
    group: str | None


class RevisionRow(NamedTuple):
    """A definition of a machine. `since_at` is when it became current; `problem` why it cannot be parsed."""

    machine_id: int
    revision: str
    definition: str | None
    since_at: int | None = None
    version: str | None = None
    problem: str | None = None


class Revision(NamedTuple):
    """A revision of the store. `current_at` is when it became current or, while that is unknown, was first seen."""

    id: int
    machine_id: int
    revision: str
    definition: str | None
    since_at: int | None
    version: str | None
    current_at: int


_SETTINGS = ("tracing", "encryption", "kms_key")


def machine_saved(db: Database, row: MachineRow, now_ms: int) -> int:
    """The id of the machine with this ARN, whose row is written only when something about it changed.

    What a source leaves unknown does not erase what another knew; what AWS lists is not deleted.
    """
    with db.atomic():
        machine_id = inserted_or_changed(
            db,
            "machines",
            row._asdict(),
            key=("arn",),
            on_insert={"first_seen_at": now_ms},
            lasting=("region", "account", "created_at", "status", "log_level", "log_group", *_SETTINGS),
        )
        if row.source == "api":
            db.execute("UPDATE machines SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL", [machine_id])
    return machine_id


def revision_saved(db: Database, row: RevisionRow, now_ms: int) -> int:
    """The id of this machine's revision, whose row is written only when something about it changed."""
    with db.atomic():
        return inserted_or_changed(
            db,
            "revisions",
            row._asdict(),
            key=("machine_id", "revision"),
            on_insert={"first_seen_at": now_ms},
            lasting=("definition", "since_at", "version", "problem"),
        )


def machines(db: Database) -> list[Machine]:
    """All machines ever seen, deleted ones too."""
    rows = db.execute("SELECT id, arn, name, type, region, account FROM machines ORDER BY id")
    return [Machine(*row) for row in rows]


def logged_machines(db: Database, machine_ids: Sequence[int]) -> list[LoggedMachine]:
    """Those of these machines whose runs stand in logs only, by name."""
    rows = db.execute(
        "SELECT id, arn, name, log_level, log_group FROM machines"
        " WHERE type = 'EXPRESS' AND id IN (SELECT value FROM json_each(?)) ORDER BY name",
        [msgspec.json.encode(machine_ids).decode()],
    )
    return [LoggedMachine(*row) for row in rows]


def revisions(db: Database, machine_id: int | None = None) -> list[Revision]:
    """The revisions of one machine or of all, in the order in which they became current."""
    rows = db.execute(
        "SELECT id, machine_id, revision, definition, since_at, version,"
        " coalesce(since_at, first_seen_at) AS current_at"
        " FROM revisions WHERE :machine IS NULL OR machine_id = :machine ORDER BY machine_id, current_at, id",
        {"machine": machine_id},
    )
    return [Revision(*row) for row in rows]


def note_deleted(db: Database, listed: Sequence[str], now_ms: int) -> None:
    """Note which machines AWS no longer lists, given all that it lists for one account and Region.

    Everything known of a deleted machine stays. Says nothing when AWS lists none: the account is then not known.
    """
    with db.atomic():
        db.execute(_NOTE_DELETED, [now_ms, msgspec.json.encode(listed).decode()])


_NOTE_DELETED = """
WITH listed AS (SELECT value AS arn FROM json_each(?2))
UPDATE machines SET deleted_at = ?1
WHERE deleted_at IS NULL AND source = 'api' AND arn NOT IN (SELECT arn FROM listed)
    AND (account, region) IN (SELECT account, region FROM machines JOIN listed USING (arn))
"""


def listed_types(db: Database) -> dict[str, list[str]]:
    """The types of the machines that AWS still lists, one for each machine, by Region."""
    found: dict[str, list[str]] = {}
    for region, kind in db.execute(
        "SELECT region, type FROM machines WHERE source = 'api' AND deleted_at IS NULL AND region IS NOT NULL"
        " ORDER BY region, id"
    ):
        found.setdefault(str(region), []).append(str(kind))
    return found


def child_machines(db: Database, arns: Iterable[str]) -> list[Machine]:
    """The machines of child executions, `machine/label`, that Distributed Maps of these machines started."""
    rows = db.execute(
        "SELECT id, arn, name, type, region, account FROM machines WHERE source = 'map'"
        " AND substr(arn, 1, instr(arn, '/') - 1) IN (SELECT value FROM json_each(?)) ORDER BY id",
        [msgspec.json.encode(list(arns)).decode()],
    )
    return [Machine(*row) for row in rows]
