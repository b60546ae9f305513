"""What a successful outcome costs, with everything that failed on the way to it."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE_COLUMNS, TYPE_COLUMN, count, number
from analyzer.costs import EXECUTION_COLUMNS, EXECUTION_COUNTS, MACHINE_TYPE, execution_costs, per_outcome
from analyzer.expressions import flag
from analyzer.ratios import ranked, ratio, share
from analyzer.registry import Facts, analysis

COLUMNS = (
    *MACHINE_COLUMNS,
    TYPE_COLUMN,
    *EXECUTION_COLUMNS,
    number("cost_of_a_success_usd", "cost of the executions that succeeded or have not ended, by one that succeeded"),
    number("surcharge_usd", "what failed executions add to each success"),
    number("surcharge_share", "of cost_per_success_usd"),
    count("clean", "executions that succeeded without a masked failure"),
    number("cost_per_clean_success_usd", "cost of all of them, by execution that succeeded without a masked failure"),
)


@analysis(counts="executions", columns=COLUMNS)
def cost_per_success(facts: Facts) -> pd.DataFrame:
    """What does one successful outcome cost, the failures on the way to it included?

    One row per machine, the dearest success first.
    """
    is_clean = (nw.col("status") == "SUCCEEDED") & ~nw.col("masked_failure").fill_null(value=False)
    costs = per_outcome(execution_costs(facts, MACHINE_TYPE, {**EXECUTION_COUNTS, "clean": flag(is_clean)}))
    costs["cost_share"] = share(costs["cost_usd"])
    costs["surcharge_usd"] = ratio(costs["failed_executions_cost_usd"], costs["succeeded"])
    costs["cost_of_a_success_usd"] = costs["cost_per_success_usd"] - costs["surcharge_usd"]
    costs["surcharge_share"] = ratio(costs["surcharge_usd"], costs["cost_per_success_usd"])
    costs["cost_per_clean_success_usd"] = ratio(costs["cost_usd"], costs["clean"])
    return ranked(costs, "cost_per_success_usd", MACHINE_TYPE)
