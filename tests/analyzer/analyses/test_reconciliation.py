from __future__ import annotations

import pandas as pd

from analyzer.records import Records
from tests.analyzer.rows import OCTOBER, Row, answer

BILL = {
    "account": ["111122223333"],
    "day_at": [OCTOBER],
    "region": ["us-east-1"],
    "usage_type": ["USE1-StateTransition"],
    "quantity": [5.0],
    "settled": [True],
}


def test_the_difference_is_shown_with_what_may_explain_it() -> None:
    attempts: list[Row] = [{"scheduled_at": OCTOBER}] * 4
    records = Records(given={"billing": pd.DataFrame(BILL)})
    [row] = answer("reconciliation", executions=[{}], attempts=attempts, records=records)
    assert (row["transitions"], row["transitions_max"], row["billed_transitions"]) == (4, 5, 5)
    assert (row["residual_transitions"], row["residual_rate"]) == (1, 0.2)
    assert "one more for each start" in row["explanation"]


def test_without_a_bill_it_says_how_to_get_one() -> None:
    [row] = answer("reconciliation", executions=[{}], attempts=[{"scheduled_at": OCTOBER}])
    assert (row["billed_transitions"], row["consumed_capacity"], row["settled"]) == (None, None, None)
    assert "stepscope billing" in row["explanation"]


def test_nothing_collected_is_an_empty_table() -> None:
    assert answer("reconciliation") == []
