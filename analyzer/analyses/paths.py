"""Which ways executions take through their machine."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, number, text, time
from analyzer.expressions import flag, is_partial, one
from analyzer.frames import collected
from analyzer.ratios import of_group, ranked, ratio
from analyzer.registry import Facts, analysis
from store.quantiles import quantile_column, quantiles_by

BY = [*MACHINE, "variant"]
FAILED = ["FAILED", "TIMED_OUT", "ABORTED"]

COLUMNS = (
    *MACHINE_COLUMNS,
    text("variant", "the way taken: states in their order, what repeats in brackets with a +, branches sorted"),
    count("executions", "executions that took it"),
    number("executions_share", "of the machine's executions whose way is known"),
    count("failed", "those that failed, timed out or were aborted"),
    number("failure_rate", "failed, of those that ended"),
    number("duration_p50_ms", "half of them took no longer"),
    number("duration_p95_ms", "95 of 100 took no longer"),
    number("cost_usd", "list price of them all; empty when no price is known"),
    number("cost_per_execution_usd", "list price of one, on average"),
    count("retries", "retries in them"),
    time("first_seen_at", "start of the first one in the window"),
    time("last_seen_at", "start of the last one"),
    count("executions_partial", "those whose history is not complete: their way may go on"),
)


@analysis(counts="executions", columns=COLUMNS)
def paths(facts: Facts) -> pd.DataFrame:
    """Which ways do executions take through their machine, how often, at what price, and how do they end?

    One row per machine and variant, the most frequent first. Ten rounds of a loop and eleven are one variant; neither
    retries nor the number of a Map's iterations make another.
    """
    ended, price = ~nw.col("duration_ms").is_null(), nw.col("cost_usd")
    counted = facts.executions.filter(~nw.col("variant").is_null()).with_columns(
        executions=one,
        ended=flag(ended),
        failed=flag(nw.col("status").is_in(FAILED)),
        priced=flag(~price.is_null()),
        total_usd=price,
        began=nw.col("started_at"),
        executions_partial=flag(is_partial),
    )
    sums = ["executions", "ended", "failed", "priced", "total_usd", "retries", "executions_partial"]
    found = collected(quantiles_by(counted, BY, ["duration_ms", "began"], [0.0, 0.5, 0.95, 1.0], sums))
    found["executions_share"] = ratio(found["executions"], of_group(found, MACHINE, "executions"))
    found["failure_rate"] = ratio(found["failed"], found["ended"].clip(lower=found["failed"]))
    found["cost_usd"] = found["total_usd"].mask(found["priced"] == 0)
    found["cost_per_execution_usd"] = ratio(found["cost_usd"], found["priced"])
    for name, column, at in _QUANTILES:
        found[name] = found[quantile_column(column, at)]
    return ranked(found, "executions", BY)


_QUANTILES = (
    ("duration_p50_ms", "duration_ms", 0.5),
    ("duration_p95_ms", "duration_ms", 0.95),
    ("first_seen_at", "began", 0.0),
    ("last_seen_at", "began", 1.0),
)
