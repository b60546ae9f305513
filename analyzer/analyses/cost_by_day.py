"""What each machine costs on each day, and what of it was in vain."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE_COLUMNS, TYPE_COLUMN, time
from analyzer.costs import EXECUTION_COLUMNS, MACHINE_TYPE, execution_costs, per_outcome
from analyzer.expressions import columns
from analyzer.ratios import share
from analyzer.registry import Facts, analysis
from analyzer.window import MS_IN_DAY

COLUMNS = (
    time("day_at", "UTC day on which the executions started"),
    *MACHINE_COLUMNS,
    TYPE_COLUMN,
    *EXECUTION_COLUMNS,
)
KEY = ["day_at", *MACHINE_TYPE]


@analysis(counts="executions", columns=COLUMNS)
def cost_by_day(facts: Facts) -> pd.DataFrame:
    """What does each machine cost from day to day, and what does a success cost?

    One row per UTC day and machine that started something.
    """
    day = nw.col("started_at") // MS_IN_DAY * MS_IN_DAY
    costs = per_outcome(execution_costs(facts, {**columns(MACHINE_TYPE), "day_at": day}))
    return costs.assign(cost_share=share(costs["cost_usd"])).sort_values(KEY)
