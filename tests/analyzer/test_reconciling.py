from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analyzer.reconciling import by_place, explanation
from analyzer.records import Records
from tests.analyzer.rows import DAY, OCTOBER, REDRIVE, Row, facts_of

PLACE: Row = {"account": "111122223333", "region": "us-east-1"}


def billed(quantity: float, usage: str = "USE1-StateTransition", **more: Any) -> Row:
    return {**PLACE, "day_at": OCTOBER, "usage_type": usage, "quantity": quantity, "settled": True, **more}


def consumed(value: float, machine: str = "", at: int = OCTOBER) -> Row:
    named = {"metric": "ConsumedCapacity", "stat": "Sum", "subject": "StateTransition"}
    return {**PLACE, **named, "machine": machine, "at": at, "value": value}


def days(bill: list[Row] = [], metrics: list[Row] = [], **facts: Any) -> list[Row]:  # noqa: B006
    columns = ["account", "day_at", "region", "usage_type", "quantity", "settled"]
    given = {"billing": pd.DataFrame(bill, columns=columns), "metrics": pd.DataFrame(metrics)}
    found = by_place(facts_of(records=Records(given=given), **facts)).astype(object)
    rows = found.where(found.notna(), None).to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in rows]


def test_a_transition_is_of_the_day_on_which_it_was_made() -> None:
    late: Row = {"scheduled_at": OCTOBER + DAY + 5, "execution_started_at": OCTOBER}
    first, second = days(executions=[{}], attempts=[{"scheduled_at": OCTOBER + 5}, late, {**late, **REDRIVE}])
    assert (first["transitions"], first["executions"], first["redrives"]) == (1, 1, 0)
    assert (second["transitions"], second["executions"], second["redrives"]) == (2, 0, 1)


def test_only_the_transitions_of_the_bill_are_compared() -> None:
    bill = [billed(7), billed(99, "USE1-StepFunctions-Request"), billed(1, "USE1-AWS-Out-Bytes")]
    [row] = days(bill, executions=[{}], attempts=[{"scheduled_at": OCTOBER}])
    assert (row["billed_transitions"], row["transitions"], row["settled"]) == (7, 1, True)


def test_a_bill_of_all_accounts_is_compared_with_all_of_them() -> None:
    other: Row = {"account": "444455556666", "scheduled_at": OCTOBER}
    [row] = days([billed(2, account="")], executions=[{}], attempts=[{"scheduled_at": OCTOBER}, other])
    assert (row["account"], row["transitions"], row["billed_transitions"]) == ("", 2, 2)


def test_the_accounts_own_metric_comes_before_those_of_its_machines() -> None:
    attempts: list[Row] = [{"scheduled_at": OCTOBER}]
    machines = [consumed(2, "orders"), consumed(3, "billing", OCTOBER + 3_600_000)]
    [row] = days(metrics=machines, executions=[{}], attempts=attempts)
    assert row["consumed_capacity"] == 5
    [row] = days(metrics=[*machines, consumed(6)], executions=[{}], attempts=attempts)
    assert row["consumed_capacity"] == 6


def test_express_takes_no_part() -> None:
    assert days(executions=[{"type": "EXPRESS"}], attempts=[{"type": "EXPRESS", "scheduled_at": OCTOBER}]) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"billed_transitions": None}, "no bill"),
        ({"billed_transitions": 100}, "they agree"),
        ({"billed_transitions": 90, "settled": False}, "not settled"),
        ({"billed_transitions": 120}, "one more for each start"),
        ({"billed_transitions": 150, "executions_unknown": 9}, "9 executions without a whole history"),
        ({"billed_transitions": 103, "redrives": 3}, "3 redrives"),
        ({"billed_transitions": 150, "missed": 2}, "2 machines could not be collected"),
        ({"billed_transitions": 150}, "not explained"),
    ],
)
def test_what_lies_between_is_said(given: dict[str, Any], said: str) -> None:
    plain = {"transitions": 100, "executions": 20, "executions_unknown": 0, "redrives": 0, "settled": True}
    assert said in explanation(plain | given, given.get("missed", 0))
