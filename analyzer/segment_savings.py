"""What a part of a machine saves as an Express child: both costs, from what its states did and how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from analyzer.break_even import Prices
from analyzer.money import MEMORY_STEP_MB, in_usd, log_cost
from analyzer.prices import Price, PriceBook
from analyzer.replay import LOG_BYTES_PER_EVENT
from analyzer.segment_runs import Runs
from analyzer.segments import Part
from store.errors import PriceUnknownError


class Sums(NamedTuple):
    """What a state of a machine did: its transitions, its visits, the events of its history."""

    transitions: int
    visits: int
    events: int


class Terms(NamedTuple):
    """What a Region charges on a day, and the words for it; without a price None, and why."""

    prices: Prices | None
    log: Price | None
    note: str


class Saving(NamedTuple):
    """What the runs of a part cost both ways, in US dollars; all None without a price.

    As Express there stays the transition that calls the child, for each run.
    """

    runs: int
    transitions: int
    standard_usd: Fraction | None = None
    express_usd: Fraction | None = None
    logs_usd: Fraction | None = None

    @property
    def transitions_saved(self) -> int:
        """The transitions that would not be billed."""
        return self.transitions - self.runs

    @property
    def usd(self) -> Fraction | None:
        """What is saved, the logs paid."""
        if self.standard_usd is None or self.express_usd is None or self.logs_usd is None:
            return None
        return self.standard_usd - self.express_usd - self.logs_usd


def terms_on(day: date, region: str, book: PriceBook) -> Terms:
    """The terms of a Region on a day."""
    try:
        prices, log = Prices.on(day, region, book, MEMORY_STEP_MB), in_usd(book.price(region, "log_gb", day))
    except PriceUnknownError as unknown:
        return Terms(None, None, unknown.sentence)
    note = f"estimate: list prices of {day}, first tier, {MEMORY_STEP_MB} MB assumed, logs at level ALL"
    return Terms(prices, log, note)


def saving_of(part: Part, read: Runs, sums: Mapping[str, Sums], terms: Terms) -> Saving:
    """What a part saves: all its transitions, and the durations of the runs that were read for all runs."""
    inside = [sums[name] for name in part.inside if name in sums]
    runs = round(sums[part.segment.entry].visits * read.runs / read.entries)
    saving = Saving(runs, sum(state.transitions for state in inside))
    if terms.prices is None or terms.log is None:
        return saving
    prices, logged = terms.prices, sum(state.events for state in inside) * LOG_BYTES_PER_EVENT
    per_run = prices.transition + prices.request + prices.duration_step * Fraction(read.steps, read.runs)
    return saving._replace(
        standard_usd=saving.transitions * prices.transition,
        express_usd=runs * per_run,
        logs_usd=Fraction(log_cost(logged, terms.log)),
    )
