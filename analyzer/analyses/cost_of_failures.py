"""What executions cost that did not succeed."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE_COLUMNS, TYPE_COLUMN, count, number, text, time
from analyzer.costs import IN_VAIN, MACHINE_TYPE, OTHER, one_note
from analyzer.expressions import columns, flag, is_partial, one, totals
from analyzer.ratios import ranked, ratio, share
from analyzer.registry import Facts, analysis

COLUMNS = (
    *MACHINE_COLUMNS,
    TYPE_COLUMN,
    text("status", "FAILED, TIMED_OUT or ABORTED"),
    text("root_state", "state whose failure began it all; of the others the innermost state still open"),
    text("error", "the execution's own error"),
    count("executions", "executions that ended so"),
    count("transitions", "billable state transitions in them"),
    number("cost_usd", "list price before the free tier of all they did; empty when no price is known"),
    number("cost_share", "of the cost of all executions that did not succeed"),
    number("cost_per_execution_usd", "cost by execution whose cost is known"),
    time("last_started_at", "when the last of them started"),
    count("executions_unpriced", "executions whose cost is not known: they are not in the sums"),
    count("executions_partial", "executions whose history is not complete: there the cost is a lower bound"),
    text("cost_note", "the rule and price behind the cost, or why it is empty"),
)
KEY = [*MACHINE_TYPE, "status", "root_state", "error"]


@analysis(counts="executions", columns=COLUMNS)
def cost_of_failures(facts: Facts) -> pd.DataFrame:
    """What did executions cost that did not succeed, and where did they fail?

    One row per machine, status, state and error, the dearest first. The costs add up to failed_executions_cost_usd of
    the machines.
    """
    cost, note = nw.col("cost_usd"), nw.col("cost_note")
    costs = totals(
        facts.executions.filter(nw.col("status").is_in(list(IN_VAIN))),
        {**columns(KEY), "root_state": nw.coalesce(nw.col("root_state"), nw.col("last_state"))},
        counts={
            "executions": one,
            "transitions": nw.col("transitions"),
            "executions_unpriced": flag(cost.is_null()),
            "executions_partial": flag(is_partial),
        },
        amounts={"cost_usd": cost},
        first={"cost_note": note},
        last={"last_started_at": nw.col("started_at"), OTHER: note},
    )
    costs = one_note(costs)
    costs["cost_share"] = share(costs["cost_usd"])
    costs["cost_per_execution_usd"] = ratio(costs["cost_usd"], costs["executions"] - costs["executions_unpriced"])
    return ranked(costs, "cost_usd", KEY)
