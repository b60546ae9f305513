"""What failed executions do that successful ones do not."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import STATE, STATE_COLUMNS, count, number
from analyzer.frames import frame_from
from analyzer.registry import Facts, analysis
from analyzer.sides import compared_sides

SIDES = ("succeeded", "failed")

COLUMNS = (
    *STATE_COLUMNS,
    number("succeeded_reached_rate", "share of the successful executions that entered the state"),
    number("failed_reached_rate", "share of those that failed or timed out and entered it"),
    number(
        "reached_difference_rate", "the second less the first: what failures pass through more often, or never reach"
    ),
    number("succeeded_run_p50_ms", "the median run in successful executions"),
    number("failed_run_p50_ms", "the median run in failed ones"),
    number("succeeded_retries_per_visit", "retries of a visit in successful executions"),
    number("failed_retries_per_visit", "retries of a visit in failed ones"),
    count("executions_succeeded", "successful executions of the machine"),
    count("executions_failed", "executions of the machine that failed or timed out"),
)


@analysis(counts="attempts", columns=COLUMNS)
def success_vs_failure(facts: Facts) -> pd.DataFrame:
    """What do failed executions do otherwise than successful ones of the same machine?

    One row per state of the machines that have both, the greatest difference first: where ways part, what is retried
    more, what takes longer.
    """
    status = nw.col("execution_status")
    is_failed = status.is_in(["FAILED", "TIMED_OUT"])
    rows = compared_sides(facts, is_failed, status == "SUCCEEDED", SIDES)
    rows.sort(key=lambda row: (-abs(row["reached_difference_rate"]), repr([row[name] for name in STATE])))
    return frame_from(rows, COLUMNS)
