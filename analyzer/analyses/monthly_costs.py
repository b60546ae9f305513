"""What each machine adds to the months of its account, the free tier and the tiers of Express shared out."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from analyzer.columns import MACHINE_COLUMNS, TYPE_COLUMN, count, number, text
from analyzer.frames import frame_from
from analyzer.monthly import Bill, monthly_bills
from analyzer.monthly_usage import daily_usage, date_of, uses_of
from analyzer.registry import Facts, analysis

COLUMNS = (
    text("month", "month in UTC, as 2026-10, by the start of the executions"),
    *MACHINE_COLUMNS,
    TYPE_COLUMN,
    text("currency", "what all amounts of the row are in: amounts of two currencies are never to be added"),
    count("executions", "executions that started; of Express, the requests"),
    count("transitions", "billable state transitions of Standard"),
    number("gb_seconds", "billed memory times duration of Express"),
    text("usage_source", "metrics where AWS measured what it bills, else histories with an assumed memory"),
    number("list_amount", "list price before the free tier, Express at the first tier, without logs"),
    number("free_tier_amount", "this machine's part of what the account's free tier takes off"),
    number("tiers_amount", "its part of what the later tiers of Express take off in its Region"),
    number("cost_amount", "list_amount less both"),
    count("executions_unpriced", "executions without a known count of transitions or duration: not in the amounts"),
    count("executions_partial", "executions whose history is not complete: there the cost is a lower bound"),
    text("cost_note", "the rule and price behind the cost, or why it is empty"),
)
KEY = ["month", "account", "region", "machine", "type"]


@analysis(counts="executions", columns=COLUMNS)
def monthly_costs(facts: Facts) -> pd.DataFrame:
    """What does each machine add to the bill of each month, after its part of the free tier and of the tiers?

    One row per month and machine. The free tier is taken once from an account's month and shared out over its Standard
    machines in all Regions by what they cost; the tiers of Express are those of the account's month in a Region, shared
    by GB-seconds. A month that is only partly in the window costs too much here: less of it is free than was.
    """
    days = daily_usage(facts)
    bills = monthly_bills(uses_of(days, facts), facts.prices)
    months = days.assign(month=[f"{date_of(day):%Y-%m}" for day in days["day"]]).groupby(KEY)
    counts = months[["executions_unpriced", "executions_partial"]].sum().to_dict("index")
    return frame_from([_row(bill, counts.get(tuple(bill.owner), {})) for bill in bills], COLUMNS)


def _row(bill: Bill, counts: Mapping[Any, Any]) -> dict[str, Any]:
    owner = {name: part or None for name, part in bill.owner._asdict().items()}
    is_express = bill.owner.type == "EXPRESS"
    return {
        **owner,
        "currency": bill.currency,
        "executions": bill.executions,
        "transitions": bill.transitions,
        "gb_seconds": float(bill.gb_seconds) if is_express else None,
        "usage_source": bill.basis,
        "list_amount": _float(bill.listed),
        "free_tier_amount": _float(bill.free_tier if bill.listed is not None else None),
        "tiers_amount": _float(bill.tiers if bill.listed is not None else None),
        "cost_amount": _float(bill.cost),
        "executions_unpriced": counts.get("executions_unpriced", 0),
        "executions_partial": counts.get("executions_partial", 0),
        "cost_note": bill.note,
    }


def _float(amount: Fraction | None) -> float | None:
    return None if amount is None else float(amount)
