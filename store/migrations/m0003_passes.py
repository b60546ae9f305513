"""Runs of the collector and what each covered. Watermarks are read from here: the last complete listing."""

from __future__ import annotations

from store.sqlite import Database


def migrate(db: Database) -> None:
    """Bring a store of the step before to this one."""
    db.table("passes").create(
        {
            "id": int,
            "kind": str,
            "started_at": int,
            "finished_at": int,
            "outcome": str,
            "sentence": str,
            "calls": str,
            "throttled": int,
        },
        pk="id",
        not_null={"kind", "started_at"},
    )
    db.table("coverage").create(
        {
            "id": int,
            "pass_id": int,
            "target": str,
            "machine_id": int,
            "source": str,
            "listed_from": int,
            "listed_to": int,
            "listed": int,
            "saved": int,
            "missed": int,
            "outcome": str,
            "sentence": str,
        },
        pk="id",
        not_null={"pass_id", "source", "outcome"},
        foreign_keys=[("pass_id", "passes", "id"), ("machine_id", "machines", "id")],
    )
    db.table("coverage").create_index(["machine_id", "source", "listed_to"])
    db.table("coverage").create_index(["pass_id"])
