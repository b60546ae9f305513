"""What each error costs: the attempts that it ended, and the retries that made up for it."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, text
from analyzer.costs import ATTEMPT_COLUMNS, ATTEMPT_COUNTS, WHOLE, as_whole, costs_by
from analyzer.expressions import flag, is_failure, is_retry, only
from analyzer.ratios import ranked, share
from analyzer.registry import Facts, analysis

UNNAMED = "(unnamed)"
COLUMNS = (
    *MACHINE_COLUMNS,
    text("error", "error name; empty for attempts that no error had a part in, `(unnamed)` where the history has none"),
    count("failures", "attempts that failed or timed out with it"),
    count("retries", "attempts after the first of a visit that first failed with it, and that did not fail themselves"),
    *ATTEMPT_COLUMNS,
)


@analysis(counts="attempts", columns=COLUMNS)
def cost_by_error(facts: Facts) -> pd.DataFrame:
    """What does each error cost: the attempts it ended and the retries after it?

    One row per machine and error, the dearest first; every attempt is in one row: under its own error when it failed,
    else, when it is a retry, under the error that its visit first failed with, else under none.
    """
    failed, retried = only(is_failure, nw.col("error")), only(is_retry, nw.col("visit_error"))
    unnamed = only(is_failure | is_retry, nw.lit(UNNAMED))
    of_retry = flag(is_retry & ~is_failure.fill_null(value=False))
    counts = {"failures": flag(is_failure), "retries": of_retry, **ATTEMPT_COUNTS}
    costs = costs_by(facts, {"error": nw.coalesce(failed, retried, unnamed)}, counts, as_whole(error=WHOLE))
    return ranked(costs.assign(cost_share=share(costs["cost_usd"])), "cost_usd", [*MACHINE, "error"])
