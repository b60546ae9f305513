"""What the executions of a machine cost as Standard and as Express, whichever they are, and what to make of it."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from analyzer import money
from analyzer.definition import Definition, express_blockers
from analyzer.estimates import EXPRESS_LIMIT_MS
from analyzer.prices import Price, PriceBook
from store.errors import PriceUnknownError

# What an execution takes whose definition and payload are small; nothing measures a Standard one.
ASSUMED_MEMORY_MB = money.billed_memory_mb(money.estimated_memory_mb(definition_bytes=0, payload_bytes=0))

# What no history tells, as the lowest, the likeliest and the highest that it can be. The likeliest payload is that of
# AWS's worked example, the largest its quota (dg service-quotas); an event with its data takes about a KB of log.
PAYLOAD_BYTES = 32_000
LARGEST_PAYLOAD_BYTES = 262_144
LOG_BYTES_PER_EVENT = 1_000

_LIMIT_MINUTES = EXPRESS_LIMIT_MS // 60_000


class Day(NamedTuple):
    """The executions of one machine that started on a day: how many, their transitions, and their steps of 100 ms.

    `log_events` are the events that their logs would hold at level ALL.
    """

    day: date
    executions: int
    transitions: int
    duration_steps: int
    log_events: int = 0


class Express(NamedTuple):
    """What is assumed of an Express machine: the memory each execution is billed for, and the bytes logged an event."""

    memory_mb: int = ASSUMED_MEMORY_MB
    log_bytes_per_event: int = 0

    @property
    def words(self) -> str:
        """The assumption in a few words."""
        per_event = self.log_bytes_per_event
        return f"{self.memory_mb} MB assumed, " + (f"{per_event:,} bytes logged an event" if per_event else "no logs")


CHEAPEST = Express()


class Cost(NamedTuple):
    """What executions cost one way, and the rule and price behind it; without a price None, and the reason."""

    usd: Decimal | None
    note: str


UNKNOWN = Cost(None, "")


def standard_cost(days: Iterable[Day], region: str, book: PriceBook) -> Cost:
    """The list price of the transitions, without the account's free tier."""
    return _cost(_standard, days, region, book)


def express_cost(days: Iterable[Day], region: str, book: PriceBook, assumed: Express = CHEAPEST) -> Cost:
    """Requests, duration and logs as `assumed`, with the tiers of each month for this machine alone."""
    return _cost(functools.partial(_express, assumed=assumed), days, region, book)


def _cost(
    way: Callable[[Iterable[Day], str, PriceBook], Cost], days: Iterable[Day], region: str, book: PriceBook
) -> Cost:
    try:
        return way(days, region, book)
    except PriceUnknownError as unknown:
        return Cost(None, unknown.sentence)


def _standard(days: Iterable[Day], region: str, book: PriceBook) -> Cost:
    transitions: Counter[Price] = Counter()
    for day in days:
        transitions[money.in_usd(book.price(region, "standard_transition", day.day))] += day.transitions
    usd = sum((money.standard_cost(count, price) for price, count in transitions.items()), Decimal(0))
    return Cost(usd, f"{_figures(transitions)}.")


