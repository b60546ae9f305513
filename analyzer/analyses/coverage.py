"""What the store holds of each machine and day, and why the rest is missing."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, TYPE_COLUMN, count, number, time
from analyzer.expressions import columns, flag, one, totals
from analyzer.ratios import ratio
from analyzer.registry import Facts, analysis
from analyzer.window import MS_IN_DAY

COLUMNS = (
    time("day_at", "UTC day on which the executions started"),
    *MACHINE_COLUMNS,
    TYPE_COLUMN,
    count("listed", "executions known"),
    count("collected", "of them those whose history is in the store, as far as it goes"),
    count("running", "of them those that have no history yet because they have not ended"),
    count("sampled", "of them those left out to save calls: others stand for them"),
    count("expired", "of them those whose history AWS no longer holds"),
    count("denied", "of them those whose history AWS refused"),
    count("unreadable", "of them those whose history could not be read as events"),
    count("missing", "of them those whose history was not fetched yet"),
    number("collected_share", "collected, of the executions that ended"),
    count("cloudwatch_started", "executions that CloudWatch counted as started; empty where it was not asked"),
    count("not_listed", "those beyond the ones known; empty for the first and the last day, which may be cut"),
)
METRICS = "metrics"
_OF_POINTS = ("metric", "stat", "at", "value")
KEY = ["day_at", *MACHINE, "type"]
WHYS = ("running", "sampled", "expired", "denied", "unreadable", "missing")


@analysis(counts="executions", columns=COLUMNS)
def coverage(facts: Facts) -> pd.DataFrame:
    """How much of each machine and day does the store hold, and why is the rest missing?

    One row per UTC day and machine that started something: `listed` is the sum of `collected` and the reasons. Days of
    these machines on which CloudWatch alone saw something have a row too.
    """
    has_history = ~nw.col("events").is_null()
    days = totals(
        facts.executions,
        {**columns(KEY), "day_at": nw.col("started_at") // MS_IN_DAY * MS_IN_DAY},
        counts={
            "listed": one,
            "collected": flag(has_history),
            **{why: flag(~has_history & (nw.col("completeness") == why)) for why in WHYS},
        },
    )
    seen = _seen_too(days, facts)
    seen["collected_share"] = ratio(seen["collected"], seen["listed"] - seen["running"])
    return seen.sort_values(KEY)


def _seen_too(days: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """The days with what CloudWatch counted of these machines, from the first day to the last."""
    counted = _started(facts)
    if days.empty or counted.empty:
        return days.assign(
            **{name: pd.array([pd.NA] * len(days), "Int64") for name in ("cloudwatch_started", "not_listed")}
        )
    first, last = days["day_at"].min(), days["day_at"].max()
    within = counted[counted["day_at"].between(first, last)].merge(days[[*MACHINE, "type"]].drop_duplicates())
    both = days.merge(within, on=KEY, how="outer")
    both[["listed", "collected", *WHYS]] = both[["listed", "collected", *WHYS]].fillna(0)
    is_whole = (both["day_at"] > first) & (both["day_at"] < last)
    return both.assign(not_listed=(both["cloudwatch_started"] - both["listed"]).clip(lower=0).where(is_whole))


def _started(facts: Facts) -> pd.DataFrame:
    """By machine and UTC day, the executions that CloudWatch counted as started."""
    points = facts.records[METRICS] if METRICS in facts.records else pd.DataFrame(columns=[*MACHINE, *_OF_POINTS])
    started = points[(points["metric"] == "ExecutionsStarted") & (points["stat"] == "Sum") & (points["machine"] != "")]
    dated = started.assign(
        day_at=(started["at"] // MS_IN_DAY * MS_IN_DAY).astype("Int64"),
        cloudwatch_started=started["value"].astype("Float64").round().astype("Int64"),
        **{name: started[name].astype("string") for name in MACHINE},
    )
    return dated.groupby([*MACHINE, "day_at"])["cloudwatch_started"].sum().reset_index()
