"""Where Standard and Express cost the same: how long an execution may last, and how many there must be in a month."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from analyzer import money
from analyzer.prices import PriceBook
from store.errors import PriceUnknownError


class Shape(NamedTuple):
    """An average execution: its transitions as Standard, its steps of 100 ms and its memory as Express."""

    transitions: Fraction
    duration_steps: Fraction
    memory_mb: int


class Prices(NamedTuple):
    """What a transition, a request and 100 ms at some memory cost, exactly, at the first tier and before free tiers."""

    transition: Fraction
    request: Fraction
    duration_step: Fraction

    @classmethod
    def on(cls, day: date, region: str, book: PriceBook, memory_mb: int) -> Prices:
        """The prices of a day. Raises PriceUnknownError."""
        transition, request, second = (
            Fraction(money.in_usd(book.price(region, dimension, day)).price)
            for dimension in ("standard_transition", "express_request", "express_gb_second")
        )
        chunks = memory_mb // money.MEMORY_STEP_MB
        return cls(transition, request, second * Fraction(money.gb_seconds(chunks)))


class BreakEven(NamedTuple):
    """Where both types cost the same.

    An execution that lasts longer than `duration_ms` costs less as Standard; 0 where each does. That may be longer than
    Express allows. With fewer than `executions_per_month`, the free tier of an account that runs nothing else makes
    Standard cost less; None where Express never costs less.
    """

    duration_ms: int
    executions_per_month: int | None


def break_even(shape: Shape, prices: Prices) -> BreakEven:
    """Where executions of this shape would cost the same both ways, without logs.

    >>> month = Prices(Fraction("0.000025"), Fraction("0.000001"), Fraction("0.00001667") / 160)
    >>> break_even(Shape(Fraction(4), Fraction(10), 64), month)
    BreakEven(duration_ms=95000, executions_per_month=1021)
    """
    standard = shape.transitions * prices.transition
    steps = max((standard - prices.request) / prices.duration_step, Fraction(0))
    saving = standard - prices.request - shape.duration_steps * prices.duration_step
    volume = money.FREE_TRANSITIONS * prices.transition / saving if saving > 0 else None
    duration = int(steps) * money.DURATION_STEP_MS
    return BreakEven(duration, None if volume is None else -(-volume.numerator // volume.denominator))


def known_break_even(shape: Shape, day: date, region: str, book: PriceBook) -> BreakEven | None:
    """The same at the prices of a day; None when one of them is not known."""
    try:
        return break_even(shape, Prices.on(day, region, book, shape.memory_mb))
    except PriceUnknownError:
        return None
