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
)
KEY = ["day_at", *MACHINE, "type"]
WHYS = ("running", "sampled", "expired", "denied", "unreadable", "missing")


@analysis(counts="executions", columns=COLUMNS)
def coverage(facts: Facts) -> pd.DataFrame:
    """How much of each machine and day does the store hold, and why is the rest missing?

    One row per UTC day and machine that started something: `listed` is the sum of `collected` and the reasons.
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
    days["collected_share"] = ratio(days["collected"], days["listed"] - days["running"])
    return days.sort_values(KEY)
