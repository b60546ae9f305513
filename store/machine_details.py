"""What a machine has beside its definition: tags, versions, and aliases with the versions that they lead to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from store.rows import upsert_many
from store.sqlite import Database


class VersionRow(NamedTuple):
    """A published version; `created_at` is when it was published."""

    version: str
    created_at: int | None


class AliasRow(NamedTuple):
    """An alias; `routes` are the shares, in percent, of the versions that it leads to."""

    alias: str
    routes: Mapping[str, int]
    created_at: int | None
    updated_at: int | None


class Details(NamedTuple):
    """All of a machine that AWS tells in calls of their own."""

    tags: Mapping[str, str]
    versions: Sequence[VersionRow]
    aliases: Sequence[AliasRow]


def details_due(db: Database, machine_ids: Iterable[int], read_before: int) -> list[int]:
    """Those of these machines whose details were not read since then; the ones waiting longest first."""
    rows = db.execute(
        "SELECT m.value FROM json_each(?) m LEFT JOIN machine_details d ON d.machine_id = m.value"
        " WHERE d.read_at IS NULL OR d.read_at <= ? ORDER BY coalesce(d.read_at, 0), m.key",
        [msgspec.json.encode(list(machine_ids)).decode(), read_before],
    )
    return [int(row[0]) for row in rows]


def save_details(db: Database, machine_id: int, details: Details, revision_id: int | None, now_ms: int) -> None:
    """Save what was read of a machine whose current revision is that one, in one transaction.

    Versions and aliases that are no longer there stay, with the time when they were first missing; tags do not.
    """
    with db.atomic():
        db.execute("DELETE FROM machine_tags WHERE machine_id = ?", [machine_id])
        upsert_many(db, "machine_tags", _TAG, _TAG[:2], ((machine_id, *tag) for tag in details.tags.items()))
        _save_named(db, "machine_versions", "version", machine_id, [row._asdict() for row in details.versions], now_ms)
        aliases = [row._asdict() | {"routes": _json(row.routes)} for row in details.aliases]
        _save_named(db, "machine_aliases", "alias", machine_id, aliases, now_ms)
        db.execute(_SEEN, [now_ms, revision_id])
        upsert_many(db, "machine_details", ("machine_id", "read_at"), ("machine_id",), [(machine_id, now_ms)])


_TAG = ("machine_id", "key", "value")
_SEEN = "UPDATE revisions SET last_seen_at = ? WHERE id = ?"


def _save_named(
    db: Database, table: str, name: str, machine_id: int, rows: Sequence[Mapping[str, object]], now_ms: int
) -> None:
    listed = _json([row[name] for row in rows])
    db.execute(
        f"UPDATE {table} SET deleted_at = ? WHERE machine_id = ? AND deleted_at IS NULL"
        f" AND {name} NOT IN (SELECT value FROM json_each(?))",
        [now_ms, machine_id, listed],
    )
    for row in rows:
        known = {"machine_id": machine_id, **row, "deleted_at": None}
        upsert_many(db, table, tuple(known), ("machine_id", name), [tuple(known.values())])


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
