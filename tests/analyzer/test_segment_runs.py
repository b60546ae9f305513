"""Durations of runs of parts."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.definition import parse_definition
from analyzer.registry import Facts, MachineKey
from analyzer.segment_runs import EXECUTIONS_READ, Runs, trips
from analyzer.segments import express_parts
from tests.analyzer.rows import OCTOBER, Row, attempts, executions, on_duckdb
from tests.analyzer.test_segments import CALLBACK, chain

ORDERS = MachineKey("111122223333", "us-east-1", "orders")
[PART] = express_parts(parse_definition(chain("A", "B", "C", A=CALLBACK)))


def row(state: str, begun: int, ended: int, **more: Any) -> Row:
    return {"state": state, "entered_at": OCTOBER + begun, "exited_at": OCTOBER + ended, **more}


def runs(rows: list[Row], count: int = 1, told: int | None = None) -> Runs | None:
    facts = Facts(on_duckdb(executions([{}] * count)), on_duckdb(attempts(rows)))
    found = trips(facts, {ORDERS: told or count})
    return found[ORDERS].runs_of(PART) if found else None


def test_a_run_lasts_from_its_first_entry_to_its_last_exit() -> None:
    assert runs([row("A", 0, 10), row("B", 10, 110), row("C", 110, 260)]) == Runs(1, 1, 250, 250, 3)


def test_a_visit_of_several_tries_is_one_entry() -> None:
    failed = {"attempt": 1, "outcome": "failed", "exited_at": None, "ended_at": OCTOBER + 50}
    rows = [row("A", 0, 1), {**row("B", 10, 0), **failed}, row("B", 10, 90, attempt=2), row("C", 90, 100)]
    assert runs(rows) == Runs(1, 1, 90, 90, 1)


def test_each_iteration_is_a_run_of_its_own() -> None:
    rows = [row("B", n, n + 100 * n, parent_id=3, iteration=str(n)) for n in (1, 2, 3)]
    found = runs(rows)
    assert found is not None
    assert (found.runs, found.entries, found.max_ms, found.steps) == (3, 3, 300, 6)
    assert found.p99_ms == pytest.approx(298)


def test_a_part_that_was_not_come_to_has_no_runs() -> None:
    assert runs([row("A", 0, 10)]) is None
    assert runs([row("C", 0, 10)]) is None


def test_an_execution_without_a_complete_history_is_not_read() -> None:
    facts = Facts(on_duckdb(executions([{"completeness": "cut"}])), on_duckdb(attempts([row("B", 0, 10)])))
    assert trips(facts, {ORDERS: 1}) == {}


def test_of_many_executions_some_are_read() -> None:
    rows = [row("B", 0, 10, execution_id=number) for number in range(1, 9)]
    found = runs(rows, count=8, told=4 * EXECUTIONS_READ)
    assert found is not None
    assert found.runs == 2
