"""Machines with their settings, and how many definitions each had."""

from __future__ import annotations

import pandas as pd

from analyzer.frames import frame_from
from store.records import record_named
from tests.analyzer.rows import Row, answer, picked

PLACE: Row = {"region": "us-east-1", "account": "111122223333"}


def record(name: str, *rows: Row) -> pd.DataFrame:
    columns = record_named(name).columns
    return frame_from([tuple({**PLACE, **row}.get(column.name) for column in columns) for row in rows], columns)


def test_each_machine_is_a_row_a_deleted_one_too() -> None:
    routed: Row = {"revision": "r2", "versions": 2, "aliases": "live: 1 90 %, 2 10 %"}
    revisions: list[Row] = [{"machine": "orders", "revision": name} for name in ("r1", "r2")]
    records = {
        "machines": record(
            "machines",
            {"machine": "refunds", "type": "EXPRESS", "deleted_at": 5},
            {"machine": "orders", "type": "STANDARD", **routed},
        ),
        "revisions": record("revisions", *revisions),
    }
    found = answer("machines", records=records)
    assert picked(found, "machine", "type", "revision", "revisions", "versions", "deleted_at") == [
        ("orders", "STANDARD", "r2", 2, 2, None),
        ("refunds", "EXPRESS", None, 0, None, found[1]["deleted_at"]),
    ]
    assert found[0]["aliases"] == "live: 1 90 %, 2 10 %"


def test_without_machines_there_are_no_rows() -> None:
    assert answer("machines") == []
