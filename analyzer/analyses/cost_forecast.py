"""What each machine's month will have cost at its end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE_COLUMNS, TYPE_COLUMN, number, text, time
from analyzer.costs import MACHINE_TYPE
from analyzer.expressions import columns, totals
from analyzer.forecast import Forecast, Month, month_end, month_of
from analyzer.frames import frame_from
from analyzer.money import FREE_TRANSITIONS
from analyzer.monthly_usage import date_of
from analyzer.ratios import ranked
from analyzer.registry import Facts, analysis
from analyzer.window import MS_IN_DAY

COLUMNS = (
    text("month", "the UTC month that is going on, as 2026-10"),
    *MACHINE_COLUMNS,
    TYPE_COLUMN,
    time("known_to_at", "up to when the month is known: the last listing, else the last start"),
    number("so_far_cost_usd", "what the month has cost, its part of the free tier taken off"),
    number("forecast_cost_usd", "what it is expected to have cost at its end, the same way"),
    number("forecast_low_usd", "the least, with 90 % confidence: one month in twenty is below"),
    number("forecast_high_usd", "the most: one month in twenty is above; empty when too few days are known"),
    number("forecast_list_usd", "what is expected before the free tier"),
    text("method", "what the days to come are expected to be like"),
)
KEY = [*MACHINE_TYPE]
Key = tuple[Any, ...]


class _Days(NamedTuple):
    """What a machine cost and how many transitions it made, day by day."""

    cost: dict[date, float]
    transitions: dict[date, float]


class _Outlook(NamedTuple):
    """A machine's month: at list price so far and at its end, and the transitions of the month at its end."""

    so_far: float
    made: float
    cost: Forecast
    transitions: Forecast


@analysis(counts="executions", columns=COLUMNS)
def cost_forecast(facts: Facts) -> pd.DataFrame:
    """What will this month have cost for each machine when it ends?

    One row per machine, the dearest first; of a report that covers less than two months, fewer days are known. From
    four weeks of whole days each weekday has its own mean, from fewer all days have one. The free tier is taken off in
    proportion, from what the account is expected to make. Express is at its first tier, without logs.
    """
    days = _by_machine(facts)
    if not days:
        return frame_from([], COLUMNS)
    known_to = _known_to_ms(facts)
    month = month_of(facts.now_ms, known_to)
    outlooks = {key: _outlook(own, month) for key, own in days.items()}
    shares = _paid_shares(outlooks)
    rows = [_row(key, found, shares[_payer(key)], month) for key, found in outlooks.items()]
    return ranked(frame_from(rows, COLUMNS), "forecast_cost_usd", KEY)


def _by_machine(facts: Facts) -> dict[Key, _Days]:
    found: dict[Key, _Days] = defaultdict(lambda: _Days({}, {}))
    days = totals(
        facts.executions.filter(~nw.col("started_at").is_null() & ~nw.col("cost_usd").is_null()),
        {**columns(KEY), "day": nw.col("started_at") // MS_IN_DAY},
        counts={"cost": nw.col("cost_usd"), "transitions": nw.col("transitions")},
    )
    for row in days.fillna(dict.fromkeys(KEY, "")).to_dict("records"):
        own, day = found[tuple(row[name] for name in KEY)], date_of(row["day"])
        own.cost[day], own.transitions[day] = float(row["cost"]), float(row["transitions"])
    return found


def _known_to_ms(facts: Facts) -> int | None:
    """Up to when executions were listed, else when the last one started."""
    listed = facts.records["coverage"]["listed_to"].max()
    if pd.notna(listed):
        return int(listed)
    last = totals(facts.executions, {"all": nw.lit(1)}, last={"started_at": nw.col("started_at")})["started_at"].max()
    return int(last) if pd.notna(last) else None


def _outlook(days: _Days, month: Month) -> _Outlook:
    since = min(days.cost)
    so_far, made = (
        sum(value for day, value in own.items() if month.first <= day < month.after)
        for own in (days.cost, days.transitions)
    )
    return _Outlook(so_far, made, month_end(days.cost, since, month), month_end(days.transitions, since, month))


def _payer(key: Key) -> tuple[Any, Any]:
    """The account, and the type: Express has no free tier."""
    named = dict(zip(KEY, key, strict=True))
    return named["account"], named["type"]


class _Shares(NamedTuple):
    """What part of the list price is left to pay: now, and at the end as expected, at the least and at the most."""

    so_far: float
    expected: float
    low: float
    high: float


def _paid_shares(outlooks: Mapping[Key, _Outlook]) -> dict[tuple[Any, Any], _Shares]:
    sums: dict[tuple[Any, Any], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for key, found in outlooks.items():
        end = found.transitions
        for place, made in enumerate((found.made, end.expected, end.low, end.high)):
            sums[_payer(key)][place] += made or 0.0
    return {payer: _Shares(*(_paid(made, payer[1]) for made in four)) for payer, four in sums.items()}


def _paid(transitions: float, kind: str) -> float:
    if kind == "EXPRESS" or not transitions:
        return 1.0
    return max(transitions - FREE_TRANSITIONS, 0.0) / transitions


def _row(key: Key, found: _Outlook, paid: _Shares, month: Month) -> dict[str, Any]:
    end = found.cost
    return {
        **dict(zip(KEY, (part or None for part in key), strict=True)),
        "month": f"{month.first:%Y-%m}",
        "known_to_at": round(month.known_to.timestamp() * 1000),
        "so_far_cost_usd": found.so_far * paid.so_far,
        "forecast_cost_usd": _times(end.expected, paid.expected),
        "forecast_low_usd": _times(end.low, paid.low),
        "forecast_high_usd": _times(end.high, paid.high),
        "forecast_list_usd": end.expected,
        "method": end.method,
    }


def _times(amount: float | None, share: float) -> float | None:
    return None if amount is None else amount * share
