from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analyzer.records import Records
from tests.analyzer.rows import DAY, OCTOBER, Row, answer

LISTED = Records(given={"coverage": pd.DataFrame({"listed_to": [OCTOBER + 10 * DAY, None]})})
NOW: dict[str, Any] = {"now_ms": OCTOBER + 12 * DAY, "records": LISTED}


def steady(cost: float, transitions: int, days: int = 10, **more: Any) -> list[Row]:
    run: Row = {"cost_usd": cost, "transitions": transitions, **more}
    return [{**run, "started_at": OCTOBER + n * DAY} for n in range(days)]


def test_the_month_goes_on_as_it_began_and_the_free_tier_is_taken_off_once() -> None:
    runs = [*steady(0.025, 1_000), *steady(0.025, 1_000, machine="billing")]
    rows = answer("cost_forecast", executions=runs, **NOW)
    # 31,000 transitions each; of 62,000 together 4,000 are free.
    assert [row["forecast_list_usd"] for row in rows] == [pytest.approx(0.775)] * 2
    assert [row["forecast_cost_usd"] for row in rows] == [pytest.approx(0.775 * 58 / 62)] * 2
    assert [row["so_far_cost_usd"] for row in rows] == [pytest.approx(0.25 * 16 / 20)] * 2
    assert rows[0]["month"] == "2026-10"


def test_express_has_no_free_tier() -> None:
    [row] = answer("cost_forecast", executions=steady(1.0, 0, type="EXPRESS"), **NOW)
    assert row["forecast_cost_usd"] == pytest.approx(31)


def test_a_machine_without_a_known_cost_has_no_forecast() -> None:
    assert answer("cost_forecast", executions=[{"cost_usd": None}], **NOW) == []


def test_it_is_known_up_to_the_last_start_when_no_listing_says_more() -> None:
    [row] = answer("cost_forecast", executions=steady(1.0, 40_000, days=5), now_ms=OCTOBER + 10 * DAY)
    assert row["known_to_at"] == OCTOBER + 4 * DAY