def _express(days: Iterable[Day], region: str, book: PriceBook, assumed: Express) -> Cost:
    requests: Counter[Price] = Counter()
    chunks: Counter[tuple[str, Price]] = Counter()
    logged: Counter[tuple[str, Price]] = Counter()
    for day in days:
        month = f"{day.day:%Y-%m}"
        requests[money.in_usd(book.price(region, "express_request", day.day))] += day.executions
        duration = money.in_usd(book.price(region, "express_gb_second", day.day))
        chunks[month, duration] += day.duration_steps * (assumed.memory_mb // money.MEMORY_STEP_MB)
        if assumed.log_bytes_per_event:
            log = money.in_usd(book.price(region, "log_gb", day.day))
            logged[month, log] += day.log_events * assumed.log_bytes_per_event
    usd = sum((price.cost(count) for price, count in requests.items()), Decimal(0))
    usd += sum((money.duration_cost(count, price) for (_, price), count in chunks.items()), Decimal(0))
    usd += sum((money.log_cost(count, price) for (_, price), count in logged.items()), Decimal(0))
    figures = _figures([*requests, *(price for _, price in (*chunks, *logged))])
    return Cost(usd, f"{figures}; each month's tiers, {assumed.words}.")


def memory_mb(definition_bytes: int, payload_bytes: int, map_steps: int) -> int:
    """The memory that an execution would be billed for, by the published formula."""
    return money.billed_memory_mb(money.estimated_memory_mb(definition_bytes, payload_bytes, map_steps))


def _figures(prices: Iterable[Price]) -> str:
    figures = (f"{price.price:f} {price.currency} per {price.unit}, checked {price.checked}" for price in prices)
    return " and ".join(dict.fromkeys(figures))


def blockers(definition: Definition | None) -> list[str] | None:
    """What in a definition Express does not have, a sentence each; None when no definition is known."""
    return None if definition is None else [blocker.sentence for blocker in express_blockers(definition)]


@dataclass(frozen=True)
class Comparison:
    """What decides whether a machine should change its type, which nobody can: it means a new machine."""

    type: str
    executions: int
    too_long: int
    blockers: Sequence[str] | None
    standard: Cost
    express: Cost
    standard_high: Cost = UNKNOWN
    express_low: Cost = UNKNOWN
    express_high: Cost = UNKNOWN

    @property
    def other_type(self) -> str:
        """The type that it is compared with."""
        return "STANDARD" if self.type == "EXPRESS" else "EXPRESS"

    @property
    def saving_usd(self) -> Decimal | None:
        """What the other type would save; negative when it costs more, None when a cost is not known."""
        return _difference(self._own, self._other)

    @property
    def least_saving_usd(self) -> Decimal | None:
        """The saving when all that is not known speaks for the own type."""
        if self.type == "EXPRESS":
            return _difference(self.express_low, self.standard_high)
        return _difference(self.standard, self.express_high)

    @property
    def most_saving_usd(self) -> Decimal | None:
        """The saving when all that is not known speaks for the other type."""
        if self.type == "EXPRESS":
            return _difference(self.express_high, self.standard)
        return _difference(self.standard_high, self.express_low)

    @property
    def standard_per_express(self) -> Decimal | None:
        """How many times as much Standard costs; None when a cost is not known or Express costs nothing."""
        standard, express = self.standard.usd, self.express.usd
        return standard / express if standard is not None and express else None

    @property
    def can_switch(self) -> bool | None:
        """Whether the machine could have the other type: every Express machine could be Standard. None: not known."""
        if self.type == "EXPRESS":
            return True
        if self.blockers or self.too_long:
            return False
        return None if self.blockers is None else True

    @property
    def verdict(self) -> str:
        """What to do, in a sentence, with the reason that decides it."""
        own, other = self.type.capitalize(), self.other_type.capitalize()
        if self.can_switch is False:
            return f"Stay on Standard: {self._obstacle}"
        if self.saving_usd is None or not self._own.usd:
            return f"Not known: there is no cost as {own} to compare with a cost as {other}."
        saving = self.saving_usd / self._own.usd
        if saving <= 0:
            return f"Stay on {own}: {other} would cost {_more(saving)}."
        return f"{other} would cost {saving:.0%} less{self._provided}."

    @property
    def _own(self) -> Cost:
        return self.express if self.type == "EXPRESS" else self.standard

    @property
    def _other(self) -> Cost:
        return self.standard if self.type == "EXPRESS" else self.express

    @property
    def _obstacle(self) -> str:
        if self.blockers:
            others = len(self.blockers) - 1
            return self.blockers[0] + (f" {others} more in the column blockers." if others else "")
        ran = f"{self.too_long:,} of {self.executions:,} executions ran longer"
        return f"{ran} than the {_LIMIT_MINUTES} minutes that Express allows."

    @property
    def _provided(self) -> str:
        """What a person has to judge before believing it."""
        if self.type == "EXPRESS":
            return ""
        unchecked = " and its definition, which is not known, allows it" if self.blockers is None else ""
        return f", without its logs, if its steps may run twice{unchecked}"


def _difference(own: Cost, other: Cost) -> Decimal | None:
    return None if own.usd is None or other.usd is None else own.usd - other.usd


def _more(saving: Decimal) -> str:
    if saving == 0:
        return "as much"
    return f"{-saving:.0%} more" if saving > -1 else f"{1 - saving:.1f} times as much"
