"""How long states take: waiting to begin and working, apart."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import STATE, STATE_COLUMNS, count, number
from analyzer.expressions import flag, is_partial, one, with_places
from analyzer.frames import collected
from analyzer.ratios import ranked
from analyzer.registry import Facts, analysis
from store.quantiles import quantile_column, quantiles_by

AT = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}

COLUMNS = (
    *STATE_COLUMNS,
    count("attempts", "tries that ended, with whatever outcome"),
    number("run_p50_ms", "half of the tries ran no longer"),
    number("run_p95_ms", "95 of 100 tries ran no longer"),
    number("run_p99_ms", "99 of 100 tries ran no longer"),
    count("run_max_ms", "the longest run"),
    count("run_ms", "all runs together; runs side by side count each"),
    number("queue_p50_ms", "half of the tries were queued no longer"),
    number("queue_p95_ms", "95 of 100 tries were queued no longer"),
    number("queue_p99_ms", "99 of 100 tries were queued no longer"),
    count("queue_max_ms", "the longest time in the queue"),
    count("attempts_partial", "tries in executions whose history is not complete"),
)


@analysis(counts="attempts", columns=COLUMNS)
def state_latency(facts: Facts) -> pd.DataFrame:
    """How long does each state run, and how long does it wait before it begins?

    One row per state, the slowest first. Quantiles are exact, interpolated between the two tries next to them. The
    run of a container lasts as long as what it holds. The queue is empty for states that schedule nothing.
    """
    ended = facts.attempts.filter(~nw.col("run_ms").is_null())
    counted = ended.with_columns(attempts=one, attempts_partial=flag(is_partial), total=nw.col("run_ms"))
    sums = ["attempts", "attempts_partial", "total"]
    found = with_places(collected(quantiles_by(counted, ["place"], ["run_ms", "queue_ms"], list(AT.values()), sums)))
    quantiles = {
        quantile_column(f"{of}_ms", at): f"{of}_{name}_ms" for of in ("run", "queue") for name, at in AT.items()
    }
    return ranked(found.rename(columns={**quantiles, "total": "run_ms"}), "run_p95_ms", STATE)
