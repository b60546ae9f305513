"""What each machine costs, from its executions, and what parts of it were in vain."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, TYPE_COLUMN, count, number, text
from analyzer.costs import IN_VAIN, attempt_costs, cost_notes
from analyzer.expressions import flag, is_partial, one, part, totals
from analyzer.ratios import ranked, ratio, share
from analyzer.registry import Facts, analysis
from analyzer.strata import estimated, is_left_out, with_estimates

ESTIMATED = estimated("cost_usd")
COLUMNS = (
    *MACHINE_COLUMNS,
    TYPE_COLUMN,
    count("executions", "executions that started"),
    count("transitions", "billable state transitions"),
    count("transitions_max", "the same, should AWS also bill the start of an execution"),
    number("cost_usd", "list price before the free tier; empty when no price is known"),
    number("cost_max_usd", "the same at transitions_max"),
    *ESTIMATED.columns("cost_usd", is_count=False),
    number("cost_share", "of the cost of all machines"),
    number("cost_per_execution_usd", "cost by execution whose cost is known"),
    number("failed_executions_cost_usd", "the part of the cost that executions made which did not succeed in the end"),
    number("retry_cost_usd", "the part of the cost that retries made; empty for Express, which has no such part"),
    number("failure_cost_usd", "the part of the cost that attempts made which failed or timed out; empty for Express"),
    count("executions_unpriced", "executions whose cost is not known: they are not in the sums"),
    count("executions_partial", "executions whose history is not complete: there the cost is a lower bound"),
    count("executions_sampled", "those of them whose history was left out to save calls: the estimate counts them in"),
    text("cost_note", "the rule and price behind the cost, or why it is empty"),
)
KEY = [*MACHINE, "type"]


@analysis(counts="executions", columns=COLUMNS)
def cost_by_machine(facts: Facts) -> pd.DataFrame:
    """What does each machine cost, and how much of that was in vain?

    One row per machine, the dearest first. The free tier belongs to the account and is in no row: see `cost_by_month`.
    """
    cost = nw.col("cost_usd")
    costs = totals(
        facts.executions,
        KEY,
        counts={
            "executions": one,
            "transitions": nw.col("transitions"),
            "transitions_max": nw.col("transitions_max"),
            "executions_unpriced": flag(cost.is_null()),
            "executions_partial": flag(is_partial),
            "executions_sampled": flag(is_left_out),
        },
        amounts={
            "cost_usd": cost,
            "cost_max_usd": _cost_max(),
            "failed_executions_cost_usd": part(nw.col("status").is_in(list(IN_VAIN)), cost),
        },
    )
    costs["cost_share"] = share(costs["cost_usd"])
    costs["cost_per_execution_usd"] = ratio(costs["cost_usd"], costs["executions"] - costs["executions_unpriced"])
    parts = attempt_costs(facts.attempts, KEY).drop(columns="cost_usd")
    noted = costs.merge(parts, on=KEY, how="left").merge(cost_notes(facts.executions, KEY), on=KEY, how="left")
    known = with_estimates(noted, facts, KEY, ESTIMATED, facts.executions, cost)
    return ranked(known, "cost_usd", KEY)


def _cost_max() -> nw.Expr:
    """The cost at `transitions_max`: in proportion where there are transitions, and the same where there are none."""
    transitions = nw.col("transitions")
    more = nw.when(transitions > 0).then(nw.col("transitions_max") / transitions).otherwise(1.0)
    return nw.col("cost_usd") * more
