"""Parts of a Standard machine that would cost less as an Express child."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.definition import parse_definition
from analyzer.prices import PriceBook, bundled_prices
from analyzer.registry import MachineKey
from tests.analyzer.rows import DAY, OCTOBER, Row, answer, picked
from tests.analyzer.test_segments import CALLBACK, chain

ORDERS = MachineKey("111122223333", "us-east-1", "orders")
MACHINE = chain("A", "B", "C", "D", A=CALLBACK)


def tries(run: int, *names: str, ms: int = 500, **more: Any) -> list[Row]:
    """Tries of states after one another, each of so many milliseconds."""
    return [
        {
            "state": name,
            "execution_id": run,
            "entered_at": OCTOBER + n * ms,
            "ended_at": OCTOBER + (n + 1) * ms,
            "exited_at": OCTOBER + (n + 1) * ms,
            **more,
        }
        for n, name in enumerate(names)
    ]


def found(attempts: list[Row], runs: int = 1, machine: dict[str, Any] | None = None, **more: Any) -> list[Row]:
    given: dict[str, Any] = {"prices": bundled_prices(), **more}
    definitions = {ORDERS: parse_definition(machine or MACHINE)}
    return answer("express_segments", executions=[{}] * runs, attempts=attempts, definitions=definitions, **given)


def test_what_a_part_saves() -> None:
    [row] = found([row for run in (1, 2) for row in tries(run, "A", "B", "C", "D")], runs=2)
    assert picked([row], "first_state", "next_state", "states", "runs", "transitions", "transitions_saved") == [
        ("B", None, "B, C, D", 2, 6, 4)
    ]
    assert picked([row], "duration_p99_ms", "duration_max_ms", "runs_read") == [(1_500, 1_500, 2)]
    # Two runs of 15 steps of 100 ms, each with a transition and a request; 2 + 3 events of a visit, 3 states, 2 runs.
    standard, express = 6 * 0.000025, 2 * (0.000025 + 0.000001) + 30 * 0.00001667 / 160
    logs = 30 * 1_000 / 1_024**3 * 0.5
    assert row["standard_cost_usd"] == pytest.approx(standard)
    assert row["express_cost_usd"] == pytest.approx(express)
    assert row["express_logs_usd"] == pytest.approx(logs)
    assert row["saving_usd"] == pytest.approx(standard - express - logs)
    assert row["saving_per_month_usd"] == pytest.approx(30 * row["saving_usd"])
    assert row["saving_share"] == pytest.approx(row["saving_usd"] / (8 * 0.000025))


def test_a_month_is_thirty_days_however_long_the_window_is() -> None:
    definitions = {ORDERS: parse_definition(MACHINE)}
    runs: list[Row] = [{}, {"started_at": OCTOBER + 14 * DAY}]
    rows = [row for run in (1, 2) for row in tries(run, "A", "B", "C", "D")]
    [row] = answer("express_segments", executions=runs, attempts=rows, definitions=definitions, prices=bundled_prices())
    assert row["saving_per_month_usd"] == pytest.approx(2 * row["saving_usd"])


def test_of_parts_that_are_too_slow_a_quicker_one_inside_is_left() -> None:
    rows = [*tries(1, "A", "B", "C"), *tries(1, "D", ms=250_000)]
    assert picked(found(rows), "states") == [("B, C",)]
    assert found(tries(1, "A", "B", "C", "D", ms=250_000)) == []


def test_parts_that_do_not_overlap_each_have_a_row() -> None:
    machine = chain("A", "B", "C", "D", "E", C=CALLBACK)
    rows = [*tries(1, "A", "B", "C", "D", "E"), *tries(1, "D", "E", attempt=2)]
    assert picked(found(rows, machine=machine), "states", "transitions_saved") == [("D, E", 3), ("A, B", 1)]


def test_iterations_of_a_map_are_runs_of_the_part_in_its_body() -> None:
    machine = chain("A", "M", A=CALLBACK)
    body = {**chain("I", "J", "K"), "StartAt": "I"}
    machine["States"]["M"] = {"Type": "Map", "ItemProcessor": body, "Next": "Z"}
    machine["States"]["Z"] = {"Type": "Task", "Resource": CALLBACK, "End": True}
    rows = [row for n in range(4) for row in tries(1, "I", "J", "K", parent_id=7, iteration=str(n))]
    around = [{**tries(1, "M", ms=2_000)[0], "event_id": 7, "state_type": "Map"}]
    [row] = found([*tries(1, "A"), *around, *rows], machine=machine)
    # The Map as a whole would save 12 of its 13 transitions; its body only 8 of 12.
    assert (row["path"], row["states"], row["runs"], row["transitions_saved"]) == (None, "M, I, J, K", 1, 12)
    slow = [{**around[0], "exited_at": OCTOBER + 300_000, "ended_at": OCTOBER + 300_000}]
    [row] = found([*tries(1, "A"), *slow, *rows], machine=machine)
    assert (row["path"], row["states"], row["runs"], row["transitions_saved"]) == ("M", "I, J, K", 4, 8)


def test_without_a_price_the_transitions_are_told() -> None:
    [row] = found(tries(1, "A", "B", "C", "D"), prices=PriceBook([]))
    assert picked([row], "transitions_saved", "saving_usd", "saving_per_month_usd") == [(2, None, None)]
    assert "us-east-1" in row["cost_note"]


def test_without_a_definition_nothing_is_found() -> None:
    assert answer("express_segments", executions=[{}], attempts=tries(1, "A", "B")) == []
