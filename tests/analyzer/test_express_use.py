from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest

from analyzer.express_use import express_uses, formula_memory_mb, measured_uses
from analyzer.monthly import HISTORIES, METRICS
from analyzer.prices import bundled_prices
from analyzer.records import Records
from analyzer.registry import Facts
from store.settings import AssumptionSettings, Settings
from tests.analyzer.rows import OCTOBER, Row, facts_of

PLACE = ("111122223333", "us-east-1", "ticker")
STAT = {
    "ExecutionsStarted": "Sum",
    "ExpressExecutionBilledDuration": "Sum",
    "ExpressExecutionBilledMemory": "Average",
}
HOUR = 3_600_000
DAY = OCTOBER // 86_400_000


def metric(name: str, value: float, at: int = OCTOBER) -> Row:
    return {
        "account": PLACE[0],
        "region": PLACE[1],
        "machine": PLACE[2],
        "metric": name,
        "stat": STAT[name],
        "at": at,
        "value": value,
    }


def measured(started: float, ms: float, mb: float, at: int = OCTOBER) -> list[Row]:
    return [
        metric("ExecutionsStarted", started, at),
        metric("ExpressExecutionBilledDuration", ms, at),
        metric("ExpressExecutionBilledMemory", mb, at),
    ]


def day_row(**more: Any) -> dict[str, Any]:
    named = {"account": PLACE[0], "region": PLACE[1], "machine": PLACE[2], "type": "EXPRESS"}
    return {**named, "day": DAY, "executions": 10, "duration_steps": 160, "map_iterations": 0} | more


def facts(metrics: list[Row] | None = None, payload_kb: float = 32) -> Facts:
    records = Records(given={"metrics": pd.DataFrame(metrics)} if metrics else {})
    settings = Settings(assumptions=AssumptionSettings(payload_kb=payload_kb))
    return facts_of(prices=bundled_prices(), records=records, settings=settings)


def test_gb_seconds_are_added_up_period_by_period() -> None:
    rows = [*measured(10, 16_000, 64), *measured(2, 1_000, 128, OCTOBER + HOUR)]
    [use] = measured_uses(pd.DataFrame(rows)).values()
    # 16 s at a sixteenth of a GB, and 1 s at an eighth.
    assert (use.executions, use.gb_seconds, use.day, use.basis) == (12, Fraction(9, 8), date(2026, 10, 1), METRICS)


def test_a_period_in_which_runs_only_end_counts_too() -> None:
    rows = [*measured(10, 16_000, 64), *measured(0, 16_000, 64, OCTOBER + HOUR)[1:]]
    [use] = measured_uses(pd.DataFrame(rows)).values()
    assert (use.executions, use.gb_seconds) == (10, Fraction(2))


def test_a_machine_without_all_three_metrics_is_not_measured() -> None:
    assert measured_uses(pd.DataFrame(measured(1, 100, 64)[:2])) == {}
    assert measured_uses(None) == {}


def test_what_aws_measured_comes_before_what_is_assumed() -> None:
    [use] = express_uses([day_row()], facts(measured(99, 16_000, 64)))
    assert (use.executions, use.gb_seconds, use.basis) == (99, Fraction(1), METRICS)


def test_a_day_that_only_the_metrics_know_is_billed_too() -> None:
    other = measured(5, 100, 64, OCTOBER + 24 * HOUR)
    assert [(use.day.day, use.basis) for use in express_uses([day_row()], facts(other))] == [
        (1, HISTORIES),
        (2, METRICS),
    ]


def test_without_metrics_the_memory_is_that_of_the_formula() -> None:
    [use] = express_uses([day_row()], facts())
    assert use.gb_seconds == 1
    [wide] = express_uses([day_row(map_iterations=10 * 500)], facts())
    assert wide.gb_seconds == 2
    [light] = express_uses([day_row(map_iterations=10 * 500)], facts(payload_kb=1))
    assert light.gb_seconds == 1


@pytest.mark.parametrize(
    ("definition", "payload_kb", "items", "billed"), [(50_000, 32, 400, 64), (100_000, 256, 60, 128), (0, 0, 0, 64)]
)
def test_the_formula_is_that_of_the_pricing_page(definition: int, payload_kb: float, items: int, billed: int) -> None:
    assert formula_memory_mb(definition, payload_kb, items, runs=1) == billed
