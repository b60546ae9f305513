from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from analyzer.charges import Tariff
from analyzer.context import Context
from analyzer.history import folded
from analyzer.prices import bundled_prices
from analyzer.rows import AttemptRow, ExecutionRow, rows_of
from analyzer.tables import fact_tables
from store.events import known_events
from store.executions import Kept
from store.histories import packed, unpacked
from store.machines import Machine
from store.schema import arrow_schema

RECORDINGS = Path(__file__).parents[2] / "sample_data" / "recordings.jsonl.zst"
STANDARD = Machine(1, "arn:1", "주문-처리", "STANDARD", "us-east-1", "123456789012")
EXPRESS = Machine(2, "arn:2", "checkout", "EXPRESS", "us-east-1", "123456789012")


def recorded() -> Iterator[list[dict[str, Any]]]:
    lines = zstandard.ZstdDecompressor().stream_reader(RECORDINGS.read_bytes()).read().splitlines()
    for line in lines:
        yield from (member["events"] for member in json.loads(line).get("members", ()) if "events" in member)


def kept(number: int, events: list[dict[str, Any]] | None, machine: Machine = STANDARD) -> Kept:
    blob = packed(known_events(events), str) if events is not None else None
    return Kept(
        number, machine.id, f"arn:{number}", "RUNNING", None, None, 0, None, None, None, None, None, "file", None, blob
    )


def later(events: list[dict[str, Any]], by_ms: int) -> list[dict[str, Any]]:
    """The same run at another time, at another pace."""
    first = events[0]["timestamp"]
    return [{**event, "timestamp": first + by_ms + 3 * (event["timestamp"] - first)} for event in events]


def tables(rows: list[Kept]) -> dict[str, list[dict[str, Any]]]:
    built = fact_tables(Context([STANDARD, EXPRESS], []), Tariff(bundled_prices()), rows, {})
    for name, table in built.items():
        assert table.schema == arrow_schema(name)
    return {name: table.to_pylist() for name, table in built.items()}


def test_a_structure_folded_once_gives_the_rows_that_each_execution_gives_by_itself() -> None:
    histories = [history for events in list(recorded())[::5] for history in (events, later(events, 86_400_000))]
    rows = [kept(number, history) for number, history in enumerate(histories, 1)]
    built = tables(rows)
    attempts = iter(built["attempts"])
    for one, execution in zip(rows, built["executions"], strict=True):
        assert one.events is not None
        context = Context([STANDARD], [])
        alone = rows_of(one, folded(unpacked(one.events)), context.called(None), {}, is_billed_by_transition=True)
        assert [execution[name] for name in ExecutionRow._fields] == list(alone.execution)
        for row in alone.attempts:
            assert [(cell := next(attempts)) and cell[name] for name in AttemptRow._fields[:1]] == [row.state]
            assert [cell[name] for name in AttemptRow._fields] == list(row)
    assert next(attempts, None) is None


def test_cells_of_the_execution_stand_in_each_of_its_attempts() -> None:
    rows = [kept(number, events) for number, events in enumerate(list(recorded())[:3], 1)]
    built = tables(rows)
    starts = {row["execution_arn"]: row["started_at"] for row in built["executions"]}
    assert {row["execution_arn"]: row["execution_started_at"] for row in built["attempts"]} == starts
    assert {row["machine"] for row in built["attempts"]} == {"주문-처리"}


def test_costs_of_attempts_add_up_to_that_of_their_execution() -> None:
    built = tables([kept(number, events) for number, events in enumerate(list(recorded())[:20], 1)])
    for execution in built["executions"]:
        own = [row["cost_usd"] for row in built["attempts"] if row["execution_id"] == execution["execution_id"]]
        assert sum(own) == pytest.approx(execution["cost_usd"], abs=1e-9)


def test_express_attempts_have_no_transitions_and_no_cost() -> None:
    built = tables([kept(1, next(recorded()), EXPRESS)])
    assert {(row["transitions"], row["cost_usd"]) for row in built["attempts"]} == {(0, None)}
    assert built["executions"][0]["cost_usd"] > 0
    assert "64 MB assumed" in built["executions"][0]["cost_note"]


def test_an_execution_without_a_history_says_no_more_than_its_listing() -> None:
    built = tables([kept(1, None)])
    row = built["executions"][0]
    assert (row["status"], row["completeness"], row["attempts"], row["cost_usd"]) == ("RUNNING", "running", None, None)
    assert built["attempts"] == []


def test_no_executions_give_empty_tables() -> None:
    assert tables([]) == {"executions": [], "attempts": []}
