"""The AWS Price List as price entries: what `pricing:GetProducts` answers, and the bulk file.

In both, every number is a text and units are spelled in several ways, so that nothing here looks at a unit: the usage
type says what is sold (AWS Price List, service `AmazonStates`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from analyzer.prices import UNITS, Dimension, Price, PriceBook, Tier
from store.errors import StepscopeError

_SOLD: tuple[tuple[re.Pattern[str], Dimension], ...] = (
    (re.compile(r"(^|-)StateTransition$"), "standard_transition"),
    (re.compile(r"(^|-)StepFunctions-Request$"), "express_request"),
    (re.compile(r"(^|-)StepFunctions-GB-Second$"), "express_gb_second"),
)
# The free tier is a product of its own that belongs to no Region.
_NOWHERE = {"", "Any", "global", "Global"}
_HINT = "Take the file index.json of the service AmazonStates, or ask AWS again without --file."


class _Step(msgspec.Struct, rename="camel"):
    begin_range: str
    price_per_unit: dict[str, str]


class _Term(msgspec.Struct, rename="camel"):
    effective_date: str
    price_dimensions: dict[str, _Step]


class _Product(msgspec.Struct):
    attributes: dict[str, str]
    sku: str = ""


class _Offer(msgspec.Struct):
    product: _Product
    terms: dict[str, dict[str, _Term]] = {}


class _File(msgspec.Struct, rename="camel"):
    products: dict[str, _Product]
    terms: dict[str, dict[str, dict[str, _Term]]]
    publication_date: str = ""


class Offers(NamedTuple):
    """What a Price List says: prices, and a sentence for each figure that could not be taken."""

    prices: tuple[Price, ...]
    refused: tuple[str, ...]


def offers_of_api(answers: Iterable[str], checked: date) -> Offers:
    """The prices in the members of `PriceList`, each a JSON text. Raises StepscopeError for a text that is none."""
    with_terms = (_decoded(text, _Offer) for text in answers)
    return _offers(((one.product, one.terms) for one in with_terms), "AWS Price List API, GetProducts", checked)


def offers_of_file(data: bytes, checked: date) -> Offers:
    """The prices in a bulk file of one Region or of all. Raises StepscopeError for a file that is none."""
    found: _File = _decoded(data, _File)
    terms = {sku: {kind: of_kind.get(sku, {}) for kind, of_kind in found.terms.items()} for sku in found.products}
    source = f"AWS Price List file, published {found.publication_date[:10] or 'on a day it does not say'}"
    return _offers(((product, terms[sku]) for sku, product in found.products.items()), source, checked)


def _decoded(data: str | bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError as error:
        raise StepscopeError(f"This is no AWS Price List: {error}.", _HINT) from error


def _offers(
    products: Iterable[tuple[_Product, Mapping[str, Mapping[str, _Term]]]], source: str, checked: date
) -> Offers:
    found: dict[tuple[str, Dimension], list[Price]] = {}
    refused: list[str] = []
    for product, terms in products:
        for price in _prices(product, terms, source, checked):
            found.setdefault((price.region, price.dimension), []).append(price)
    prices = [_chained(entries, refused) for entries in found.values()]
    return Offers(tuple(entry for chain in prices for entry in chain), tuple(refused))


def _prices(product: _Product, terms: Mapping[str, Mapping[str, _Term]], source: str, checked: date) -> Iterator[Price]:
    usage = product.attributes.get("usagetype", "")
    region = product.attributes.get("regionCode", "")
    dimension = next((name for pattern, name in _SOLD if pattern.search(usage)), None)
    is_global = product.attributes.get("location", "") in _NOWHERE or usage.startswith("Global-")
    if dimension is None or region in _NOWHERE or is_global:
        return
    for term in terms.get("OnDemand", {}).values():
        steps = _steps(term)
        if steps:
            yield _price(region, dimension, steps, term, f"{source}: {usage}", checked)


class _Priced(NamedTuple):
    above: Decimal
    price: Decimal
    currency: str


def _steps(term: _Term) -> list[_Priced]:
    """The steps of a price from the lowest on, those apart that cost nothing: they are a free tier."""
    steps = [
        _Priced(Decimal(step.begin_range), Decimal(figure), currency)
        for step in term.price_dimensions.values()
        for currency, figure in step.price_per_unit.items()
    ]
    return sorted(step for step in steps if step.price > 0)


def _price(region: str, dimension: Dimension, steps: list[_Priced], term: _Term, source: str, checked: date) -> Price:
    first, *later = steps
    return Price(
        region=region,
        dimension=dimension,
        unit=UNITS[dimension],
        price=first.price.normalize(),
        currency=first.currency,
        start=date.fromisoformat(term.effective_date[:10]),
        end=None,
        source=source,
        checked=checked,
        tiers=tuple(Tier(step.above, step.price.normalize()) for step in later),
    )


def _chained(entries: list[Price], refused: list[str]) -> list[Price]:
    """The prices of one Region and dimension one after the other; none when two of one day disagree."""
    entries = sorted(entries, key=attrgetter("start"))
    chain = []
    for start, of_day in groupby(entries, key=attrgetter("start")):
        first, *others = of_day
        if any(_terms_of(other) != _terms_of(first) for other in others):
            refused.append(f"The Price List has two prices for {first.dimension} in {first.region} from {start} on.")
            return []
        chain.append(first)
    ends = [*(later.start for _, later in pairwise(chain)), None]
    return [msgspec.structs.replace(entry, end=end) for entry, end in zip(chain, ends, strict=True)]


def kept_with(kept: Iterable[Price], offered: Iterable[Price]) -> tuple[Price, ...]:
    """A price history with what a Price List says now: a price that only goes on keeps the day on which it began."""
    known = PriceBook(kept)
    fresh = [_going_on(known, entry) for entry in offered]
    return known.refreshed(fresh).entries


def _going_on(known: PriceBook, entry: Price) -> Price:
    """The entry, from the day on which the same price began to hold."""
    before = [old for old in known.entries if _place(old) == _place(entry) and old.holds_on(entry.start)]
    if before and _terms_of(before[0]) == _terms_of(entry):
        return msgspec.structs.replace(entry, start=before[0].start)
    return entry


def _place(entry: Price) -> tuple[str, Dimension]:
    return entry.region, entry.dimension


def _terms_of(entry: Price) -> tuple[Decimal, str, tuple[Tier, ...]]:
    return entry.price, entry.currency, entry.tiers
