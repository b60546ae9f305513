"""Runs that ended well although something in them failed: the failures that CloudWatch does not count."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, number, text, time
from analyzer.expressions import columns, flag, one, only, totals
from analyzer.ratios import of_group, ranked, ratio
from analyzer.registry import Facts, analysis

COLUMNS = (
    *MACHINE_COLUMNS,
    text("root_state", "innermost state of the first failure that was caught"),
    count("executions", "executions that SUCCEEDED although something was caught or tolerated"),
    number("masked_failure_rate", "of all executions of the machine that succeeded"),
    count("caught", "failures caught in them"),
    count("tolerated_items", "failed items in them that a Distributed Map tolerated"),
    time("first_started_at", "when the first of them started"),
    time("last_started_at", "when the last of them started"),
)
KEY = [*MACHINE, "root_state"]


@analysis(counts="executions", columns=COLUMNS)
def masked_failures(facts: Facts) -> pd.DataFrame:
    """Which executions succeeded although something in them failed?

    One row per machine and root state of such executions, the most frequent first.
    """
    is_masked = nw.col("masked_failure")
    states = totals(
        facts.executions.filter(nw.col("status") == "SUCCEEDED"),
        {**columns(MACHINE), "root_state": only(is_masked, nw.col("root_state"))},
        counts={
            "executions": flag(is_masked),
            "succeeded": one,
            "caught": nw.col("caught"),
            "tolerated_items": nw.col("tolerated_items"),
        },
        first={"first_started_at": only(is_masked, nw.col("started_at"))},
        last={"last_started_at": only(is_masked, nw.col("started_at"))},
    )
    states["masked_failure_rate"] = ratio(states["executions"], of_group(states, MACHINE, "succeeded"))
    return ranked(states[states["executions"] > 0], "executions", KEY)
