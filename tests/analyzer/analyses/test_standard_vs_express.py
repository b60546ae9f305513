"""What every machine would cost as the other type."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from analyzer.definition import parse_definition
from analyzer.prices import PriceBook, bundled_prices
from analyzer.registry import MachineKey
from tests.analyzer.rows import Row, answer, picked

ORDERS = MachineKey("111122223333", "us-east-1", "orders")


def compared(runs: list[Row], *states: Row) -> list[Row]:
    """The rows, when these are the states that `orders` is defined with; no states, no definition."""
    chain = {f"S{n}": {**state, "Next": f"S{n + 1}"} for n, state in enumerate(states)}
    machine = {"StartAt": "S0", "States": {**chain, f"S{len(states)}": {"Type": "Succeed"}}}
    definitions = {ORDERS: parse_definition(json.dumps(machine))} if states else {}
    return answer("standard_vs_express", executions=runs, prices=bundled_prices(), definitions=definitions)


def price(dimension: str) -> Decimal:
    [entry] = [e for e in bundled_prices().entries if (e.region, e.dimension) == ("us-east-1", dimension)]
    return entry.price


PASS: Row = {"Type": "Pass"}
CALLBACK: Row = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}


def test_standard_executions_priced_as_express() -> None:
    runs: list[Row] = [
        {"duration_ms": 1_001, "transitions": 4},
        {"duration_ms": 0, "transitions": 3},
        {"duration_ms": 100, "transitions": 3, "completeness": "cut"},
    ]
    [row] = compared(runs, PASS)
    # 11, 1 and 1 steps of 100 ms at 64 MB, which is a sixteenth of a GB.
    gb_seconds = 13 / 160
    standard, express = 10 * price("standard_transition"), 3 * price("express_request")
    express += Decimal(gb_seconds) * price("express_gb_second")
    assert {name: row[name] for name in list(row)[3:17]} == {
        "type": "STANDARD",
        "other_type": "EXPRESS",
        "executions": 3,
        "transitions": 10,
        "standard_cost_usd": pytest.approx(float(standard)),
        "express_cost_usd": pytest.approx(float(express)),
        "saving_usd": pytest.approx(float(standard - express)),
        "standard_cost_per_express_cost": pytest.approx(float(standard / express)),
        "express_gb_seconds": pytest.approx(gb_seconds),
        "express_memory_mb": 64,
        "duration_max_ms": 1_001,
        "executions_too_long": 0,
        "too_long_share": 0,
        "blockers": "none",
    }
    assert (row["can_switch"], row["executions_partial"]) == (True, 1)
    assert row["verdict"].startswith("Express would cost 98% less")


def test_express_executions_priced_as_standard_by_their_attempts() -> None:
    run: Row = {"type": "EXPRESS", "transitions": 0, "attempts": 5, "duration_ms": 2_000}
    [row] = compared([run, run])
    assert (row["other_type"], row["transitions"], row["can_switch"], row["blockers"]) == ("STANDARD", 10, True, None)
    assert row["standard_cost_usd"] == pytest.approx(float(10 * price("standard_transition")))
    assert row["saving_usd"] == pytest.approx(row["express_cost_usd"] - row["standard_cost_usd"])
    # By hand: 5 × $0.000025 against $0.000001 and 20 steps of $0.0000001041875.
    assert row["verdict"] == "Stay on Express: Standard would cost 40.5 times as much."


def test_what_the_definition_forbids_is_said() -> None:
    [row] = compared([{}], CALLBACK, {"Type": "Wait", "Seconds": 600})
    assert row["can_switch"] is False
    assert row["blockers"].count("Express") == 2
    assert row["verdict"].startswith("Stay on Standard: State 'S0' calls sqs:sendMessage and waits for its task token")


def test_executions_of_more_than_five_minutes_are_said() -> None:
    runs: list[Row] = [{"duration_ms": 300_000}, {"duration_ms": 300_001}, {}, {}]
    [row] = compared(runs, PASS)
    assert (row["executions_too_long"], row["too_long_share"], row["duration_max_ms"]) == (1, 0.25, 300_001)
    assert row["verdict"] == "Stay on Standard: 1 of 4 executions ran longer than the 5 minutes that Express allows."


def test_without_a_definition_nobody_knows_whether_it_can() -> None:
    [row] = compared([{}])
    assert (row["blockers"], row["can_switch"]) == (None, None)
    assert "definition, which is not known" in row["verdict"]


def test_only_what_ended_and_whose_tries_are_known_is_compared() -> None:
    runs: list[Row] = [
        {},
        {"status": "RUNNING", "stopped_at": None, "duration_ms": None},
        {"transitions": None, "completeness": "sampled"},
        {"type": "EXPRESS", "attempts": None},
    ]
    [row] = compared(runs, PASS)
    assert (row["type"], row["executions"]) == ("STANDARD", 1)


def test_an_unknown_price_is_an_empty_cost_with_its_reason() -> None:
    rows = answer("standard_vs_express", executions=[{"region": None}, {}], prices=PriceBook([]))
    assert {(row["standard_cost_usd"], row["express_cost_usd"], row["saving_usd"]) for row in rows} == {(None,) * 3}
    reasons = {row["region"]: row["cost_note"] for row in rows}
    assert "the Region is not known" in reasons[None]
    assert "'us-east-1'" in reasons["us-east-1"]
    assert all(row["verdict"].startswith("Not known") for row in rows)


def test_the_greatest_saving_comes_first() -> None:
    runs: list[Row] = [
        {"machine": "small"},
        {"machine": "unknown", "region": None},
        {"machine": "slow", "duration_ms": 299_000},
        {"machine": "great", "transitions": 40},
    ]
    assert picked(compared(runs), "machine") == [("great",), ("small",), ("slow",), ("unknown",)]


def test_what_is_not_known_stands_between_a_low_and_a_high_cost() -> None:
    run: Row = {"duration_ms": 1_000, "transitions": 4, "events": 20, "map_iterations": 300}
    [row] = compared([run, run], PASS)
    standard, request, second = map(price, ("standard_transition", "express_request", "express_gb_second"))
    # 50 MB + 262,144 bytes × 300 = 128.6 MB, billed as 192: three times the least; and 20 events of 1,000 bytes.
    logs = Decimal(20_000) / 1_024**3 * price("log_gb")
    low, high = request + second * 10 / 160, request + 3 * second * 10 / 160 + logs
    assert row["express_cost_low_usd"] == row["express_cost_usd"] == pytest.approx(float(2 * low))
    assert row["express_cost_high_usd"] == pytest.approx(float(2 * high))
    assert row["standard_cost_high_usd"] == pytest.approx(float(10 * standard))
    assert row["saving_low_usd"] == pytest.approx(float(8 * standard - 2 * high))
    assert row["saving_high_usd"] == pytest.approx(float(10 * standard - 2 * low))


def test_where_both_types_cost_the_same() -> None:
    [row] = compared([{"duration_ms": 1_000, "transitions": 4}], PASS)
    # By hand: (4 × 0.000025 − 0.000001) / 0.0000001041875 = 950.2 steps; 4,000 × 0.000025 / 0.000097958 = 1,020.8.
    assert (row["break_even_duration_ms"], row["break_even_executions"]) == (95_000, 1_021)
    [row] = compared([{"duration_ms": 299_000, "transitions": 1}], PASS)
    assert (row["break_even_duration_ms"], row["break_even_executions"]) == (23_000, None)


def test_none_too_long_is_not_proof_that_none_will_be() -> None:
    [row] = compared([{}] * 30, PASS)
    assert (row["executions_too_long"], row["too_long_share_max"]) == (0, pytest.approx(0.1))


def test_the_reasons_are_definition_durations_and_costs() -> None:
    [row] = compared([{"transitions": 10}] * 30, PASS)
    assert row["reasons"].startswith("Its definition holds nothing that Express lacks. None of 30 executions took")
    assert "Express saves $0.0074" in row["reasons"]


def test_what_was_redriven_cannot_be_as_express() -> None:
    [row] = compared([{"redrives": 2}, {}], PASS)
    assert row["warnings"].startswith("1 of its executions were redriven; Express has no redrive.")
    [row] = compared([{"type": "EXPRESS", "redrives": 0}], PASS)
    assert row["warnings"] is None
