"""The sketch of a part."""

from __future__ import annotations

import json

import pandas as pd

from analyzer.registry import MachineKey
from dashboard.parts import sketch_of
from tests.analyzer.test_segments import CALLBACK, chain

MACHINE = MachineKey("111122223333", "us-east-1", "orders")
TEXTS = {MACHINE: json.dumps(chain("A", "B", "C", A=CALLBACK))}


def row(states: str = "B, C", machine: str = "orders") -> pd.Series:
    return pd.Series({"account": "111122223333", "region": "us-east-1", "machine": machine, "states": states})


def test_a_row_leads_to_the_sketch_of_its_part() -> None:
    found = sketch_of(row(), TEXTS)
    assert found is not None
    assert list(found.child["States"]) == ["B", "C"]


def test_a_part_that_is_no_longer_defined_has_no_sketch() -> None:
    assert sketch_of(row(states="X, Y"), TEXTS) is None
    assert sketch_of(row(machine="other"), TEXTS) is None
