"""The parts of a cost and the note of a sum."""

from __future__ import annotations

import pandas as pd
import pytest

from analyzer.costs import SEVERAL, attempt_costs, cost_notes
from tests.analyzer.rows import REDRIVE, Row, attempts, executions, on_duckdb


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
