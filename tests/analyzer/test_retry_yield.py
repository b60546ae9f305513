from __future__ import annotations

import pandas as pd

from analyzer.retry_yield import NO_STEP, RetryYield, Step

ROWS = pd.DataFrame(
    [(1, 10, 0, 2, 90, 0, 0.1), (2, 8, 5, 1, 40, 80, 0.08), (4, 2, 1, 1, 10, 60, None)],
    columns=["attempt", "tries", "recovered", "given_up", "ms", "backoff", "usd"],
).astype({"usd": "Float64"})


def test_steps_go_by_the_number_of_the_attempt_and_one_that_nobody_made_is_empty() -> None:
    gained = RetryYield.of(ROWS)
    assert gained.steps[2] == NO_STEP
    assert (gained.visits, gained.retried, gained.recovered) == (10, 8, 6)


def test_what_comes_after_so_many_retries_is_added_up_and_an_unknown_cost_stays_unknown() -> None:
    gained = RetryYield.of(ROWS)
    assert gained.after(0) == Step(10, 6, 2, 50, 140, None)
    assert RetryYield(gained.steps[:2]).after(0) == gained.steps[1]
    assert gained.after(9) == Step(0, 0, 0, 0, 0, 0)


def test_the_cells_say_the_yield_attempt_by_attempt() -> None:
    cells = RetryYield.of(ROWS).cells()
    assert (cells["retries_by_attempt"], cells["recovered_by_attempt"]) == ("8 0 2", "5 0 1")
    assert cells["retries_in_vain"] == 4
