"""What AWS charges: dated entries with their source, and the book that looks them up.

The entries are data (`*.json` beside this module), never numbers in code. A price that is not known is never
guessed: no other Region, no other day and no other tier stands in for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, localcontext
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import groupby, pairwise
from pathlib import Path
from typing import Literal

import msgspec

from store.errors import PriceUnknownError, StepscopeError
from store.prices import kept_prices

Dimension = Literal[
    "standard_transition",
    "express_request",
    "express_gb_second",
    "express_gb_hour",
    "log_gb",
    "log_scan_gb",
    "metric_request",
    "cost_explorer_request",
]

NAMES: dict[Dimension, str] = {
    "standard_transition": "Standard state transitions",
    "express_request": "Express requests",
    "express_gb_second": "Express duration",
    "express_gb_hour": "Express duration by the GB-hour",
    "log_gb": "vended log ingestion",
    "log_scan_gb": "log data scanned by Logs Insights",
    "metric_request": "CloudWatch metrics requested",
    "cost_explorer_request": "requests to Cost Explorer",
}
UNITS: dict[Dimension, str] = {
    "standard_transition": "transition",
    "express_request": "request",
    "express_gb_second": "GB-second",
    "express_gb_hour": "GB-hour",
    "log_gb": "GB",
    "log_scan_gb": "GB",
    "metric_request": "metric",
    "cost_explorer_request": "request",
}

STALE_DAYS = 180
"""Prices that nobody has compared with AWS's for longer are said to be old."""

# More digits than any sum of money has: the product of a count and a price is then exact.
DIGITS = 100

_HINT = (
    "Run `stepscope prices refresh` to read it from AWS, or `stepscope prices refresh --file index.json` from a Price"
    " List file; `stepscope prices list` and docs/money.md show what is known."
)


class Tier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A later step of a price: what is used in a month above `above` costs `price`, `above` itself not yet."""

    above: Decimal
    price: Decimal


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one unit costs in one Region from one day on, and who says so.

    `price` is that of the first unit of a month, `tiers` are the steps after it. `known_up_to` is the monthly
    quantity above which no source gives a price; without it the last tier has no end. `start` (in the file `from`)
    is inclusive, `end` (`to`) exclusive and empty while the price holds. `checked` is the day on which the figure
    was last compared with its source.
    """

    region: str
    dimension: Dimension
    unit: str
    price: Decimal
    currency: str
    start: date = msgspec.field(name="from")
    end: date | None = msgspec.field(name="to")
    source: str
    checked: date
    tiers: tuple[Tier, ...] = ()
    known_up_to: Decimal | None = None

    def holds_on(self, day: date) -> bool:
        """Whether this is the price of that day."""
        return self.start <= day and (self.end is None or day < self.end)

    def cost(self, quantity: Decimal | int) -> Decimal:
        """What a month's quantity costs, exactly, tier by tier.

        Raises PriceUnknownError for a quantity that reaches above what the source knows.
        """
        if self.known_up_to is not None and quantity > self.known_up_to:
            above = f"above {self.known_up_to:,} {self.unit}s a month"
            raise PriceUnknownError(f"No price is known for {NAMES[self.dimension]} in {self.region} {above}.", _HINT)
        begins = (Tier(Decimal(0), self.price), *self.tiers)
        ends = (*(tier.above for tier in self.tiers), Decimal(quantity))
        with localcontext(prec=DIGITS):
            spans = ((min(quantity, end) - tier.above, tier.price) for tier, end in zip(begins, ends, strict=True))
            return sum((used * price for used, price in spans if used > 0), Decimal(0))


class PriceBook:
    """Prices by Region, dimension and day. A value: it is passed in, never looked up from within.

    Of one Region and dimension the entries must follow one another without gap or overlap; else StepscopeError.
    """

    def __init__(self, entries: Iterable[Price]) -> None:
        self.entries = tuple(sorted(entries, key=lambda entry: (*_key(entry), entry.start)))
        self._chains = {key: tuple(chain) for key, chain in groupby(self.entries, key=_key)}
        for chain in self._chains.values():
            _check(chain)
        _check_currencies(self.entries)

    def price(self, region: str, dimension: Dimension, on: date) -> Price:
        """The price of that day. Raises PriceUnknownError with the sentence of `unknown`."""
        for entry in self._chains.get((region, dimension), ()):
            if entry.holds_on(on):
                return entry
        raise self.unknown(region, dimension, on)

    def unknown(self, region: str, dimension: Dimension, on: date) -> PriceUnknownError:
        """Why `price` has no answer: the error it raises, and the note of an empty cost cell."""
        chain = self._chains.get((region, dimension), ())
        return PriceUnknownError(_why_unknown(region, dimension, on, chain), _HINT)

    def oldest_check(self, regions: Iterable[str] | None = None) -> date | None:
        """When the price that was checked longest ago was, of these Regions or of all; None without any price.

        Prices that no longer hold are not asked about: they cannot change any more.
        """
        wanted = None if regions is None else set(regions)
        holding = (entry for entry in self.entries if entry.end is None and (wanted is None or entry.region in wanted))
        return min((entry.checked for entry in holding), default=None)

    def regions(self, dimension: Dimension) -> tuple[str, ...]:
        """The Regions with any price of this dimension, in alphabetical order."""
        return tuple(region for region, known in self._chains if known == dimension)

    def refreshed(self, entries: Sequence[Price]) -> PriceBook:
        """This book with newer entries: from their first day on they replace its own, before that nothing changes."""
        begins: dict[tuple[str, Dimension], date] = {}
        for entry in sorted(entries, key=lambda entry: entry.start, reverse=True):
            begins[_key(entry)] = entry.start
        kept = (_until(entry, begins.get(_key(entry))) for entry in self.entries)
        return PriceBook([*filter(None, kept), *entries])


