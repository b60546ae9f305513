"""Executions that run for longer than those of their machine ever do."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, number, text, time
from analyzer.expressions import one
from analyzer.frames import collected
from analyzer.ratios import ranked
from analyzer.registry import Facts, analysis
from store.quantiles import quantile_column, quantiles_by

FEWEST = 20
"""Executions that must have ended for a machine to have a history of its own."""

COLUMNS = (
    *MACHINE_COLUMNS,
    text("execution_arn", "the execution"),
    time("started_at", "when it started"),
    text("last_state", "innermost state that was open when it was last seen"),
    count("age_ms", "time since its start"),
    number("duration_p50_ms", "half of the machine's executions that ended took no longer"),
    number("duration_p99_ms", "99 of 100 took no longer"),
    count("duration_max_ms", "the longest of them"),
    number("age_per_p99", "how many times as long it has run by now"),
    count("executions_ended", "executions of the machine that it is compared with"),
)


@analysis(counts="executions", columns=COLUMNS)
def stuck_runs(facts: Facts) -> pd.DataFrame:
    """Which executions run for longer than those of their machine ever do?

    One row per open execution that has run for longer than 99 of 100 of its machine that ended, the most excessive
    first. What a machine usually takes is judged by at least 20 executions of the window.
    """
    ended = facts.executions.filter(~nw.col("duration_ms").is_null()).with_columns(executions_ended=one)
    usual = collected(quantiles_by(ended, MACHINE, ["duration_ms"], [0.5, 0.99, 1.0], ["executions_ended"]))
    running = facts.executions.filter(nw.col("status") == "RUNNING", ~nw.col("started_at").is_null())
    rows = collected(running.select(*MACHINE, "execution_arn", "started_at", "last_state"))
    found = _beside(rows, usual[usual["executions_ended"] >= FEWEST])
    found["age_ms"] = facts.now_ms - found["started_at"]
    found["duration_p50_ms"] = found[quantile_column("duration_ms", 0.5)]
    found["duration_p99_ms"] = found[quantile_column("duration_ms", 0.99)]
    found["duration_max_ms"] = found[quantile_column("duration_ms", 1.0)].round().astype("Int64")
    found["age_per_p99"] = found["age_ms"] / found["duration_p99_ms"].where(found["duration_p99_ms"] > 0)
    return ranked(found[found["age_ms"] > found["duration_p99_ms"]], "age_per_p99", [*MACHINE, "execution_arn"])


def _beside(rows: pd.DataFrame, usual: pd.DataFrame) -> pd.DataFrame:
    """Each row with what is usual for its machine; rows of machines without a history of their own are left out."""
    keys = {name: f"{name} key" for name in MACHINE}
    left = rows.assign(**{key: rows[name].fillna("") for name, key in keys.items()})
    right = usual.assign(**{key: usual[name].fillna("") for name, key in keys.items()}).drop(columns=list(MACHINE))
    return left.merge(right, on=list(keys.values())).drop(columns=list(keys.values()))
