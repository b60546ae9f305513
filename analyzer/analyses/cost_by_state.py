"""What each state costs: its transitions, and those that were retries or failed."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import STATE, STATE_COLUMNS, count
from analyzer.costs import ATTEMPT_COLUMNS, ATTEMPT_COUNTS, WHOLE, as_whole, costs_by
from analyzer.expressions import columns, flag, is_first_try
from analyzer.ratios import ranked, share
from analyzer.registry import Facts, analysis

COLUMNS = (*STATE_COLUMNS, count("executions", "executions that entered the state"), *ATTEMPT_COLUMNS)


@analysis(counts="attempts", columns=COLUMNS)
def cost_by_state(facts: Facts) -> pd.DataFrame:
    """What does each state cost, and how much of that is retries and failures?

    One row per state, the dearest first; the costs add up to those of the machines. `(redrive)` stands for the
    transition that each redrive itself is. Express is not billed by the state: there the cost is empty, and
    `(execution)` stands for what its executions cost as a whole.
    """
    entered = flag(is_first_try & (nw.col("visit") == 1))
    keys = columns(["state", "state_type"])
    costs = costs_by(facts, keys, {"executions": entered, **ATTEMPT_COUNTS}, as_whole(state=WHOLE, state_type=""))
    return ranked(costs.assign(cost_share=share(costs["cost_usd"])), "cost_usd", STATE)
