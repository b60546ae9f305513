"""Machines as keys and as columns."""

from __future__ import annotations

import pandas as pd

from analyzer.machines import keyed, named
from analyzer.registry import MachineKey


def test_a_row_is_kept_under_its_machine_with_none_for_empty_cells() -> None:
    frame = pd.DataFrame(
        {"machine": ["orders", "주문"], "region": ["us-east-1", None], "account": [None, None], "n": [1, None]}
    ).convert_dtypes()
    assert dict(keyed(frame)) == {
        MachineKey("", "us-east-1", "orders"): {"machine": "orders", "region": "us-east-1", "account": None, "n": 1},
        MachineKey("", "", "주문"): {"machine": "주문", "region": None, "account": None, "n": None},
    }


def test_a_machine_becomes_the_columns_it_came_from() -> None:
    assert named(MachineKey("", "us-east-1", "orders")) == {
        "machine": "orders",
        "region": "us-east-1",
        "account": None,
    }
