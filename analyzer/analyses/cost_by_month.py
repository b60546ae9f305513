"""What an account's months cost, the free tier included."""

from __future__ import annotations

from collections import defaultdict

import narwhals as nw
import pandas as pd

from analyzer.columns import count, number, text
from analyzer.expressions import flag, is_partial, one, only, part, totals
from analyzer.money import FREE_TRANSITIONS
from analyzer.monthly import monthly_bills
from analyzer.monthly_usage import daily_usage, uses_of
from analyzer.ratios import ratio
from analyzer.registry import Facts, analysis
from analyzer.window import MS_IN_DAY

COLUMNS = (
    text("month", "month in UTC, as 2026-10, by the start of the executions"),
    text("account", "AWS account; empty when the source does not say"),
    count("executions", "executions that started"),
    count("transitions", "billable state transitions, in all Regions"),
    number("standard_cost_usd", "list price of the transitions"),
    number("free_tier_usd", "what the free tier takes off: it is the account's, once a month, over all Regions"),
    number("express_cost_usd", "list price of the Express executions at the first tier, without logs"),
    number("express_tiers_usd", "what the later tiers of Express take off, once a month in each Region"),
    number("cost_usd", "standard_cost_usd less free_tier_usd, and express_cost_usd less express_tiers_usd"),
    count("executions_unpriced", "executions whose cost is not known: they are not in the sums"),
    count("executions_partial", "executions whose history is not complete: there the cost is a lower bound"),
)
COUNTS = ["executions", "transitions", "priced_transitions", "executions_unpriced", "executions_partial"]
AMOUNTS = ["standard_cost_usd", "express_cost_usd"]


@analysis(counts="executions", columns=COLUMNS)
def cost_by_month(facts: Facts) -> pd.DataFrame:
    """What does each account cost in each month, after the free tier?

    One row per month and account, of the executions in the window: a month that is only partly in it, or whose
    executions were only partly collected, cost more. Where Regions differ in price, the free transitions are taken from
    all of them alike.
    """
    days = _by_day(facts)
    months = days.assign(month=_months(days["day"])).groupby(["month", "account"], dropna=False)
    sums = pd.concat([months[COUNTS].sum(), months[AMOUNTS].sum(min_count=1)], axis=1).reset_index()
    free = sums["priced_transitions"].clip(upper=FREE_TRANSITIONS)
    sums["free_tier_usd"] = sums["standard_cost_usd"] * ratio(free, sums["priced_transitions"])
    sums["express_tiers_usd"] = _tiers(sums, facts)
    net = sums["standard_cost_usd"] - sums["free_tier_usd"]
    express = sums["express_cost_usd"] - sums["express_tiers_usd"]
    sums["cost_usd"] = pd.concat([net, express], axis=1).sum(axis=1, min_count=1)
    return sums.sort_values(["month", "account"])


def _tiers(months: pd.DataFrame, facts: Facts) -> pd.Series[float]:
    """What the tiers take off each of these months of an account, in US dollars; empty where Express has no cost."""
    off: dict[tuple[str, str], float] = defaultdict(float)
    for bill in monthly_bills(uses_of(daily_usage(facts), facts), facts.prices):
        if bill.currency == "USD":
            off[bill.owner[:2]] += float(bill.tiers)
    keys = zip(months["month"], months["account"].fillna(""), strict=True)
    return pd.Series([off[key] for key in keys], months.index, dtype="Float64").mask(months["express_cost_usd"].isna())


def _by_day(facts: Facts) -> pd.DataFrame:
    cost, is_express = nw.col("cost_usd"), nw.col("type") == "EXPRESS"
    return totals(
        facts.executions,
        {"account": nw.col("account"), "day": nw.col("started_at") // MS_IN_DAY},
        counts={
            "executions": one,
            "transitions": nw.col("transitions"),
            "priced_transitions": part(~cost.is_null(), nw.col("transitions")),
            "executions_unpriced": flag(cost.is_null()),
            "executions_partial": flag(is_partial),
        },
        amounts={"standard_cost_usd": only(~is_express, cost), "express_cost_usd": only(is_express, cost)},
    )


def _months(days: pd.Series[int]) -> pd.Series[str]:
    return pd.to_datetime(days, unit="D").dt.strftime("%Y-%m").astype("string")
