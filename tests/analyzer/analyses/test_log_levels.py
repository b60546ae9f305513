"""What the logs of Express machines leave out."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyzer.frames import frame_from
from store.records import record_named
from tests.analyzer.rows import Row, answer, picked

MACHINES = record_named("machines").columns
PLACE: dict[str, Any] = {"region": "us-east-1", "account": "111122223333"}


def machines(*rows: Row) -> dict[str, pd.DataFrame]:
    named = [column.name for column in MACHINES]
    defaults = {"type": "EXPRESS", "log_level": "ALL", **PLACE}
    return {"machines": frame_from([tuple({**defaults, **row}.get(name) for name in named) for row in rows], MACHINES)}


def test_each_express_machine_has_its_level_with_or_without_executions() -> None:
    records = machines(
        {"machine": "orders", "log_level": "ERROR"},
        {"machine": "all"},
        {"machine": "off", "log_level": "OFF"},
        {"machine": "standard", "type": "STANDARD"},
        {"machine": "imported", "log_level": None},
        {"machine": "gone", "deleted_at": 1},
    )
    runs: list[Row] = [{"type": "EXPRESS", "completeness": "gap"}, {"type": "EXPRESS"}, {"type": "STANDARD"}]
    found = answer("log_levels", executions=runs, records=records)
    assert picked(found, "machine", "log_level", "executions", "executions_partial") == [
        ("all", "ALL", 0, 0),
        ("off", "OFF", 0, 0),
        ("orders", "ERROR", 2, 1),
    ]
    said = [row["cannot_tell"] for row in found]
    assert said[0] is None
    assert "logging is OFF" in said[1]
    assert "no count of successes" in said[2]


def test_without_express_machines_there_is_nothing_to_say() -> None:
    assert answer("log_levels", executions=[{}], records=machines()) == []
