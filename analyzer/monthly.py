"""What machines add to the months of their account: the free tier and the tiers of Express, once and shared out.

Both belong to more than one machine: the free tier to an account's month over all Regions, the tiers of Express to an
account's month in one Region. Each machine gets its part of what they take off, in proportion to what it used; the
parts add up to the whole. Counts are integers and shares fractions: nothing is rounded before the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple, TypeVar

from analyzer import money
from analyzer.prices import DIGITS, Price, PriceBook
from store.errors import PriceUnknownError

_Key = TypeVar("_Key", bound=Hashable)

HISTORIES, METRICS = "histories", "metrics"
"""Where the usage of Express comes from: durations of executions with an assumed memory, or AWS's billed metrics."""


class Use(NamedTuple):
    """What one machine used on one UTC day: transitions as Standard, requests and GB-seconds as Express."""

    account: str
    region: str
    machine: str
    type: str
    day: date
    executions: int
    transitions: int
    gb_seconds: Fraction = Fraction(0)
    basis: str = HISTORIES

    @property
    def owner(self) -> Owner:
        """The machine and month that it is of."""
        return Owner(f"{self.day:%Y-%m}", self.account, self.region, self.machine, self.type)


class Owner(NamedTuple):
    """A machine in a month."""

    month: str
    account: str
    region: str
    machine: str
    type: str


@dataclass(frozen=True)
class Bill:
    """What a machine's month costs, in `currency`: the list price, and the parts of it that the tiers take off.

    Amounts are None when no price is known, and `note` says why.
    """

    owner: Owner
    executions: int
    transitions: int
    gb_seconds: Fraction
    basis: str
    currency: str | None = None
    listed: Fraction | None = None
    free_tier: Fraction = Fraction(0)
    tiers: Fraction = Fraction(0)
    note: str = ""

    @property
    def cost(self) -> Fraction | None:
        """What is left to pay."""
        return None if self.listed is None else self.listed - self.free_tier - self.tiers


def monthly_bills(uses: Iterable[Use], book: PriceBook) -> list[Bill]:
    """The bill of each machine and month, in order. What cannot be priced takes no part in the free tier."""
    of_owner = _grouped(uses, lambda use: use.owner)
    bills = [_express(days, book) if owner.type == "EXPRESS" else _standard(days, book) for owner, days in of_owner]
    return _with_tiers(_with_free_tier(bills), of_owner, book)


def _grouped(items: Iterable[Use], key: Callable[[Use], _Key]) -> list[tuple[_Key, list[Use]]]:
    groups: dict[_Key, list[Use]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return sorted(groups.items(), key=repr)


def _empty_bill(days: Sequence[Use]) -> Bill:
    bases = sorted({day.basis for day in days})
    gb_seconds = sum((day.gb_seconds for day in days), Fraction(0))
    counts = sum(day.executions for day in days), sum(day.transitions for day in days)
    return Bill(days[0].owner, *counts, gb_seconds, " and ".join(bases))


def _standard(days: Sequence[Use], book: PriceBook) -> Bill:
    return _priced(days, lambda day: _standard_amount(day, book))


def _standard_amount(day: Use, book: PriceBook) -> tuple[Price, Fraction]:
    price = book.price(day.region, "standard_transition", day.day)
    return price, day.transitions * Fraction(price.price)


def _express(days: Sequence[Use], book: PriceBook) -> Bill:
    """Requests, and duration at the first tier."""
    return _priced(days, lambda day: _express_amount(day, book))


def _express_amount(day: Use, book: PriceBook) -> tuple[Price, Fraction]:
    request = book.price(day.region, "express_request", day.day)
    duration = book.price(day.region, "express_gb_second", day.day)
    return duration, day.executions * Fraction(request.price) + day.gb_seconds * Fraction(duration.price)


def _priced(days: Sequence[Use], amount: Callable[[Use], tuple[Price, Fraction]]) -> Bill:
    bill = _empty_bill(days)
    try:
        amounts = [amount(day) for day in days]
    except PriceUnknownError as unknown:
        return replace(bill, note=f"cost unknown: {unknown.sentence}")
    notes = dict.fromkeys(money.note(price) for price, _ in amounts)
    listed = sum((part for _, part in amounts), Fraction(0))
    return replace(bill, currency=amounts[0][0].currency, listed=listed, note="; ".join(notes))


def _with_free_tier(bills: Sequence[Bill]) -> list[Bill]:
    """The free transitions of each account's month, taken from its priced Standard machines alike."""
    made: dict[tuple[str, str], int] = defaultdict(int)
    for bill in bills:
        if bill.listed is not None:
            made[bill.owner[:2]] += bill.transitions
    return [replace(bill, free_tier=(bill.listed or 0) * _free_share(bill, made)) for bill in bills]


def _free_share(bill: Bill, made: Mapping[tuple[str, str], int]) -> Fraction:
    """The part of its transitions that is free."""
    whole = made[bill.owner[:2]]
    if bill.owner.type == "EXPRESS" or not whole:
        return Fraction(0)
    return Fraction(whole - money.billed_transitions(whole), whole)


_Place = tuple[str, str, str]


def _with_tiers(bills: Sequence[Bill], of_owner: Iterable[tuple[Owner, list[Use]]], book: PriceBook) -> list[Bill]:
    """What the later tiers of an account's month in a Region take off, shared by GB-seconds."""
    priced = {bill.owner for bill in bills if bill.listed is not None and bill.owner.type == "EXPRESS"}
    used: dict[tuple[_Place, Price], Fraction] = defaultdict(Fraction)
    own: dict[Owner, dict[tuple[_Place, Price], Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for owner, days in of_owner:
        for day in days if owner in priced else ():
            key = (owner[:3], book.price(day.region, "express_gb_second", day.day))
            used[key] += day.gb_seconds
            own[owner][key] += day.gb_seconds
    return [_with_own_tiers(bill, own[bill.owner], used) for bill in bills]


def _with_own_tiers(
    bill: Bill, own: Mapping[tuple[_Place, Price], Fraction], used: Mapping[tuple[_Place, Price], Fraction]
) -> Bill:
    try:
        off = (amount * _taken_off(used[key], key[1]) / used[key] for key, amount in own.items() if amount)
        return replace(bill, tiers=sum(off, Fraction(0)))
    except PriceUnknownError as unknown:
        return replace(bill, listed=None, note=f"cost unknown: {unknown.sentence}")


def _taken_off(gb_seconds: Fraction, price: Price) -> Fraction:
    """What the tiers after the first take off a month's quantity."""
    with localcontext(prec=DIGITS):
        quantity = Decimal(gb_seconds.numerator) / gb_seconds.denominator
    return Fraction(quantity) * Fraction(price.price) - Fraction(price.cost(quantity))
