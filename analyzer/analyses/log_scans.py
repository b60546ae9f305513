"""What counting by CloudWatch Logs Insights has cost."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pandas as pd

from analyzer.columns import count, number, text
from analyzer.money import BYTES_IN_GB
from analyzer.prices import PriceBook
from analyzer.registry import Facts, analysis
from store.errors import PriceUnknownError

COLUMNS = (
    text("month", "UTC month of the queries"),
    text("region", "AWS Region of the log group"),
    text("log_group", "the log group that was scanned"),
    count("queries", "queries of Logs Insights"),
    count("bytes_scanned", "what AWS bills for"),
    number("cost_usd", "list price of the bytes before the free tier; empty when it is not known"),
    text("cost_note", "the price and when it was checked, or why there is none"),
)
KEY = ["month", "region", "log_group"]


@analysis(counts="executions", columns=COLUMNS)
def log_scans(facts: Facts) -> pd.DataFrame:
    """What did it cost to count Express executions by Logs Insights?

    One row per UTC month and log group; estimated from the bytes that AWS said it scanned.
    """
    queries = facts.records["log_queries"].copy()
    queries["month"] = [f"{_moment(at):%Y-%m}" for at in queries["queried_at"]]
    groups = queries.groupby(KEY, as_index=False).agg(
        queries=("bytes_scanned", "size"), bytes_scanned=("bytes_scanned", "sum"), at=("queried_at", "max")
    )
    asked = zip(groups["region"], groups["at"], groups["bytes_scanned"], strict=True)
    costs = [_cost(facts.prices, str(region), int(at), int(scanned)) for region, at, scanned in asked]
    groups["cost_usd"] = [cost for cost, _ in costs]
    groups["cost_note"] = [why for _, why in costs]
    return groups.sort_values(KEY, ignore_index=True)


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(int(at) / 1_000, UTC)


def _cost(prices: PriceBook, region: str, at: int, scanned: int) -> tuple[float | None, str]:
    try:
        price = prices.price(region, "log_scan_gb", _moment(at).date())
    except PriceUnknownError as unknown:
        return None, unknown.sentence
    return float(price.cost(Decimal(scanned) / BYTES_IN_GB)), f"{price.price:f} USD per GB, checked {price.checked}."
