"""What each kind of work costs: what Tasks call, and the states that call nothing."""

from __future__ import annotations

import pandas as pd

from analyzer.columns import count, text
from analyzer.costs import ATTEMPT_COLUMNS, ATTEMPT_COUNTS, WHOLE, added_up, as_whole, costs_by
from analyzer.expressions import columns
from analyzer.ratios import ranked
from analyzer.registry import Facts, analysis

KEY = ["state_type", "resource", "pattern"]
COLUMNS = (
    text("state_type", "Task, Choice, Pass, Wait, Parallel, Map, Succeed or Fail; empty for redrives"),
    text("resource", "what a Task calls, such as `lambda:invoke`; `(execution)` for Express, billed as a whole"),
    text("pattern", "how a Task waits for it: request, sync, callback or activity"),
    count("machines", "machines with such attempts"),
    *ATTEMPT_COLUMNS,
)


@analysis(counts="attempts", columns=COLUMNS)
def cost_by_integration(facts: Facts) -> pd.DataFrame:
    """What do calls of each service cost, and what do the states that call nothing?

    One row per state type, resource and pattern, over all machines, the dearest first. This is what Step Functions
    bills for the transition; what the called service costs is not in it.
    """
    costs = costs_by(facts, columns(KEY), ATTEMPT_COUNTS, as_whole(state_type="", resource=WHOLE, pattern=""))
    return ranked(added_up(costs, KEY, list(ATTEMPT_COUNTS)), "cost_usd", KEY)
