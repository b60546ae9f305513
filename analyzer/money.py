"""What runs cost: from transitions, milliseconds and megabytes to money, exactly.

Inside there are integers: transitions, requests, and chunks of 100 ms × 64 MB. Decimal stands at the edge, where a
price comes in and money goes out. Everything here is an estimate at list prices: discounts, taxes and credits are
the bill's. Rules without another source are those of https://aws.amazon.com/step-functions/pricing/.
"""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import product
from typing import NamedTuple, TypeAlias

from analyzer.prices import DIGITS, NAMES, Dimension, Price, PriceBook
from store.errors import MisuseError, PriceUnknownError

Amount: TypeAlias = int | float | Decimal

# Free in every month for the whole account, over all Regions and machines together, without an end.
FREE_TRANSITIONS = 4_000

DURATION_STEP_MS = 100
MEMORY_STEP_MB = 64

_CHUNKS_IN_GB_SECOND = (1_000 // DURATION_STEP_MS) * (1_024 // MEMORY_STEP_MB)
_CHUNKS_IN = {"GB-second": _CHUNKS_IN_GB_SECOND, "GB-hour": 3_600 * _CHUNKS_IN_GB_SECOND}

# AWS's example for vended logs counts 10 TB as 10 × 1,024 GB (https://aws.amazon.com/cloudwatch/pricing/).
BYTES_IN_GB = 1_024**3

_BASE_MEMORY_MB = 50
_BYTES_IN_PAGE_MB = 1_000_000

_EPOCH = date(1970, 1, 1)
_MS_IN_DAY = 86_400_000

_RULES: dict[Dimension, str] = {
    "standard_transition": "list price before the free tier",
    "express_gb_second": "request and duration in steps of 100 ms and 64 MB, list price of the first tier, no logs",
}


def billed_duration_ms(duration_ms: Amount) -> int:
    """The milliseconds billed for one Express execution: rounded up to 100, at least 100.

    >>> [billed_duration_ms(ms) for ms in (0, 100, 101)]
    [100, 100, 200]
    """
    return DURATION_STEP_MS * _steps(amount("The duration", duration_ms), DURATION_STEP_MS)


def billed_memory_mb(memory_mb: Amount) -> int:
    """The megabytes billed for one Express execution: rounded up to 64, at least 64.

    >>> [billed_memory_mb(mb) for mb in (0, 64, 64.01, 65)]
    [64, 64, 128, 128]
    """
    return MEMORY_STEP_MB * _steps(amount("The memory size", memory_mb), MEMORY_STEP_MB)


def estimated_memory_mb(definition_bytes: int, payload_bytes: int, map_steps: int = 1) -> Decimal:
    """The memory of an Express execution that was never measured: 50 MB + definition + payload × Map or Parallel steps.

    The pricing page's examples take a KB as a thousandth of a MB, and so does this. No Map and no Parallel: one step.

    >>> estimated_memory_mb(definition_bytes=50_000, payload_bytes=32_000, map_steps=400)
    Decimal('62.85')
    """
    definition = count("The size of the definition", definition_bytes)
    payload = count("The size of the payload", payload_bytes) * max(count("The number of steps", map_steps), 1)
    return _BASE_MEMORY_MB + Decimal(definition + payload) / _BYTES_IN_PAGE_MB


def chunks(duration_ms: Amount, memory_mb: Amount) -> int:
    """What one Express execution is billed for, in units of 100 ms × 64 MB; 160 of them are a GB-second."""
    return (billed_duration_ms(duration_ms) // DURATION_STEP_MS) * (billed_memory_mb(memory_mb) // MEMORY_STEP_MB)


def gb_seconds(chunk_count: int) -> Decimal:
    """Chunks as GB-seconds, exactly."""
    with localcontext(prec=DIGITS):
        return Decimal(chunk_count) / _CHUNKS_IN_GB_SECOND


def billed_transitions(transitions: int) -> int:
    """What is left to pay of the transitions that an account made in a month, in all Regions, after the free tier."""
    return max(count("The number of transitions", transitions) - FREE_TRANSITIONS, 0)


def standard_cost(transitions: int, price: Price, *, free_tier: bool = False) -> Decimal:
    """The list price of transitions; with `free_tier`, what is left of it when they are an account's whole month.

    There is one free tier for an account: subtract it from a month's total, never by machine or by Region.
    """
    billed = billed_transitions(transitions) if free_tier else count("The number of transitions", transitions)
    return price.cost(billed)


class ExpressCost(NamedTuple):
    """What a month of equal Express executions costs in one Region, in the currency of its prices."""

    requests: Decimal
    duration: Decimal

    @property
    def total(self) -> Decimal:
        """Requests and duration together."""
        with localcontext(prec=DIGITS):
            return self.requests + self.duration


def express_cost(
    executions: int, duration_ms: Amount, memory_mb: Amount, *, request: Price, duration: Price
) -> ExpressCost:
    """What a month of equal Express executions costs in one Region. Express has no free tier.

    `duration` is a price by GB-second, or by GB-hour to follow the worked examples of the pricing page.
    """
    executions = count("The number of executions", executions)
    chunk_count = executions * chunks(duration_ms, memory_mb)
    return ExpressCost(request.cost(executions), duration_cost(chunk_count, duration))


def duration_cost(chunk_count: int, price: Price) -> Decimal:
    """What the chunks of one account, Region and month cost.

    The edge of a tier belongs to the lower one: at 3,600,000 GB-seconds all of them still have the first price.
    """
    with localcontext(prec=DIGITS):
        return price.cost(Decimal(chunk_count) / _CHUNKS_IN[price.unit])


def log_cost(log_bytes: int, price: Price) -> Decimal:
    """What it costs to have a month's bytes of execution logs ingested in one Region, as vended logs."""
    with localcontext(prec=DIGITS):
        return price.cost(Decimal(count("The number of log bytes", log_bytes)) / BYTES_IN_GB)


def express_execution_usd(duration_ms: Amount, memory_mb: Amount, region: str, day: date, book: PriceBook) -> Decimal:
    """The list price of one Express execution: its request, and its duration at the first tier; no logs.

    Raises PriceUnknownError where the Region has no price on that day, or none in USD.
    """
    request = in_usd(book.price(region, "express_request", day))
    duration = in_usd(book.price(region, "express_gb_second", day))
    return express_cost(1, duration_ms, memory_mb, request=request, duration=duration).total


class TransitionPrice(NamedTuple):
    """A Standard price to join to rows: `usd` for each transition from `from_ms` on and before `to_ms`, if it ends."""

    region: str
    from_ms: int
    to_ms: int | None
    usd: Decimal
    note: str


class ExpressPrice(NamedTuple):
    """An Express price to join to rows: `request_usd` for a run and `chunk_usd` for each of its chunks, first tier."""

    region: str
    from_ms: int
    to_ms: int | None
    request_usd: Decimal
    chunk_usd: Decimal
    note: str


def transition_prices(book: PriceBook) -> list[TransitionPrice]:
    """The Standard prices in USD, as rows to join on Region and time. Other currencies have no place in `cost_usd`.

    Where floating point multiplies, round to 10 digits: AWS's prices have no more, so the product is exact again.
    """
    prices = _usd_prices(book, "standard_transition")
    return [TransitionPrice(price.region, *_period_ms(price), price.price, note(price)) for price in prices]


def express_prices(book: PriceBook) -> list[ExpressPrice]:
    """The Express prices in USD, as rows to join on Region and time. Where floating point multiplies, round to 15."""
    pairs = product(_usd_prices(book, "express_request"), _usd_prices(book, "express_gb_second"))
    rows = [_express_price(request, duration) for request, duration in pairs if request.region == duration.region]
    return [row for row in rows if row.to_ms is None or row.from_ms < row.to_ms]


def note(price: Price) -> str:
    """What stands beside a cost: that it is an estimate, by which rule, at which price, and how old that price is."""
    rule = _RULES.get(price.dimension, "list price")
    figure = f"{price.price:f} {price.currency} per {price.unit} in {price.region}, known from {price.start}"
    return f"estimate: {rule}; {figure}, checked {price.checked}"


def amount(what: str, given: Amount) -> Decimal:
    """A number of zero or more, exactly as it was written. Raises MisuseError, which calls it `what`."""
    exact = Decimal(str(given))
    if not exact.is_finite():
        raise MisuseError(f"{what} must be a number, and {given} is none.")
    if exact < 0:
        raise MisuseError(f"{what} cannot be below zero, and {given} is.")
    return exact


def count(what: str, given: Amount) -> int:
    """A whole number of zero or more. Raises MisuseError, which calls it `what`."""
    exact = amount(what, given)
    if exact != int(exact):
        raise MisuseError(f"{what} must be a whole number, and {given} is none.")
    return int(exact)


def _steps(exact: Decimal, step: int) -> int:
    """How many steps are begun, at least one. Fractions, because a Decimal division would round."""
    return max(math.ceil(Fraction(exact) / step), 1)


def in_usd(price: Price) -> Price:
    """The price itself. Raises PriceUnknownError when it is in another currency, for which no column has a place."""
    if price.currency != "USD":
        sentence = f"The price of {NAMES[price.dimension]} in {price.region} is in {price.currency}, not in USD."
        raise PriceUnknownError(sentence, "Use `stepscope estimate`, which answers in the currency of the Region.")
    return price


def _usd_prices(book: PriceBook, dimension: Dimension) -> list[Price]:
    return [entry for entry in book.entries if entry.dimension == dimension and entry.currency == "USD"]


def _period_ms(*prices: Price) -> tuple[int, int | None]:
    """When all of these prices hold, in milliseconds since 1970 UTC; a period that ends before it begins is empty."""
    ends = [_ms(price.end) for price in prices if price.end]
    return max(_ms(price.start) for price in prices), min(ends, default=None)


def _ms(day: date) -> int:
    return (day - _EPOCH).days * _MS_IN_DAY


def _express_price(request: Price, duration: Price) -> ExpressPrice:
    period = _period_ms(request, duration)
    return ExpressPrice(request.region, *period, request.price, duration.price / _CHUNKS_IN_GB_SECOND, note(duration))
