"""How the executions of each day ended."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, TYPE_COLUMN, count, number, time
from analyzer.expressions import columns, flag, is_partial, one, totals
from analyzer.ratios import ratio
from analyzer.registry import Facts, analysis
from analyzer.window import MS_IN_DAY

COLUMNS = (
    time("day_at", "UTC day on which the executions started"),
    *MACHINE_COLUMNS,
    TYPE_COLUMN,
    count("executions", "executions that started"),
    count("succeeded", "of them SUCCEEDED"),
    count("failed", "of them FAILED"),
    count("timed_out", "of them TIMED_OUT"),
    count("aborted", "of them ABORTED"),
    count("not_ended", "of them in any other status: running, waiting for a redrive, or not known to have ended"),
    count("masked_failures", "of those that succeeded, with something caught or tolerated"),
    number("failure_rate", "failed and timed out, of those that ended"),
    number("masked_failure_rate", "masked failures, of those that succeeded"),
    count("attempts", "tries of states"),
    count("retries", "of them after the first of their visit"),
    count("transitions", "billable state transitions"),
    number("cost_usd", "list price before the free tier; empty when no price is known"),
    count("executions_partial", "executions whose history is not complete: there the figures are lower bounds"),
)
ENDS = ("succeeded", "failed", "timed_out", "aborted")
KEY = ["day_at", *MACHINE, "type"]


@analysis(counts="executions", columns=COLUMNS)
def executions_by_day(facts: Facts) -> pd.DataFrame:
    """How many executions started on each day, how did they end, and what did they cost?

    One row per UTC day and machine that started something.
    """
    status = nw.col("status")
    days = totals(
        facts.executions,
        {**columns(KEY), "day_at": nw.col("started_at") // MS_IN_DAY * MS_IN_DAY},
        counts={
            "executions": one,
            **{name: flag(status == name.upper()) for name in ENDS},
            "masked_failures": flag(nw.col("masked_failure")),
            "executions_partial": flag(is_partial),
            **columns(["attempts", "retries", "transitions"]),
        },
        amounts={"cost_usd": nw.col("cost_usd")},
    )
    ended = days[list(ENDS)].sum(axis=1)
    days["not_ended"] = days["executions"] - ended
    days["failure_rate"] = ratio(days["failed"] + days["timed_out"], ended)
    days["masked_failure_rate"] = ratio(days["masked_failures"], days["succeeded"])
    return days.sort_values(KEY)
