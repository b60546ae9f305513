"""Express executions that were counted by CloudWatch Logs Insights, not read one by one."""

from __future__ import annotations

import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, text, time
from analyzer.registry import Facts, analysis

COLUMNS = (
    time("day_at", "UTC day on which the executions started"),
    *MACHINE_COLUMNS,
    text("status", "how they ended; UNKNOWN where no record tells"),
    count("executions", "executions counted"),
    count("duration_mean_ms", "their mean duration"),
    count("duration_p50_ms", "half of them took no longer"),
    count("duration_p95_ms", "95 of 100 took no longer"),
    count("duration_p99_ms", "99 of 100 took no longer"),
    count("duration_max_ms", "the longest"),
)


@analysis(counts="executions", columns=COLUMNS)
def express_counted(facts: Facts) -> pd.DataFrame:
    """How many Express executions were counted without being read, how did they end, and how long did they take?

    One row per UTC day, machine and status, whatever the window: failures of the same days are read one by one too, and
    are counted here as well.
    """
    days = facts.records["log_days"].copy()
    days["duration_mean_ms"] = (days["duration_ms"] / days["executions"].where(days["executions"] > 0)).round()
    return days.sort_values(["day_at", *MACHINE, "status"], ignore_index=True)
