"""What a rule of advice says of a machine of a few states, after a few attempts."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from analyzer.advice.rule import Evidence, Hint
from analyzer.adviser import advice_rules
from analyzer.definition import parse_definition
from analyzer.records import Records
from analyzer.registry import Facts, MachineKey
from tests.analyzer.rows import DAY, OCTOBER, Rows, attempts, executions, on_duckdb

ORDERS = MachineKey("111122223333", "us-east-1", "orders")
NOW = OCTOBER + 5 * DAY
LAMBDA = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke"}


def facts(
    states: dict[str, dict[str, Any]],
    tries: Rows = (),
    runs: Rows = (),
    records: dict[str, pd.DataFrame] | None = None,
    **machine: Any,
) -> Facts:
    """Facts of the machine `orders` with these states, one after the other."""
    names = list(states)
    chained = {
        name: state | ({"Next": names[n + 1]} if n + 1 < len(names) else {"End": True})
        for n, (name, state) in enumerate(states.items())
    }
    definition = parse_definition(json.dumps({"StartAt": names[0], "States": chained, **machine}))
    return Facts(
        on_duckdb(executions(runs)),
        on_duckdb(attempts(tries)),
        {ORDERS: definition},
        now_ms=NOW,
        records=Records(given=records or {}),
    )


def hints(rule: str, given: Facts) -> list[Hint]:
    """What the rule finds."""
    return list(advice_rules()[rule].hints(Evidence(given)))


def said(rule: str, given: Facts) -> list[tuple[str, int]]:
    """The severity and the occurrences of each hint."""
    return [(hint.severity, hint.occurrences) for hint in hints(rule, given)]
