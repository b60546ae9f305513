"""Retries by state and by the error that began them."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import STATE, STATE_COLUMNS, count, number, text
from analyzer.expressions import Expressions, and_eventful, columns, flag, is_partial, is_retry, one, part, totals
from analyzer.ratios import of_group, ranked, ratio
from analyzer.registry import Facts, analysis
from analyzer.strata import estimated, with_estimates

# Only these can have a Retry in their definition (dg concepts-error-handling).
RETRIABLE = ["Task", "Parallel", "Map"]
SECOND_TRY = 2
KEY = [*STATE, "error"]

ESTIMATED = estimated("retries")
COLUMNS = (
    *STATE_COLUMNS,
    text("error", "error that the first try failed with; empty for the visits whose first try did not fail"),
    count("visits", "visits of the state whose first try ended so"),
    count("attempts", "tries in those visits"),
    count("visits_retried", "visits with a second try"),
    count("retries", "tries after the first"),
    *ESTIMATED.columns("retries", is_count=True),
    number("retries_per_visit", "retries of those visits, per visit"),
    number("state_retries_per_visit", "retries of the state after any error, per visit of any kind"),
    count("visits_recovered", "visits that were retried and then succeeded"),
    number("recovered_share", "visits recovered, of the visits retried"),
    count("backoff_ms", "time waited before retries"),
    number("retry_cost_usd", "list price of the retries"),
    count("attempts_partial", "tries in executions whose history is not complete: there the figures are lower bounds"),
)

TRIED: Expressions = {"attempts": one, "attempts_partial": flag(is_partial)}
RETRIED: Expressions = {
    "visits_retried": flag(nw.col("attempt") == SECOND_TRY),
    "retries": flag(is_retry),
    "visits_recovered": flag(is_retry & (nw.col("outcome") == "succeeded")),
    "backoff_ms": nw.col("backoff_ms"),
    "retry_cost_usd": part(is_retry, nw.col("cost_usd")),
}


@analysis(counts="attempts", columns=COLUMNS)
def retry_rates(facts: Facts) -> pd.DataFrame:
    """How often is each state retried, after which error, and does it help?

    One row per state that can be retried and error that a visit first failed with. Every visit is in one row, so that
    visits, attempts and retries of a state are the sums of its rows. States inside a container that is retried are
    entered again: those are visits of theirs and no retries.
    """
    retriable = facts.attempts.filter(nw.col("state_type").is_in(RETRIABLE))
    by = {**columns(STATE), "error": nw.col("visit_error")}
    tried = totals(retriable, by, counts=TRIED, amounts={"cost_usd": nw.col("cost_usd")})
    rates = and_eventful(tried, retriable, by, RETRIED)
    rates["visits"] = rates["attempts"] - rates["retries"]
    rates["retry_cost_usd"] = rates["retry_cost_usd"].mask(rates["cost_usd"].isna())
    rates["retries_per_visit"] = ratio(rates["retries"], rates["visits"])
    rates["state_retries_per_visit"] = ratio(of_group(rates, STATE, "retries"), of_group(rates, STATE, "visits"))
    rates["recovered_share"] = ratio(rates["visits_recovered"], rates["visits_retried"])
    made = retriable.filter(is_retry).with_columns(error=nw.col("visit_error"))
    known = with_estimates(rates, facts, KEY, ESTIMATED, made, one)
    return ranked(known, "retries", KEY)
