"""What each execution costs at list price before the free tier, or why that is not known."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

from analyzer.money import ExpressPrice, TransitionPrice, chunks, express_prices, transition_prices
from analyzer.prices import PriceBook
from analyzer.rows import ExecutionRow
from store.machines import Machine

ASSUMED_MEMORY_MB = 64
"""Express memory where no metric tells it: the least that is billed."""

_MS_PER_DAY = 86_400_000
_Priced = TypeVar("_Priced", TransitionPrice, ExpressPrice)


class Charge(NamedTuple):
    """What one execution costs: its cost, the price of one of its transitions, the note to its cost."""

    cost: float | None
    per_transition: float | None
    note: str


class Tariff:
    """The prices of a book, looked up once per Region and day."""

    def __init__(self, book: PriceBook) -> None:
        self.transition = functools.cache(functools.partial(_price_on, transition_prices(book)))
        self.express = functools.cache(functools.partial(_price_on, express_prices(book)))


def charge_of(tariff: Tariff, machine: Machine, row: ExecutionRow) -> Charge:
    """What an execution costs at list price, or why that is not known."""
    if machine.region is None:
        return Charge(None, None, "cost unknown: the source does not say in which Region it ran")
    if row.started_at is None:
        return Charge(None, None, "cost unknown: the source does not say when it ran")
    day = row.started_at // _MS_PER_DAY
    if machine.type == "EXPRESS":
        return _express_money(tariff.express(machine.region, day), machine.region, row)
    price = tariff.transition(machine.region, day)
    if price is None:
        return Charge(None, None, _no_price(machine.region, row.started_at))
    if row.transitions is None:
        return Charge(None, float(price.usd), "cost unknown: no usable history, so no count of transitions")
    return Charge(round(row.transitions * float(price.usd), 10), float(price.usd), price.note)


def _express_money(price: ExpressPrice | None, region: str, row: ExecutionRow) -> Charge:
    if price is None:
        return Charge(None, None, _no_price(region, row.started_at or 0))
    if row.duration_ms is None:
        return Charge(None, None, "cost unknown: the source does not say how long it ran")
    billed = chunks(row.duration_ms, ASSUMED_MEMORY_MB)
    cost = float(price.request_usd) + billed * float(price.chunk_usd)
    return Charge(round(cost, 15), None, f"{price.note}; memory not measured, {ASSUMED_MEMORY_MB} MB assumed")


def _no_price(region: str, at: int) -> str:
    day = datetime.fromtimestamp(at / 1000, UTC).date()
    return f"cost unknown: no price in US dollars is known for {region} on {day}"


def _price_on(prices: list[_Priced], region: str, day: int) -> _Priced | None:
    at = day * _MS_PER_DAY
    return next(
        (p for p in prices if p.region == region and p.from_ms <= at and (p.to_ms is None or at < p.to_ms)), None
    )
