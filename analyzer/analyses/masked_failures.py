"""Runs that ended well although something in them failed: the failures that CloudWatch does not count."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, number, text, time
from analyzer.daily import DAYS_SHOWN, daily, slopes, spelled
from analyzer.expressions import columns, flag, one, only, totals
from analyzer.frames import collected
from analyzer.ratios import of_group, ranked, ratio
from analyzer.registry import Facts, analysis
from analyzer.window import MS_IN_DAY

COLUMNS = (
    *MACHINE_COLUMNS,
    text("root_state", "innermost state of the first failure that was caught"),
    count("executions", "executions that SUCCEEDED although something was caught or tolerated"),
    number("masked_failure_rate", "of all executions of the machine that succeeded"),
    count("caught", "failures caught in them"),
    count("tolerated_items", "failed items in them that a Distributed Map tolerated"),
    time("first_started_at", "when the first of them started"),
    time("last_started_at", "when the last of them started"),
    number("trend_per_day", "by how many a day grows over the day before: the slope of executions_by_day"),
    text("executions_by_day", "executions by UTC day of start, a number for each day, the last 90 at most"),
    time("last_day_at", "the day that executions_by_day ends with: the last on which any execution succeeded"),
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
    masked = states[states["executions"] > 0].reset_index(drop=True)
    return ranked(pd.concat([masked, _days(facts, masked)], axis=1), "executions", KEY)


def _days(facts: Facts, masked: pd.DataFrame) -> pd.DataFrame:
    """The days of these rows, one after the other: counts by day, their slope, the last of the days."""
    day = nw.col("started_at") // MS_IN_DAY
    succeeded = facts.executions.filter((nw.col("status") == "SUCCEEDED") & ~nw.col("started_at").is_null())
    edges = collected(succeeded.select(first=day.min(), last=day.max())).iloc[0].fillna(facts.now_ms // MS_IN_DAY)
    last = int(edges["last"])
    first = max(int(edges["first"]), last - DAYS_SHOWN + 1)
    hidden = succeeded.filter(nw.col("masked_failure").fill_null(value=False))
    counts = totals(hidden, {**columns(KEY), "day": day}, counts={"number": one})
    numbered = masked[KEY].assign(row=range(len(masked)))
    found = counts.merge(numbered, on=KEY)
    rows, days, number = (found[name].to_numpy(np.int64) for name in ("row", "day", "number"))
    table = daily(rows, days - first, number, (len(masked), last - first + 1))
    by_day = {"trend_per_day": slopes(table), "executions_by_day": spelled(table), "last_day_at": last * MS_IN_DAY}
    return pd.DataFrame(by_day, index=masked.index)
