"""Retries by state and by the error that began them."""

from __future__ import annotations

import pytest

from tests.analyzer.rows import REDRIVE, TRANSITION_USD, Row, answer, picked

# Charge: visits 1-5. The first three go well at once. The fourth fails with Declined, is retried, fails with a timeout,
# is retried and succeeds. The fifth fails with Declined and is retried in vain.
FAILED: Row = {"outcome": "failed", "error": "Declined", "handled": "retried"}
CHARGES: list[Row] = [
    {},
    {},
    {},
    {**FAILED},
    {"attempt": 2, "visit_error": "Declined", "outcome": "timed_out", "error": "States.Timeout", "backoff_ms": 1_000},
    {"attempt": 3, "visit_error": "Declined", "backoff_ms": 2_000},
    {**FAILED},
    {"attempt": 2, "visit_error": "Declined", "outcome": "failed", "error": "Declined", "backoff_ms": 1_500},
]


def test_each_visit_counts_under_the_error_of_its_first_try() -> None:
    declined, well = answer("retry_rates", attempts=CHARGES)
    assert (declined["error"], well["error"]) == ("Declined", None)
    assert {name: declined[name] for name in list(declined)[6:]} == {
        "visits": 2,
        "attempts": 5,
        "visits_retried": 2,
        "retries": 3,
        **dict.fromkeys(("retries_estimated", "retries_low", "retries_high"), 3),
        "retries_per_visit": 1.5,
        "state_retries_per_visit": 0.6,
        "visits_recovered": 1,
        "recovered_share": 0.5,
        "backoff_ms": 4_500,
        "retry_cost_usd": pytest.approx(3 * TRANSITION_USD),
        "attempts_partial": 0,
    }
    assert {name: well[name] for name in list(well)[6:]} == {
        "visits": 3,
        "attempts": 3,
        "visits_retried": 0,
        "retries": 0,
        **dict.fromkeys(("retries_estimated", "retries_low", "retries_high"), 0),
        "retries_per_visit": 0,
        "state_retries_per_visit": 0.6,
        "visits_recovered": 0,
        "recovered_share": None,
        "backoff_ms": 0,
        "retry_cost_usd": 0,
        "attempts_partial": 0,
    }


def test_only_what_can_be_retried_is_listed() -> None:
    tries: list[Row] = [
        {"state": f"A {kind}", "state_type": kind} for kind in ("Task", "Map", "Parallel", "Choice", "Fail")
    ]
    assert picked(answer("retry_rates", attempts=[*tries, REDRIVE]), "state") == [
        ("A Map",),
        ("A Parallel",),
        ("A Task",),
    ]


def test_the_most_retried_come_first_and_machines_of_one_name_stay_apart() -> None:
    retry: Row = {"attempt": 2, "visit_error": "E"}
    tries: list[Row] = [
        {"region": "eu-west-1"},
        {"region": "eu-west-1", **retry},
        {"account": None},
        {"account": None, **retry},
        {"account": None, **retry},
    ]
    rows = answer("retry_rates", attempts=tries)
    assert picked(rows, "region", "account", "error", "retries") == [
        ("us-east-1", None, "E", 2),
        ("eu-west-1", "111122223333", "E", 1),
        ("eu-west-1", "111122223333", None, 0),
        ("us-east-1", None, None, 0),
    ]


def test_the_cost_of_retries_is_empty_where_no_price_is_known() -> None:
    [row] = answer("retry_rates", attempts=[{"cost_usd": None}, {"attempt": 2, "cost_usd": None}])
    assert row["retry_cost_usd"] is None


def test_tries_of_incomplete_histories_are_told() -> None:
    [row] = answer("retry_rates", attempts=[{}, {"completeness": "cut"}])
    assert (row["attempts"], row["attempts_partial"]) == (2, 1)
