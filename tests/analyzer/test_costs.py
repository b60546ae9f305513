"""The parts of a cost and the note of a sum."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers

from analyzer.costs import SEVERAL, attempt_costs, cost_notes
from analyzer.registry import Facts, analysis_named
from tests.analyzer.rows import REDRIVE, Row, Rows, attempts, executions, on_duckdb, on_pandas
from tests.analyzer.worlds import world


def costs(rows: list[Row]) -> dict[str, Row]:
    found = attempt_costs(on_duckdb(attempts(rows)), ["machine"]).set_index("machine")
    return {str(name): dict(row) for name, row in found.iterrows()}


def test_retries_and_failures_are_parts_of_the_cost_and_may_overlap() -> None:
    rows: list[Row] = [
        {"cost_usd": 1},
        {"cost_usd": 2, "outcome": "failed"},
        {"cost_usd": 4, "attempt": 2, "outcome": "timed_out"},
        {"cost_usd": 8, "attempt": 3},
        {"cost_usd": 16, **REDRIVE},
    ]
    assert costs(rows)["orders"] == {"cost_usd": 31, "retry_cost_usd": 12, "failure_cost_usd": 6}


def test_no_known_cost_has_no_known_parts() -> None:
    rows: list[Row] = [{"machine": "dark", "cost_usd": None, "attempt": 2}, {"cost_usd": None}, {"cost_usd": 1}]
    found = costs(rows)
    assert all(cell is pd.NA for cell in found["dark"].values())
    assert found["orders"] == {"cost_usd": 1, "retry_cost_usd": 0, "failure_cost_usd": 0}


@pytest.mark.parametrize(
    ("notes", "expected"), [(["a", "a"], "a"), (["a", "b"], SEVERAL), (["a", None], "a"), ([None], None)]
)
def test_a_note_stands_for_all_where_they_agree(notes: list[str | None], expected: str | None) -> None:
    runs: list[Row] = [{"cost_note": note} for note in notes]
    [found] = cost_notes(on_duckdb(executions(runs)), ["machine"])["cost_note"].astype(object).to_list()
    assert found is pd.NA if expected is None else found == expected


# Every table of cost adds up to what the machines cost, whatever it is divided by.

ADDING_UP = [
    "cost_by_state",
    "cost_by_integration",
    "cost_by_path",
    "cost_by_error",
    "cost_by_purpose",
    "cost_by_revision",
    "cost_by_variant",
    "cost_by_day",
    "cost_per_success",
    "cost_with_children",
    "executions_by_day",
]
PARTS_OF_MACHINES = {
    "cost_of_failures": ("cost_usd", "failed_executions_cost_usd"),
    "cost_of_retries": ("retry_cost_usd", "retry_cost_usd"),
    "cost_by_error": ("failure_cost_usd", "failure_cost_usd"),
    "cost_by_integration": ("retry_cost_usd", "retry_cost_usd"),
}


def total(facts: Facts, name: str, column: str = "cost_usd") -> float:
    return float(analysis_named(name).run(facts)[column].sum())


@given(seed=integers(0, 2**32))
@settings(max_examples=3)
def test_costs_add_up_to_those_of_the_machines(seed: int) -> None:
    facts = facts_of(*world(seed))
    expected = total(facts, "cost_by_machine")
    assert {name: total(facts, name) for name in ADDING_UP} == pytest.approx(dict.fromkeys(ADDING_UP, expected))


@given(seed=integers(0, 2**32))
@settings(max_examples=3)
def test_parts_add_up_to_those_parts_of_the_machines(seed: int) -> None:
    facts = facts_of(*world(seed))
    for name, (column, of_machines) in PARTS_OF_MACHINES.items():
        assert total(facts, name, column) == pytest.approx(total(facts, "cost_by_machine", of_machines))


@given(seed=integers(0, 2**32), cut=integers(0, 40))
@settings(max_examples=2)
def test_costs_are_additive_over_any_partition_of_the_executions(seed: int, cut: int) -> None:
    runs, tries = world(seed)
    whole, *parts = (
        facts_of([run for run in runs if of(run)], [row for row in tries if of(row)])
        for of in (lambda _: True, lambda row: row["execution_id"] <= cut, lambda row: row["execution_id"] > cut)
    )
    for name in ["cost_by_machine", *ADDING_UP]:
        assert sum(total(part, name) for part in parts) == pytest.approx(total(whole, name))


def facts_of(runs: Rows, tries: Rows) -> Facts:
    return Facts(on_pandas(executions(runs)), on_pandas(attempts(tries)))
