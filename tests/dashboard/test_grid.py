from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.filters import Filters
from dashboard.grid import grid, grid_seen, outcome_of

CELL: dict[str, Any] = {
    "execution_arn": "arn:1",
    "started_at": 1,
    "status": "SUCCEEDED",
    "outcome": "succeeded",
    "visits": 1,
    "retries": 0,
}


def cells(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([{**CELL, "first_event_id": n, **row} for n, row in enumerate(rows)])


def test_executions_stand_under_each_other_newest_first_and_states_in_their_order() -> None:
    found = grid(
        cells(
            {"state": "Second", "first_event_id": 9},
            {"state": "First", "first_event_id": 2},
            {"state": "First", "execution_arn": "arn:2", "started_at": 5, "status": "FAILED", "outcome": "failed"},
        )
    )
    assert found.states == {"0": "First", "1": "Second"}
    assert found.table["execution_arn"].tolist() == ["arn:2", "arn:1"]
    assert found.table["0"].tolist() == ["failed", "ok"]
    assert pd.isna(found.table["1"].iloc[0])


def test_a_state_may_be_called_like_a_column_of_ours() -> None:
    found = grid(cells({"state": "status"}, {"state": "execution_arn"}))
    assert list(found.states.values()) == ["status", "execution_arn"]
    assert found.table["status"].tolist() == ["SUCCEEDED"]


def test_a_cell_says_how_often_and_how_it_went() -> None:
    found = grid(cells({"state": "A", "outcome": "retried", "visits": 3, "retries": 2}))
    assert found.table["0"].tolist() == ["ok, 3 ×, 2 retries"]
    assert [outcome_of(cell) for cell in ("ok, 3 ×, 2 retries", "ok, 3 ×", "caught, 1 retry", None)] == [
        "retried",
        "ok",
        "caught",
        "",
    ]


def test_the_sentence_names_the_state_that_failed_most() -> None:
    rows = cells(
        {"state": "주문 검증", "outcome": "failed"},
        {"state": "주문 검증", "outcome": "retried", "execution_arn": "arn:2"},
        {"state": "Other"},
    )
    told = grid_seen(rows, "orders", Filters())
    assert "newest **2 executions** of `orders`" in told
    assert "`주문 검증` failed in 1 and went on after a retry in 1" in told


def test_nothing_wrong_and_nothing_at_all_are_different_sentences() -> None:
    assert "nothing failed" in grid_seen(cells({"state": "A"}), "m", Filters())
    assert "ran no execution" in grid_seen(cells({"state": "A"}).iloc[:0], "m", Filters())
