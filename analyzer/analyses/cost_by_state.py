"""What each state costs: its transitions, and those that were retries or failed."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, STATE, STATE_COLUMNS, count, number, text
from analyzer.costs import NOT_BY_STATE, attempt_costs, cost_notes
from analyzer.expressions import flag, is_attempt, is_first_try, is_partial
from analyzer.ratios import ranked, share
from analyzer.registry import Facts, analysis

COLUMNS = (
    *STATE_COLUMNS,
    count("executions", "executions that entered the state"),
    count("attempts", "tries of the state"),
    count("transitions", "billable state transitions, children of Distributed Maps included"),
    number("cost_usd", "list price of the transitions before the free tier; empty when no price is known"),
    number("cost_share", "of the cost of all states"),
    number("retry_cost_usd", "the part of the cost that retries made"),
    number("failure_cost_usd", "the part of the cost that attempts made which failed or timed out"),
    count("attempts_partial", "tries in executions whose history is not complete: there the cost is a lower bound"),
    text("cost_note", "the rule and price behind the cost, or why it is empty"),
)


@analysis(counts="attempts", columns=COLUMNS)
def cost_by_state(facts: Facts) -> pd.DataFrame:
    """What does each state cost, and how much of that is retries and failures?

    One row per state, the dearest first; the costs add up to those of the machines. `(redrive)` stands for the
    transition that each redrive itself is. Express is not billed by the state: there the cost is empty.
    """
    costs = attempt_costs(
        facts.attempts,
        STATE,
        counts={
            "executions": flag(is_first_try & (nw.col("visit") == 1)),
            "attempts": flag(is_attempt),
            "transitions": nw.col("transitions"),
            "attempts_partial": flag(is_attempt & is_partial),
        },
    )
    costs["cost_share"] = share(costs["cost_usd"])
    notes = cost_notes(facts.executions, [*MACHINE, "type"]).drop_duplicates(subset=MACHINE)
    noted = costs.merge(notes, on=list(MACHINE), how="left")
    noted["cost_note"] = noted["cost_note"].mask(noted["type"] == "EXPRESS", NOT_BY_STATE)
    return ranked(noted, "cost_usd", STATE)
