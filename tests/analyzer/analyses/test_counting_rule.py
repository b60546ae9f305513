from __future__ import annotations

import pandas as pd
import pytest

from analyzer.records import Records
from tests.analyzer.rows import DAY, OCTOBER, Row, answer


def found(days: int, extra: int, noise: float = 0.0, **run: object) -> list[Row]:
    """The rules for days of two executions with five transitions each, and a bill that counts `extra` for each."""
    runs: list[Row] = [{"started_at": OCTOBER + n * DAY, **run} for n in range(days) for _ in range(2)]
    tries: list[Row] = [{"scheduled_at": OCTOBER + n * DAY} for n in range(days) for _ in range(10)]
    bill = pd.DataFrame(
        {
            "account": "111122223333",
            "day_at": [OCTOBER + n * DAY for n in range(days)],
            "region": "us-east-1",
            "usage_type": "USE1-StateTransition",
            "quantity": [10 + 2 * extra + noise * (-1) ** n for n in range(days)],
            "settled": True,
        }
    )
    return answer("counting_rule", executions=runs, attempts=tries, records=Records(given={"billing": bill}))


@pytest.mark.parametrize("extra", [0, 1, 2])
def test_from_a_week_of_days_the_rule_of_the_bill_is_known(extra: int) -> None:
    rows = found(7, extra)
    assert [row["follows"] for row in rows] == [rule == extra for rule in (0, 1, 2)]
    assert f"extra_transitions_per_execution = {extra}" in rows[extra]["sentence"]
    assert rows[extra]["error_rate"] == 0


def test_fewer_days_decide_nothing() -> None:
    rows = found(6, 1)
    assert {row["follows"] for row in rows} == {None}
    assert "7 whole days are needed, there are 6" in rows[0]["sentence"]


def test_a_bill_that_no_rule_fits_decides_nothing() -> None:
    assert {row["sentence"] for row in found(10, 0, noise=5)} == {"not decided: no rule stands out"}


def test_days_with_histories_that_are_not_whole_say_nothing() -> None:
    assert found(10, 0, completeness="cut") == []
