"""What an account's months cost after the free tier."""

from __future__ import annotations

import pytest

from tests.analyzer.rows import DAY, OCTOBER, Row, answer, picked

# Seoul's price, by the hundred thousand, so that the free tier is a twenty-fifth of it.
SEOUL: Row = {"region": "ap-northeast-2", "transitions": 100_000, "cost_usd": 2.71}


def test_the_free_tier_enters_once_by_account_and_month() -> None:
    runs: list[Row] = [
        {"transitions": 3_000, "cost_usd": 0.075},
        {"transitions": 3_000, "cost_usd": 0.075, "machine": "billing"},
        {"transitions": 3_000, "cost_usd": 0.075, "started_at": OCTOBER - 1},
        {"transitions": 3_000, "cost_usd": 0.075, "account": "444455556666"},
    ]
    rows = answer("cost_by_month", executions=runs)
    assert picked(rows, "month", "account", "transitions", "standard_cost_usd", "free_tier_usd", "cost_usd") == [
        ("2026-09", "111122223333", 3_000, 0.075, 0.075, 0),
        ("2026-10", "111122223333", 6_000, pytest.approx(0.15), pytest.approx(0.1), pytest.approx(0.05)),
        ("2026-10", "444455556666", 3_000, 0.075, 0.075, 0),
    ]


def test_it_is_taken_from_all_regions_alike() -> None:
    runs: list[Row] = [SEOUL, {"transitions": 100_000, "cost_usd": 2.5}]
    [row] = answer("cost_by_month", executions=runs)
    # 4,000 of 200,000 transitions are free: a fiftieth of $5.21.
    assert row["free_tier_usd"] == pytest.approx(0.1042)
    assert row["cost_usd"] == pytest.approx(5.1058)


def test_express_has_no_free_tier() -> None:
    runs: list[Row] = [{"type": "EXPRESS", "transitions": 0, "cost_usd": 0.5}, {"transitions": 1, "cost_usd": 0.000025}]
    [row] = answer("cost_by_month", executions=runs)
    assert (row["express_cost_usd"], row["free_tier_usd"], row["cost_usd"]) == (0.5, 0.000025, 0.5)


def test_an_unknown_price_is_told_and_its_transitions_use_up_no_free_tier() -> None:
    runs: list[Row] = [
        {"transitions": 9_000, "cost_usd": None},
        {"transitions": 4_000, "cost_usd": 0.1, "completeness": "gap"},
    ]
    [row] = answer("cost_by_month", executions=runs)
    assert (row["transitions"], row["executions_unpriced"], row["executions_partial"]) == (13_000, 1, 1)
    assert (row["standard_cost_usd"], row["cost_usd"]) == (0.1, 0)


def test_a_month_without_any_known_price_has_no_cost() -> None:
    [row] = answer("cost_by_month", executions=[{"cost_usd": None, "account": None}])
    assert (row["account"], row["standard_cost_usd"], row["free_tier_usd"], row["cost_usd"]) == (None, None, None, None)


def test_a_month_ends_with_its_last_millisecond() -> None:
    runs: list[Row] = [{"started_at": OCTOBER + 31 * DAY - 1}, {"started_at": OCTOBER + 31 * DAY}]
    assert picked(answer("cost_by_month", executions=runs), "month") == [("2026-10",), ("2026-11",)]
