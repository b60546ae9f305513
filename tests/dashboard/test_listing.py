from __future__ import annotations

import pytest

from analyzer.registry import Facts
from dashboard.listing import Wanted, newest
from tests.analyzer.rows import OCTOBER, attempts, executions, on_duckdb, on_pandas

EXECUTIONS = executions(
    [{"execution_arn": f"arn:{n}", "started_at": OCTOBER + n, "masked_failure": n % 2 == 0} for n in range(10)]
    + [{"execution_arn": "arn:unknown", "started_at": None}]
)
ATTEMPTS = attempts(
    [
        {"execution_id": 3, "outcome": "failed", "error": "CardDeclined"},
        {"execution_id": 4, "outcome": "failed", "error": "PaymentTimeout"},
        {"execution_id": 4, "outcome": "failed", "error": "PaymentTimeout", "attempt": 2},
        {"execution_id": 5, "outcome": "succeeded"},
    ]
)


@pytest.fixture(params=[on_duckdb, on_pandas])
def facts(request: pytest.FixtureRequest) -> Facts:
    return Facts(request.param(EXECUTIONS), request.param(ATTEMPTS))


def test_the_newest_come_first_and_all_are_counted(facts: Facts) -> None:
    found = newest(facts, Wanted(), rows=3)
    assert found.frame["execution_arn"].tolist() == ["arn:9", "arn:8", "arn:7"]
    assert found.total == 11


def test_an_unknown_start_comes_last(facts: Facts) -> None:
    assert newest(facts, Wanted(), rows=20).frame["execution_arn"].iloc[-1] == "arn:unknown"


@pytest.mark.parametrize(
    ("wanted", "arns"),
    [
        (Wanted(state="Charge"), ["arn:3", "arn:2"]),
        (Wanted(state="Charge", error="PaymentTimeout"), ["arn:3"]),
        (Wanted(error="CardDeclined"), ["arn:2"]),
        (Wanted(state="Nowhere"), []),
        (Wanted(text="rn:7"), ["arn:7"]),
        (Wanted(text="."), []),
        (Wanted(text="unknown", only_masked=True), []),
        (Wanted(only_masked=True, text="arn:8"), ["arn:8"]),
    ],
)
def test_each_wish_narrows(facts: Facts, wanted: Wanted, arns: list[str]) -> None:
    found = newest(facts, wanted)
    assert found.frame["execution_arn"].tolist() == arns
    assert found.total == len(arns)
