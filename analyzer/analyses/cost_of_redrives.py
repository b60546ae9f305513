"""What redrives cost: the transition each of them is, and the states that ran again."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, number, text
from analyzer.costs import attempt_costs, cost_notes
from analyzer.expressions import columns, flag, is_attempt, is_partial, part, totals
from analyzer.ratios import ranked, ratio, share
from analyzer.registry import Facts, analysis

COLUMNS = (
    *MACHINE_COLUMNS,
    count("executions_redriven", "executions that were redriven"),
    count("succeeded", "of them, those that SUCCEEDED in the end"),
    count("redrives", "redrives, each of which is a transition"),
    count("attempts", "tries of states after a redrive"),
    count("states_again", "states that ran again after a redrive, of all executions"),
    number("cost_usd", "list price of redrives and of what ran after them; empty when no price is known"),
    number("cost_share", "of the cost of all redriven work"),
    number("redrive_cost_usd", "the part of it that the redrives themselves are"),
    number("repeated_cost_usd", "the part of it in states that had been tried before: what is paid twice"),
    number("cost_per_success_usd", "by execution that SUCCEEDED in the end; empty when none did"),
    count("attempts_partial", "tries in executions whose history is not complete: there the cost is a lower bound"),
    text("cost_note", "the rule and price behind the cost, or why it is empty"),
)


@analysis(counts="attempts", columns=COLUMNS)
def cost_of_redrives(facts: Facts) -> pd.DataFrame:
    """What does redriven work cost, and did the redrives help?

    One row per machine with redrives, the dearest first. States that a redrive reached for the first time cost what
    they would have cost without it; those that ran before are paid twice.
    """
    rows = facts.attempts.filter(nw.col("redrive") > 0)
    cost = nw.col("cost_usd")
    again = is_attempt & (nw.col("visit") > 1)
    counts = {
        "redrives": flag(~is_attempt),
        "attempts": flag(is_attempt),
        "states_again": flag(again),
        "attempts_partial": flag(is_attempt & is_partial),
        "redrive_cost_usd": part(~is_attempt, cost),
        "repeated_cost_usd": part(again, cost),
    }
    costs = attempt_costs(rows, MACHINE, counts).merge(_executions(facts), on=list(MACHINE), how="left")
    unknown = costs["cost_usd"].isna()
    costs = costs.assign(**{name: costs[name].mask(unknown) for name in ("redrive_cost_usd", "repeated_cost_usd")})
    costs["cost_share"] = share(costs["cost_usd"])
    costs["cost_per_success_usd"] = ratio(costs["cost_usd"], costs["succeeded"])
    notes = cost_notes(facts.executions, MACHINE)
    return ranked(costs.merge(notes, on=list(MACHINE), how="left"), "cost_usd", MACHINE)


def _executions(facts: Facts) -> pd.DataFrame:
    """By machine, the executions that were redriven, and those that succeeded then."""
    runs = totals(
        facts.attempts.filter(nw.col("redrive") > 0),
        {**columns(MACHINE), "succeeded": flag(nw.col("execution_status") == "SUCCEEDED")},
        distinct={"executions_redriven": nw.col("execution_id")},
    )
    runs["succeeded"] *= runs["executions_redriven"]
    return runs.groupby(list(MACHINE), dropna=False).sum().reset_index()
