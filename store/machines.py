"""State machines and the revisions of their definitions."""

from __future__ import annotations

from typing import NamedTuple

from sqlite_utils import Database

from store.rows import inserted_or_changed


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


class Machine(NamedTuple):
    """A machine of the store: its row's id and what is known of it."""

    id: int
    arn: str
    name: str
    type: str
    region: str | None
    account: str | None


class RevisionRow(NamedTuple):
    """A definition of a machine. `since_at` is when it became current; `problem` why it cannot be parsed."""

    machine_id: int
    revision: str
    definition: str | None
    since_at: int | None = None
    version: str | None = None
    problem: str | None = None


class Revision(NamedTuple):
    """A revision of the store."""

    id: int
    machine_id: int
    revision: str
    definition: str | None
    since_at: int | None
    version: str | None


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
            lasting=("region", "account", "created_at", "status", "log_level", "log_group"),
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


def revisions(db: Database, machine_id: int | None = None) -> list[Revision]:
    """The revisions of one machine or of all, in the order in which they became current."""
    rows = db.execute(
        "SELECT id, machine_id, revision, definition, since_at, version FROM revisions"
        " WHERE ? IS NULL OR machine_id = ? ORDER BY machine_id, coalesce(since_at, first_seen_at), id",
        [machine_id, machine_id],
    )
    return [Revision(*row) for row in rows]


def machine_deleted(db: Database, machine_id: int, now_ms: int) -> None:
    """Note that AWS no longer lists the machine; everything known of it stays."""
    db.execute("UPDATE machines SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL", [now_ms, machine_id])
