"""What could be saved."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analyzer.cost_savings import COLUMNS, SOURCES, savings
from analyzer.definition import parse_definition
from analyzer.prices import bundled_prices
from analyzer.registry import Facts, MachineKey, analysis_named
from tests.analyzer.rows import TRANSITION_USD, Row, attempts, executions, on_duckdb
from tests.analyzer.test_segments import CALLBACK, chain

ORDERS = MachineKey("111122223333", "us-east-1", "orders")


def found(runs: list[Row], tries: list[Row], machine: dict[str, Any] | None = None, days: float = 30) -> list[Row]:
    definitions = {ORDERS: parse_definition(machine)} if machine else {}
    facts = Facts(on_duckdb(executions(runs)), on_duckdb(attempts(tries)), definitions, bundled_prices())
    frame = savings({name: analysis_named(name).run(facts) for name in SOURCES}, days)
    assert list(frame.columns) == [column.name for column in COLUMNS]
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in rows]


def of_kind(rows: list[Row], begin: str) -> Row:
    [row] = [row for row in rows if row["saving"].startswith(begin)]
    return row


def test_nothing_in_nothing_out() -> None:
    assert found([], []) == []


def test_a_machine_that_could_be_express() -> None:
    row = of_kind(found([{"transitions": 10, "duration_ms": 100}] * 300, [{}], chain("A", "B"), days=10), "Make it")
    assert (row["saving"], row["effort"], row["confidence"]) == ("Make it Express", "high", "high")
    assert row["saving_per_month_usd"] == pytest.approx(3 * row["saving_usd"])
    assert "may run more than once" in row["blockers"]
    few = of_kind(found([{"transitions": 10, "duration_ms": 100}], [{}], chain("A", "B")), "Make it")
    assert few["confidence"] == "medium"


def test_what_a_blocker_forbids_is_told_with_it() -> None:
    row = of_kind(found([{"transitions": 10}], [{}], chain("A", "B", A=CALLBACK)), "Make it Express")
    assert row["saving"] == "Make it Express, were it not forbidden"
    assert row["confidence"] == "low"
    assert "waits for its task token" in row["blockers"]


def test_pass_states_and_retries_that_bought_nothing() -> None:
    lost: Row = {"visit_error": "Declined", "attempt": 2, "outcome": "failed", "error": "Declined"}
    rows = found([{}], [{"state": "Shape", "state_type": "Pass"}, {"outcome": "failed", "error": "Declined"}, lost])
    assert of_kind(rows, "Do the work of Pass")["saving_usd"] == TRANSITION_USD
    retries = of_kind(rows, "Retry Declined less often")
    assert (retries["state"], retries["saving_usd"], retries["effort"]) == ("Charge", TRANSITION_USD, "low")


def test_children_of_a_distributed_map_could_share_one_execution() -> None:
    of_map = {"state": "Items", "state_type": "Map", "transitions": 101, "cost_usd": 101 * TRANSITION_USD}
    row = of_kind(found([{}], [of_map]), "Batch items")
    assert row["saving_usd"] == pytest.approx(90 * TRANSITION_USD)


def test_the_greatest_saving_comes_first_and_what_saves_nothing_is_left_out() -> None:
    rows = found([{"transitions": 10}] * 9, [{"state": "Shape", "state_type": "Pass"}], chain("A", "B"))
    amounts = [row["saving_usd"] for row in rows]
    assert amounts == sorted(amounts, reverse=True)
    assert all(amount > 0 for amount in amounts)
    assert isinstance(pd.DataFrame(rows), pd.DataFrame)
