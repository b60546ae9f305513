from __future__ import annotations

import pandas as pd

from dashboard.figures.coverage import coverage_of_days
from dashboard.theme import COVERAGE_LOOKS

DAY = 86_400_000


def test_machines_are_added_up_by_day_and_reasons_that_do_not_occur_are_left_out() -> None:
    row = dict.fromkeys(COVERAGE_LOOKS, 0)
    frame = pd.DataFrame(
        [{**row, "day_at": DAY, "collected": 3}, {**row, "day_at": DAY, "collected": 1, "sampled": 5}], dtype="Int64"
    )
    bars = {bar.name: list(bar.y) for bar in coverage_of_days(frame).data}
    assert bars == {"collected": [4], "left to a sample": [5]}
