from __future__ import annotations

from typing import Any

from analyzer.definition import parse_definition
from analyzer.registry import MachineKey
from tests.analyzer.rows import OCTOBER, Row, answer

ORDERS = MachineKey("111122223333", "us-east-1", "orders")


def runs(*spans: tuple[int, int]) -> list[Row]:
    """A Map whose iterations ran from when to when."""
    rows: list[Row] = [{"state": "Items", "state_type": "Map", "holds_states": True, "event_id": 2, "run_ms": 0}]
    for number, (begin, end) in enumerate(spans):
        times = {"entered_at": OCTOBER + begin, "ended_at": OCTOBER + end, "exited_at": OCTOBER + end}
        inside = {"parent_id": 2, "iteration": str(number), "event_id": number + 3}
        rows.append({"state": "Resize", "run_ms": end - begin, **times, **inside})
    return [row | {"execution_arn": "arn:1"} for row in rows]


def definition(limit: int) -> dict[str, Any]:
    body = {"StartAt": "Resize", "States": {"Resize": {"Type": "Pass", "End": True}}}
    items = {"Type": "Map", "MaxConcurrency": limit, "ItemProcessor": body, "End": True}
    return {"definitions": {ORDERS: parse_definition({"StartAt": "Items", "States": {"Items": items}})}}


def test_iterations_at_once_their_limit_and_the_slowest() -> None:
    # Two run at once for 100 ms, then one by itself for 200 ms.
    [row] = answer("map_concurrency", executions=[{}], attempts=runs((0, 100), (0, 300)), **definition(2))
    assert row["concurrency_max"] == 2
    assert row["concurrency_limit"] == 2
    assert row["concurrency_mean"] == 1.333333333333  # two for 100 ms and one for 200
    assert row["saturation_share"] == 0.333333333333
    assert (row["iteration_p50_ms"], row["iteration_max_ms"]) == (200.0, 300)
    assert (row["slowest_iteration"], row["slowest_execution_arn"], row["slowest_per_p50"]) == ("1", "arn:1", 1.5)


def test_one_after_another_is_one_at_once() -> None:
    [row] = answer("map_concurrency", executions=[{}], attempts=runs((0, 100), (100, 300)), **definition(1))
    assert (row["concurrency_max"], row["saturation_share"], row["map_iterations"]) == (1, 1.0, 2)


def test_without_a_limit_nothing_is_saturated() -> None:
    [row] = answer("map_concurrency", executions=[{}], attempts=runs((0, 100), (0, 300)), **definition(0))
    assert (row["concurrency_limit"], row["saturation_share"]) == (None, None)
