"""What the executions of a machine cost as Standard and as Express, whichever they are, and what to make of it."""

from __future__ import annotations

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

_MEMORY_STEPS = ASSUMED_MEMORY_MB // money.MEMORY_STEP_MB
_LIMIT_MINUTES = EXPRESS_LIMIT_MS // 60_000


class Day(NamedTuple):
    """The executions of one machine that started on a day: how many, their transitions, and their steps of 100 ms."""

    day: date
    executions: int
    transitions: int
    duration_steps: int


class Cost(NamedTuple):
    """What executions cost one way, and the rule and price behind it; without a price None, and the reason."""

    usd: Decimal | None
    note: str


def standard_cost(days: Iterable[Day], region: str, book: PriceBook) -> Cost:
    """The list price of the transitions, without the account's free tier."""
    return _cost(_standard, days, region, book)


def express_cost(days: Iterable[Day], region: str, book: PriceBook) -> Cost:
    """Requests and duration at `ASSUMED_MEMORY_MB`, with the tiers of each month for this machine alone, no logs."""
    return _cost(_express, days, region, book)


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


def _express(days: Iterable[Day], region: str, book: PriceBook) -> Cost:
    requests: Counter[Price] = Counter()
    chunks: Counter[tuple[str, Price]] = Counter()
    for day in days:
        requests[money.in_usd(book.price(region, "express_request", day.day))] += day.executions
        duration = money.in_usd(book.price(region, "express_gb_second", day.day))
        chunks[f"{day.day:%Y-%m}", duration] += day.duration_steps * _MEMORY_STEPS
    usd = sum((price.cost(count) for price, count in requests.items()), Decimal(0))
    usd += sum((money.duration_cost(count, price) for (_, price), count in chunks.items()), Decimal(0))
    figures = _figures([*requests, *(price for _, price in chunks)])
    return Cost(usd, f"{figures}; each month's tiers, {ASSUMED_MEMORY_MB} MB assumed, no logs.")


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

    @property
    def other_type(self) -> str:
        """The type that it is compared with."""
        return "STANDARD" if self.type == "EXPRESS" else "EXPRESS"

    @property
    def saving_usd(self) -> Decimal | None:
        """What the other type would save; negative when it costs more, None when a cost is not known."""
        own, other = self._own.usd, self._other.usd
        return None if own is None or other is None else own - other

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


def _more(saving: Decimal) -> str:
    if saving == 0:
        return "as much"
    return f"{-saving:.0%} more" if saving > -1 else f"{1 - saving:.1f} times as much"
