"""Which states decide how long executions take, and what a faster one would save."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, STATE, STATE_COLUMNS, count, number
from analyzer.expressions import flag, is_attempt, is_first_try, is_partial, only, totals
from analyzer.frames import collected
from analyzer.ratios import of_group, ranked, ratio
from analyzer.registry import Facts, analysis
from analyzer.samples import measured_attempts
from analyzer.savings import branch_slack, placed, savings

COLUMNS = (
    *STATE_COLUMNS,
    count("critical_ms", "its time on the critical path: queue, run and backoff"),
    number("critical_share", "of the time of all states of the machine on the critical path"),
    count("visits", "times it was entered"),
    count("visits_critical", "those on the critical path"),
    number("critical_rate", "share of its visits that were on the critical path"),
    number("saving_p50_ms", "what 20 % less run would save an execution that spent time in it, at the median"),
    number("saving_p95_ms", "the same, of 95 in 100 such executions at most"),
    number("slack_p50_ms", "how much earlier than the last branch its branch ended, at the median; empty elsewhere"),
    count("executions_measured", "executions behind saving and slack: all, or an even sample of many"),
    count("attempts_partial", "tries in executions whose history is not complete"),
)


@analysis(counts="attempts", columns=COLUMNS)
def critical_states(facts: Facts) -> pd.DataFrame:
    """Which states decide how long executions take, and what would a faster one save?

    One row per state, the one that takes most of the critical path first. A branch that ends before another has slack:
    to make it faster saves nothing. A saving ends where another branch becomes the last; within a Map it supposes that
    its iterations take turns as before.
    """
    worked = nw.when(nw.col("holds_states")).then(0).otherwise(nw.col("run_ms")).fill_null(0)
    spent = worked + nw.col("queue_ms").fill_null(0) + nw.col("backoff_ms").fill_null(0)
    on_path, first = nw.col("is_critical"), is_first_try.fill_null(value=False)
    found = totals(
        facts.attempts.filter(is_attempt),
        STATE,
        counts={
            "critical_ms": only(on_path, spent).fill_null(0),
            "visits": flag(first),
            "visits_critical": flag(on_path & first),
            "attempts_partial": flag(is_partial),
        },
    )
    found["critical_share"] = ratio(found["critical_ms"], of_group(found, MACHINE, "critical_ms"))
    found["critical_rate"] = ratio(found["visits_critical"], found["visits"])
    rows = placed(collected(measured_attempts(facts).filter(is_attempt).select(*NEEDED)))
    return ranked(_joined(_joined(found, savings(rows)), branch_slack(rows)), "critical_ms", STATE)


NEEDED = (
    *STATE,
    "execution_id",
    "event_id",
    "parent_id",
    "branch",
    "iteration",
    "path",
    "entered_at",
    "ended_at",
    "exited_at",
    "outcome",
    "run_ms",
    "is_critical",
    "holds_states",
)


def _joined(found: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Both side by side; names that are not known are the same name."""
    keys = [found[name].fillna("") for name in STATE]
    return (
        found.assign(**{f"{name} key": key for name, key in zip(STATE, keys, strict=True)})
        .merge(more.rename(columns={name: f"{name} key" for name in STATE}), how="left", on=[f"{n} key" for n in STATE])
        .drop(columns=[f"{name} key" for name in STATE])
    )
