"""What executions cost together with those that they started."""

from __future__ import annotations

import pandas as pd
import pytest

from analyzer.records import Records
from tests.analyzer.rows import TRANSITION_USD, Row, answer, picked

RUNS: list[Row] = [
    {"machine": "parent", "cost_usd": 4 * TRANSITION_USD},
    {"machine": "child", "cost_usd": 2 * TRANSITION_USD},
    {"machine": "child", "cost_usd": 2 * TRANSITION_USD},
    {"machine": "grandchild", "cost_usd": TRANSITION_USD, "type": "EXPRESS"},
]


def linked(*pairs: tuple[int, int]) -> Records:
    """Links from the n-th execution to the m-th."""
    rows = [{"parent_arn": f"arn:{parent}", "child_arn": f"arn:{child}"} for parent, child in pairs]
    return Records(given={"links": pd.DataFrame(rows, columns=["parent_arn", "child_arn"], dtype="string")})


def test_children_and_their_children_are_counted_with_the_root() -> None:
    rows = answer("cost_with_children", executions=RUNS, records=linked((1, 2), (2, 4)))
    assert picked(rows, "machine", "executions", "children", "children_machines") == [
        ("parent", 1, 2, "child, grandchild"),
        ("child", 1, 0, None),
    ]
    assert picked(rows, "own_cost_usd", "children_cost_usd", "cost_usd", "children_share") == [
        tuple(map(pytest.approx, (4 * TRANSITION_USD, 3 * TRANSITION_USD, 7 * TRANSITION_USD, 3 / 7))),
        tuple(map(pytest.approx, (2 * TRANSITION_USD, 0, 2 * TRANSITION_USD, 0))),
    ]


@pytest.mark.parametrize("pairs", [(), ((1, 2), (1, 3), (3, 4)), ((9, 2), (2, 9)), ((2, 3), (3, 2))])
def test_however_they_are_linked_the_costs_add_up_to_those_of_the_machines(pairs: tuple[tuple[int, int], ...]) -> None:
    rows = answer("cost_with_children", executions=RUNS, records=linked(*pairs))
    assert sum(row["cost_usd"] for row in rows) == pytest.approx(9 * TRANSITION_USD)


def test_a_child_of_an_execution_that_is_not_here_stands_for_itself() -> None:
    rows = answer("cost_with_children", executions=RUNS[1:2], records=linked((7, 1)))
    assert picked(rows, "machine", "executions", "children", "cost_usd") == [("child", 1, 0, 2 * TRANSITION_USD)]


def test_without_links_every_execution_is_its_own_root() -> None:
    rows = answer("cost_with_children", executions=RUNS)
    assert [row["children"] for row in rows] == [0, 0, 0]
