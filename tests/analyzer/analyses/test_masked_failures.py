"""Runs that ended well although something in them failed."""

from __future__ import annotations

from tests.analyzer.rows import DAY, OCTOBER, Row, answer, picked

MASKED: Row = {"masked_failure": True, "root_state": "Charge", "caught": 2}


def test_masked_failures_by_root_state() -> None:
    runs: list[Row] = [
        {**MASKED, "started_at": OCTOBER},
        {**MASKED, "started_at": OCTOBER + DAY, "caught": 1, "tolerated_items": 3},
        {**MASKED, "root_state": "재고 확인"},
        {},
        {"region": "eu-west-1"},
        {"status": "FAILED", "root_state": "Charge", "caught": 1},
    ]
    charge, stock = answer("masked_failures", executions=runs)
    assert {name: charge[name] for name in list(charge)[3:]} == {
        "root_state": "Charge",
        "executions": 2,
        "masked_failure_rate": 0.5,
        "caught": 3,
        "tolerated_items": 3,
        "first_started_at": OCTOBER,
        "last_started_at": OCTOBER + DAY,
        "trend_per_day": 0.0,
        "executions_by_day": "1 1",
        "last_day_at": OCTOBER + DAY,
    }
    assert (stock["root_state"], stock["masked_failure_rate"]) == ("재고 확인", 0.25)


def test_items_that_a_map_tolerated_have_no_root_state_to_name() -> None:
    runs: list[Row] = [{"masked_failure": True, "tolerated_items": 4}, {}, {"started_at": OCTOBER - DAY}]
    rows = answer("masked_failures", executions=runs)
    assert picked(rows, "root_state", "executions", "tolerated_items", "first_started_at") == [(None, 1, 4, OCTOBER)]


def test_the_trend_is_by_how_many_a_day_grows_over_the_one_before() -> None:
    runs = [{**MASKED, "started_at": OCTOBER + day * DAY} for day in (0, 2, 2, 2)]
    [row] = answer("masked_failures", executions=[*runs, {"started_at": OCTOBER + 3 * DAY}])
    assert (row["executions_by_day"], row["trend_per_day"]) == ("1 0 3 0", 0.0)
    [row] = answer("masked_failures", executions=runs)
    assert (row["executions_by_day"], row["trend_per_day"]) == ("1 0 3", 1.0)


def test_none_masked_none_listed() -> None:
    assert answer("masked_failures", executions=[{}, {"status": "FAILED", "caught": 1}]) == []
