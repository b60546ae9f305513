"""What the ways through a machine cost that its executions took."""

from __future__ import annotations

import pandas as pd

from analyzer.columns import MACHINE_COLUMNS, TYPE_COLUMN, number, text
from analyzer.costs import EXECUTION_COLUMNS, MACHINE_TYPE, execution_costs, per_outcome
from analyzer.ratios import of_group, ranked, ratio, share
from analyzer.registry import Facts, analysis

COLUMNS = (
    *MACHINE_COLUMNS,
    TYPE_COLUMN,
    text("variant", "the way taken: states in order, loops folded, branches sorted; empty without a history"),
    number("execution_share", "of the executions of the machine"),
    *EXECUTION_COLUMNS,
    number("cost_per_machine_average", "cost of an execution of the variant, by that of the machine's average one"),
)
KEY = [*MACHINE_TYPE, "variant"]


@analysis(counts="executions", columns=COLUMNS)
def cost_by_variant(facts: Facts) -> pd.DataFrame:
    """Which ways through each machine cost the most?

    One row per machine and variant, the dearest first.
    """
    costs = per_outcome(execution_costs(facts, KEY))
    costs["cost_share"] = share(costs["cost_usd"])
    costs["execution_share"] = ratio(costs["executions"], of_group(costs, MACHINE_TYPE, "executions"))
    priced = costs.assign(priced=costs["executions"] - costs["executions_unpriced"])
    average = ratio(of_group(priced, MACHINE_TYPE, "cost_usd"), of_group(priced, MACHINE_TYPE, "priced"))
    costs["cost_per_machine_average"] = ratio(costs["cost_per_execution_usd"], average)
    return ranked(costs, "cost_usd", KEY)
