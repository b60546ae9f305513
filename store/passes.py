"""Runs of the collector (passes) and what each of them covered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from store.rows import upsert_sql
from store.sqlite import Database


class CoverageRow(NamedTuple):
    """What one pass tried and got of one source of one machine (or of a whole target when `machine_id` is None).

    `outcome` is one of complete, partial, denied, throttled, credentials, cut, unreachable, failed, interrupted,
    sampled and not_collected; `listed_from`/`listed_to` bound the listing that is known to be complete, in epoch
    milliseconds, both empty when this pass did not complete it; `missed` counts executions whose history was wanted and
    not got.
    """

    pass_id: int
    target: str
    machine_id: int | None
    source: str
    outcome: str
    listed_from: int | None = None
    listed_to: int | None = None
    listed: int = 0
    saved: int = 0
    missed: int = 0
    sentence: str | None = None


def begun_pass(db: Database, kind: str, now_ms: int) -> int:
    """The id of a new pass of this kind (collect, import, demo)."""
    row = db.execute("INSERT INTO passes (kind, started_at) VALUES (?, ?) RETURNING id", [kind, now_ms]).fetchone()
    return int(row[0])


def note_killed(db: Database) -> None:
    """Note that passes were killed which nobody ended. Only the one writer of a store knows that none still runs."""
    db.execute("UPDATE passes SET outcome = 'interrupted', sentence = 'it was killed' WHERE outcome IS NULL")


def finish_pass(
    db: Database, pass_id: int, now_ms: int, outcome: str, sentence: str, calls: Mapping[str, int], throttled: int
) -> None:
    """Close a pass: outcome (complete, partial, failed, interrupted), a sentence, its calls by operation."""
    with db.atomic():
        db.execute(
            "UPDATE passes SET finished_at = ?, outcome = ?, sentence = ?, calls = ?, throttled = ? WHERE id = ?",
            [now_ms, outcome, sentence, json.dumps(dict(calls), sort_keys=True), throttled, pass_id],
        )


def coverage_saved(db: Database, row: CoverageRow, coverage_id: int | None = None) -> int:
    """The id of this coverage: a new row, or the row of `coverage_id` brought up to date."""
    columns = ("id", *CoverageRow._fields)
    with db.atomic():
        db.execute(upsert_sql("coverage", columns, ("id",)), [coverage_id, *row])
        found = db.execute("SELECT coalesce(?, last_insert_rowid())", [coverage_id]).fetchone()
    return int(found[0])


class Span(NamedTuple):
    """A stretch of time, in epoch milliseconds."""

    first: int
    last: int


def listed_span(db: Database, machine_id: int, source: str) -> Span | None:
    """The time for which the machine's listing is known to be complete; its end is the watermark.

    It is what the newest complete listing says, not the latest time that any ever said: the clock may have been set
    back. None when no listing was ever completed.
    """
    row = db.execute(
        "SELECT listed_from, listed_to FROM coverage WHERE machine_id = ? AND source = ? AND listed_to IS NOT NULL"
        " ORDER BY id DESC LIMIT 1",
        [machine_id, source],
    ).fetchone()
    return None if row is None else Span(int(row[0]), int(row[1]))


class PassRow(NamedTuple):
    """A finished or running pass."""

    id: int
    kind: str
    started_at: int
    finished_at: int | None
    outcome: str | None
    sentence: str | None
    calls: str | None
    throttled: int | None


def passes(db: Database, limit: int = 100) -> list[PassRow]:
    """The newest passes, newest first."""
    columns = ", ".join(PassRow._fields)
    return [PassRow(*row) for row in db.execute(f"SELECT {columns} FROM passes ORDER BY id DESC LIMIT ?", [limit])]


def coverage_of(db: Database, pass_id: int) -> list[CoverageRow]:
    """What one pass covered."""
    columns = ", ".join(CoverageRow._fields)
    rows = db.execute(f"SELECT {columns} FROM coverage WHERE pass_id = ? ORDER BY id", [pass_id])
    return [CoverageRow(*row) for row in rows]
