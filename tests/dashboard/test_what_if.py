"""Where the scenarios begin, and the table they end in."""

from __future__ import annotations

from datetime import date

from analyzer.prices import bundled_prices
from analyzer.registry import Facts, analysis_named
from analyzer.scenario import Scenario, outcome
from dashboard.what_if import COLUMNS, as_it_ran, frame
from tests.analyzer.rows import attempts, executions, on_duckdb
from tests.dashboard.answered import nothing


def test_scenarios_begin_with_what_ran() -> None:
    runs = [{"transitions": 6, "duration_ms": 2_040}] * 3 + [{"transitions": 2, "duration_ms": 100}]
    facts = Facts(on_duckdb(executions(runs)), on_duckdb(attempts([])), prices=bundled_prices())
    ran = as_it_ran(analysis_named("standard_vs_express").run(facts), days=2)
    # Three of 2,100 ms and one of 100 ms as billed, 1,600 ms on average; 4 executions in two days.
    assert ran == Scenario(executions=60, states=5, duration_ms=1_600, region="us-east-1")


def test_without_anything_that_ran_they_begin_somewhere() -> None:
    assert as_it_ran(nothing("standard_vs_express"), days=7) == Scenario()


def test_the_table_has_a_row_for_each_scenario() -> None:
    found = {name: outcome(Scenario(), date(2026, 10, 1), bundled_prices()) for name in "AB"}
    table = frame(found)
    assert list(table.columns) == [column.name for column in COLUMNS]
    assert list(table["scenario"]) == ["A", "B"]
    assert list(table["cheaper_type"]) == ["EXPRESS", "EXPRESS"]
