"""What the states cost that do no work: Choice, Pass and Wait."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, number, text
from analyzer.costs import cost_notes
from analyzer.expressions import flag, is_attempt, is_partial, part, totals
from analyzer.ratios import ranked, ratio
from analyzer.registry import Facts, analysis

OVERHEAD = ("choice", "pass", "wait")

COLUMNS = (
    *MACHINE_COLUMNS,
    count("transitions", "billable state transitions"),
    number("cost_usd", "list price before the free tier; empty when no price is known"),
    number("overhead_cost_usd", "the part of the cost that Choice, Pass and Wait states made"),
    number("overhead_share", "of the cost of the machine"),
    number("choice_cost_usd", "the part of the cost that Choice states made"),
    number("pass_cost_usd", "the part that Pass states made: their work can be done by the state before or after"),
    number("wait_cost_usd", "the part that Wait states made: the transition, for waiting itself is free"),
    number("end_cost_usd", "the part that Succeed and Fail states made; not counted as overhead"),
    number("container_cost_usd", "the part that Parallel and Map states themselves made, children of Distributed Maps"),
    number("work_cost_usd", "the part that Tasks made"),
    number("redrive_cost_usd", "the part that redrives themselves made"),
    count("attempts_partial", "tries in executions whose history is not complete: there the cost is a lower bound"),
    text("cost_note", "the rule and price behind the cost, or why it is empty"),
)
PARTS = {
    "choice_cost_usd": ["Choice"],
    "pass_cost_usd": ["Pass"],
    "wait_cost_usd": ["Wait"],
    "end_cost_usd": ["Succeed", "Fail"],
    "container_cost_usd": ["Parallel", "Map"],
    "work_cost_usd": ["Task"],
}


@analysis(counts="attempts", columns=COLUMNS)
def cost_of_overhead(facts: Facts) -> pd.DataFrame:
    """What share of the cost goes to Choice, Pass and Wait states?

    One row per Standard machine, the greatest overhead first. The parts by type of state add up to the cost.
    """
    cost, kind = nw.col("cost_usd"), nw.col("state_type")
    costs = totals(
        facts.attempts.filter(nw.col("type") == "STANDARD"),
        MACHINE,
        counts={"transitions": nw.col("transitions"), "attempts_partial": flag(is_attempt & is_partial)},
        amounts={
            "cost_usd": cost,
            "redrive_cost_usd": part(~is_attempt, cost),
            **{name: part(kind.is_in(types), cost) for name, types in PARTS.items()},
        },
    )
    costs["overhead_cost_usd"] = costs[[f"{kind}_cost_usd" for kind in OVERHEAD]].sum(axis=1, min_count=1)
    costs["overhead_share"] = ratio(costs["overhead_cost_usd"], costs["cost_usd"])
    notes = cost_notes(facts.executions, MACHINE)
    return ranked(costs.merge(notes, on=list(MACHINE), how="left"), "overhead_cost_usd", MACHINE)
