"""What each state costs."""

from __future__ import annotations

import pytest

from analyzer.costs import NOT_BY_STATE, SEVERAL, WHOLE
from tests.analyzer.rows import REDRIVE, TRANSITION_USD, Row, answer, picked


def test_transitions_and_cost_of_a_state_with_its_retries_and_failures() -> None:
    tries: list[Row] = [
        {"execution_id": 1, "outcome": "failed"},
        {"execution_id": 1, "attempt": 2, "outcome": "timed_out"},
        {"execution_id": 1, "attempt": 3},
        {"execution_id": 1, "visit": 2},
        {"execution_id": 2, "completeness": "cut"},
        {"execution_id": 2, "state": "Pick", "state_type": "Choice"},
    ]
    charge, pick = answer("cost_by_state", executions=[{}, {}], attempts=tries)
    assert {name: charge[name] for name in list(charge)[3:]} == {
        "state": "Charge",
        "state_type": "Task",
        "executions": 2,
        "attempts": 5,
        "transitions": 5,
        "cost_usd": pytest.approx(5 * TRANSITION_USD),
        "cost_share": pytest.approx(5 / 6),
        "retry_cost_usd": pytest.approx(2 * TRANSITION_USD),
        "failure_cost_usd": pytest.approx(2 * TRANSITION_USD),
        "attempts_partial": 1,
        "cost_note": "estimate",
    }
    assert (pick["executions"], pick["retry_cost_usd"]) == (1, 0)


def test_a_redrive_costs_a_transition_and_is_no_attempt() -> None:
    [row] = answer("cost_by_state", executions=[{}], attempts=[REDRIVE])
    assert (row["state"], row["executions"], row["attempts"], row["transitions"]) == ("(redrive)", 0, 0, 1)
    assert (row["cost_usd"], row["cost_share"]) == (TRANSITION_USD, 1)


def test_the_children_of_a_distributed_map_are_its_transitions() -> None:
    of_map = {"state": "Items", "state_type": "Map", "transitions": 41, "cost_usd": 41 * TRANSITION_USD}
    [row] = answer("cost_by_state", executions=[{}], attempts=[of_map])
    assert (row["attempts"], row["transitions"], row["cost_usd"]) == (1, 41, pytest.approx(0.001025))


def test_an_unknown_price_is_an_empty_cost_with_its_reason() -> None:
    runs: list[Row] = [{"region": None, "cost_usd": None, "cost_note": "the Region is not known"}, {}]
    tries: list[Row] = [{"region": None, "cost_usd": None}, {}]
    rows = answer("cost_by_state", executions=runs, attempts=tries)
    assert picked(rows, "region", "cost_usd", "cost_share", "retry_cost_usd", "failure_cost_usd", "cost_note") == [
        ("us-east-1", TRANSITION_USD, 1, 0, 0, "estimate"),
        (None, None, None, None, None, "the Region is not known"),
    ]


EXPRESS_RUN: Row = {"type": "EXPRESS", "transitions": 0, "cost_usd": 0.0000021, "cost_note": "by request"}
EXPRESS_TRY: Row = {"type": "EXPRESS", "cost_usd": None, "transitions": 0}


def test_express_has_no_cost_by_state_and_says_so_and_its_executions_stand_for_themselves() -> None:
    rows = answer("cost_by_state", executions=[EXPRESS_RUN, EXPRESS_RUN], attempts=[EXPRESS_TRY])
    assert picked(rows, "state", "attempts", "transitions", "cost_usd", "retry_cost_usd", "cost_note") == [
        (WHOLE, 0, 0, pytest.approx(0.0000042), None, "by request"),
        ("Charge", 1, 0, None, None, NOT_BY_STATE),
    ]


def test_of_some_attempts_only_no_execution_is_priced_as_a_whole() -> None:
    rows = answer("cost_by_state", executions=[EXPRESS_RUN], attempts=[EXPRESS_TRY], where=["outcome=succeeded"])
    assert picked(rows, "state") == [("Charge",)]


def test_costs_at_several_prices_say_so() -> None:
    runs: list[Row] = [{"cost_note": "old price"}, {"cost_note": "new price"}]
    [row] = answer("cost_by_state", executions=runs, attempts=[{}, {}])
    assert row["cost_note"] == SEVERAL
