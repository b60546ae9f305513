from __future__ import annotations

import pandas as pd

from analyzer.changes import Change, definition_changes
from analyzer.intervals import Interval
from analyzer.records import Records
from analyzer.registry import Facts
from tests.analyzer.rows import attempts, executions, on_duckdb

MACHINE = ("orders", "us-east-1", "111122223333")


def change(before: Interval, after: Interval, counts: tuple[int, int] = (100, 100), measure: str = "x") -> Change:
    return Change(MACHINE, "deploy", 0, "r0", "r1", measure, "", before, after, *counts)


def test_a_verdict_needs_intervals_apart_enough_of_both_and_a_difference_that_matters() -> None:
    low, high = Interval(10, 9, 11), Interval(20, 18, 22)
    assert change(low, high).verdict == "worse"
    assert change(high, low).verdict == "better"
    assert change(low, Interval(12, 10, 14)).verdict == "same"
    assert change(low, high, (29, 100)).verdict == "too few"
    assert change(Interval(10, 9.99, 10.01), Interval(10.5, 10.4, 10.6)).verdict == "same"


def test_standard_errors_are_those_of_both_intervals() -> None:
    # Each interval is six standard errors wide: 1 and 1 here.
    assert round(change(Interval(10, 7, 13), Interval(20, 17, 23)).standard_errors, 3) == round(10 / 2**0.5, 3)


def test_definitions_are_compared_by_machine() -> None:
    text = '{{"StartAt": "A", "States": {{"A": {{"Type": "Wait", "Seconds": {}, "End": true}}}}}}'
    rows = [
        {"machine": "orders", "region": "us-east-1", "account": "1", "revision": "r0", "definition": text.format(1)},
        {"machine": "orders", "region": "us-east-1", "account": "1", "revision": "r1", "definition": text.format(9)},
        {"machine": "orders", "region": "us-east-1", "account": "1", "revision": "r2", "definition": "{"},
    ]
    facts = Facts(
        on_duckdb(executions([])), on_duckdb(attempts([])), records=Records(given={"revisions": pd.DataFrame(rows)})
    )
    told = definition_changes(facts)
    assert told[("orders", "us-east-1", "1", "r0", "r1")] == ["the wait of A is 9 s instead of 1 s"]
    assert len(told) == 2