def prices_of(data: bytes) -> list[Price]:
    """The entries of a price file. Raises StepscopeError that names the field when it is none."""
    try:
        return msgspec.json.decode(data, type=list[Price])
    except msgspec.DecodeError as error:
        raise StepscopeError(f"A price file cannot be read: {error}.", "Compare it with docs/money.md.") from error


def file_of(entries: Sequence[Price]) -> bytes:
    """A price file of these entries, for people to read too."""
    return msgspec.json.format(msgspec.json.encode(entries), indent=2) + b"\n"


@cache
def bundled_prices() -> PriceBook:
    """The prices that come with Stepscope."""
    return PriceBook(_entries_in(resources.files(__name__)))


@cache
def disputed_prices() -> tuple[Price, ...]:
    """Figures on which public sources disagree and of which none is dated and better: kept, and never used."""
    return tuple(_entries_in(resources.files(__name__) / "disputed"))


def known_prices(folder: Path) -> PriceBook:
    """The bundled prices, and over them those that a refresh has kept in the folder of a store."""
    return _refreshed_by(kept_prices(folder))


@lru_cache(maxsize=8)
def _refreshed_by(kept: bytes | None) -> PriceBook:
    return bundled_prices() if kept is None else bundled_prices().refreshed(prices_of(kept))


def stale_note(checked: date, today: date) -> str:
    """The sentence about prices that nobody has checked for half a year; empty while they are newer."""
    age = (today - checked).days
    if age <= STALE_DAYS:
        return ""
    return f"Prices were last checked on {checked}, {age} days ago; `stepscope prices refresh` reads today's."


def _entries_in(folder: Traversable) -> list[Price]:
    files = (file for file in folder.iterdir() if file.name.endswith(".json"))
    return [entry for file in files for entry in prices_of(file.read_bytes())]


def _key(entry: Price) -> tuple[str, Dimension]:
    return entry.region, entry.dimension


def _until(entry: Price, day: date | None) -> Price | None:
    """The entry as it held before that day; nothing when it began later."""
    if day is None or (entry.end is not None and entry.end <= day):
        return entry
    return msgspec.structs.replace(entry, end=day) if entry.start < day else None


def _why_unknown(region: str, dimension: Dimension, on: date, chain: Sequence[Price]) -> str:
    name = NAMES[dimension]
    if not region:
        return f"No price can be given for {name}: the Region is not known."
    disputed = [entry for entry in disputed_prices() if _key(entry) == (region, dimension)]
    if not chain and disputed:
        figures = " and ".join(f"{entry.price:f} {entry.currency} ({entry.source})" for entry in disputed)
        return f"No price is known for {name} in Region {region!r}: sources disagree, {figures}."
    if not chain:
        return f"No price is known for {name} in Region {region!r}."
    if on < chain[0].start:
        return f"The first price known for {name} in {region} is that of {chain[0].start}, and {on} is before it."
    return f"The last price known for {name} in {region} ended on {chain[-1].end}, and {on} is not before it."


def _check(chain: Sequence[Price]) -> None:
    """Refuse entries that no sum may rest on."""
    faults = [fault for entry in chain for fault in _faults(entry)]
    faults += [_break(earlier, later) for earlier, later in pairwise(chain) if earlier.end != later.start]
    if faults:
        entry = chain[0]
        raise StepscopeError(
            f"The price of {NAMES[entry.dimension]} in {entry.region!r} cannot be used: {faults[0]}.",
            "Correct the price file; docs/money.md describes it.",
        )


def _break(earlier: Price, later: Price) -> str:
    gap = earlier.end is not None and earlier.end < later.start
    return f"there is {'a gap' if gap else 'an overlap'} between {earlier.start} and {later.start}"


def _faults(entry: Price) -> Iterable[str]:
    edges = [Decimal(0), *(tier.above for tier in entry.tiers)]
    edges += [] if entry.known_up_to is None else [entry.known_up_to]
    checks = {
        "it names no Region": entry.region,
        "it has no source": entry.source.strip(),
        "it has no currency": entry.currency,
        f"its unit is not {UNITS[entry.dimension]}": entry.unit == UNITS[entry.dimension],
        "it ends before it begins": entry.end is None or entry.start < entry.end,
        "a price is not above zero": all(_positive(price) for price in (entry.price, *(t.price for t in entry.tiers))),
        "its tiers do not rise": all(_positive(upper) and lower < upper for lower, upper in pairwise(edges)),
    }
    return (fault for fault, holds in checks.items() if not holds)


def _positive(amount: Decimal) -> bool:
    return amount.is_finite() and amount > 0


def _check_currencies(entries: Iterable[Price]) -> None:
    """Refuse a Region priced in two currencies: its requests and its seconds are added up."""
    currencies: dict[str, str] = {}
    for entry in entries:
        if currencies.setdefault(entry.region, entry.currency) != entry.currency:
            raise StepscopeError(
                f"The prices of {entry.region!r} are in {currencies[entry.region]} and in {entry.currency}.",
                "Correct the price file; docs/money.md describes it.",
            )
