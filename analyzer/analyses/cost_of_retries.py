"""What retries cost, those that helped and those that did not apart."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, STATE, STATE_COLUMNS, count, number, text
from analyzer.costs import cost_notes
from analyzer.expressions import columns, flag, is_retry, one, only, part, totals
from analyzer.ratios import ranked, ratio, share
from analyzer.registry import Facts, analysis
from store.quantiles import Table

COLUMNS = (
    *STATE_COLUMNS,
    text("error", "error that the first try failed with"),
    count("visits_retried", "visits with a second try"),
    count("visits_recovered", "of them, visits that succeeded in the end"),
    count("retries", "tries after the first"),
    count("retries_max", "the most retries of one visit"),
    number("retry_cost_usd", "list price of the retries; empty when no price is known"),
    number("cost_share", "of the cost of all retries"),
    number("recovered_cost_usd", "the part of it in visits that succeeded in the end"),
    number("lost_cost_usd", "the part of it in visits that did not: retries that bought nothing"),
    number("cost_per_recovery_usd", "cost of all retries of the row, by visit recovered; empty when none was"),
    count("backoff_ms", "time waited before the retries"),
    text("cost_note", "the rule and price behind the cost, or why it is empty"),
)
KEY = [*STATE, "error"]
SUMS = ["visits_retried", "visits_recovered", "retries", "backoff_ms"]
AMOUNTS = ["retry_cost_usd", "recovered_cost_usd", "lost_cost_usd"]


@analysis(counts="attempts", columns=COLUMNS)
def cost_of_retries(facts: Facts) -> pd.DataFrame:
    """What did retries cost, and how much of that bought nothing?

    One row per state and error that a visit first failed with, the dearest first. The costs add up to retry_cost_usd of
    the machines. A visit counts as recovered when it succeeded after a retry, whatever became of the execution.
    """
    retries = facts.attempts.filter(is_retry)
    costs = totals(
        _visits(retries),
        KEY,
        counts={"visits_retried": one, **columns(SUMS[1:])},
        amounts=columns(AMOUNTS),
        last={"retries_max": nw.col("retries")},
    )
    costs["cost_share"] = share(costs["retry_cost_usd"])
    costs["cost_per_recovery_usd"] = ratio(costs["retry_cost_usd"], costs["visits_recovered"])
    notes = cost_notes(facts.executions, MACHINE)
    return ranked(costs.merge(notes, on=list(MACHINE), how="left"), "retry_cost_usd", KEY)


def _visits(retries: Table) -> Table:
    """The visits that were retried: how often, at what cost, and what of that came to a good end."""
    cost, visit = nw.col("cost_usd"), [*KEY, "execution_id", "visit"]
    rows = retries.select(
        **columns([*STATE, "execution_id", "visit", "cost_usd", "backoff_ms"]),
        error=nw.col("visit_error"),
        visits_recovered=flag((nw.col("outcome") == "succeeded").fill_null(value=False)),
    )
    visits = rows.group_by(*visit).agg(
        nw.len().alias("retries"),
        nw.col("visits_recovered").max(),
        nw.col("backoff_ms").sum(),
        cost.sum(),
        cost.count().alias("priced"),
    )
    recovered, known = nw.col("visits_recovered") == 1, only(nw.col("priced") > 0, cost)
    return visits.with_columns(
        retry_cost_usd=known, recovered_cost_usd=part(recovered, known), lost_cost_usd=part(~recovered, known)
    )
