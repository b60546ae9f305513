"""What an execution costs under each revision of its machine: whether a change made it dearer."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE_COLUMNS, TYPE_COLUMN, count, number, text, time
from analyzer.costs import EXECUTION_COLUMNS, EXECUTION_COUNTS, MACHINE_TYPE, execution_costs, per_outcome
from analyzer.ratios import share
from analyzer.registry import Facts, analysis

COLUMNS = (
    *MACHINE_COLUMNS,
    TYPE_COLUMN,
    text("revision", "revision of the definition that ran; ends in `?` when inferred from its start"),
    time("first_started_at", "when the first execution of the revision started"),
    time("last_started_at", "when the last one did"),
    *EXECUTION_COLUMNS,
    number("transitions_per_execution", "billable state transitions by execution"),
    number("retries_per_execution", "retries by execution"),
    count("retries", "tries after the first of their visit"),
)
KEY = [*MACHINE_TYPE, "revision"]


@analysis(counts="executions", columns=COLUMNS)
def cost_by_revision(facts: Facts) -> pd.DataFrame:
    """Did a change of the definition make executions dearer?

    One row per machine and revision, in the order in which each revision first ran.
    """
    started = nw.col("started_at")
    counts = {**EXECUTION_COUNTS, "retries": nw.col("retries")}
    costs = execution_costs(facts, KEY, counts, {"first_started_at": started}, {"last_started_at": started})
    costs = per_outcome(costs).assign(cost_share=share(costs["cost_usd"]))
    executions = costs["executions"]
    costs["transitions_per_execution"] = costs["transitions"] / executions
    costs["retries_per_execution"] = costs["retries"] / executions
    return costs.sort_values([*MACHINE_TYPE, "first_started_at", "revision"])
